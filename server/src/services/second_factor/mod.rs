//! The second factor: setting it up, proving it, and what a session may do without it.

mod guess;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    ids::{ChallengeId, SessionId, UserId},
    people::Actor,
    ports::{Challenge, NextStep, Origin, SecondFactor, SecondFactorState, SignedIn, Standing, Tokens},
};
use uuid::Uuid;

pub use guess::secret_place;

use super::{Deps, access, otp, people, signing_in, step_up, work};
use crate::{
    auth::{lifetimes, otp::read_code, recovery, totp},
    error::{StorageResult, internal},
    messages::{CodeMessage, Template},
    storage::{
        Tx, audit, passkeys, second_factor as rows,
        sessions::{self, Proof},
        users,
    },
};

/// How long a secret that was shown waits for its first code.
const SETUP: TimeDelta = TimeDelta::hours(1);
/// Seconds that a sign-in of the app waits for its second factor.
const CHALLENGE_S: u32 = 300;

/// Implements [`SecondFactor`].
pub struct SecondFactorService {
    deps: Deps,
}

impl SecondFactorService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }

    async fn confirmed(&self, user: UserId) -> Result<Option<rows::Totp>> {
        Ok(rows::totp(&self.deps.store, user).await.stored()?.filter(|totp| totp.confirmed))
    }

    /// Ten new codes, stored in the transaction.
    async fn store_codes(tx: &mut Tx, user: UserId, codes: &[recovery::Stored], now: DateTime<Utc>) -> Result<()> {
        let codes: Vec<(&str, &str)> = codes.iter().map(|code| (code.selector.as_str(), code.hash.as_str())).collect();
        rows::replace_codes(tx, user, &codes, now).await.stored()
    }
}

#[async_trait]
impl SecondFactor for SecondFactorService {
    async fn standing(&self, session: SessionId) -> Result<(Actor, Standing)> {
        self.deps.sessions.look(session).await
    }

    async fn next_step(&self, signed_in: &SignedIn) -> Result<NextStep> {
        if self.confirmed(signed_in.user).await?.is_none() {
            return Ok(if signed_in.role.is_staff() { NextStep::Enrol } else { NextStep::Done });
        }
        let now = self.deps.clock.now();
        // Random in all bits: whoever has it may guess.
        let challenge = ChallengeId(Uuid::new_v4());
        let mut tx = self.deps.store.begin().await.stored()?;
        let until = now + TimeDelta::seconds(CHALLENGE_S.into());
        rows::add_challenge(&mut tx, challenge, signed_in.user, now, until).await.stored()?;
        tx.commit().await.stored()?;
        self.show_demo_code(signed_in.user).await?;
        Ok(NextStep::SecondFactor { challenge, expires_in: CHALLENGE_S })
    }

    async fn finish_tokens(&self, challenge: ChallengeId, code: &str, origin: &Origin) -> Result<Tokens> {
        let deps = &self.deps;
        let now = deps.clock.now();
        let user = rows::challenge(&deps.store, challenge, now).await.stored()?.ok_or(Error::Unauthenticated)?;
        let right = guess::judge(deps, user, None, code).await?;
        deps.ready([user.0]).await?;
        let mut tx = deps.store.begin().await.stored()?;
        if !rows::take_challenge(&mut tx, challenge, now).await.stored()? {
            return Err(Error::Unauthenticated);
        }
        right.take(&mut tx, user, now).await?;
        let (actor, _) = signing_in::add_session(deps, &mut tx, user, sessions::Kind::Api, origin, now).await?;
        signing_in::note_proof(&mut tx, &actor, right.proof(), "second-factor.prove", now).await?;
        let ends = now + lifetimes::absolute(actor.role);
        let tokens = signing_in::pair(deps, &mut tx, &actor, ends, now).await?;
        tx.commit().await.stored()?;
        Ok(tokens)
    }

    async fn prove(&self, actor: &Actor, code: &str) -> Result<()> {
        let deps = &self.deps;
        let now = deps.clock.now();
        let right = guess::judge(deps, actor.user, Some(actor), code).await?;
        let mut tx = deps.store.begin().await.stored()?;
        right.take(&mut tx, actor.user, now).await?;
        signing_in::note_proof(&mut tx, actor, right.proof(), "second-factor.prove", now).await?;
        tx.commit().await.stored()?;
        deps.sessions.forget(&[actor.session]).await;
        Ok(())
    }

    async fn proves_by_app(&self, actor: &Actor) -> Result<bool> {
        Ok(actor.role.is_staff() || self.confirmed(actor.user).await?.is_some())
    }

    async fn send_proof(&self, actor: &Actor, origin: &Origin) -> Result<Challenge> {
        if self.proves_by_app(actor).await? {
            return Err(Error::Forbidden);
        }
        let phone = people::phone_of(&self.deps, actor.user).await?;
        otp::request(&self.deps, &phone, otp::Purpose::SignIn, origin).await
    }

    async fn prove_by_phone(&self, actor: &Actor, challenge: ChallengeId, code: &str) -> Result<()> {
        if self.proves_by_app(actor).await? {
            return Err(Error::Forbidden);
        }
        let deps = &self.deps;
        let phone = people::phone_of(deps, actor.user).await?;
        if otp::verify(deps, challenge, &phone, code, &Origin::default()).await?.user != actor.user {
            return Err(Error::Unauthenticated);
        }
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        signing_in::note_proof(&mut tx, actor, Proof::Otp, "phone.prove", now).await?;
        tx.commit().await.stored()
    }

    async fn state(&self, actor: &Actor) -> Result<SecondFactorState> {
        let deps = &self.deps;
        deps.ready([actor.user.0]).await?;
        let now = deps.clock.now();
        if self.confirmed(actor.user).await?.is_none() {
            let fresh = totp::new_secret().map_err(internal)?;
            let sealed = deps.keys.seal(&secret_place(actor.user), fresh.as_slice()).map_err(internal)?;
            let mut tx = deps.store.begin().await.stored()?;
            rows::begin_totp(&mut tx, actor.user, &sealed, now - SETUP, now).await.stored()?;
            tx.commit().await.stored()?;
        }
        let totp = rows::totp(&deps.store, actor.user).await.stored()?.ok_or_else(|| internal("a secret is gone"))?;
        if totp.confirmed {
            let left = rows::codes_left(&deps.store, actor.user).await.stored()?;
            let codes_left = u32::try_from(left).unwrap_or(0);
            return Ok(SecondFactorState::On { codes_left, removable: !actor.role.is_staff() });
        }
        let account = people::phone_of(deps, actor.user).await?.masked();
        let secret = guess::secret(deps, actor.user, &totp)?;
        let qr = totp::qr_svg(&totp::uri(&secret, &account)).ok_or_else(|| internal("a QR code is too small"))?;
        Ok(SecondFactorState::Setup { secret: totp::shown(&secret), qr })
    }

    async fn confirm(&self, actor: &Actor, code: &str) -> Result<Vec<String>> {
        let deps = &self.deps;
        deps.ready([actor.user.0]).await?;
        let now = deps.clock.now();
        let totp = rows::totp(&deps.store, actor.user).await.stored()?.ok_or(Error::Conflict)?;
        if totp.confirmed {
            return Err(Error::Conflict);
        }
        // Whoever finds a browser signed in must not lock its owner out.
        if deps.sessions.look(actor.session).await?.1 == Standing::Full {
            step_up::require(deps, actor).await?;
        }
        guess::count(deps, actor.user, now).await?;
        let secret = guess::secret(deps, actor.user, &totp)?;
        let step = read_code(code).and_then(|code| totp::matching_step(&secret, &code, now));
        let step = step.ok_or(Error::Unauthenticated)?;
        let (shown, stored) = work::blocking(recovery::new_codes).await?;
        let mut tx = deps.store.begin().await.stored()?;
        if !rows::confirm_totp(&mut tx, actor.user, step, now).await.stored()? {
            return Err(Error::Conflict);
        }
        Self::store_codes(&mut tx, actor.user, &stored, now).await?;
        rows::forget_guesses(&mut tx, actor.user).await.stored()?;
        signing_in::note_proof(&mut tx, actor, Proof::Totp, "second-factor.add", now).await?;
        // Every process forgets what it remembers of this person's sessions: the others lack the second factor now.
        users::change(&mut tx, actor.user, &users::Change::default(), now).await.stored()?;
        tx.commit().await.stored()?;
        deps.sessions.forget(&[actor.session]).await;
        Ok(shown)
    }

    async fn renew_codes(&self, actor: &Actor) -> Result<Vec<String>> {
        let deps = &self.deps;
        if self.confirmed(actor.user).await?.is_none() {
            return Err(Error::Conflict);
        }
        step_up::require(deps, actor).await?;
        let now = deps.clock.now();
        let (shown, stored) = work::blocking(recovery::new_codes).await?;
        let mut tx = deps.store.begin().await.stored()?;
        Self::store_codes(&mut tx, actor.user, &stored, now).await?;
        let entry = audit::Entry::by(actor, "second-factor.renew-codes", now).on("users", actor.user.0);
        audit::add(&mut tx, entry).await.stored()?;
        tx.commit().await.stored()?;
        Ok(shown)
    }

    async fn remove(&self, actor: &Actor) -> Result<()> {
        if actor.role.is_staff() {
            return Err(Error::Forbidden);
        }
        let deps = &self.deps;
        step_up::require(deps, actor).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        rows::remove(&mut tx, actor.user).await.stored()?;
        let entry = audit::Entry::by(actor, "second-factor.remove", now).on("users", actor.user.0);
        audit::add(&mut tx, entry).await.stored()?;
        tx.commit().await.stored()
    }

    async fn reset(&self, actor: &Actor, user: UserId) -> Result<()> {
        access::require_admin(&self.deps, actor).await?;
        if user == actor.user {
            // Two admins help each other: one alone could be the thief of their phone.
            return Err(Error::Conflict);
        }
        let deps = &self.deps;
        step_up::require(deps, actor).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        users::get_in(&mut tx, user).await.stored()?.filter(|user| user.role.is_staff()).ok_or(Error::NotFound)?;
        rows::remove(&mut tx, user).await.stored()?;
        // Whoever lost the phone lost the passkeys on it.
        passkeys::remove_all(&mut tx, user).await.stored()?;
        let ended = sessions::end_all(&mut tx, user, now).await.stored()?;
        let entry = audit::Entry::by(actor, "second-factor.reset", now).on("users", user.0);
        audit::add(&mut tx, entry).await.stored()?;
        tx.commit().await.stored()?;
        deps.sessions.forget(&ended).await;
        Ok(())
    }

    async fn show_demo_code(&self, user: UserId) -> Result<()> {
        let deps = &self.deps;
        if !deps.codes.shows_codes() {
            return Ok(());
        }
        deps.ready([user.0]).await?;
        let Some(totp) = self.confirmed(user).await? else { return Ok(()) };
        let secret = guess::secret(deps, user, &totp)?;
        if secret.as_slice() != totp::DEMO_SECRET.as_slice() {
            return Ok(());
        }
        let now = deps.clock.now();
        // One that is not used up: the next one is taken already now.
        let step = totp::step_at(now).max(totp.last_step + 1);
        let to = people::phone_of(deps, user).await?;
        let code = totp::code(&secret, step).ok_or_else(|| internal("a code cannot be made"))?;
        let message = CodeMessage { to, code, at: now, template: Template::Authenticator };
        deps.codes.send(message).await.map_err(|_| Error::Unavailable)
    }
}
