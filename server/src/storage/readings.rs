//! Glucose readings: one row each, deleted ones kept so that they can be restored and synced.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    glucose::{Clip, Glucose, MealState, Sample, Source, Unit},
    ids::{ImportId, PatientId, ReadingId},
    page::Cursor,
};
use sqlx::{Error, QueryBuilder};
use uuid::Uuid;

use super::{
    Store, Tx,
    entries::change_one,
    in_tx, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// Rows written by one statement: 13 columns each stay below the 32,766 parameters that SQLite allows.
pub const CHUNK: usize = 1_000;

/// A reading as stored; its notes are still sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReading {
    /// Its id.
    pub id: ReadingId,
    /// `c:` and the client's id, or `i:` and an import's key.
    pub origin_key: Option<String>,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// "LO" or "HI".
    pub clip: Option<Clip>,
    /// Relative to meals.
    pub state: MealState,
    /// How it came.
    pub source: Source,
    /// When, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Sealed for table `readings`, column `notes_sealed`.
    pub notes_sealed: Option<Vec<u8>>,
    /// Counts its changes, from 1.
    pub version: i64,
}

from_row!(StoredReading, row => Ok(Self {
    id: ReadingId(row.try_get_unchecked(0)?),
    origin_key: row.try_get_unchecked(1)?,
    glucose: Glucose::stored(row.try_get_unchecked(2)?, known(Unit::parse(row.try_get_unchecked(3)?), "unit")?),
    clip: row
        .try_get_unchecked::<Option<&str>, _>(4)?
        .map(|text| known(Clip::parse(text).ok_or(()), "clip"))
        .transpose()?,
    state: known(MealState::parse(row.try_get_unchecked(5)?), "state")?,
    source: known(Source::parse(row.try_get_unchecked(6)?), "source")?,
    recorded_at: from_ms(row.try_get_unchecked(7)?),
    notes_sealed: row.try_get_unchecked(8)?,
    version: row.try_get_unchecked(9)?,
}));

/// A measured value at a time, without what only a list shows.
struct SampleRow(Sample);

from_row!(SampleRow, row => {
    let source = known(Source::parse(row.try_get_unchecked(3)?), "source")?;
    Ok(Self(Sample {
        glucose: Glucose::stored(row.try_get_unchecked(0)?, known(Unit::parse(row.try_get_unchecked(1)?), "unit")?),
        state: known(MealState::parse(row.try_get_unchecked(2)?), "state")?,
        sensor: source == Source::Sensor,
        at: from_ms(row.try_get_unchecked(4)?),
    }))
});

/// Readings of a patient in `[from, to)`, newest first, only those before the last one seen (`before`, its time and id).
///
/// One statement, answered from `readings_patient_recorded` alone. The upper end and the cursor are one comparison of
/// rows: of two upper bounds SQLite would use one for the range and test the other row by row.
pub async fn list(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
    before: Cursor,
    limit: i64,
) -> Result<Vec<StoredReading>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
         FROM readings
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

/// What the figures of `[from, to)` are computed from, oldest first.
pub async fn samples(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Sample>, Error> {
    let rows: Vec<SampleRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT value, unit, state, source, recorded_at FROM readings
         WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND recorded_at < $3
         ORDER BY recorded_at, id",
    )
    .bind(patient.0)
    .bind(to_ms(from))
    .bind(to_ms(to))
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// What the figures of the days up to the newest reading are computed from, oldest first: `span` up to it, included.
pub async fn samples_up_to_newest(store: &Store, patient: PatientId, span: TimeDelta) -> Result<Vec<Sample>, Error> {
    let rows: Vec<SampleRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT value, unit, state, source, recorded_at FROM readings
         WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at > (
             SELECT MAX(recorded_at) FROM readings WHERE patient_id = $1 AND deleted_at IS NULL
         ) - $2
         ORDER BY recorded_at, id",
    )
    .bind(patient.0)
    .bind(span.num_milliseconds())
    .fetch_all(pool)
    .await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The quarters of an hour since an instant in which a patient has a reading, each by its beginning, any order. For
/// counting days: every zone's midnight lies on a quarter, and a sensor gives three or fifteen times as many readings.
pub async fn quarters_since(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Error> {
    let quarters: Vec<i64> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT DISTINCT recorded_at / 900000 FROM readings
         WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2",
    )
    .bind(patient.0)
    .bind(to_ms(from))
    .fetch_all(pool)
    .await)?;
    Ok(quarters.into_iter().map(|quarter| from_ms(quarter * 900_000)).collect())
}

/// A patient's readings in `[from, to)` that no sensor took, oldest first.
pub async fn by_meter(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<StoredReading>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
         FROM readings
         WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND recorded_at < $3 AND source <> 'SENSOR'
         ORDER BY recorded_at, id",
    )
    .bind(patient.0)
    .bind(to_ms(from))
    .bind(to_ms(to))
    .fetch_all(pool)
    .await)
}

/// One live reading of a patient.
pub async fn get(store: &Store, patient: PatientId, id: ReadingId) -> Result<Option<StoredReading>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
         FROM readings WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(pool)
    .await)
}

/// One live reading of a patient, to be changed in this transaction.
pub async fn get_in(tx: &mut Tx, patient: PatientId, id: ReadingId) -> Result<Option<StoredReading>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
         FROM readings WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(id.0)
    .fetch_optional(conn)
    .await)
}

/// The readings of a patient with these origin keys, deleted ones included. Any order.
pub async fn by_origin(tx: &mut Tx, patient: PatientId, keys: &[String]) -> Result<Vec<StoredReading>, Error> {
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as(
                "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
                 FROM readings WHERE patient_id = $1 AND origin_key IN (SELECT value FROM json_each($2))",
            )
            .bind(patient.0)
            .bind(json(keys))
            .fetch_all(&mut **tx)
            .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
                 FROM readings WHERE patient_id = $1 AND origin_key = ANY($2)",
            )
            .bind(patient.0)
            .bind(keys)
            .fetch_all(&mut **tx)
            .await
        }
    }
}

/// Stores readings of a patient; those whose origin key is known already (live or deleted) are left alone.
/// Gives the ids of those stored, in any order.
pub async fn add(
    tx: &mut Tx,
    patient: PatientId,
    rows: &[StoredReading],
    now: DateTime<Utc>,
) -> Result<Vec<ReadingId>, Error> {
    let mut stored = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let ids = match tx {
            Tx::Sqlite(tx) => {
                let mut query = values(patient, chunk, None, now);
                query
                    .push(" ON CONFLICT (patient_id, origin_key) WHERE origin_key IS NOT NULL DO NOTHING RETURNING id");
                query.build_query_scalar::<Uuid>().persistent(is_common(chunk)).fetch_all(&mut **tx).await?
            }
            Tx::Postgres(tx) => {
                let columns = Columns::of(chunk);
                sqlx::query_scalar(ADD_ARRAYS)
                    .bind(patient.0)
                    .bind(to_ms(now))
                    .bind(columns.id)
                    .bind(columns.origin_key)
                    .bind(columns.value)
                    .bind(columns.unit)
                    .bind(columns.clip)
                    .bind(columns.state)
                    .bind(columns.source)
                    .bind(columns.recorded_at)
                    .bind(columns.notes)
                    .fetch_all(&mut **tx)
                    .await?
            }
        };
        stored.extend(ids.into_iter().map(ReadingId));
    }
    Ok(stored)
}

/// Stores the readings of an import. A row whose key is known is left alone, unless it was deleted by undoing an
/// import: that one lives again under this import, with its notes, which are sealed for its id. (One that the person deleted by itself stays deleted, even if it
/// comes with every later export of the device.) Keys must differ. Gives the number stored or revived.
pub async fn add_import(
    tx: &mut Tx,
    patient: PatientId,
    import: ImportId,
    rows: &[StoredReading],
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    let mut stored = 0;
    for chunk in rows.chunks(CHUNK) {
        stored += match tx {
            Tx::Sqlite(tx) => {
                let mut query = values(patient, chunk, Some(import), now);
                query.push(REVIVE);
                query.build().persistent(is_common(chunk)).execute(&mut **tx).await?.rows_affected()
            }
            Tx::Postgres(tx) => {
                let columns = Columns::of(chunk);
                sqlx::query(IMPORT_ARRAYS)
                    .bind(patient.0)
                    .bind(to_ms(now))
                    .bind(columns.id)
                    .bind(columns.origin_key)
                    .bind(columns.value)
                    .bind(columns.unit)
                    .bind(columns.clip)
                    .bind(columns.state)
                    .bind(columns.source)
                    .bind(columns.recorded_at)
                    .bind(columns.notes)
                    .bind(import.0)
                    .execute(&mut **tx)
                    .await?
                    .rows_affected()
            }
        };
    }
    Ok(stored)
}

macro_rules! revive {
    () => {
        " ON CONFLICT (patient_id, origin_key) WHERE origin_key IS NOT NULL DO UPDATE SET
            value = excluded.value, unit = excluded.unit, clip = excluded.clip, state = excluded.state,
            source = excluded.source, recorded_at = excluded.recorded_at, version = readings.version + 1, import_id = excluded.import_id,
            updated_at = excluded.updated_at, deleted_at = NULL
          WHERE readings.deleted_at IS NOT NULL
            AND EXISTS (SELECT 1 FROM imports WHERE imports.id = readings.import_id AND imports.status = 'UNDONE')"
    };
}

const REVIVE: &str = revive!();

/// Whole columns as arrays: on PostgreSQL several times faster than a list of row values.
const ADD_ARRAYS: &str = "INSERT INTO readings (id, patient_id, origin_key, value, unit, clip, state, source,
        recorded_at, notes_sealed, version, created_at, updated_at)
    SELECT a.id, $1, a.origin_key, a.value, a.unit, a.clip, a.state, a.source, a.recorded_at, a.notes, 1, $2, $2
    FROM UNNEST($3::uuid[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
        $11::bytea[]) AS a (id, origin_key, value, unit, clip, state, source, recorded_at, notes)
    ON CONFLICT (patient_id, origin_key) WHERE origin_key IS NOT NULL DO NOTHING RETURNING id";

const IMPORT_ARRAYS: &str = concat!(
    "INSERT INTO readings (id, patient_id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed,
        version, import_id, created_at, updated_at)
    SELECT a.id, $1, a.origin_key, a.value, a.unit, a.clip, a.state, a.source, a.recorded_at, a.notes, 1, $12, $2, $2
    FROM UNNEST($3::uuid[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
        $11::bytea[]) AS a (id, origin_key, value, unit, clip, state, source, recorded_at, notes)",
    revive!()
);

/// The columns of rows, for `UNNEST`.
struct Columns<'a> {
    id: Vec<Uuid>,
    origin_key: Vec<Option<&'a str>>,
    value: Vec<f64>,
    unit: Vec<&'static str>,
    clip: Vec<Option<&'static str>>,
    state: Vec<&'static str>,
    source: Vec<&'static str>,
    recorded_at: Vec<i64>,
    notes: Vec<Option<&'a [u8]>>,
}

impl<'a> Columns<'a> {
    fn of(rows: &'a [StoredReading]) -> Self {
        Self {
            id: rows.iter().map(|r| r.id.0).collect(),
            origin_key: rows.iter().map(|r| r.origin_key.as_deref()).collect(),
            value: rows.iter().map(|r| r.glucose.value()).collect(),
            unit: rows.iter().map(|r| r.glucose.unit().as_str()).collect(),
            clip: rows.iter().map(|r| r.clip.map(Clip::as_str)).collect(),
            state: rows.iter().map(|r| r.state.as_str()).collect(),
            source: rows.iter().map(|r| r.source.as_str()).collect(),
            recorded_at: rows.iter().map(|r| to_ms(r.recorded_at)).collect(),
            notes: rows.iter().map(|r| r.notes_sealed.as_deref()).collect(),
        }
    }
}

/// Rows as a list of values, for SQLite (which has no arrays, and whose JSON would round values).
fn values(
    patient: PatientId,
    rows: &[StoredReading],
    import: Option<ImportId>,
    now: DateTime<Utc>,
) -> QueryBuilder<sqlx::Sqlite> {
    let mut query = QueryBuilder::new(
        "INSERT INTO readings (id, patient_id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed,
            version, import_id, created_at, updated_at) ",
    );
    query.push_values(rows, |mut row, reading| {
        row.push_bind(reading.id.0)
            .push_bind(patient.0)
            .push_bind(reading.origin_key.clone())
            .push_bind(reading.glucose.value())
            .push_bind(reading.glucose.unit().as_str())
            .push_bind(reading.clip.map(Clip::as_str))
            .push_bind(reading.state.as_str())
            .push_bind(reading.source.as_str())
            .push_bind(to_ms(reading.recorded_at))
            .push_bind(reading.notes_sealed.clone())
            .push("1")
            .push_bind(import.map(|i| i.0))
            .push_bind(to_ms(now))
            .push_bind(to_ms(now));
    });
    query
}

/// Whether a statement for so many rows comes again: others would push useful ones out of the connection's cache.
fn is_common(rows: &[StoredReading]) -> bool {
    rows.len() == 1 || rows.len() == CHUNK
}

/// Texts as SQLite takes a list.
fn json(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// How many of these origin keys an import would not add again: live, or deleted by the person. Keys must differ.
pub async fn count_known(store: &Store, patient: PatientId, keys: &[String]) -> Result<i64, Error> {
    let mut known = 0;
    for chunk in keys.chunks(10_000) {
        known += match store {
            Store::Sqlite { read, .. } => {
                sqlx::query_scalar::<_, i64>(
                    "SELECT COUNT(*) FROM json_each($2) AS k
                     JOIN readings r ON r.patient_id = $1 AND r.origin_key = k.value
                     WHERE r.deleted_at IS NULL OR NOT EXISTS (
                         SELECT 1 FROM imports i WHERE i.id = r.import_id AND i.status = 'UNDONE')",
                )
                .bind(patient.0)
                .bind(json(chunk))
                .fetch_one(read)
                .await?
            }
            Store::Postgres(pool) => {
                sqlx::query_scalar::<_, i64>(
                    "SELECT COUNT(*) FROM UNNEST($2::text[]) AS k (origin_key)
                     JOIN readings r ON r.patient_id = $1 AND r.origin_key = k.origin_key
                     WHERE r.deleted_at IS NULL OR NOT EXISTS (
                         SELECT 1 FROM imports i WHERE i.id = r.import_id AND i.status = 'UNDONE')",
                )
                .bind(patient.0)
                .bind(chunk)
                .fetch_one(pool)
                .await?
            }
        };
    }
    Ok(known)
}

/// Stores a changed reading, if its version is still the one that `reading` carries. Gives the new version; none if not.
pub async fn change(
    tx: &mut Tx,
    patient: PatientId,
    reading: &StoredReading,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE readings SET value = $1, unit = $2, clip = $3, state = $4, recorded_at = $5, notes_sealed = $6,
            version = version + 1, updated_at = $7
         WHERE id = $8 AND patient_id = $9 AND version = $10 AND deleted_at IS NULL RETURNING version",
    )
    .bind(reading.glucose.value())
    .bind(reading.glucose.unit().as_str())
    .bind(reading.clip.map(Clip::as_str))
    .bind(reading.state.as_str())
    .bind(to_ms(reading.recorded_at))
    .bind(reading.notes_sealed.clone())
    .bind(to_ms(now))
    .bind(reading.id.0)
    .bind(patient.0)
    .bind(reading.version)
    .fetch_optional(conn)
    .await)
}

/// Deletes a live reading of a patient; whether there was one.
pub async fn delete(tx: &mut Tx, patient: PatientId, id: ReadingId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE readings SET deleted_at = $3, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NULL";
    change_one(tx, statement, patient, id.0, now).await
}

/// Brings a deleted reading of a patient back; whether there was one.
pub async fn restore(tx: &mut Tx, patient: PatientId, id: ReadingId, now: DateTime<Utc>) -> Result<bool, Error> {
    let statement = "UPDATE readings SET deleted_at = NULL, updated_at = $3, version = version + 1
         WHERE id = $2 AND patient_id = $1 AND deleted_at IS NOT NULL";
    change_one(tx, statement, patient, id.0, now).await
}

/// Deletes the live readings that came with an import; how many.
pub async fn delete_import(
    tx: &mut Tx,
    patient: PatientId,
    import: ImportId,
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE readings SET deleted_at = $3, updated_at = $3, version = version + 1
         WHERE import_id = $2 AND patient_id = $1 AND deleted_at IS NULL",
    )
    .bind(patient.0)
    .bind(import.0)
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))
}
