//! Passkeys, and the challenges that wait for their signature.

use chrono::{DateTime, Utc};
use domain::ids::{CeremonyId, PasskeyId, UserId};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    time::{from_ms, to_ms},
};

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey.
    Add,
    /// To prove who somebody signed in is.
    Prove,
    /// To sign in.
    SignIn,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Prove => "PROVE",
            Self::SignIn => "SIGN_IN",
        }
    }
}

/// One to add.
#[derive(Debug, Clone)]
pub struct NewPasskey<'a> {
    /// Its row.
    pub id: PasskeyId,
    /// Whose.
    pub user: UserId,
    /// What the device knows it by.
    pub credential_id: &'a [u8],
    /// The public key, as the library writes it.
    pub credential: &'a str,
    /// The device it was made on.
    pub device: Option<&'a str>,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

/// One of somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its row.
    pub id: PasskeyId,
    /// The public key, as the library writes it.
    pub credential: String,
    /// The device it was made on.
    pub device: Option<String>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Adds one; `false` if the device's name for it is taken.
pub async fn add(tx: &mut Tx, new: &NewPasskey<'_>) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "INSERT INTO passkeys (id, user_id, credential_id, credential, device, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING")
        .bind(new.id.0)
        .bind(new.user.0)
        .bind(new.credential_id)
        .bind(new.credential)
        .bind(new.device)
        .bind(to_ms(new.at))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Somebody's, newest first.
pub async fn of_user(store: &Store, user: UserId) -> Result<Vec<Row>, sqlx::Error> {
    type Columns = (Uuid, String, Option<String>, i64, Option<i64>);
    let rows: Vec<Columns> = on_store!(store, pool => sqlx::query_as(
        "SELECT id, credential, device, created_at, last_used_at FROM passkeys WHERE user_id = $1 \
         ORDER BY created_at DESC, id DESC")
        .bind(user.0).fetch_all(pool).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, credential, device, created_at, last_used_at)| Row {
            id: PasskeyId(id),
            credential,
            device,
            created_at: from_ms(created_at),
            last_used_at: last_used_at.map(from_ms),
        })
        .collect())
}

/// How many somebody has.
pub async fn count(store: &Store, user: UserId) -> Result<i64, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar("SELECT COUNT(*) FROM passkeys WHERE user_id = $1")
        .bind(user.0).fetch_one(pool).await)
}

/// Notes a use, with what the library wrote anew.
pub async fn used(tx: &mut Tx, id: PasskeyId, credential: &str, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1")
        .bind(id.0).bind(credential).bind(to_ms(at)).execute(conn).await.map(|_| ()))
}

/// Takes one of somebody's away; whether they had it.
pub async fn remove(tx: &mut Tx, user: UserId, id: PasskeyId) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query("DELETE FROM passkeys WHERE id = $1 AND user_id = $2")
        .bind(id.0).bind(user.0).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Takes all of somebody's away.
pub async fn remove_all(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    for sql in ["DELETE FROM passkey_ceremonies WHERE user_id = $1", "DELETE FROM passkeys WHERE user_id = $1"] {
        in_tx!(tx, conn => sqlx::query(sql).bind(user.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Keeps a challenge until it is signed.
pub async fn begin(
    tx: &mut Tx,
    id: CeremonyId,
    user: Option<UserId>,
    purpose: Purpose,
    state: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO passkey_ceremonies (id, user_id, purpose, state, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.0)
        .bind(user.map(|user| user.0))
        .bind(purpose.as_str())
        .bind(state)
        .bind(to_ms(expires_at))
        .execute(conn).await.map(|_| ()))
}

/// Uses up a challenge for one purpose of one person; of any number at once exactly one gets it.
pub async fn take(
    tx: &mut Tx,
    id: CeremonyId,
    user: Option<UserId>,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(Option<Uuid>, String, String, i64)> = in_tx!(tx, conn => sqlx::query_as(
        "DELETE FROM passkey_ceremonies WHERE id = $1 RETURNING user_id, purpose, state, expires_at")
        .bind(id.0).fetch_optional(conn).await)?;
    let fits = |row: &(Option<Uuid>, String, String, i64)| {
        row.0 == user.map(|user| user.0) && row.1 == purpose.as_str() && row.3 > to_ms(now)
    };
    Ok(row.filter(fits).map(|(_, _, state, _)| state))
}

/// Forgets challenges that were too late at an instant.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM passkey_ceremonies WHERE expires_at < $1")
        .bind(to_ms(before)).execute(conn).await.map(|done| done.rows_affected()))
}
