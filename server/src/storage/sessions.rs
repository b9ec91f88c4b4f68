//! Signed-in devices: one row each, the truth about who is signed in.

use chrono::{DateTime, Utc};
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

/// A device that signs in.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Through which door.
    pub kind: Kind,
    /// What it calls itself.
    pub device: Option<&'a str>,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The end that nothing moves, UTC.
    pub expires_at: DateTime<Utc>,
}

/// A session that is neither over nor ended, of somebody who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// As whom it acts.
    pub actor: Actor,
    /// When it ends, UTC.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, UTC, to some minutes.
    pub last_used_at: DateTime<Utc>,
}

/// Adds a session.
pub async fn add(tx: &mut Tx, new: &NewSession<'_>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO sessions (id, user_id, kind, device, created_at, last_used_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $5, $6)")
        .bind(new.id.0)
        .bind(new.user.0)
        .bind(new.kind.as_str())
        .bind(new.device)
        .bind(to_ms(new.at))
        .bind(to_ms(new.expires_at))
        .execute(conn).await.map(|_| ()))
}

type LiveRow = (Uuid, String, i64, i64);

fn live_row(id: SessionId, row: LiveRow) -> Result<Live, sqlx::Error> {
    let (user, role, expires_at, last_used_at) = row;
    Ok(Live {
        actor: Actor { user: UserId(user), role: known(Role::parse(&role), "role")?, session: id },
        expires_at: from_ms(expires_at),
        last_used_at: from_ms(last_used_at),
    })
}

/// A session, if it is alive.
pub async fn live(store: &Store, id: SessionId, now: DateTime<Utc>) -> Result<Option<Live>, sqlx::Error> {
    let row: Option<LiveRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.role, s.expires_at, s.last_used_at FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.active")
        .bind(id.0).bind(to_ms(now)).fetch_optional(pool).await)?;
    row.map(|row| live_row(id, row)).transpose()
}

/// The same inside a transaction.
pub async fn live_in(tx: &mut Tx, id: SessionId, now: DateTime<Utc>) -> Result<Option<Live>, sqlx::Error> {
    let row: Option<LiveRow> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.role, s.expires_at, s.last_used_at FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.active")
        .bind(id.0).bind(to_ms(now)).fetch_optional(conn).await)?;
    row.map(|row| live_row(id, row)).transpose()
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, id: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2")
        .bind(id.0).bind(to_ms(at)).execute(conn).await.map(|_| ()))
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
    /// What it calls itself.
    pub name: Option<String>,
    /// When it signed in, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC, to some minutes.
    pub last_used_at: DateTime<Utc>,
}

/// The live sessions of a user, newest first, at most 100.
pub async fn devices(store: &Store, user: UserId, now: DateTime<Utc>) -> Result<Vec<Device>, sqlx::Error> {
    let rows: Vec<(Uuid, Option<String>, i64, i64)> = on_store!(store, pool => sqlx::query_as(
        "SELECT id, device, created_at, last_used_at FROM sessions \
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 100")
        .bind(user.0).bind(to_ms(now)).fetch_all(pool).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, created_at, last_used_at)| Device {
            id: SessionId(id),
            name,
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
