//! Looks at a patient in an emergency, by doctors who do not treat them. Rows are only ever added: they end by their time.

use chrono::{DateTime, Utc};
use domain::ids::{EmergencyId, PatientId, UserId};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    time::{from_ms, to_ms},
};

/// One to add.
#[derive(Debug, Clone)]
pub struct NewEmergency<'a> {
    /// Its id.
    pub id: EmergencyId,
    /// Who looks.
    pub doctor: UserId,
    /// At whom.
    pub patient: PatientId,
    /// Why, sealed.
    pub reason_sealed: &'a [u8],
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Until when, UTC.
    pub until: DateTime<Utc>,
}

/// Adds one.
pub async fn add(tx: &mut Tx, new: &NewEmergency<'_>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO emergency_access (id, doctor_id, patient_id, reason_sealed, created_at, until) \
         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(new.id.0)
        .bind(new.doctor.0)
        .bind(new.patient.0)
        .bind(new.reason_sealed)
        .bind(to_ms(new.at))
        .bind(to_ms(new.until))
        .execute(conn).await.map(|_| ()))
}

/// Whether a doctor may look at a patient because of one.
pub async fn in_force(
    store: &Store,
    patient: PatientId,
    doctor: UserId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM emergency_access WHERE patient_id = $1 AND doctor_id = $2 AND until > $3)")
        .bind(patient.0).bind(doctor.0).bind(to_ms(now)).fetch_one(pool).await)
}

/// How many a doctor has had since an instant.
pub async fn count_of(tx: &mut Tx, doctor: UserId, since: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM emergency_access WHERE doctor_id = $1 AND created_at > $2")
        .bind(doctor.0).bind(to_ms(since)).fetch_one(conn).await)
}

/// One, as its patient is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Its id.
    pub id: EmergencyId,
    /// Who looked.
    pub doctor: UserId,
    /// Their name, sealed.
    pub doctor_name_sealed: Option<Vec<u8>>,
    /// Their phone number, sealed.
    pub doctor_phone_sealed: Vec<u8>,
    /// Their clinic.
    pub clinic: Option<String>,
    /// Why, sealed.
    pub reason_sealed: Vec<u8>,
    /// When it began, UTC.
    pub at: DateTime<Utc>,
    /// When it ends or ended, UTC.
    pub until: DateTime<Utc>,
}

type Row = (Uuid, Uuid, Option<Vec<u8>>, Vec<u8>, Option<String>, Vec<u8>, i64, i64);

/// Those of a patient, newest first, at most 50.
pub async fn of_patient(store: &Store, patient: PatientId) -> Result<Vec<Emergency>, sqlx::Error> {
    let rows: Vec<Row> = on_store!(store, pool => sqlx::query_as(
        "SELECT e.id, e.doctor_id, u.name_sealed, u.phone_sealed, c.name, e.reason_sealed, e.created_at, e.until \
         FROM emergency_access e JOIN users u ON u.id = e.doctor_id LEFT JOIN clinics c ON c.id = u.clinic_id \
         WHERE e.patient_id = $1 ORDER BY e.created_at DESC, e.id DESC LIMIT 50")
        .bind(patient.0).fetch_all(pool).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, doctor, doctor_name_sealed, doctor_phone_sealed, clinic, reason_sealed, at, until)| Emergency {
            id: EmergencyId(id),
            doctor: UserId(doctor),
            doctor_name_sealed,
            doctor_phone_sealed,
            clinic,
            reason_sealed,
            at: from_ms(at),
            until: from_ms(until),
        })
        .collect())
}
