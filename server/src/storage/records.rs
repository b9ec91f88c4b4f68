//! Health records: one row each, deleted ones kept so that they can be restored and synced.

use chrono::{DateTime, Utc};
use domain::{
    ids::{PatientId, RecordId},
    page::Cursor,
    records::{FileInfo, MediaType, RecordType},
};
use sqlx::Error;

use super::{
    Store, Tx,
    entries::change_one,
    in_tx, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// A record as stored; what it says is still sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// Its id.
    pub id: RecordId,
    /// `c:` and the client's id.
    pub origin_key: Option<String>,
    /// What it is.
    pub record_type: RecordType,
    /// JSON, sealed for table `records`, column `content_sealed`.
    pub content_sealed: Vec<u8>,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Its file.
    pub file: Option<FileInfo>,
}

from_row!(StoredRecord, row => Ok(Self {
    id: RecordId(row.try_get(0)?),
    origin_key: row.try_get(1)?,
    record_type: known(RecordType::parse(row.try_get(2)?), "record_type")?,
    content_sealed: row.try_get(3)?,
    recorded_at: from_ms(row.try_get(4)?),
    version: row.try_get(5)?,
    file: file_info(row.try_get(6)?, row.try_get(7)?)?,
}));

fn file_info(media_type: Option<&str>, size: Option<i64>) -> Result<Option<FileInfo>, Error> {
    let Some((media_type, size)) = media_type.zip(size) else { return Ok(None) };
    let media_type = known(MediaType::parse(media_type), "media_type")?;
    Ok(Some(FileInfo { media_type, size: known(u32::try_from(size), "size")? }))
}

/// Selects [`StoredRecord`] of records `r` that the rest of the statement names.
macro_rules! records {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.origin_key, r.record_type, r.content_sealed, r.recorded_at, r.version, f.media_type, f.size \
             FROM records r LEFT JOIN record_files f ON f.record_id = r.id AND f.deleted_at IS NULL ",
            $rest
        )
    };
}

/// Records of a patient since an instant, newest first, only those before the last one seen (`before`, its time and id), of one
/// type or of all. One statement.
pub async fn list(
    store: &Store,
    patient: PatientId,
    record_type: Option<RecordType>,
    from: DateTime<Utc>,
    before: Cursor,
    limit: i64,
) -> Result<Vec<StoredRecord>, Error> {
    on_store!(store, pool => sqlx::query_as(
        records!("WHERE r.patient_id = $1 AND r.deleted_at IS NULL AND r.recorded_at >= $2 AND (r.recorded_at, r.id) < ($3, $4)
           AND r.record_type = COALESCE($5, r.record_type)
         ORDER BY r.recorded_at DESC, r.id DESC LIMIT $6"),
    )
    .bind(patient.0)
    .bind(to_ms(from))
    .bind(before.at_ms)
    .bind(before.id)
    .bind(record_type.map(RecordType::as_str))
    .bind(limit)
    .fetch_all(pool)
    .await)
}

/// One live record of a patient.
pub async fn get(store: &Store, patient: PatientId, id: RecordId) -> Result<Option<StoredRecord>, Error> {
    on_store!(store, pool => sqlx::query_as(
        records!("WHERE r.id = $2 AND r.patient_id = $1 AND r.deleted_at IS NULL"),
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(pool)
    .await)
}

/// One live record of a patient, to be changed in this transaction.
pub async fn get_in(tx: &mut Tx, patient: PatientId, id: RecordId) -> Result<Option<StoredRecord>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        records!("WHERE r.id = $2 AND r.patient_id = $1 AND r.deleted_at IS NULL"),
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(conn)
    .await)
}

/// The record of a patient with this origin key, a deleted one included.
pub async fn by_origin(tx: &mut Tx, patient: PatientId, key: &str) -> Result<Option<StoredRecord>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        records!("WHERE r.patient_id = $1 AND r.origin_key = $2"),
    )
    .bind(patient.0)
    .bind(key.to_owned())
    .fetch_optional(conn)
    .await)
}

/// Stores a record; `false` if its origin key is known already (live or deleted).
pub async fn add(tx: &mut Tx, patient: PatientId, record: &StoredRecord, now: DateTime<Utc>) -> Result<bool, Error> {
    let added = in_tx!(tx, conn => sqlx::query(
        "INSERT INTO records (id, patient_id, origin_key, record_type, content_sealed, recorded_at, version, created_at,
            updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)
         ON CONFLICT (patient_id, origin_key) WHERE origin_key IS NOT NULL DO NOTHING",
    )
    .bind(record.id.0)
    .bind(patient.0)
    .bind(record.origin_key.clone())
    .bind(record.record_type.as_str())
    .bind(record.content_sealed.clone())
    .bind(to_ms(record.recorded_at))
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added > 0)
}

/// Stores a changed record, if its version is still the one that `record` carries. Gives the new version; none if not.
pub async fn change(
    tx: &mut Tx,
    patient: PatientId,
    record: &StoredRecord,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE records SET content_sealed = $1, recorded_at = $2, version = version + 1, updated_at = $3
         WHERE id = $4 AND patient_id = $5 AND version = $6 AND deleted_at IS NULL RETURNING version",
    )
    .bind(record.content_sealed.clone())
    .bind(to_ms(record.recorded_at))
    .bind(to_ms(now))
    .bind(record.id.0)
    .bind(patient.0)
    .bind(record.version)
    .fetch_optional(conn)
    .await)
}

/// Deletes a live record of a patient; whether there was one.
pub async fn delete(tx: &mut Tx, patient: PatientId, id: RecordId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE records SET deleted_at = $3, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL";
    change_one(tx, statement, patient, id.0, now).await
}

/// Brings a deleted record of a patient back; whether there was one.
pub async fn restore(tx: &mut Tx, patient: PatientId, id: RecordId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE records SET deleted_at = NULL, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NOT NULL";
    change_one(tx, statement, patient, id.0, now).await
}
