//! One-time passwords: who is sent one, and who is let in.
//!
//! The answer to a request is the same for a known, an unknown, a blocked and a limited phone; the statements are, too.
//! Only a flood is told so, by address and by the whole service, since that says nothing about a phone.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    contact::Phone,
    ids::{ChallengeId, SessionId, UserId},
    people::{Language, Preset, Role},
    ports::{Challenge, Origin, SignedIn},
};
use uuid::Uuid;

use super::{Deps, people};
use crate::{
    auth::otp::{CODE_S, counted_as, new_code, read_code},
    error::{StorageResult, internal},
    messages::{CodeMessage, Template},
    storage::{
        Tx, audit,
        otp::{self, Guess, Window},
        users,
    },
};

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);

/// What a code is asked for: one for the other is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// To sign in, or to prove anew who one is.
    SignIn,
    /// To make the phone one's own, in this session.
    NewPhone(SessionId),
}

impl Purpose {
    /// What a code of this purpose is compared by.
    pub fn mac(self, deps: &Deps, challenge: ChallengeId, phone: &Phone, code: &str) -> [u8; 32] {
        match self {
            Self::SignIn => deps.purposes.otp_mac(challenge, phone, code),
            Self::NewPhone(session) => deps.purposes.new_phone_mac(challenge, session, phone, code),
        }
    }
}

/// Sends a code, or answers as if.
pub async fn request(deps: &Deps, phone: &Phone, purpose: Purpose, origin: &Origin) -> Result<Challenge> {
    if !deps.codes.available() {
        return Err(Error::Unavailable);
    }
    let now = deps.clock.now();
    let limits = &deps.auth.otp;
    let address = origin.address.map(counted_as);
    // Asked before the queue that makes the limits exact, so that a flood does not lengthen it.
    if let Some(address) = &address {
        let window = otp::of_address(&deps.store, address, now - HOUR).await.stored()?;
        refuse_over(limits.address_hour, window, HOUR, now)?;
    }

    let phone_index = deps.purposes.phone_index(phone);
    let block_index = deps.purposes.phone_block_index(phone);
    let id = ChallengeId(Uuid::new_v4());
    let code = new_code().map_err(internal)?;
    let code_mac = purpose.mac(deps, id, phone, &code);

    let mut tx = deps.store.begin().await.stored()?;
    otp::lock_sending(&mut tx).await.stored()?;
    if let Some(address) = &address {
        let window = otp::of_address_in(&mut tx, address, now - HOUR).await.stored()?;
        refuse_over(limits.address_hour, window, HOUR, now)?;
    }
    refuse_over(limits.day, otp::sent_since(&mut tx, now - DAY).await.stored()?, DAY, now)?;
    let sent = may_send(&mut tx, deps, &phone_index, &block_index, now).await?;
    let challenge = otp::NewChallenge {
        id,
        phone_index: &phone_index,
        block_index: &block_index,
        code_mac: &code_mac,
        address: address.as_deref(),
        sent,
        at: now,
        expires_at: now + TimeDelta::seconds(CODE_S.into()),
    };
    otp::add(&mut tx, &challenge).await.stored()?;
    tx.commit().await.stored()?;

    if sent {
        let template = match purpose {
            Purpose::SignIn => Template::Otp,
            Purpose::NewPhone(_) => Template::NewPhone,
        };
        let message = CodeMessage { to: phone.clone(), code, at: now, template };
        if deps.codes.send(message).await.is_err() {
            tracing::warn!("a one-time password was not accepted for sending");
            return Err(Error::Unavailable);
        }
    }
    Ok(Challenge { challenge_id: id, expires_in: CODE_S, resend_in: limits.resend_s })
}

/// Whether this phone is sent a code now. All is asked, whatever the first answer: time tells nothing.
async fn may_send(
    tx: &mut Tx,
    deps: &Deps,
    phone_index: &[u8; 32],
    block_index: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<bool> {
    let limits = &deps.auth.otp;
    let (in_hour, newest) = otp::sent_to(tx, phone_index, now - HOUR).await.stored()?;
    let (in_day, _) = otp::sent_to(tx, phone_index, now - DAY).await.stored()?;
    let to_block = otp::sent_to_block(tx, block_index, now - HOUR).await.stored()?;
    let wrong = otp::wrong_in_a_row(tx, phone_index).await.stored()?;
    let user = users::by_phone(tx, phone_index).await.stored()?;
    let waited = newest.is_none_or(|at| now.timestamp_millis() - at >= i64::from(limits.resend_s) * 1000);
    let may_sign_in = user.is_none_or(|(_, _, active)| active);
    let within = in_hour < i64::from(limits.phone_hour)
        && in_day < i64::from(limits.phone_day)
        && to_block < i64::from(limits.block_hour);
    Ok(within && waited && wrong < otp::WRONG_IN_A_ROW && may_sign_in)
}

/// Refuses if a window is full, and says when its oldest entry leaves it.
fn refuse_over(limit: u32, (count, oldest): Window, length: TimeDelta, now: DateTime<Utc>) -> Result<()> {
    if count < i64::from(limit) {
        return Ok(());
    }
    let left_ms = oldest.map_or(0, |at| at + length.num_milliseconds() - now.timestamp_millis());
    Err(Error::TooMany { retry_after_s: u32::try_from(left_ms / 1000 + 1).unwrap_or(1) })
}

/// Lets in who has the code; exactly one of any number at once. An unknown phone becomes a patient.
pub async fn verify(
    deps: &Deps,
    challenge: ChallengeId,
    phone: &Phone,
    code: &str,
    origin: &Origin,
) -> Result<SignedIn> {
    let code = read_code(code).ok_or(Error::Unauthenticated)?;
    let now = deps.clock.now();
    let phone_index = deps.purposes.phone_index(phone);
    let code_mac = Purpose::SignIn.mac(deps, challenge, phone, &code);
    let mut tx = deps.store.begin().await.stored()?;
    let guess = otp::guess(&mut tx, challenge, &phone_index, &code_mac, now).await.stored()?;
    if guess != Guess::Right {
        let reason = if guess == Guess::Wrong { "wrong-code" } else { "no-code" };
        let entry = audit::Entry::by_nobody("session.refused", now).refused(reason).from(origin.address);
        // Asked for known and unknown phones alike: time tells nothing.
        let whose = users::by_phone(&mut tx, &phone_index).await.stored()?;
        audit::add(&mut tx, whose.map_or(entry, |(user, ..)| entry.on("users", user.0))).await.stored()?;
        tx.commit().await.stored()?;
        return Err(Error::Unauthenticated);
    }
    let (user, role, active) = find_or_add(deps, &mut tx, phone, Role::Patient, now).await?;
    if !active {
        let entry = audit::Entry::by_nobody("session.refused", now).refused("not-active").from(origin.address);
        audit::add(&mut tx, entry.on("users", user.0)).await.stored()?;
    }
    // A code is used up also by somebody who may not sign in.
    tx.commit().await.stored()?;
    if active { Ok(SignedIn { user, role }) } else { Err(Error::Unauthenticated) }
}

/// Whose phone it is. An unknown one becomes somebody of this role; two at once become the same.
pub async fn find_or_add(
    deps: &Deps,
    tx: &mut Tx,
    phone: &Phone,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(UserId, Role, bool)> {
    let phone_index = deps.purposes.phone_index(phone);
    if let Some(found) = users::by_phone(tx, &phone_index).await.stored()? {
        return Ok(found);
    }
    let id = UserId(Uuid::now_v7());
    let mut new = users::NewUser {
        id,
        role,
        phone_index,
        phone_sealed: Vec::new(),
        name_sealed: None,
        key: None,
        clinic: None,
        language: Language::English,
        at: now,
    };
    people::seal_new(&deps.keys, &mut new, phone, None)?;
    if users::add_if_absent(tx, &new).await.stored()? {
        if role == Role::Patient {
            users::add_patient(tx, id.into(), None, Preset::Adult).await.stored()?;
        }
        audit::add(tx, audit::Entry::by_nobody("user.add", now).on("users", id.0)).await.stored()?;
        return Ok((id, role, true));
    }
    users::by_phone(tx, &phone_index).await.stored()?.ok_or_else(|| internal("a phone is taken by nobody"))
}
