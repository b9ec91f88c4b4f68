//! Sessions and tokens as they begin, whichever way somebody signed in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    ids::{SessionId, UserId},
    people::Actor,
    ports::{Origin, TokenUser, Tokens},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Deps;
use crate::{
    auth::{ACCESS_S, lifetimes},
    crypto::Place,
    error::{StorageResult, internal},
    storage::{
        Tx, audit, refresh_tokens, second_factor,
        sessions::{self, Proof},
        users,
    },
};

/// Characters of a device's name that are kept.
const DEVICE_NAME: usize = 120;
/// How long a session lives that lacks its second factor.
pub const UNFINISHED: TimeDelta = TimeDelta::minutes(15);

/// Where the name of a device is sealed.
pub fn device_place(session: SessionId, user: UserId) -> Place {
    Place { table: "sessions", column: "device_sealed", row: session.0, patient: user.0 }
}

/// Adds a session in a transaction, with its audit line. The user's key is at hand.
pub async fn add_session(
    deps: &Deps,
    tx: &mut Tx,
    user: UserId,
    kind: sessions::Kind,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<(Actor, DateTime<Utc>)> {
    let id = SessionId(Uuid::now_v7());
    let signed_in = users::get_in(tx, user).await.stored()?.filter(|u| u.active).ok_or(Error::Unauthenticated)?;
    let device = origin.device.as_deref().and_then(device_name);
    let device =
        device.map(|name| deps.keys.seal_text(&device_place(id, user), &name)).transpose().map_err(internal)?;
    let unfinished = signed_in.role.is_staff() || second_factor::enrolled(tx, user).await.stored()?;
    let lasts = if unfinished { UNFINISHED } else { lifetimes::absolute(signed_in.role) };
    let (expires_at, idle) = (now + lasts, lifetimes::idle(signed_in.role));
    let new = sessions::NewSession { id, user, kind, device_sealed: device.as_deref(), at: now, expires_at, idle };
    sessions::add(tx, &new).await.stored()?;
    let actor = Actor { user, role: signed_in.role, session: id };
    audit::add(tx, audit::Entry::by(&actor, "session.start", now).on("sessions", id.0).from(origin.address))
        .await
        .stored()?;
    Ok((actor, expires_at))
}

/// Notes a proof of a session: what it lacked before, it may do from now on.
pub async fn note_proof(tx: &mut Tx, actor: &Actor, by: Proof, action: &'static str, now: DateTime<Utc>) -> Result<()> {
    let live = sessions::live_in(tx, actor.session, now).await.stored()?.ok_or(Error::Unauthenticated)?;
    // A session that lacked its second factor was short: now it lasts as long as any.
    let finishes = live.by == Proof::Otp && by != Proof::Otp && live.expires_at <= now + UNFINISHED;
    let ends = if finishes { now + lifetimes::absolute(actor.role) } else { live.expires_at };
    sessions::prove(tx, actor.session, by, now, ends).await.stored()?;
    audit::add(tx, audit::Entry::by(actor, action, now).on("sessions", actor.session.0)).await.stored()
}

/// Adds a refresh token to a session's family and signs the access token that goes with it.
pub async fn pair(deps: &Deps, tx: &mut Tx, actor: &Actor, ends: DateTime<Utc>, now: DateTime<Utc>) -> Result<Tokens> {
    let mut bytes = zeroize::Zeroizing::new([0u8; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(internal)?;
    let refresh_token = URL_SAFE_NO_PAD.encode(bytes.as_slice());
    refresh_tokens::add(tx, &hash(&refresh_token), actor.session, now).await.stored()?;
    let access_token = deps.auth.jwt.sign(actor.user, actor.session, now, ends).map_err(internal)?;
    let left = u32::try_from((ends - now).num_seconds()).unwrap_or(0);
    Ok(Tokens {
        access_token,
        expires_in: ACCESS_S.min(left),
        refresh_token,
        user: TokenUser { id: actor.user, role: actor.role },
    })
}

/// What a refresh token is found by.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What a device calls itself, as one short line.
fn device_name(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(DEVICE_NAME).collect();
    (!line.is_empty()).then_some(line)
}
