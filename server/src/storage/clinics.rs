//! Clinics.

use chrono::{DateTime, Utc};
use domain::ids::ClinicId;
use uuid::Uuid;

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// Adds a clinic.
pub async fn add(tx: &mut Tx, id: ClinicId, name: &str, city: &str, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO clinics (id, name, city, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id.0).bind(name).bind(city).bind(to_ms(at)).execute(conn).await.map(|_| ()))
}

/// Whether there is such a clinic.
pub async fn exists(tx: &mut Tx, id: ClinicId) -> Result<bool, sqlx::Error> {
    let found: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar("SELECT id FROM clinics WHERE id = $1")
        .bind(id.0).fetch_optional(conn).await)?;
    Ok(found.is_some())
}

/// A clinic's name.
pub async fn name(store: &Store, id: ClinicId) -> Result<Option<String>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar("SELECT name FROM clinics WHERE id = $1")
        .bind(id.0).fetch_optional(pool).await)
}

/// A clinic and the number of doctors in it who may sign in.
pub type WithDoctors = (ClinicId, String, String, u32);

/// All clinics by name, at most 1,000.
pub async fn all(store: &Store) -> Result<Vec<WithDoctors>, sqlx::Error> {
    let rows: Vec<(Uuid, String, String, i64)> = on_store!(store, pool => sqlx::query_as(
        "SELECT c.id, c.name, c.city, COUNT(u.id) FROM clinics c \
         LEFT JOIN users u ON u.clinic_id = c.id AND u.role = 'DOCTOR' AND u.active \
         GROUP BY c.id, c.name, c.city ORDER BY c.name, c.id LIMIT 1000")
        .fetch_all(pool).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, city, doctors)| (ClinicId(id), name, city, u32::try_from(doctors).unwrap_or(u32::MAX)))
        .collect())
}
