//! Records of browser sessions, found by the SHA-256 of the cookie's id: what is stored does not let anybody in.

use chrono::{DateTime, Utc};

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// Adds a record unless the id is taken; whether it was added.
pub async fn create(
    tx: &mut Tx,
    id_hash: &[u8; 32],
    data: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "INSERT INTO web_sessions (id_hash, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id_hash) DO NOTHING")
        .bind(id_hash.as_slice()).bind(data).bind(to_ms(expires_at))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Replaces a record. One that is gone stays gone: a request that outlives a sign-out does not bring the session back.
pub async fn save(
    tx: &mut Tx,
    id_hash: &[u8; 32],
    data: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query("UPDATE web_sessions SET data = $2, expires_at = $3 WHERE id_hash = $1")
        .bind(id_hash.as_slice()).bind(data).bind(to_ms(expires_at))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// A record that is not over.
pub async fn load(store: &Store, id_hash: &[u8; 32], now: DateTime<Utc>) -> Result<Option<Vec<u8>>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar("SELECT data FROM web_sessions WHERE id_hash = $1 AND expires_at > $2")
        .bind(id_hash.as_slice()).bind(to_ms(now)).fetch_optional(pool).await)
}

/// Removes a record.
pub async fn delete(tx: &mut Tx, id_hash: &[u8; 32]) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM web_sessions WHERE id_hash = $1")
        .bind(id_hash.as_slice()).execute(conn).await.map(|_| ()))
}

/// Forgets records that were over before an instant.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM web_sessions WHERE expires_at < $1")
        .bind(to_ms(before)).execute(conn).await.map(|done| done.rows_affected()))
}
