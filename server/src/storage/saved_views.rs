//! Doctors' saved views of the work list.

use chrono::{DateTime, Utc};
use domain::{
    desk::ViewQuery,
    ids::{TagId, UserId, ViewId},
    ports::{PanelFilter, PanelSort},
};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::{from_row, known},
    time::to_ms,
};

/// A view, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredView {
    /// Which.
    pub id: ViewId,
    /// Its name, sealed.
    pub name_sealed: Vec<u8>,
    /// What it shows.
    pub query: ViewQuery,
}

from_row!(StoredView, row => Ok(Self {
    id: ViewId(row.try_get(0)?),
    name_sealed: row.try_get(1)?,
    query: ViewQuery {
        sort: known(PanelSort::parse(row.try_get(2)?), "sort")?,
        filter: known(PanelFilter::parse(row.try_get(3)?), "filter")?,
        tag: row.try_get::<Option<Uuid>, _>(4)?.map(TagId),
    },
}));

/// A doctor's views that were not taken away.
pub async fn of_doctor(store: &Store, doctor: UserId) -> Result<Vec<StoredView>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, name_sealed, sort, filter, tag_id FROM saved_views
         WHERE doctor_id = $1 AND removed_at IS NULL ORDER BY id")
        .bind(doctor.0).fetch_all(pool).await)
}

/// The same inside a transaction.
pub async fn of_doctor_in(tx: &mut Tx, doctor: UserId) -> Result<Vec<StoredView>, Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, name_sealed, sort, filter, tag_id FROM saved_views
         WHERE doctor_id = $1 AND removed_at IS NULL ORDER BY id")
        .bind(doctor.0).fetch_all(conn).await)
}

/// Adds a view. A tag that is not the doctor's is left out.
pub async fn add(tx: &mut Tx, view: &StoredView, doctor: UserId, now: DateTime<Utc>) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO saved_views (id, doctor_id, name_sealed, sort, filter, tag_id, created_at)
         VALUES ($1, $2, $3, $4, $5, (SELECT t.id FROM tags t WHERE t.id = $6 AND t.doctor_id = $2), $7)")
        .bind(view.id.0)
        .bind(doctor.0)
        .bind(view.name_sealed.as_slice())
        .bind(view.query.sort.as_str())
        .bind(view.query.filter.as_str())
        .bind(view.query.tag.map(|tag| tag.0))
        .bind(to_ms(now))
        .execute(conn).await.map(|_| ()))
}

/// Takes a doctor's view away or brings it back; whether there is such a one.
pub async fn set_removed(
    tx: &mut Tx,
    id: ViewId,
    doctor: UserId,
    removed: Option<DateTime<Utc>>,
) -> Result<bool, Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE saved_views SET removed_at = $3 WHERE id = $1 AND doctor_id = $2")
        .bind(id.0).bind(doctor.0).bind(removed.map(to_ms)).execute(conn).await.map(|done| done.rows_affected() > 0))
}

/// Forgets a doctor's views that were taken away before an instant.
pub async fn forget_removed(tx: &mut Tx, doctor: UserId, before: DateTime<Utc>) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM saved_views WHERE doctor_id = $1 AND removed_at < $2")
        .bind(doctor.0).bind(to_ms(before)).execute(conn).await.map(|_| ()))
}
