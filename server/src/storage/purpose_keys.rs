//! Keys for one purpose each, sealed.

use chrono::{DateTime, Utc};

use super::{Store, in_tx, on_store, time::to_ms};

/// The sealed key of a purpose.
pub async fn get(store: &Store, purpose: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar("SELECT key_sealed FROM purpose_keys WHERE purpose = $1")
        .bind(purpose).fetch_optional(pool).await)
}

/// Every purpose with its sealed key.
pub async fn all(store: &Store) -> Result<Vec<(String, Vec<u8>)>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as("SELECT purpose, key_sealed FROM purpose_keys ORDER BY purpose").fetch_all(pool).await)
}

/// Puts an envelope in the place of another, if that is still there.
pub async fn replace(store: &Store, purpose: &str, was: &[u8], sealed: &[u8]) -> Result<(), sqlx::Error> {
    let mut tx = store.begin().await?;
    in_tx!(&mut tx, conn => sqlx::query("UPDATE purpose_keys SET key_sealed = $1 WHERE purpose = $2 AND key_sealed = $3")
        .bind(sealed).bind(purpose).bind(was).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// Stores a sealed key unless the purpose has one, and gives the one that it has.
pub async fn add_if_absent(
    store: &Store,
    purpose: &str,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> Result<Vec<u8>, sqlx::Error> {
    let mut tx = store.begin().await?;
    in_tx!(&mut tx, conn => sqlx::query(
        "INSERT INTO purpose_keys (purpose, key_sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (purpose) DO NOTHING")
        .bind(purpose).bind(sealed).bind(to_ms(now)).execute(conn).await.map(|_| ()))?;
    let kept = in_tx!(&mut tx, conn => sqlx::query_scalar("SELECT key_sealed FROM purpose_keys WHERE purpose = $1")
        .bind(purpose).fetch_one(conn).await)?;
    tx.commit().await?;
    Ok(kept)
}
