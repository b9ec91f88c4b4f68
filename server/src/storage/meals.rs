//! Meals: one row each, deleted ones kept so that they can be restored and synced.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MealId, PatientId},
    meal::MealType,
    page::Cursor,
};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx,
    entries::change_one,
    in_tx, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// A meal as stored; what was eaten is still sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMeal {
    /// Its id.
    pub id: MealId,
    /// `c:` and the client's id.
    pub origin_key: Option<String>,
    /// JSON array of texts, sealed for table `meals`, column `items_sealed`.
    pub items_sealed: Vec<u8>,
    /// Which meal.
    pub meal_type: MealType,
    /// Carbohydrate, g.
    pub carbs: Option<f64>,
    /// An uploaded photo.
    pub photo_id: Option<Uuid>,
    /// When, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i64,
}

from_row!(StoredMeal, row => Ok(Self {
    id: MealId(row.try_get(0)?),
    origin_key: row.try_get(1)?,
    items_sealed: row.try_get(2)?,
    meal_type: known(MealType::parse(row.try_get(3)?), "meal_type")?,
    carbs: row.try_get(4)?,
    photo_id: row.try_get(5)?,
    recorded_at: from_ms(row.try_get(6)?),
    version: row.try_get(7)?,
}));

/// Meals of a patient in `[from, to)`, newest first, only those before the last one seen (`before`, its time and id). One statement.
pub async fn list(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
    before: Cursor,
    limit: i64,
) -> Result<Vec<StoredMeal>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, origin_key, items_sealed, meal_type, carbs, photo_id, recorded_at, version FROM meals
         WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND (recorded_at, id) < ($3, $4)
         ORDER BY recorded_at DESC, id DESC LIMIT $5",
    )
    .bind(patient.0)
    .bind(to_ms(from))
    .bind(before.at_ms)
    .bind(before.id)
    .bind(limit)
    .fetch_all(pool)
    .await)
}

/// One live meal of a patient.
pub async fn get(store: &Store, patient: PatientId, id: MealId) -> Result<Option<StoredMeal>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, origin_key, items_sealed, meal_type, carbs, photo_id, recorded_at, version FROM meals
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(pool)
    .await)
}

/// One live meal of a patient, to be changed in this transaction.
pub async fn get_in(tx: &mut Tx, patient: PatientId, id: MealId) -> Result<Option<StoredMeal>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, origin_key, items_sealed, meal_type, carbs, photo_id, recorded_at, version FROM meals
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(conn)
    .await)
}

/// The meal of a patient with this origin key, a deleted one included.
pub async fn by_origin(tx: &mut Tx, patient: PatientId, key: &str) -> Result<Option<StoredMeal>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, origin_key, items_sealed, meal_type, carbs, photo_id, recorded_at, version FROM meals
         WHERE patient_id = $1 AND origin_key = $2",
    )
    .bind(patient.0)
    .bind(key.to_owned())
    .fetch_optional(conn)
    .await)
}

/// Stores a meal; `false` if its origin key is known already (live or deleted).
pub async fn add(tx: &mut Tx, patient: PatientId, meal: &StoredMeal, now: DateTime<Utc>) -> Result<bool, Error> {
    let added = in_tx!(tx, conn => sqlx::query(
        "INSERT INTO meals (id, patient_id, origin_key, items_sealed, meal_type, carbs, photo_id, recorded_at, version,
            created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
         ON CONFLICT (patient_id, origin_key) WHERE origin_key IS NOT NULL DO NOTHING",
    )
    .bind(meal.id.0)
    .bind(patient.0)
    .bind(meal.origin_key.clone())
    .bind(meal.items_sealed.clone())
    .bind(meal.meal_type.as_str())
    .bind(meal.carbs)
    .bind(meal.photo_id)
    .bind(to_ms(meal.recorded_at))
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added > 0)
}

/// Stores a changed meal, if its version is still the one that `meal` carries. Gives the new version; none if not.
pub async fn change(
    tx: &mut Tx,
    patient: PatientId,
    meal: &StoredMeal,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE meals SET items_sealed = $1, meal_type = $2, carbs = $3, recorded_at = $4,
            version = version + 1, updated_at = $5
         WHERE id = $6 AND patient_id = $7 AND version = $8 AND deleted_at IS NULL RETURNING version",
    )
    .bind(meal.items_sealed.clone())
    .bind(meal.meal_type.as_str())
    .bind(meal.carbs)
    .bind(to_ms(meal.recorded_at))
    .bind(to_ms(now))
    .bind(meal.id.0)
    .bind(patient.0)
    .bind(meal.version)
    .fetch_optional(conn)
    .await)
}

/// Deletes a live meal of a patient; whether there was one.
pub async fn delete(tx: &mut Tx, patient: PatientId, id: MealId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE meals SET deleted_at = $3, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL";
    change_one(tx, statement, patient, id.0, now).await
}

/// Brings a deleted meal of a patient back; whether there was one.
pub async fn restore(tx: &mut Tx, patient: PatientId, id: MealId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE meals SET deleted_at = NULL, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NOT NULL";
    change_one(tx, statement, patient, id.0, now).await
}
