//! Refresh tokens, by the SHA-256 of their 256 random bits. A session is a family: each token is good once and begets the next.

use chrono::{DateTime, Utc};
use domain::ids::SessionId;
use uuid::Uuid;

use super::{
    Tx, in_tx,
    time::{from_ms, to_ms},
};

/// Adds a token to a family.
pub async fn add(tx: &mut Tx, hash: &[u8; 32], session: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash.as_slice()).bind(session.0).bind(to_ms(at)).execute(conn).await.map(|_| ()))
}

/// Uses a token up; of any number at once exactly one is given its family.
pub async fn take(tx: &mut Tx, hash: &[u8; 32], at: DateTime<Utc>) -> Result<Option<SessionId>, sqlx::Error> {
    let session: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL RETURNING session_id")
        .bind(hash.as_slice()).bind(to_ms(at)).fetch_optional(conn).await)?;
    Ok(session.map(SessionId))
}

/// The family of a token that was used before, and when it was (UTC).
pub async fn used(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<(SessionId, DateTime<Utc>)>, sqlx::Error> {
    let row: Option<(Uuid, i64)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT session_id, used_at FROM refresh_tokens WHERE token_hash = $1 AND used_at IS NOT NULL")
        .bind(hash.as_slice()).fetch_optional(conn).await)?;
    Ok(row.map(|(session, at)| (SessionId(session), from_ms(at))))
}
