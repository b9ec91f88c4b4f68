//! Files of health records, sealed. At most one of a record is live; deleted ones can be restored until another takes the place.

use chrono::{DateTime, Utc};
use domain::{
    ids::{PatientId, RecordId},
    records::{FileInfo, MediaType},
};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx,
    entries::change_one,
    in_tx, on_store,
    rows::{from_row, known},
    time::to_ms,
};

/// A file with its sealed content.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFile {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub info: FileInfo,
    /// Sealed for table `record_files`, column `content_sealed`.
    pub content_sealed: Vec<u8>,
}

from_row!(StoredFile, row => Ok(Self {
    id: row.try_get(0)?,
    info: FileInfo {
        media_type: known(MediaType::parse(row.try_get(1)?), "media_type")?,
        size: known(u32::try_from(row.try_get::<i64, _>(2)?), "size")?,
    },
    content_sealed: row.try_get(3)?,
}));

/// The live file of a live record of a patient.
pub async fn get(store: &Store, patient: PatientId, record: RecordId) -> Result<Option<StoredFile>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT f.id, f.media_type, f.size, f.content_sealed
         FROM record_files f JOIN records r ON r.id = f.record_id
         WHERE f.record_id = $2 AND f.patient_id = $1 AND f.deleted_at IS NULL AND r.deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(record.0)
    .fetch_optional(pool)
    .await)
}

/// Puts a file to a record in place of the one that it has.
pub async fn put(
    tx: &mut Tx,
    patient: PatientId,
    record: RecordId,
    file: &StoredFile,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    delete(tx, patient, record, now).await?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO record_files (id, record_id, patient_id, media_type, size, content_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(file.id)
    .bind(record.0)
    .bind(patient.0)
    .bind(file.info.media_type.as_str())
    .bind(i64::from(file.info.size))
    .bind(file.content_sealed.clone())
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|_| ()))
}

/// Deletes the live file of a record; whether there was one.
pub async fn delete(tx: &mut Tx, patient: PatientId, record: RecordId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement =
        "UPDATE record_files SET deleted_at = $3 WHERE record_id = $2 AND patient_id = $1 AND deleted_at IS NULL";
    change_one(tx, statement, patient, record.0, now).await
}

/// Brings the file back that was deleted last, if the record has none; whether it did.
pub async fn restore(tx: &mut Tx, patient: PatientId, record: RecordId) -> Result<bool, Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE record_files SET deleted_at = NULL
         WHERE id = (SELECT id FROM record_files WHERE record_id = $2 AND patient_id = $1 AND deleted_at IS NOT NULL
                     ORDER BY deleted_at DESC, id DESC LIMIT 1)
           AND NOT EXISTS (SELECT 1 FROM record_files WHERE record_id = $2 AND deleted_at IS NULL)",
    )
    .bind(patient.0)
    .bind(record.0)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0))
}

/// Counts a change of a record's file as one of the record; whether it is a live one of the patient.
pub async fn touch(tx: &mut Tx, patient: PatientId, record: RecordId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE records SET version = version + 1, updated_at = $3
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL";
    change_one(tx, statement, patient, record.0, now).await
}
