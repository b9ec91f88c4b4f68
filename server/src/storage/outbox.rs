//! Events on their way out. Written in the transaction of the change, emptied by the relay.

use chrono::{DateTime, Utc};
use domain::{
    events::{Event, EventKind},
    ids::EventId,
};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    time::{from_ms, to_ms},
};

/// Adds an event.
pub async fn add(tx: &mut Tx, event: Event) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO outbox (id, kind, patient_id, at) VALUES ($1, $2, $3, $4)")
        .bind(event.id.0)
        .bind(event.kind.as_str())
        .bind(event.patient.0)
        .bind(to_ms(event.at))
        .execute(conn).await.map(|_| ()))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    patient_id: Uuid,
    at: i64,
}

/// Events that wait to be carried, oldest first. On PostgreSQL they are locked for this transaction and those that another
/// relay holds are passed over; on SQLite the transaction is alone anyway.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Event>, sqlx::Error> {
    let rows: Vec<Row> = match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as("SELECT id, kind, patient_id, at FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1")
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT id, kind, patient_id, at FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
            )
            .bind(limit)
            .fetch_all(&mut **tx)
            .await?
        }
    };
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Event {
                id: row.id.into(),
                kind: EventKind::parse(&row.kind)?,
                patient: row.patient_id.into(),
                at: from_ms(row.at),
            })
        })
        .collect())
}

/// Whether any event waits: cheap enough to ask several times a second.
pub async fn any_waiting(store: &Store) -> Result<bool, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar::<_, Uuid>("SELECT id FROM outbox WHERE sent_at IS NULL LIMIT 1")
        .fetch_optional(pool).await.map(|found| found.is_some()))
}

/// Notes that an event was carried.
pub async fn mark_sent(tx: &mut Tx, id: EventId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE outbox SET sent_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(to_ms(at))
        .execute(conn).await.map(|_| ()))
}

/// Forgets events that were carried before an instant; gives how many.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM outbox WHERE sent_at < $1")
        .bind(to_ms(before))
        .execute(conn).await.map(|done| done.rows_affected()))
}
