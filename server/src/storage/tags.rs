//! Doctors' tags on their patients. What a doctor may tag is the service's to decide.

use chrono::{DateTime, Utc};
use domain::ids::{PatientId, TagId, UserId};
use sqlx::Error;
use uuid::Uuid;

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// A doctor's tags: which, and the sealed name.
pub async fn of_doctor(store: &Store, doctor: UserId) -> Result<Vec<(TagId, Vec<u8>)>, Error> {
    let rows: Vec<(Uuid, Vec<u8>)> = on_store!(store, pool => sqlx::query_as(
        "SELECT id, name_sealed FROM tags WHERE doctor_id = $1 ORDER BY id")
        .bind(doctor.0).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|(id, name)| (TagId(id), name)).collect())
}

/// The same inside a transaction: whoever adds one sees those that were added meanwhile.
pub async fn of_doctor_in(tx: &mut Tx, doctor: UserId) -> Result<Vec<(TagId, Vec<u8>)>, Error> {
    let rows: Vec<(Uuid, Vec<u8>)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, name_sealed FROM tags WHERE doctor_id = $1 ORDER BY id")
        .bind(doctor.0).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(id, name)| (TagId(id), name)).collect())
}

/// Who bears which tag of a doctor, all patients.
pub async fn borne(store: &Store, doctor: UserId) -> Result<Vec<(PatientId, TagId)>, Error> {
    let rows: Vec<(Uuid, Uuid)> = on_store!(store, pool => sqlx::query_as(
        "SELECT p.patient_id, p.tag_id FROM tags t JOIN patient_tags p ON p.tag_id = t.id WHERE t.doctor_id = $1")
        .bind(doctor.0).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|(patient, tag)| (PatientId(patient), TagId(tag))).collect())
}

/// Adds a tag.
pub async fn add(tx: &mut Tx, id: TagId, doctor: UserId, name_sealed: &[u8], now: DateTime<Utc>) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO tags (id, doctor_id, name_sealed, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id.0).bind(doctor.0).bind(name_sealed).bind(to_ms(now)).execute(conn).await.map(|_| ()))
}

/// Puts a doctor's tag on a patient, once; whether the tag is the doctor's.
pub async fn put(
    tx: &mut Tx,
    tag: TagId,
    doctor: UserId,
    patient: PatientId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    in_tx!(tx, conn => {
        sqlx::query(
            "INSERT INTO patient_tags (tag_id, patient_id, set_at)
             SELECT t.id, $3, $4 FROM tags t WHERE t.id = $1 AND t.doctor_id = $2
             ON CONFLICT (tag_id, patient_id) DO NOTHING")
            .bind(tag.0).bind(doctor.0).bind(patient.0).bind(to_ms(now)).execute(&mut *conn).await?;
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tags WHERE id = $1 AND doctor_id = $2)")
            .bind(tag.0).bind(doctor.0).fetch_one(conn).await
    })
}

/// Takes a doctor's tag off a patient; whether they bore it.
pub async fn take(tx: &mut Tx, tag: TagId, doctor: UserId, patient: PatientId) -> Result<bool, Error> {
    in_tx!(tx, conn => sqlx::query(
        "DELETE FROM patient_tags WHERE tag_id = $1 AND patient_id = $3
         AND EXISTS (SELECT 1 FROM tags t WHERE t.id = $1 AND t.doctor_id = $2)")
        .bind(tag.0).bind(doctor.0).bind(patient.0).execute(conn).await.map(|done| done.rows_affected() > 0))
}

/// Forgets a doctor's tags that no patient bears and no view names.
pub async fn forget_unused(tx: &mut Tx, doctor: UserId) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "DELETE FROM tags WHERE doctor_id = $1
         AND NOT EXISTS (SELECT 1 FROM patient_tags p WHERE p.tag_id = tags.id)
         AND NOT EXISTS (SELECT 1 FROM saved_views v WHERE v.tag_id = tags.id)")
        .bind(doctor.0).execute(conn).await.map(|_| ()))
}
