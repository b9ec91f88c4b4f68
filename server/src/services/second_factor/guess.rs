//! Judging a code of the second factor: counted first, then looked at, then used up.

use chrono::{DateTime, Utc};
use domain::{Error, Result, ids::UserId, people::Actor};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::{Deps, work, write};
use crate::{
    auth::{otp::read_code, recovery, totp},
    crypto::Place,
    error::{StorageResult, internal},
    storage::{
        Tx,
        second_factor::{self, Totp, WINDOW},
        sessions::Proof,
    },
};

/// Where somebody's secret is sealed.
pub fn secret_place(user: UserId) -> Place {
    Place { table: "totp_factors", column: "secret_sealed", row: user.0, patient: user.0 }
}

/// Somebody's secret.
pub fn secret(deps: &Deps, user: UserId, totp: &Totp) -> Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(deps.keys.open(&secret_place(user), &totp.secret_sealed).map_err(internal)?))
}

/// A right code, not used up yet.
#[derive(Debug, Clone, Copy)]
pub enum Right {
    /// Of the app: its time step.
    Step(i64),
    /// A recovery code: its row.
    Code(Uuid),
}

impl Right {
    /// What it proves.
    pub fn proof(self) -> Proof {
        match self {
            Self::Step(_) => Proof::Totp,
            Self::Code(_) => Proof::Recovery,
        }
    }

    /// Uses it up; of any number at once exactly one goes on.
    pub async fn take(self, tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<()> {
        let taken = match self {
            Self::Step(step) => second_factor::take_step(tx, user, step).await.stored()?,
            Self::Code(row) => second_factor::take_code(tx, row, now).await.stored()?,
        };
        if !taken {
            return Err(Error::Unauthenticated);
        }
        second_factor::forget_guesses(tx, user).await.stored()
    }
}

/// Judges a code. The guess is counted before it is looked at, so that any number at once stay within the limit.
pub async fn judge(deps: &Deps, user: UserId, actor: Option<&Actor>, typed: &str) -> Result<Right> {
    let totp = second_factor::totp(&deps.store, user).await.stored()?.filter(|totp| totp.confirmed);
    let totp = totp.ok_or(Error::Unauthenticated)?;
    deps.ready([user.0]).await?;
    let now = deps.clock.now();
    count(deps, user, now).await?;
    let right = if let Some(code) = read_code(typed) {
        let secret = secret(deps, user, &totp)?;
        // The demonstration's secret is known to everybody.
        let known = secret.as_slice() == totp::DEMO_SECRET.as_slice() && !deps.codes.shows_codes();
        totp::matching_step(&secret, &code, now).filter(|step| *step > totp.last_step && !known).map(Right::Step)
    } else {
        recovery_code(deps, user, typed).await?.map(Right::Code)
    };
    if right.is_none() {
        write::wrong_proof(deps, actor, user, "second-factor.wrong", now).await?;
    }
    right.ok_or(Error::Unauthenticated)
}

/// Counts a guess, or refuses it.
pub async fn count(deps: &Deps, user: UserId, now: DateTime<Utc>) -> Result<()> {
    let mut tx = deps.store.begin().await.stored()?;
    let counted = second_factor::count_guess(&mut tx, user, now).await.stored()?;
    tx.commit().await.stored()?;
    let retry_after_s = u32::try_from(WINDOW.num_seconds()).unwrap_or(u32::MAX);
    if counted { Ok(()) } else { Err(Error::TooMany { retry_after_s }) }
}

async fn recovery_code(deps: &Deps, user: UserId, typed: &str) -> Result<Option<Uuid>> {
    let Some((selector, secret)) = recovery::read(typed) else { return Ok(None) };
    let Some((row, hash)) = second_factor::code(&deps.store, user, &selector).await.stored()? else { return Ok(None) };
    let fits = work::blocking(move || Ok(recovery::fits(&secret, &hash))).await?;
    Ok(fits.then_some(row))
}
