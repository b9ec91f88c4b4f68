//! Uploaded files of readings, from preview to undo.

use chrono::{DateTime, Utc};
use domain::{
    ids::{ImportId, PatientId},
    ports::ImportStatus,
};
use sqlx::Error;

use super::{
    Store, Tx, in_tx, on_store,
    rows::{from_row, known},
    time::to_ms,
};

/// An import as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredImport {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub status: ImportStatus,
    /// `domain::ports::ImportPreview` as JSON.
    pub summary: String,
}

from_row!(StoredImport, row => Ok(Self {
    id: ImportId(row.try_get(0)?),
    status: known(parse_status(row.try_get(1)?).ok_or(()), "status")?,
    summary: row.try_get(2)?,
}));

fn status_text(status: ImportStatus) -> &'static str {
    match status {
        ImportStatus::Preview => "PREVIEW",
        ImportStatus::Confirmed => "CONFIRMED",
        ImportStatus::Undone => "UNDONE",
    }
}

fn parse_status(text: &str) -> Option<ImportStatus> {
    [ImportStatus::Preview, ImportStatus::Confirmed, ImportStatus::Undone].into_iter().find(|s| status_text(*s) == text)
}

/// Stores a preview with the sealed file.
pub async fn add(
    tx: &mut Tx,
    patient: PatientId,
    import: &StoredImport,
    content_sealed: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO imports (id, patient_id, status, summary, content_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(import.id.0)
    .bind(patient.0)
    .bind(status_text(import.status))
    .bind(import.summary.clone())
    .bind(content_sealed)
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|_| ()))
}

/// One import of a patient.
pub async fn get(store: &Store, patient: PatientId, id: ImportId) -> Result<Option<StoredImport>, Error> {
    on_store!(store, pool => sqlx::query_as("SELECT id, status, summary FROM imports WHERE id = $2 AND patient_id = $1")
        .bind(patient.0)
        .bind(id.0)
        .fetch_optional(pool)
        .await)
}

/// The sealed file of an import; none once it is confirmed or undone.
pub async fn content(store: &Store, patient: PatientId, id: ImportId) -> Result<Option<Vec<u8>>, Error> {
    let found: Option<Option<Vec<u8>>> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT content_sealed FROM imports WHERE id = $2 AND patient_id = $1",
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(pool)
    .await)?;
    Ok(found.flatten())
}

/// The newest imports of a patient, newest first.
pub async fn list(store: &Store, patient: PatientId, limit: i64) -> Result<Vec<StoredImport>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, status, summary FROM imports WHERE patient_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(patient.0)
    .bind(limit)
    .fetch_all(pool)
    .await)
}

/// Replaces what a preview says; nothing happens to one that is no longer a preview.
pub async fn set_summary(tx: &mut Tx, patient: PatientId, id: ImportId, summary: &str) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE imports SET summary = $3 WHERE id = $2 AND patient_id = $1 AND status = 'PREVIEW'",
    )
    .bind(patient.0)
    .bind(id.0)
    .bind(summary.to_owned())
    .execute(conn)
    .await
    .map(|_| ()))
}

/// Moves an import on and forgets its file; `false` if it is not where the caller thought. Of several callers at once, one succeeds.
pub async fn advance(
    tx: &mut Tx,
    patient: PatientId,
    id: ImportId,
    from: ImportStatus,
    to: ImportStatus,
    summary: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let moved = in_tx!(tx, conn => sqlx::query(
        "UPDATE imports SET status = $4, summary = $5, content_sealed = NULL,
            confirmed_at = CASE WHEN $4 = 'CONFIRMED' THEN $6 ELSE confirmed_at END
         WHERE id = $2 AND patient_id = $1 AND status = $3",
    )
    .bind(patient.0)
    .bind(id.0)
    .bind(status_text(from))
    .bind(status_text(to))
    .bind(summary.to_owned())
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(moved > 0)
}

/// Removes a preview with its file; whether there was one.
pub async fn delete_preview(tx: &mut Tx, patient: PatientId, id: ImportId) -> Result<bool, Error> {
    let removed = in_tx!(tx, conn => sqlx::query(
        "DELETE FROM imports WHERE id = $2 AND patient_id = $1 AND status = 'PREVIEW'",
    )
    .bind(patient.0)
    .bind(id.0)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(removed > 0)
}

/// Removes previews made before an instant: files that nobody confirmed. How many.
pub async fn delete_previews_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM imports WHERE status = 'PREVIEW' AND created_at < $1")
        .bind(to_ms(before))
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
