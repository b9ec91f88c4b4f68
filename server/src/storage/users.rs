//! People who can sign in. Phone numbers and names are sealed; a phone number is found by its keyed index.

use chrono::{DateTime, Utc};
use domain::{
    glucose::Unit,
    ids::{ClinicId, PatientId, UserId},
    people::{Language, Preset, Role},
};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    patient_keys::{self, WrappedKey},
    rows::known,
    time::to_ms,
};

/// Somebody who is not there yet.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Made before sealing.
    pub id: UserId,
    /// What they are.
    pub role: Role,
    /// What the phone number is found by.
    pub phone_index: [u8; 32],
    /// The phone number, sealed.
    pub phone_sealed: Vec<u8>,
    /// The name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// A doctor's clinic.
    pub clinic: Option<ClinicId>,
    /// Language of their pages.
    pub language: Language,
    /// Their own key, wrapped; made before anything is sealed.
    pub key: Option<WrappedKey>,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

/// Somebody, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// What they are.
    pub role: Role,
    /// The phone number, sealed.
    pub phone_sealed: Vec<u8>,
    /// The name, sealed; none before they gave one.
    pub name_sealed: Option<Vec<u8>>,
    /// The unit they read glucose in.
    pub unit: Unit,
    /// Their IANA time zone.
    pub time_zone: String,
    /// Their language.
    pub language: Language,
    /// A doctor's clinic.
    pub clinic: Option<ClinicId>,
    /// Whether they may sign in.
    pub active: bool,
}

type UserRow = (Uuid, String, Vec<u8>, Option<Vec<u8>>, String, String, String, Option<Uuid>, bool);

fn user(row: UserRow) -> Result<User, sqlx::Error> {
    let (id, role, phone_sealed, name_sealed, unit, time_zone, language, clinic, active) = row;
    Ok(User {
        id: UserId(id),
        role: known(Role::parse(&role), "role")?,
        phone_sealed,
        name_sealed,
        unit: known(Unit::parse(&unit), "unit")?,
        time_zone,
        language: known(Language::parse(&language), "language")?,
        clinic: clinic.map(ClinicId),
        active,
    })
}

/// Adds somebody unless the phone number is known; whether they were added. Two at once: one adds, both go on.
pub async fn add_if_absent(tx: &mut Tx, new: &NewUser) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "INSERT INTO users (id, role, phone_index, phone_sealed, name_sealed, unit, time_zone, language, clinic_id, \
         active, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
         ON CONFLICT (phone_index) DO NOTHING")
        .bind(new.id.0)
        .bind(new.role.as_str())
        .bind(new.phone_index.as_slice())
        .bind(new.phone_sealed.as_slice())
        .bind(new.name_sealed.as_deref())
        .bind(Unit::default().as_str())
        .bind(domain::clock::DEFAULT_ZONE.name())
        .bind(new.language.as_str())
        .bind(new.clinic.map(|c| c.0))
        .bind(true)
        .bind(to_ms(new.at))
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if let Some(key) = new.key.as_ref().filter(|_| done == 1) {
        patient_keys::add(tx, key, new.at).await?;
    }
    Ok(done == 1)
}

/// Adds the row that every patient has beside their user's.
pub async fn add_patient(
    tx: &mut Tx,
    id: PatientId,
    birth_year: Option<i32>,
    preset: Preset,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO patients (id, birth_year, preset) VALUES ($1, $2, $3)")
        .bind(id.0).bind(birth_year).bind(preset.as_str()).execute(conn).await.map(|_| ()))
}

/// Makes others who change this patient's links wait until this transaction ends. Nothing to do on SQLite, where one writes at a time.
pub async fn lock_patient(tx: &mut Tx, id: PatientId) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("SELECT 1 FROM patients WHERE id = $1 FOR UPDATE")
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// Makes others who lock the same person wait until this transaction ends. SQLite has one writer at a time anyway.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE")
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// Somebody.
pub async fn get(store: &Store, id: UserId) -> Result<Option<User>, sqlx::Error> {
    let row: Option<UserRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT id, role, phone_sealed, name_sealed, unit, time_zone, language, clinic_id, active FROM users WHERE id = $1")
        .bind(id.0).fetch_optional(pool).await)?;
    row.map(user).transpose()
}

/// Somebody, inside a transaction.
pub async fn get_in(tx: &mut Tx, id: UserId) -> Result<Option<User>, sqlx::Error> {
    let row: Option<UserRow> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, role, phone_sealed, name_sealed, unit, time_zone, language, clinic_id, active FROM users WHERE id = $1")
        .bind(id.0).fetch_optional(conn).await)?;
    row.map(user).transpose()
}

/// Whose phone number it is: who, what, and whether they may sign in.
pub async fn by_phone(tx: &mut Tx, phone_index: &[u8; 32]) -> Result<Option<(UserId, Role, bool)>, sqlx::Error> {
    let row: Option<(Uuid, String, bool)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, role, active FROM users WHERE phone_index = $1")
        .bind(phone_index.as_slice()).fetch_optional(conn).await)?;
    row.map(|(id, role, active)| Ok((UserId(id), known(Role::parse(&role), "role")?, active))).transpose()
}

/// A change to one's own settings; absent fields stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// New name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// New unit.
    pub unit: Option<Unit>,
    /// New IANA time zone.
    pub time_zone: Option<chrono_tz::Tz>,
    /// New language.
    pub language: Option<Language>,
}

/// Changes somebody's settings.
pub async fn change(tx: &mut Tx, id: UserId, change: &Change, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE users SET name_sealed = COALESCE($2, name_sealed), unit = COALESCE($3, unit), \
         time_zone = COALESCE($4, time_zone), language = COALESCE($5, language), updated_at = $6 WHERE id = $1")
        .bind(id.0)
        .bind(change.name_sealed.as_deref())
        .bind(change.unit.map(Unit::as_str))
        .bind(change.time_zone.map(chrono_tz::Tz::name))
        .bind(change.language.map(Language::as_str))
        .bind(to_ms(at))
        .execute(conn).await.map(|_| ()))
}

/// Gives somebody another phone number; a unique violation if it is somebody's.
pub async fn change_phone(
    tx: &mut Tx,
    id: UserId,
    phone_index: &[u8; 32],
    phone_sealed: &[u8],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE users SET phone_index = $2, phone_sealed = $3, updated_at = $4 WHERE id = $1")
        .bind(id.0).bind(phone_index.as_slice()).bind(phone_sealed).bind(to_ms(at))
        .execute(conn).await.map(|_| ()))
}

/// Lets somebody sign in, or no longer; gives what the phone number is found by, or nothing if there is nobody.
pub async fn set_active(
    tx: &mut Tx,
    id: UserId,
    active: bool,
    at: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE users SET active = $2, updated_at = $3 WHERE id = $1 RETURNING phone_index")
        .bind(id.0).bind(active).bind(to_ms(at)).fetch_optional(conn).await)
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq)]
pub struct Staff {
    /// Who.
    pub id: UserId,
    /// Doctor or admin.
    pub role: Role,
    /// The phone number, sealed.
    pub phone_sealed: Vec<u8>,
    /// The name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
}

type StaffRow = (Uuid, String, Vec<u8>, Option<Vec<u8>>, Option<String>, bool);

/// Doctors and admins, in the order they were added, at most 1,000.
pub async fn staff(store: &Store) -> Result<Vec<Staff>, sqlx::Error> {
    let rows: Vec<StaffRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT u.id, u.role, u.phone_sealed, u.name_sealed, c.name, u.active FROM users u \
         LEFT JOIN clinics c ON c.id = u.clinic_id WHERE u.role IN ('DOCTOR', 'ADMIN') ORDER BY u.id LIMIT 1000")
        .fetch_all(pool).await)?;
    rows.into_iter()
        .map(|(id, role, phone_sealed, name_sealed, clinic, active)| {
            Ok(Staff {
                id: UserId(id),
                role: known(Role::parse(&role), "role")?,
                phone_sealed,
                name_sealed,
                clinic,
                active,
            })
        })
        .collect()
}
