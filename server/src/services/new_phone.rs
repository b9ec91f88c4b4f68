//! Another phone number for an account: proven like a sign-in, and told to the old one.
//!
//! Asking tells nothing about a number: one that somebody else signs in with is sent a code, and answered, as a free one is.
//! Only who reads that code off that phone learns that the number has an account: they could sign in there just as well. So
//! a number is never taken from anybody, and whoever holds both is told what stands in the way.

use domain::{
    Error, Result,
    contact::Phone,
    field::{FieldErrors, Problem},
    ids::ChallengeId,
    people::{Actor, Role},
    ports::{Challenge, Origin},
};

use super::{Deps, otp, people, step_up};
use crate::{
    auth::otp::read_code,
    error::{StorageResult, internal},
    messages::{Notice, NoticeKind},
    storage::{
        audit,
        otp::{self as codes, Guess},
        sessions, users,
    },
};

/// Sends a code to the new number. The proof is asked for here: the code that follows is of use in this session alone.
pub async fn begin(deps: &Deps, actor: &Actor, phone: &Phone, origin: &Origin) -> Result<Challenge> {
    step_up::require(deps, actor).await?;
    if people::phone_of(deps, actor.user).await? == *phone {
        return Err(FieldErrors::one("phone", Problem::Exists).into());
    }
    otp::request(deps, phone, otp::Purpose::NewPhone(actor.session), origin).await
}

/// Makes the number the actor's; exactly one of any number of tries at once.
pub async fn confirm(
    deps: &Deps,
    actor: &Actor,
    challenge: ChallengeId,
    phone: &Phone,
    code: &str,
    origin: &Origin,
) -> Result<()> {
    let code = read_code(code).ok_or(Error::Unauthenticated)?;
    let now = deps.clock.now();
    let old = people::phone_of(deps, actor.user).await?;
    let index = deps.purposes.phone_index(phone);
    let sealed = deps.keys.seal_text(&people::phone_place(actor.user), phone.e164()).map_err(internal)?;
    let code_mac = otp::Purpose::NewPhone(actor.session).mac(deps, challenge, phone, &code);
    let entry = |action| {
        let entry = audit::Entry::by(actor, action, now).on("users", actor.user.0).from(origin.address);
        if actor.role == Role::Patient { entry.of(actor.user.into()) } else { entry }
    };
    let refused = |reason| entry("phone.change").refused(reason);

    let mut tx = deps.store.begin().await.stored()?;
    if codes::guess(&mut tx, challenge, &index, &code_mac, now).await.stored()? != Guess::Right {
        audit::add(&mut tx, refused("wrong-code")).await.stored()?;
        tx.commit().await.stored()?;
        return Err(Error::Unauthenticated);
    }
    if users::by_phone(&mut tx, &index).await.stored()?.is_some() {
        // The code is used up.
        audit::add(&mut tx, refused("phone-taken")).await.stored()?;
        tx.commit().await.stored()?;
        return Err(Error::Conflict);
    }
    users::change_phone(&mut tx, actor.user, &index, &sealed, now).await.or_conflict()?;
    let ended = sessions::end_others(&mut tx, actor.user, actor.session, now).await.stored()?;
    audit::add(&mut tx, entry("phone.change")).await.stored()?;
    tx.commit().await.stored()?;
    deps.sessions.forget(&ended).await;
    // Whoever took over a session cannot take the account along unseen.
    if deps.codes.notify(Notice { to: old, kind: NoticeKind::PhoneChanged, at: now }).await.is_err() {
        tracing::warn!("a notice of a changed phone number was not accepted for sending");
    }
    Ok(())
}
