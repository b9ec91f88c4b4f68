//! Events that a consumer has dealt with: a redelivered one does nothing.

use chrono::{DateTime, Utc};
use domain::ids::EventId;

use super::{Tx, in_tx, time::to_ms};

/// Notes an event as dealt with by a consumer, in the transaction of its effect; `false` if it was already.
pub async fn take(tx: &mut Tx, consumer: &str, event: EventId, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO inbox (consumer, event_id, at) VALUES ($1, $2, $3) ON CONFLICT (consumer, event_id) DO NOTHING")
        .bind(consumer)
        .bind(event.0)
        .bind(to_ms(at))
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Forgets what was dealt with before an instant: long after the last possible redelivery.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM inbox WHERE at < $1")
        .bind(to_ms(before))
        .execute(conn).await.map(|done| done.rows_affected()))
}
