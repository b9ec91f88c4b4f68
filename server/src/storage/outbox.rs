//! Events on their way out. Written in the transaction of the change, emptied by the relay.

use domain::events::Event;

use super::{Tx, in_tx, time::to_ms};

/// Adds an event.
pub async fn add(tx: &mut Tx, event: Event) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO outbox (id, kind, patient_id, at) VALUES ($1, $2, $3, $4)")
        .bind(event.id.0)
        .bind(event.kind.as_str())
        .bind(event.patient.0)
        .bind(to_ms(event.at))
        .execute(conn).await.map(|_| ()))
}
