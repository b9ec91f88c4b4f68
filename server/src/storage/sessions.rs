//! Signed-in devices: one row each, the truth about who is signed in.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SessionId, UserId},
    people::{Actor, Role},
};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::known,
    time::{from_ms, to_ms},
};

/// Through which door a device came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A browser with a cookie.
    Web,
    /// The mobile app with tokens.
    Api,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Web => "WEB",
            Self::Api => "API",
        }
    }
}

/// By what at most the person behind a session proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A one-time password sent to their phone.
    Otp,
    /// A code of their authenticator app.
    Totp,
    /// A recovery code.
    Recovery,
    /// A passkey.
    Passkey,
}

impl Proof {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Otp => "OTP",
            Self::Totp => "TOTP",
            Self::Recovery => "RECOVERY",
            Self::Passkey => "PASSKEY",
        }
    }

    fn parse(text: &str) -> Result<Self, ()> {
        [Self::Otp, Self::Totp, Self::Recovery, Self::Passkey].into_iter().find(|p| p.as_str() == text).ok_or(())
    }
}

/// What a session has proven, read afresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    /// By what at most.
    pub by: Proof,
    /// When last, UTC.
    pub at: DateTime<Utc>,
    /// Whether its user has a second factor.
    pub enrolled: bool,
}

/// A device that signs in.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Through which door.
    pub kind: Kind,
    /// What it calls itself, sealed.
    pub device_sealed: Option<&'a [u8]>,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The end that nothing moves, UTC.
    pub expires_at: DateTime<Utc>,
    /// How long it may lie idle.
    pub idle: TimeDelta,
}

/// A session that is neither over nor ended, of somebody who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// As whom it acts.
    pub actor: Actor,
    /// When it ends, UTC.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, UTC, to a fifteenth of `idle`.
    pub last_used_at: DateTime<Utc>,
    /// How long it may lie idle.
    pub idle: TimeDelta,
    /// By what its person proved who they are.
    pub by: Proof,
    /// Whether they have a second factor.
    pub enrolled: bool,
}

/// Adds a session. The sign-in by one-time password is its first proof.
pub async fn add(tx: &mut Tx, new: &NewSession<'_>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO sessions (id, user_id, kind, device_sealed, created_at, last_used_at, expires_at, idle_ms, proved_at, amr) \
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $5, $8)")
        .bind(new.id.0)
        .bind(new.user.0)
        .bind(new.kind.as_str())
        .bind(new.device_sealed)
        .bind(to_ms(new.at))
        .bind(to_ms(new.expires_at))
        .bind(new.idle.num_milliseconds())
        .bind(Proof::Otp.as_str())
        .execute(conn).await.map(|_| ()))
}

type LiveRow = (Uuid, String, i64, i64, i64, String, bool);

fn live_row(id: SessionId, row: LiveRow) -> Result<Live, sqlx::Error> {
    let (user, role, expires_at, last_used_at, idle_ms, amr, enrolled) = row;
    Ok(Live {
        actor: Actor { user: UserId(user), role: known(Role::parse(&role), "role")?, session: id },
        expires_at: from_ms(expires_at),
        last_used_at: from_ms(last_used_at),
        idle: TimeDelta::milliseconds(idle_ms),
        by: known(Proof::parse(&amr), "amr")?,
        enrolled,
    })
}

/// A session that is neither ended, nor over, nor left idle, and its user.
macro_rules! live_sql {
    () => {
        "SELECT u.id, u.role, s.expires_at, s.last_used_at, s.idle_ms, s.amr, \
         EXISTS (SELECT 1 FROM totp_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) \
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.revoked_at IS NULL \
         AND s.expires_at > $2 AND s.last_used_at + s.idle_ms > $2 AND u.active"
    };
}

/// A session, if it is alive.
pub async fn live(store: &Store, id: SessionId, now: DateTime<Utc>) -> Result<Option<Live>, sqlx::Error> {
    let row: Option<LiveRow> = on_store!(store, pool => sqlx::query_as(live_sql!())
        .bind(id.0).bind(to_ms(now)).fetch_optional(pool).await)?;
    row.map(|row| live_row(id, row)).transpose()
}

/// The same inside a transaction.
pub async fn live_in(tx: &mut Tx, id: SessionId, now: DateTime<Utc>) -> Result<Option<Live>, sqlx::Error> {
    let row: Option<LiveRow> = in_tx!(tx, conn => sqlx::query_as(live_sql!())
        .bind(id.0).bind(to_ms(now)).fetch_optional(conn).await)?;
    row.map(|row| live_row(id, row)).transpose()
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, id: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2")
        .bind(id.0).bind(to_ms(at)).execute(conn).await.map(|_| ()))
}

/// What a session has proven; nothing if there is no such session.
pub async fn proven(store: &Store, id: SessionId) -> Result<Option<Proven>, sqlx::Error> {
    let row: Option<(String, i64, bool)> = on_store!(store, pool => sqlx::query_as(
        "SELECT s.amr, s.proved_at, \
         EXISTS (SELECT 1 FROM totp_factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL) \
         FROM sessions s WHERE s.id = $1")
        .bind(id.0).fetch_optional(pool).await)?;
    row.map(|(amr, at, enrolled)| Ok(Proven { by: known(Proof::parse(&amr), "amr")?, at: from_ms(at), enrolled }))
        .transpose()
}

/// Notes that the person behind a session proved who they are. It may then last until `expires_at`.
pub async fn prove(
    tx: &mut Tx,
    id: SessionId,
    by: Proof,
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE sessions SET amr = $2, proved_at = $3, expires_at = $4 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id.0).bind(by.as_str()).bind(to_ms(at)).bind(to_ms(expires_at)).execute(conn).await.map(|_| ()))
}

/// Ends a session of this user; whether the user has such a session, ended before or now.
pub async fn end(tx: &mut Tx, id: SessionId, user: UserId, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "UPDATE sessions SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND user_id = $2")
        .bind(id.0).bind(user.0).bind(to_ms(at)).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Ends a session, whoever it belongs to (a stolen token family); whose it was, if it was alive.
pub async fn end_family(tx: &mut Tx, id: SessionId, at: DateTime<Utc>) -> Result<Option<UserId>, sqlx::Error> {
    let user: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING user_id")
        .bind(id.0).bind(to_ms(at)).fetch_optional(conn).await)?;
    Ok(user.map(UserId))
}

/// Ends all sessions of a user; gives those that it ended.
pub async fn end_all(tx: &mut Tx, user: UserId, at: DateTime<Utc>) -> Result<Vec<SessionId>, sqlx::Error> {
    let ids: Vec<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL RETURNING id")
        .bind(user.0).bind(to_ms(at)).fetch_all(conn).await)?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Ends all sessions of a user but one; gives those that it ended.
pub async fn end_others(
    tx: &mut Tx,
    user: UserId,
    but: SessionId,
    at: DateTime<Utc>,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let ids: Vec<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL RETURNING id")
        .bind(user.0).bind(but.0).bind(to_ms(at)).fetch_all(conn).await)?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Sessions that ended, or whose user changed, after an instant: what is remembered about them is no longer to be trusted.
pub async fn changed_since(store: &Store, since: DateTime<Utc>) -> Result<Vec<SessionId>, sqlx::Error> {
    let ids: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT id FROM sessions WHERE revoked_at > $1 \
         UNION ALL SELECT s.id FROM users u JOIN sessions s ON s.user_id = u.id \
         WHERE u.updated_at > $1 AND s.revoked_at IS NULL")
        .bind(to_ms(since)).fetch_all(pool).await)?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// A signed-in device, for the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its session.
    pub id: SessionId,
    /// What it calls itself, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// When it signed in, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC, to some minutes.
    pub last_used_at: DateTime<Utc>,
}

/// The live sessions of a user, newest first, at most 100.
pub async fn devices(store: &Store, user: UserId, now: DateTime<Utc>) -> Result<Vec<Device>, sqlx::Error> {
    let rows: Vec<(Uuid, Option<Vec<u8>>, i64, i64)> = on_store!(store, pool => sqlx::query_as(
        "SELECT id, device_sealed, created_at, last_used_at FROM sessions \
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND last_used_at + idle_ms > $2 \
         ORDER BY created_at DESC, id DESC LIMIT 100")
        .bind(user.0).bind(to_ms(now)).fetch_all(pool).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, name_sealed, created_at, last_used_at)| Device {
            id: SessionId(id),
            name_sealed,
            created_at: from_ms(created_at),
            last_used_at: from_ms(last_used_at),
        })
        .collect())
}

/// Forgets sessions, with their refresh tokens, that were over before an instant.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let before = to_ms(before);
    in_tx!(tx, conn => sqlx::query(
        "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < $1)")
        .bind(before).execute(conn).await.map(|_| ()))?;
    in_tx!(tx, conn => sqlx::query("DELETE FROM sessions WHERE expires_at < $1")
        .bind(before).execute(conn).await.map(|done| done.rows_affected()))
}
