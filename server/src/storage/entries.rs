//! What readings, meals and records have in common.

use chrono::{DateTime, Utc};
use domain::ids::PatientId;
use sqlx::Error;
use uuid::Uuid;

use super::{Tx, in_tx, time::to_ms};

/// Runs a statement that changes one entry of a patient: `$1` is the patient, `$2` the entry, `$3` now. Whether it did.
pub(super) async fn change_one(
    tx: &mut Tx,
    statement: &'static str,
    patient: PatientId,
    entry: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let changed = in_tx!(tx, conn => sqlx::query(statement)
        .bind(patient.0).bind(entry).bind(to_ms(now)).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}
