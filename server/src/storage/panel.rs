//! What lists of people need: a doctor's patients, and those whom a caregiver follows.

use chrono_tz::Tz;
use domain::{clock::DEFAULT_ZONE, glucose::Sample, people::Preset};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, on_store,
    readings::StoredReading,
    rows::{from_row, known},
    time::from_ms,
};

/// One patient of a doctor, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelEntry {
    /// Whose.
    pub patient: Uuid,
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
    /// By which ranges.
    pub preset: Preset,
    /// `domain::triage::Standing` as JSON; none before the first computation.
    pub standing: Option<String>,
    /// Newest review that was not undone, UTC milliseconds.
    pub reviewed_at: Option<i64>,
}

from_row!(PanelEntry, row => Ok(Self {
    patient: row.try_get(0)?,
    name_sealed: row.try_get(1)?,
    phone_sealed: row.try_get(2)?,
    updated_at: row.try_get(3)?,
    zone: row.try_get::<&str, _>(4)?.parse().unwrap_or(DEFAULT_ZONE),
    birth_year: row.try_get(5)?,
    preset: row.try_get::<Option<&str>, _>(6)?.map_or(Ok(Preset::Adult), |p| known(Preset::parse(p), "preset"))?,
    standing: row.try_get(7)?,
    reviewed_at: row.try_get(8)?,
}));

/// Every patient who has an active care link with a doctor, with their standing and newest review. One statement, any order.
pub async fn of_doctor(store: &Store, doctor: Uuid, now: i64) -> Result<Vec<PanelEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.time_zone, p.birth_year, p.preset, p.standing,
            (SELECT MAX(r.reviewed_at) FROM reviews r WHERE r.patient_id = u.id AND r.undone_at IS NULL)
         FROM links l JOIN users u ON u.id = l.patient_id LEFT JOIN patients p ON p.id = u.id
         WHERE l.viewer_id = $1 AND l.kind = 'CARE' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)",
    )
    .bind(doctor)
    .bind(now)
    .fetch_all(pool)
    .await)
}

/// One patient, whoever asks.
pub async fn one(store: &Store, patient: Uuid) -> Result<Option<PanelEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.time_zone, p.birth_year, p.preset, p.standing,
            (SELECT MAX(r.reviewed_at) FROM reviews r WHERE r.patient_id = u.id AND r.undone_at IS NULL)
         FROM users u LEFT JOIN patients p ON p.id = u.id WHERE u.id = $1",
    )
    .bind(patient)
    .fetch_optional(pool)
    .await)
}

/// A person whom somebody follows, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowedEntry {
    /// Whose data.
    pub patient: Uuid,
    /// Name, sealed for table `users`.
    pub name_sealed: Option<Vec<u8>>,
    /// Phone number, sealed for table `users`.
    pub phone_sealed: Vec<u8>,
    /// When name or phone last changed, UTC milliseconds.
    pub updated_at: i64,
    /// Their zone.
    pub zone: Tz,
    /// By which ranges.
    pub preset: Preset,
    /// JSON array of `domain::consent::DataType`.
    pub data_types: String,
}

from_row!(FollowedEntry, row => Ok(Self {
    patient: row.try_get(0)?,
    name_sealed: row.try_get(1)?,
    phone_sealed: row.try_get(2)?,
    updated_at: row.try_get(3)?,
    zone: row.try_get::<&str, _>(4)?.parse().unwrap_or(DEFAULT_ZONE),
    preset: row.try_get::<Option<&str>, _>(5)?.map_or(Ok(Preset::Adult), |p| known(Preset::parse(p), "preset"))?,
    data_types: row.try_get(6)?,
}));

/// The people whom a viewer follows through an active family link, oldest link first. One statement.
pub async fn followed_by(store: &Store, viewer: Uuid, now: i64) -> Result<Vec<FollowedEntry>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.name_sealed, u.phone_sealed, u.updated_at, u.time_zone, p.preset, l.data_types
         FROM links l JOIN users u ON u.id = l.patient_id LEFT JOIN patients p ON p.id = u.id
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
         ORDER BY l.since, l.id",
    )
    .bind(viewer)
    .bind(now)
    .fetch_all(pool)
    .await)
}

/// A reading and whose it is.
struct OfPatient<T>(Uuid, T);

from_row!(OfPatient<StoredReading>, row => Ok(Self(row.try_get(10)?, StoredReading::from_row(row)?)));

from_row!(OfPatient<Sample>, row => {
    use domain::glucose::{Glucose, MealState, Source, Unit};
    Ok(Self(row.try_get(5)?, Sample {
        glucose: Glucose::stored(row.try_get(0)?, known(Unit::parse(row.try_get(1)?), "unit")?),
        state: known(MealState::parse(row.try_get(2)?), "state")?,
        sensor: known(Source::parse(row.try_get(3)?), "source")? == Source::Sensor,
        at: from_ms(row.try_get(4)?),
    }))
});

/// The newest reading of each person whom a viewer follows and who grants glucose. One statement.
pub async fn newest_of_followed(store: &Store, viewer: Uuid, now: i64) -> Result<Vec<(Uuid, StoredReading)>, Error> {
    let rows: Vec<OfPatient<StoredReading>> = on_store!(store, pool => sqlx::query_as(
        "SELECT r.id, r.origin_key, r.value, r.unit, r.clip, r.state, r.source, r.recorded_at, r.notes_sealed, r.version,
            r.patient_id
         FROM links l JOIN readings r ON r.id = (
             SELECT n.id FROM readings n WHERE n.patient_id = l.patient_id AND n.deleted_at IS NULL
             ORDER BY n.recorded_at DESC, n.id DESC LIMIT 1)
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
           AND l.data_types LIKE '%\"GLUCOSE\"%'",
    )
    .bind(viewer)
    .bind(now)
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// The readings since an instant of every person whom a viewer follows and who grants glucose, oldest first. One statement.
pub async fn recent_of_followed(
    store: &Store,
    viewer: Uuid,
    since: i64,
    now: i64,
) -> Result<Vec<(Uuid, Sample)>, Error> {
    let rows: Vec<OfPatient<Sample>> = on_store!(store, pool => sqlx::query_as(
        "SELECT r.value, r.unit, r.state, r.source, r.recorded_at, r.patient_id
         FROM links l JOIN readings r ON r.patient_id = l.patient_id AND r.deleted_at IS NULL AND r.recorded_at >= $3
         WHERE l.viewer_id = $1 AND l.kind = 'FAMILY' AND l.status = 'ACTIVE' AND (l.until IS NULL OR l.until > $2)
           AND l.data_types LIKE '%\"GLUCOSE\"%'
         ORDER BY r.patient_id, r.recorded_at",
    )
    .bind(viewer)
    .bind(now)
    .bind(since)
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}
