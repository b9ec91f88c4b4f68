//! Wrapped keys, one per person.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Store, Tx, in_tx, on_store, rows::from_row, time::to_ms};

/// A person's key, wrapped by a master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Whose.
    pub person: Uuid,
    /// Which of theirs; from 1.
    pub generation: u32,
    /// The master key's id.
    pub master: u32,
    /// The envelope.
    pub wrapped: Vec<u8>,
}

from_row!(WrappedKey, row => {
    let number = |value: i64| u32::try_from(value).map_err(|_| sqlx::Error::Decode("a key's number is none".into()));
    Ok(Self {
        person: row.try_get(0)?,
        generation: number(row.try_get(1)?)?,
        master: number(row.try_get(2)?)?,
        wrapped: row.try_get(3)?,
    })
});

/// Adds a person's key.
pub async fn add(tx: &mut Tx, key: &WrappedKey, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO patient_keys (patient_id, generation, master_id, key_wrapped, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(key.person)
        .bind(i64::from(key.generation))
        .bind(i64::from(key.master))
        .bind(key.wrapped.as_slice())
        .bind(to_ms(now))
        .execute(conn).await.map(|_| ()))
}

/// Every key, for the start.
pub async fn all(store: &Store) -> Result<Vec<WrappedKey>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as("SELECT patient_id, generation, master_id, key_wrapped FROM patient_keys")
        .fetch_all(pool).await)
}

/// The keys of some people.
pub async fn of(store: &Store, people: &[Uuid]) -> Result<Vec<WrappedKey>, sqlx::Error> {
    let mut found = Vec::with_capacity(people.len());
    for people in people.chunks(1_000) {
        let rows: Vec<WrappedKey> = on_store!(store, pool => {
            let mut query = QueryBuilder::new(
                "SELECT patient_id, generation, master_id, key_wrapped FROM patient_keys WHERE patient_id IN (");
            let mut list = query.separated(", ");
            for person in people {
                list.push_bind(person);
            }
            query.push(")");
            query.build_query_as().persistent(people.len() == 1).fetch_all(pool).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Keys that another master key than this one wraps, in order.
pub async fn not_under(tx: &mut Tx, master: u32, limit: i64) -> Result<Vec<WrappedKey>, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT patient_id, generation, master_id, key_wrapped FROM patient_keys WHERE master_id <> $1 \
         ORDER BY patient_id, generation LIMIT $2")
        .bind(i64::from(master)).bind(limit).fetch_all(conn).await)
}

/// Puts a key under another master key, if it is still under the one that it was read under.
pub async fn rewrap(tx: &mut Tx, key: &WrappedKey, was: u32) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE patient_keys SET master_id = $1, key_wrapped = $2 WHERE patient_id = $3 AND generation = $4 AND master_id = $5")
        .bind(i64::from(key.master))
        .bind(key.wrapped.as_slice())
        .bind(key.person)
        .bind(i64::from(key.generation))
        .bind(i64::from(was))
        .execute(conn).await.map(|_| ()))
}

/// How many keys each master key wraps.
pub async fn by_master(store: &Store) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT master_id, COUNT(*) FROM patient_keys GROUP BY master_id ORDER BY master_id").fetch_all(pool).await)
}

/// Destroys a person's keys.
pub async fn destroy(tx: &mut Tx, person: Uuid) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM patient_keys WHERE patient_id = $1")
        .bind(person).execute(conn).await.map(|_| ()))
}
