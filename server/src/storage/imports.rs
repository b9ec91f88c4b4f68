//! Uploaded files of readings, from preview to undo.

use domain::ports::ImportStatus;
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::{from_row, known},
};

/// An import as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredImport {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: ImportStatus,
    /// `domain::ports::ImportPreview` as JSON.
    pub summary: String,
}

from_row!(StoredImport, row => Ok(Self {
    id: row.try_get(0)?,
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
    patient: Uuid,
    import: &StoredImport,
    content_sealed: Vec<u8>,
    now: i64,
) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO imports (id, patient_id, status, summary, content_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(import.id)
    .bind(patient)
    .bind(status_text(import.status))
    .bind(import.summary.clone())
    .bind(content_sealed)
    .bind(now)
    .execute(conn)
    .await
    .map(|_| ()))
}

/// One import of a patient.
pub async fn get(store: &Store, patient: Uuid, id: Uuid) -> Result<Option<StoredImport>, Error> {
    on_store!(store, pool => sqlx::query_as("SELECT id, status, summary FROM imports WHERE id = $2 AND patient_id = $1")
        .bind(patient)
        .bind(id)
        .fetch_optional(pool)
        .await)
}

/// The sealed file of an import; none once it is confirmed or undone.
pub async fn content(store: &Store, patient: Uuid, id: Uuid) -> Result<Option<Vec<u8>>, Error> {
    let found: Option<Option<Vec<u8>>> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT content_sealed FROM imports WHERE id = $2 AND patient_id = $1",
    )
    .bind(patient)
    .bind(id)
    .fetch_optional(pool)
    .await)?;
    Ok(found.flatten())
}

/// The newest imports of a patient, newest first.
pub async fn list(store: &Store, patient: Uuid, limit: i64) -> Result<Vec<StoredImport>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, status, summary FROM imports WHERE patient_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(patient)
    .bind(limit)
    .fetch_all(pool)
    .await)
}

/// Replaces what a preview says; nothing happens to one that is no longer a preview.
pub async fn set_summary(tx: &mut Tx, patient: Uuid, id: Uuid, summary: &str) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE imports SET summary = $3 WHERE id = $2 AND patient_id = $1 AND status = 'PREVIEW'",
    )
    .bind(patient)
    .bind(id)
    .bind(summary.to_owned())
    .execute(conn)
    .await
    .map(|_| ()))
}

/// Moves an import on and forgets its file; `false` if it is not where the caller thought. Of several callers at once, one succeeds.
pub async fn advance(
    tx: &mut Tx,
    patient: Uuid,
    id: Uuid,
    from: ImportStatus,
    to: ImportStatus,
    summary: &str,
    now: i64,
) -> Result<bool, Error> {
    let moved = in_tx!(tx, conn => sqlx::query(
        "UPDATE imports SET status = $4, summary = $5, content_sealed = NULL,
            confirmed_at = CASE WHEN $4 = 'CONFIRMED' THEN $6 ELSE confirmed_at END
         WHERE id = $2 AND patient_id = $1 AND status = $3",
    )
    .bind(patient)
    .bind(id)
    .bind(status_text(from))
    .bind(status_text(to))
    .bind(summary.to_owned())
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(moved > 0)
}

/// Removes previews made before an instant: files that nobody confirmed. How many.
pub async fn delete_previews_before(tx: &mut Tx, before: i64) -> Result<u64, Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM imports WHERE status = 'PREVIEW' AND created_at < $1")
        .bind(before)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
