//! Passkeys: adding them, and signing in or proving who one is by them.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    ids::{CeremonyId, PasskeyId, SessionId, UserId},
    people::Actor,
    ports::{Ceremony, Origin, Passkeys, ShownPasskey, SignedIn},
};
use uuid::Uuid;
use webauthn_rs::prelude::{AuthenticationResult, Passkey};

use super::{Deps, people, signing_in, step_up, write};
use crate::{
    auth::passkeys::{RelyingParty, Unfit, WAITS_S, json, read},
    error::{StorageResult, internal},
    storage::{
        Tx, audit,
        passkeys::{self as rows, Purpose},
        sessions::{self, Proof},
    },
};

/// How many somebody may have.
const MOST: usize = 20;
/// In the audit trail: an answer that no passkey of theirs gave.
const WRONG: &str = "passkey.wrong";

/// Implements [`Passkeys`].
pub struct PasskeyService {
    deps: Deps,
}

impl From<Unfit> for Error {
    /// Whatever does not fit: nobody is told what.
    fn from(_: Unfit) -> Self {
        Self::Unauthenticated
    }
}

impl PasskeyService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }

    fn party(&self) -> Result<&RelyingParty> {
        self.deps.auth.passkeys.as_ref().ok_or(Error::NotFound)
    }

    async fn of(&self, user: UserId) -> Result<Vec<(PasskeyId, Passkey)>> {
        let rows = rows::of_user(&self.deps.store, user).await.stored()?;
        rows.into_iter()
            .map(|row| Ok((row.id, read(&row.credential).map_err(|_| internal("a passkey cannot be read"))?)))
            .collect()
    }

    async fn keep(&self, user: Option<UserId>, purpose: Purpose, made: (String, String)) -> Result<Ceremony> {
        let (options, state) = made;
        // Random in all bits: whoever has it may answer.
        let id = CeremonyId(Uuid::new_v4());
        let until = self.deps.clock.now() + TimeDelta::seconds(WAITS_S.into());
        let mut tx = self.deps.store.begin().await.stored()?;
        rows::begin(&mut tx, id, user, purpose, &state, until).await.stored()?;
        tx.commit().await.stored()?;
        Ok(Ceremony { id, options })
    }

    /// Uses up a challenge, in a transaction of its own: a wrong answer is not tried again.
    async fn take(&self, id: CeremonyId, user: Option<UserId>, purpose: Purpose) -> Result<String> {
        let mut tx = self.deps.store.begin().await.stored()?;
        let state = rows::take(&mut tx, id, user, purpose, self.deps.clock.now()).await.stored()?;
        tx.commit().await.stored()?;
        state.ok_or(Error::Unauthenticated)
    }

    /// Notes the use of a passkey.
    async fn used(
        tx: &mut Tx,
        mut has: Vec<(PasskeyId, Passkey)>,
        result: &AuthenticationResult,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let used = has.iter_mut().find(|(_, passkey)| passkey.cred_id() == result.cred_id());
        let (id, passkey) = used.ok_or(Error::Unauthenticated)?;
        passkey.update_credential(result);
        let credential = json(passkey).map_err(|_| internal("a passkey cannot be written"))?;
        rows::used(tx, *id, &credential, now).await.stored()
    }
}

#[async_trait]
impl Passkeys for PasskeyService {
    fn host(&self) -> Option<String> {
        self.deps.auth.passkeys.as_ref().map(|party| party.id().to_owned())
    }

    async fn has_any(&self, user: UserId) -> Result<bool> {
        Ok(self.deps.auth.passkeys.is_some() && rows::count(&self.deps.store, user).await.stored()? > 0)
    }

    async fn of_me(&self, actor: &Actor) -> Result<Vec<ShownPasskey>> {
        let rows = rows::of_user(&self.deps.store, actor.user).await.stored()?;
        Ok(rows
            .into_iter()
            .map(|row| ShownPasskey {
                id: row.id,
                device: row.device,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            })
            .collect())
    }

    async fn begin_add(&self, actor: &Actor) -> Result<Ceremony> {
        let deps = &self.deps;
        let party = self.party()?;
        step_up::require(deps, actor).await?;
        let has: Vec<Passkey> = self.of(actor.user).await?.into_iter().map(|(_, passkey)| passkey).collect();
        if has.len() >= MOST {
            return Err(Error::Conflict);
        }
        // What the device lists it under. The masked number: who finds the device learns no more.
        let phone = people::phone_of(deps, actor.user).await?.masked();
        let made = party.begin_add(actor.user.0, &phone, &phone, &has)?;
        self.keep(Some(actor.user), Purpose::Add, made).await
    }

    async fn add(&self, actor: &Actor, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<()> {
        let deps = &self.deps;
        let party = self.party()?;
        step_up::require(deps, actor).await?;
        let state = self.take(ceremony, Some(actor.user), Purpose::Add).await?;
        let passkey = party.add(&state, answer)?;
        let now = deps.clock.now();
        let new = rows::NewPasskey {
            id: PasskeyId(Uuid::now_v7()),
            user: actor.user,
            credential_id: passkey.cred_id(),
            credential: &json(&passkey)?,
            device: origin.device.as_deref(),
            at: now,
        };
        let mut tx = deps.store.begin().await.stored()?;
        if !rows::add(&mut tx, &new).await.stored()? {
            return Err(Error::Conflict);
        }
        let entry = audit::Entry::by(actor, "passkey.add", now).on("passkeys", new.id.0);
        audit::add(&mut tx, entry).await.stored()?;
        tx.commit().await.stored()
    }

    async fn remove(&self, actor: &Actor, id: PasskeyId) -> Result<()> {
        let deps = &self.deps;
        step_up::require(deps, actor).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        if !rows::remove(&mut tx, actor.user, id).await.stored()? {
            return Err(Error::NotFound);
        }
        let entry = audit::Entry::by(actor, "passkey.remove", now).on("passkeys", id.0);
        audit::add(&mut tx, entry).await.stored()?;
        tx.commit().await.stored()
    }

    async fn begin_prove(&self, actor: &Actor) -> Result<Ceremony> {
        let party = self.party()?;
        let has: Vec<Passkey> = self.of(actor.user).await?.into_iter().map(|(_, passkey)| passkey).collect();
        if has.is_empty() {
            return Err(Error::Conflict);
        }
        self.keep(Some(actor.user), Purpose::Prove, party.begin_prove(&has)?).await
    }

    async fn prove(&self, actor: &Actor, ceremony: CeremonyId, answer: &str) -> Result<()> {
        let deps = &self.deps;
        let party = self.party()?;
        let state = self.take(ceremony, Some(actor.user), Purpose::Prove).await?;
        let Ok(result) = party.prove(&state, answer) else {
            write::wrong_proof(deps, Some(actor), actor.user, WRONG, deps.clock.now()).await?;
            return Err(Error::Unauthenticated);
        };
        let has = self.of(actor.user).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        Self::used(&mut tx, has, &result, now).await?;
        signing_in::note_proof(&mut tx, actor, Proof::Passkey, "passkey.prove", now).await?;
        tx.commit().await.stored()?;
        deps.sessions.forget(&[actor.session]).await;
        Ok(())
    }

    async fn begin_sign_in(&self) -> Result<Ceremony> {
        let made = self.party()?.begin_sign_in()?;
        self.keep(None, Purpose::SignIn, made).await
    }

    async fn sign_in(&self, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<(SignedIn, SessionId)> {
        let deps = &self.deps;
        let party = self.party()?;
        let state = self.take(ceremony, None, Purpose::SignIn).await?;
        let (user, credential) = party.claims(answer)?;
        let user = UserId(user);
        let has = self.of(user).await?;
        let claimed = has.iter().find(|(_, passkey)| passkey.cred_id()[..] == credential[..]);
        let (_, passkey) = claimed.ok_or(Error::Unauthenticated)?;
        let Ok(result) = party.sign_in(&state, answer, passkey) else {
            write::wrong_proof(deps, None, user, WRONG, deps.clock.now()).await?;
            return Err(Error::Unauthenticated);
        };
        deps.ready([user.0]).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        Self::used(&mut tx, has, &result, now).await?;
        let (actor, _) = signing_in::add_session(deps, &mut tx, user, sessions::Kind::Web, origin, now).await?;
        signing_in::note_proof(&mut tx, &actor, Proof::Passkey, "passkey.prove", now).await?;
        tx.commit().await.stored()?;
        Ok((SignedIn { user, role: actor.role }, actor.session))
    }
}
