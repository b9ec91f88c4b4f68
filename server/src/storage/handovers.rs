//! Patients whom one doctor passed to another.
//!
//! A passing is open until it is ended, or until the colleague's review, as long as that is not undone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    clock::DEFAULT_ZONE,
    ids::{HandoverId, LinkId, PatientId, UserId},
};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::from_row,
    time::{from_ms, to_ms},
};

/// One to add.
#[derive(Debug, Clone)]
pub struct NewHandover<'a> {
    /// Its id.
    pub id: HandoverId,
    /// Whom.
    pub patient: PatientId,
    /// Who passes.
    pub from: UserId,
    /// To whom.
    pub to: UserId,
    /// The link that the patient was asked for because of it.
    pub link: Option<LinkId>,
    /// What is told, sealed.
    pub note_sealed: Option<&'a [u8]>,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

/// Somebody in a passing.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// Who.
    pub id: UserId,
    /// Name, sealed for table `users`.
    pub name_sealed: Option<Vec<u8>>,
    /// Phone number, sealed for table `users`.
    pub phone_sealed: Vec<u8>,
    /// When name or phone last changed, UTC milliseconds.
    pub updated_at: i64,
}

/// An open one, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenHandover {
    /// Its id.
    pub id: HandoverId,
    /// Whom.
    pub patient: PatientId,
    /// Who passed.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// What was told, sealed.
    pub note_sealed: Option<Vec<u8>>,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The patient's zone.
    pub zone: Tz,
}

from_row!(OpenHandover, row => Ok(Self {
    id: HandoverId(row.try_get(0)?),
    patient: PatientId(row.try_get(1)?),
    note_sealed: row.try_get(2)?,
    at: from_ms(row.try_get(3)?),
    zone: row.try_get::<&str, _>(4)?.parse().unwrap_or(DEFAULT_ZONE),
    from: Party {
        id: UserId(row.try_get(5)?),
        name_sealed: row.try_get(6)?,
        phone_sealed: row.try_get(7)?,
        updated_at: row.try_get(8)?,
    },
    to: Party {
        id: UserId(row.try_get(9)?),
        name_sealed: row.try_get(10)?,
        phone_sealed: row.try_get(11)?,
        updated_at: row.try_get(12)?,
    },
}));

/// Selects open ones `h` with both doctors, of the patients that the rest of the statement names.
macro_rules! open {
    ($rest:literal) => {
        concat!(
            "SELECT h.id, h.patient_id, h.note_sealed, h.at, p.time_zone, \
             f.id, f.name_sealed, f.phone_sealed, f.updated_at, t.id, t.name_sealed, t.phone_sealed, t.updated_at \
             FROM handovers h JOIN users p ON p.id = h.patient_id JOIN users f ON f.id = h.from_id \
             JOIN users t ON t.id = h.to_id \
             WHERE h.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.patient_id = h.patient_id \
             AND r.doctor_id = h.to_id AND r.undone_at IS NULL AND r.reviewed_at > h.at) AND ",
            $rest
        )
    };
}

/// The open ones of all patients whom a doctor treats.
pub async fn open_of_panel(store: &Store, doctor: UserId, now: DateTime<Utc>) -> Result<Vec<OpenHandover>, Error> {
    on_store!(store, pool => sqlx::query_as(open!(
        "EXISTS (SELECT 1 FROM links l WHERE l.patient_id = h.patient_id AND l.viewer_id = $1 AND l.kind = 'CARE' \
         AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2))"))
        .bind(doctor.0).bind(to_ms(now)).fetch_all(pool).await)
}

/// The open one of a patient.
pub async fn open_of(store: &Store, patient: PatientId) -> Result<Option<OpenHandover>, Error> {
    on_store!(store, pool => sqlx::query_as(open!("h.patient_id = $1")).bind(patient.0).fetch_optional(pool).await)
}

/// Adds one; a unique violation if another of the patient was not ended.
pub async fn add(tx: &mut Tx, new: &NewHandover<'_>) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO handovers (id, patient_id, from_id, to_id, link_id, note_sealed, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(new.id.0)
        .bind(new.patient.0)
        .bind(new.from.0)
        .bind(new.to.0)
        .bind(new.link.map(|link| link.0))
        .bind(new.note_sealed)
        .bind(to_ms(new.at))
        .execute(conn).await.map(|_| ()))
}

/// Ends what was not ended of a patient; its link that the patient was asked for, and whether there was anything to end.
pub async fn end(tx: &mut Tx, patient: PatientId, now: DateTime<Utc>) -> Result<(bool, Option<LinkId>), Error> {
    let ended: Option<(Option<Uuid>,)> = in_tx!(tx, conn => sqlx::query_as(
        "UPDATE handovers SET ended_at = $2 WHERE patient_id = $1 AND ended_at IS NULL RETURNING link_id")
        .bind(patient.0).bind(to_ms(now)).fetch_optional(conn).await)?;
    Ok((ended.is_some(), ended.and_then(|(link,)| link).map(LinkId)))
}

/// A doctor to whom a patient can be passed, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredColleague {
    /// Who.
    pub party: Party,
    /// Whether they treat the patient.
    pub treats: bool,
}

from_row!(StoredColleague, row => Ok(Self {
    party: Party {
        id: UserId(row.try_get(0)?),
        name_sealed: row.try_get(1)?,
        phone_sealed: row.try_get(2)?,
        updated_at: row.try_get(3)?,
    },
    treats: row.try_get(4)?,
}));

/// Doctors other than this one who may sign in, and who treat the patient or are of this one's clinic. At most 200.
pub async fn colleagues(
    store: &Store,
    doctor: UserId,
    patient: PatientId,
    now: DateTime<Utc>,
) -> Result<Vec<StoredColleague>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT c.id, c.name_sealed, c.phone_sealed, c.updated_at, c.treats FROM ( \
             SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.clinic_id, \
                 EXISTS (SELECT 1 FROM links l WHERE l.patient_id = $2 AND l.viewer_id = u.id AND l.kind = 'CARE' \
                 AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $3)) AS treats \
             FROM users u WHERE u.role = 'DOCTOR' AND u.active AND u.id <> $1) c \
         WHERE c.treats OR c.clinic_id = (SELECT d.clinic_id FROM users d WHERE d.id = $1) \
         ORDER BY c.treats DESC, c.id LIMIT 200")
        .bind(doctor.0).bind(patient.0).bind(to_ms(now)).fetch_all(pool).await)
}
