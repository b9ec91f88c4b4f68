//! Links between patients and those who may see their data.

use chrono::{DateTime, Utc};
use domain::{
    consent::{DataType, LinkKind},
    ids::{PatientId, UserId},
};

use super::{Store, on_store, time::to_ms};

/// What is in force between a patient and a viewer: at most one link of each kind.
pub async fn in_force(
    store: &Store,
    patient: PatientId,
    viewer: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<(LinkKind, Vec<DataType>)>, sqlx::Error> {
    let rows: Vec<(String, String)> = on_store!(store, pool => sqlx::query_as(
        "SELECT kind, data_types FROM links \
         WHERE patient_id = $1 AND viewer_id = $2 AND status = 'ACTIVE' AND (until IS NULL OR until > $3)")
        .bind(patient.0).bind(viewer.0).bind(to_ms(now)).fetch_all(pool).await)?;
    rows.into_iter().map(|(kind, types)| Ok((word(LinkKind::parse(&kind))?, data_types(&types)?))).collect()
}

fn data_types(json: &str) -> Result<Vec<DataType>, sqlx::Error> {
    serde_json::from_str(json).map_err(|e| sqlx::Error::Decode(e.into()))
}

/// A fixed word from a column: one that the program does not know is an error, never a default.
fn word<T>(parsed: Result<T, domain::field::Problem>) -> Result<T, sqlx::Error> {
    parsed.map_err(|_| sqlx::Error::Decode("an unknown word in a column".into()))
}
