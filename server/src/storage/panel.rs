//! What lists of people need: a doctor's patients, and those whom a caregiver follows.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    clock::DEFAULT_ZONE,
    glucose::Sample,
    ids::{PatientId, UserId},
    targets::Goals,
};
use sqlx::Error;

use super::{
    Store, on_store,
    readings::StoredReading,
    rows::{from_row, known},
    targets::goals,
    time::{from_ms, to_ms},
};

/// One patient of a doctor, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelEntry {
    /// Whose.
    pub patient: PatientId,
    /// Name, sealed for table `users`.
    pub name_sealed: Option<Vec<u8>>,
    /// Phone number, sealed for table `users`.
    pub phone_sealed: Vec<u8>,
    /// When name or phone last changed, UTC milliseconds.
    pub updated_at: i64,
    /// Their zone.
    pub zone: Tz,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// By what they are judged.
    pub goals: Goals,
    /// `domain::triage::Standing` as JSON; none before the first computation.
    pub standing: Option<String>,
    /// Newest review that was not undone, UTC.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// On which local day that review said to look again.
    pub due_on: Option<NaiveDate>,
}

from_row!(PanelEntry, row => Ok(Self {
    patient: PatientId(row.try_get(0)?),
    name_sealed: row.try_get(1)?,
    phone_sealed: row.try_get(2)?,
    updated_at: row.try_get(3)?,
    zone: row.try_get::<&str, _>(4)?.parse().unwrap_or(DEFAULT_ZONE),
    birth_year: row.try_get(5)?,
    goals: goals(row.try_get(6)?, row.try_get(9)?)?,
    standing: row.try_get(7)?,
    reviewed_at: row.try_get::<Option<i64>, _>(8)?.map(from_ms),
    due_on: row.try_get::<Option<&str>, _>(10)?.map(|day| known(day.parse(), "due_on")).transpose()?,
}));

/// Selects [`PanelEntry`] from users `u` and patients `p`.
macro_rules! entries {
    ($from:literal) => {
        concat!(
            "SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.time_zone, p.birth_year, p.preset, p.standing, \
                (SELECT MAX(r.reviewed_at) FROM reviews r WHERE r.patient_id = u.id AND r.undone_at IS NULL), \
                p.own_goals, \
                (SELECT r.due_on FROM reviews r WHERE r.patient_id = u.id AND r.undone_at IS NULL \
                 ORDER BY r.reviewed_at DESC, r.id DESC LIMIT 1) ",
            $from
        )
    };
}

/// Every patient who has an active care link with a doctor, with their standing and newest review. One statement, any order.
pub async fn of_doctor(store: &Store, doctor: UserId, now: DateTime<Utc>) -> Result<Vec<PanelEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        entries!("FROM links l JOIN users u ON u.id = l.patient_id LEFT JOIN patients p ON p.id = u.id
         WHERE l.viewer_id = $1 AND l.kind = 'CARE' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)"),
    )
    .bind(doctor.0)
    .bind(to_ms(now))
    .fetch_all(pool)
    .await)
}

/// One patient, whoever asks.
pub async fn one(store: &Store, patient: PatientId) -> Result<Option<PanelEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        entries!("FROM users u LEFT JOIN patients p ON p.id = u.id WHERE u.id = $1"),
    )
    .bind(patient.0)
    .fetch_optional(pool)
    .await)
}

/// A person whom somebody follows, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowedEntry {
    /// Whose data.
    pub patient: PatientId,
    /// Name, sealed for table `users`.
    pub name_sealed: Option<Vec<u8>>,
    /// Phone number, sealed for table `users`.
    pub phone_sealed: Vec<u8>,
    /// When name or phone last changed, UTC milliseconds.
    pub updated_at: i64,
    /// Their zone.
    pub zone: Tz,
    /// By what they are judged.
    pub goals: Goals,
    /// JSON array of `domain::consent::DataType`.
    pub data_types: String,
}

from_row!(FollowedEntry, row => Ok(Self {
    patient: PatientId(row.try_get(0)?),
    name_sealed: row.try_get(1)?,
    phone_sealed: row.try_get(2)?,
    updated_at: row.try_get(3)?,
    zone: row.try_get::<&str, _>(4)?.parse().unwrap_or(DEFAULT_ZONE),
    goals: goals(row.try_get(5)?, row.try_get(7)?)?,
    data_types: row.try_get(6)?,
}));

/// The people whom a viewer follows through an active family link, oldest link first. One statement.
pub async fn followed_by(store: &Store, viewer: UserId, now: DateTime<Utc>) -> Result<Vec<FollowedEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.time_zone, p.preset, l.data_types, p.own_goals
         FROM links l JOIN users u ON u.id = l.patient_id LEFT JOIN patients p ON p.id = u.id
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
         ORDER BY l.since, l.id",
    )
    .bind(viewer.0)
    .bind(to_ms(now))
    .fetch_all(pool)
    .await)
}

/// A reading and whose it is.
struct OfPatient<T>(PatientId, T);

from_row!(OfPatient<StoredReading>, row => Ok(Self(PatientId(row.try_get(10)?), StoredReading::from_row(row)?)));

from_row!(OfPatient<Sample>, row => {
    use domain::glucose::{Glucose, MealState, Source, Unit};
    Ok(Self(PatientId(row.try_get(5)?), Sample {
        glucose: Glucose::stored(row.try_get(0)?, known(Unit::parse(row.try_get(1)?), "unit")?),
        state: known(MealState::parse(row.try_get(2)?), "state")?,
        sensor: known(Source::parse(row.try_get(3)?), "source")? == Source::Sensor,
        at: from_ms(row.try_get(4)?),
    }))
});

/// The newest reading of each person whom a viewer follows and who grants glucose. One statement.
pub async fn newest_of_followed(
    store: &Store,
    viewer: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<(PatientId, StoredReading)>, Error> {
    let rows: Vec<OfPatient<StoredReading>> = on_store!(store, pool => sqlx::query_as(
        "SELECT r.id, r.origin_key, r.value, r.unit, r.clip, r.state, r.source, r.recorded_at, r.notes_sealed, r.version,
            r.patient_id
         FROM links l JOIN readings r ON r.id = (
             SELECT n.id FROM readings n WHERE n.patient_id = l.patient_id AND n.deleted_at IS NULL
             ORDER BY n.recorded_at DESC, n.id DESC LIMIT 1)
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
           AND l.data_types LIKE '%\"GLUCOSE\"%'",
    )
    .bind(viewer.0)
    .bind(to_ms(now))
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// The readings since an instant of every person whom a viewer follows and who grants glucose, oldest first. One statement.
pub async fn recent_of_followed(
    store: &Store,
    viewer: UserId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<(PatientId, Sample)>, Error> {
    let rows: Vec<OfPatient<Sample>> = on_store!(store, pool => sqlx::query_as(
        "SELECT r.value, r.unit, r.state, r.source, r.recorded_at, r.patient_id
         FROM links l JOIN readings r ON r.patient_id = l.patient_id AND r.deleted_at IS NULL AND r.recorded_at >= $3
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
           AND l.data_types LIKE '%\"GLUCOSE\"%'
         ORDER BY r.patient_id, r.recorded_at",
    )
    .bind(viewer.0)
    .bind(to_ms(now))
    .bind(to_ms(since))
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// How many people may see a patient's data: active links of either kind.
pub async fn count_viewers(store: &Store, patient: PatientId, now: DateTime<Utc>) -> Result<i64, Error> {
    on_store!(store, pool => sqlx::query_scalar(
        "SELECT COUNT(*) FROM links WHERE patient_id = $1 AND status = 'ACTIVE' AND (until IS NULL OR until > $2)",
    )
    .bind(patient.0)
    .bind(to_ms(now))
    .fetch_one(pool)
    .await)
}
