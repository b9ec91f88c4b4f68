//! Sign-in and one's own account.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::{
    Error, Result,
    contact::Phone,
    events::EventKind,
    ids::{ChallengeId, SessionId, UserId},
    people::{Actor, Me, Role},
    ports::{Accounts, Challenge, Device, MeChange, Origin, SignedIn, Standing, Tokens},
};

use super::{Deps, new_phone, otp, people, signing_in, write};
use crate::{
    auth::{CheckedTokens, standing},
    error::{StorageResult, internal},
    storage::{audit, links, refresh_tokens, sessions, users},
};

/// How long after its use a refresh token that comes again is a lost answer and not a theft.
const REFRESH_GRACE: TimeDelta = TimeDelta::seconds(10);

/// Implements [`Accounts`].
pub struct AccountsService {
    deps: Deps,
    checked: CheckedTokens,
}

impl AccountsService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps, checked: CheckedTokens::default() })
    }

    async fn me_of(&self, actor: &Actor) -> Result<Me> {
        let deps = &self.deps;
        deps.ready([actor.user.0]).await?;
        let user = users::get(&deps.store, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let follows = links::follows(&deps.store, actor.user, deps.clock.now()).await.stored()?;
        Ok(Me {
            id: user.id,
            role: user.role,
            name: user.name_sealed.map(|sealed| people::name(&deps.keys, user.id, &sealed)).transpose()?,
            phone_masked: people::phone(&deps.keys, user.id, &user.phone_sealed)?.masked(),
            unit: user.unit,
            time_zone: user.time_zone,
            language: user.language,
            follows: follows || user.role == Role::Caregiver,
        })
    }
}

#[async_trait]
impl Accounts for AccountsService {
    async fn request_otp(&self, phone: &Phone, origin: &Origin) -> Result<Challenge> {
        otp::request(&self.deps, phone, otp::Purpose::SignIn, origin).await
    }

    async fn verify_otp(&self, challenge: ChallengeId, phone: &Phone, code: &str, origin: &Origin) -> Result<SignedIn> {
        otp::verify(&self.deps, challenge, phone, code, origin).await
    }

    async fn start_session(&self, user: UserId, origin: &Origin) -> Result<SessionId> {
        let now = self.deps.clock.now();
        self.deps.ready([user.0]).await?;
        let mut tx = self.deps.store.begin().await.stored()?;
        let (actor, _) = signing_in::add_session(&self.deps, &mut tx, user, sessions::Kind::Web, origin, now).await?;
        tx.commit().await.stored()?;
        Ok(actor.session)
    }

    async fn start_tokens(&self, user: UserId, origin: &Origin) -> Result<Tokens> {
        let now = self.deps.clock.now();
        self.deps.ready([user.0]).await?;
        let mut tx = self.deps.store.begin().await.stored()?;
        let (actor, ends) =
            signing_in::add_session(&self.deps, &mut tx, user, sessions::Kind::Api, origin, now).await?;
        let tokens = signing_in::pair(&self.deps, &mut tx, &actor, ends, now).await?;
        tx.commit().await.stored()?;
        Ok(tokens)
    }

    async fn refresh(&self, refresh_token: &str) -> Result<Tokens> {
        if refresh_token.len() > 64 {
            return Err(Error::Unauthenticated);
        }
        let now = self.deps.clock.now();
        let hash = signing_in::hash(refresh_token);
        let mut tx = self.deps.store.begin().await.stored()?;
        if let Some(session) = refresh_tokens::take(&mut tx, &hash, now).await.stored()? {
            let live = sessions::live_in(&mut tx, session, now).await.stored()?.ok_or(Error::Unauthenticated)?;
            if standing(&live) != Standing::Full {
                return Err(Error::Unauthenticated);
            }
            sessions::touch(&mut tx, session, now).await.stored()?;
            let tokens = signing_in::pair(&self.deps, &mut tx, &live.actor, live.expires_at, now).await?;
            tx.commit().await.stored()?;
            return Ok(tokens);
        }
        // RFC 9700, 4.14.2: a token that comes again may be in a thief's hands, or the owner's after a theft: neither goes on.
        if let Some((session, used_at)) = refresh_tokens::used(&mut tx, &hash).await.stored()?
            && now - used_at > REFRESH_GRACE
            && sessions::end_family(&mut tx, session, now).await.stored()?.is_some()
        {
            let entry = audit::Entry { allowed: false, ..audit::Entry::by_nobody("session.reuse", now) };
            audit::add(&mut tx, entry.on("sessions", session.0)).await.stored()?;
            tx.commit().await.stored()?;
            self.deps.sessions.forget(&[session]).await;
        }
        Err(Error::Unauthenticated)
    }

    async fn actor(&self, session: SessionId) -> Result<Actor> {
        self.deps.sessions.actor(session).await
    }

    async fn bearer(&self, access_token: &str) -> Result<Actor> {
        let now = self.deps.clock.now();
        let claims = self.checked.check(&self.deps.auth.jwt, access_token, now).await;
        let claims = claims.map_err(|_| Error::Unauthenticated)?;
        let actor = self.deps.sessions.actor(claims.session).await?;
        if actor.user == claims.user { Ok(actor) } else { Err(Error::Unauthenticated) }
    }

    async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.store.begin().await.stored()?;
        if !sessions::end(&mut tx, session, actor.user, now).await.stored()? {
            return Err(Error::NotFound);
        }
        audit::add(&mut tx, audit::Entry::by(actor, "session.end", now).on("sessions", session.0)).await.stored()?;
        tx.commit().await.stored()?;
        self.deps.sessions.forget(&[session]).await;
        Ok(())
    }

    async fn devices(&self, actor: &Actor) -> Result<Vec<Device>> {
        let devices = sessions::devices(&self.deps.store, actor.user, self.deps.clock.now()).await.stored()?;
        self.deps.ready([actor.user.0]).await?;
        devices
            .into_iter()
            .map(|device| {
                let place = signing_in::device_place(device.id, actor.user);
                let name = device.name_sealed.map(|sealed| self.deps.keys.open_text(&place, &sealed));
                Ok(Device {
                    id: device.id,
                    name: name.transpose().map_err(internal)?,
                    signed_in_at: device.created_at,
                    last_used_at: device.last_used_at,
                    current: device.id == actor.session,
                })
            })
            .collect()
    }

    async fn me(&self, actor: &Actor) -> Result<Me> {
        self.me_of(actor).await
    }

    async fn change_me(&self, actor: &Actor, change: MeChange) -> Result<Me> {
        let deps = &self.deps;
        let now = deps.clock.now();
        deps.ready([actor.user.0]).await?;
        let place = people::name_place(actor.user);
        let name_sealed = change.name.map(|name| deps.keys.seal_text(&place, &name)).transpose().map_err(internal)?;
        // Days and nights are cut by the wall clock: in another zone the same readings give other figures.
        let days_move = actor.role == Role::Patient && change.time_zone.is_some();
        let change =
            users::Change { name_sealed, unit: change.unit, time_zone: change.time_zone, language: change.language };
        let mut tx = deps.store.begin().await.stored()?;
        users::change(&mut tx, actor.user, &change, now).await.stored()?;
        audit::add(&mut tx, audit::Entry::by(actor, "user.change", now).on("users", actor.user.0)).await.stored()?;
        if days_move {
            write::tell(&mut tx, actor.user.into(), EventKind::ReadingsChanged, now).await?;
        }
        tx.commit().await.stored()?;
        self.me_of(actor).await
    }

    async fn begin_phone_change(&self, actor: &Actor, phone: &Phone, origin: &Origin) -> Result<Challenge> {
        new_phone::begin(&self.deps, actor, phone, origin).await
    }

    async fn change_phone(
        &self,
        actor: &Actor,
        challenge: ChallengeId,
        phone: &Phone,
        code: &str,
        origin: &Origin,
    ) -> Result<()> {
        new_phone::confirm(&self.deps, actor, challenge, phone, code, origin).await
    }
}
