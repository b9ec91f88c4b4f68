//! What asks for more than being signed in: a proof of identity from the last minutes.
//!
//! Signing in is such a proof. Somebody with a second factor has to prove that one; a code sent to the phone, which may be
//! the very thing that was stolen, is not enough for them.

use chrono::TimeDelta;
use domain::{Error, Result, people::Actor};

use super::Deps;
use crate::{
    error::StorageResult,
    storage::sessions::{self, Proof},
};

/// How long a proof counts.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Goes on only if the actor proved within [`FRESH`] who they are; [`Error::StepUp`] otherwise: pages lead to `/step-up` and
/// back, the API says `step-up-required`. Called after the access check: what the actor may not do asks for no proof.
pub async fn require(deps: &Deps, actor: &Actor) -> Result<()> {
    let proven = sessions::proven(&deps.store, actor.session).await.stored()?.ok_or(Error::StepUp)?;
    let strong = proven.by != Proof::Otp || !(proven.enrolled || actor.role.is_staff());
    let age = deps.clock.now() - proven.at;
    if strong && age <= FRESH { Ok(()) } else { Err(Error::StepUp) }
}
