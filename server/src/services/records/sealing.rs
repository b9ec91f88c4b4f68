//! What a record says, sealed with its patient's key and opened again.

use chrono::SubsecRound;
use domain::{
    Result,
    ids::{PatientId, RecordId},
    records::{Body, NewRecord, Record},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    crypto::{Keyring, Place},
    error::internal,
    storage::records::StoredRecord,
};

/// What is sealed of a record.
#[derive(Deserialize)]
struct Content {
    body: Body,
    #[serde(default)]
    notes: Option<String>,
}

#[derive(Serialize)]
struct ContentRef<'a> {
    body: &'a Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
}

fn place(patient: PatientId, id: RecordId) -> Place {
    Place { table: "records", column: "content_sealed", row: id.0, patient: patient.0 }
}

/// Seals what a record says.
pub(super) fn seal_content(
    keys: &Keyring,
    patient: PatientId,
    id: RecordId,
    body: &Body,
    notes: Option<&str>,
) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(&ContentRef { body, notes }).map_err(internal)?;
    keys.seal(&place(patient, id), &json).map_err(internal)
}

/// A new record as a row.
pub(crate) fn sealed(keys: &Keyring, patient: PatientId, new: NewRecord) -> Result<StoredRecord> {
    let id = RecordId(Uuid::now_v7());
    Ok(StoredRecord {
        id,
        origin_key: new.client_id.map(|client_id| format!("c:{client_id}")),
        record_type: new.body.record_type(),
        content_sealed: seal_content(keys, patient, id, &new.body, new.notes.as_deref())?,
        recorded_at: new.recorded_at.trunc_subsecs(3),
        version: 1,
        file: None,
    })
}

/// A row as those see it who may.
pub(super) fn opened(keys: &Keyring, patient: PatientId, row: StoredRecord) -> Result<Record> {
    let json = keys.open(&place(patient, row.id), &row.content_sealed).map_err(internal)?;
    let content: Content = serde_json::from_slice(&json).map_err(|_| internal("a sealed record does not read"))?;
    Ok(Record {
        id: row.id,
        client_id: row.origin_key.as_deref().and_then(|key| key.strip_prefix("c:")).map(str::to_owned),
        recorded_at: row.recorded_at,
        body: content.body,
        notes: content.notes,
        file: row.file,
        version: row.version,
    })
}
