//! The chain over the audit trail: numbers and codes beside its rows, signed heads, and the cuts of the retention.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::from_row,
    time::{from_ms, to_ms},
};

/// A row of the audit trail as it is stored: what its code is made over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its id.
    pub id: Uuid,
    /// When, UTC milliseconds.
    pub at: i64,
    /// Who.
    pub actor: Option<Uuid>,
    /// As what.
    pub role: Option<String>,
    /// Through which device.
    pub session: Option<Uuid>,
    /// What.
    pub action: String,
    /// Which kind of thing.
    pub object_type: Option<String>,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// Whose data.
    pub patient: Option<Uuid>,
    /// Whether it was allowed.
    pub allowed: bool,
    /// From where, for sign-ins.
    pub address: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// By which request.
    pub request: Option<String>,
}

/// The columns of a [`StoredEntry`] in the order in which [`entry_at`] reads them.
macro_rules! entry_columns {
    () => {
        "a.id, a.at, a.actor_id, a.role, a.session_id, a.action, a.object_type, a.object_id, a.patient_id, a.allowed, \
         a.address, a.reason, a.request_id"
    };
}

/// Reads [`entry_columns`] from the column at `$first` on, of a row of either engine.
macro_rules! entry_at {
    ($row:ident, $first:literal) => {
        StoredEntry {
            id: $row.try_get($first)?,
            at: $row.try_get($first + 1)?,
            actor: $row.try_get($first + 2)?,
            role: $row.try_get($first + 3)?,
            session: $row.try_get($first + 4)?,
            action: $row.try_get($first + 5)?,
            object_type: $row.try_get($first + 6)?,
            object_id: $row.try_get($first + 7)?,
            patient: $row.try_get($first + 8)?,
            allowed: $row.try_get($first + 9)?,
            address: $row.try_get($first + 10)?,
            reason: $row.try_get($first + 11)?,
            request: $row.try_get($first + 12)?,
        }
    };
}

from_row!(StoredEntry, row => Ok(entry_at!(row, 0)));

/// A link of the chain with the row that it is of; none if that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 1.
    pub seq: i64,
    /// The row's id.
    pub id: Uuid,
    /// Its code.
    pub mac: Vec<u8>,
    /// The row.
    pub entry: Option<StoredEntry>,
}

from_row!(Link, row => {
    let (seq, link_id, mac): (i64, Uuid, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let entry = match row.try_get::<Option<Uuid>, _>(3)? {
        None => None,
        Some(_) => Some(entry_at!(row, 3)),
    };
    Ok(Self { seq, id: link_id, mac, entry })
});

/// A signed place in the chain: a head, or a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The number of the last row that it covers.
    pub seq: i64,
    /// When it was signed, UTC.
    pub at: DateTime<Utc>,
    /// That row's code.
    pub mac: Vec<u8>,
    /// Over the three.
    pub signature: Vec<u8>,
}

from_row!(Signed, row => Ok(Self {
    seq: row.try_get(0)?,
    at: from_ms(row.try_get(1)?),
    mac: row.try_get(2)?,
    signature: row.try_get(3)?,
}));

/// Any number that only the chain locks.
const LOCK: i64 = 0x61_7564_6974;

/// Whether a committed row has no number yet.
pub async fn any_waiting(store: &Store) -> Result<bool, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM audit_unchained)").fetch_one(pool).await)
}

/// Makes every other process that would write to the chain wait until this transaction ends. On SQLite one writes at a time.
pub async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => {
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut **tx).await.map(|_| ())
        }
    }
}

/// Committed rows without a number, the oldest first.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<StoredEntry>, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", entry_columns!(), " FROM audit_unchained u JOIN audit a ON a.id = u.audit_id ORDER BY a.id LIMIT $1"))
        .bind(limit).fetch_all(conn).await)
}

/// The end of the chain: of its last row, or of the last cut if nothing is left after it.
pub async fn last(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT seq, mac FROM (SELECT seq, mac FROM audit_chain UNION ALL SELECT seq, mac FROM audit_cuts) e \
         ORDER BY seq DESC LIMIT 1")
        .fetch_optional(conn).await)
}

/// Adds links, at most a thousand, and takes their rows off the list of those that wait.
pub async fn add(tx: &mut Tx, links: &[(i64, Uuid, [u8; 32])]) -> Result<(), sqlx::Error> {
    let Some((first, ..)) = links.first() else { return Ok(()) };
    in_tx!(tx, conn => {
        let mut query = QueryBuilder::new("INSERT INTO audit_chain (seq, audit_id, mac) ");
        query.push_values(links, |mut row, (seq, id, mac)| {
            row.push_bind(seq).push_bind(id).push_bind(mac.as_slice());
        });
        query.build().persistent(false).execute(&mut *conn).await?;
        sqlx::query("DELETE FROM audit_unchained WHERE audit_id IN (SELECT audit_id FROM audit_chain WHERE seq >= $1)")
            .bind(first).execute(conn).await.map(|_| ())
    })
}

/// Links after a number, in order, each with its row.
pub async fn links_after(store: &Store, seq: i64, limit: i64) -> Result<Vec<Link>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as(concat!(
        "SELECT c.seq, c.audit_id, c.mac, ", entry_columns!(),
        " FROM audit_chain c LEFT JOIN audit a ON a.id = c.audit_id WHERE c.seq > $1 ORDER BY c.seq LIMIT $2"))
        .bind(seq).bind(limit).fetch_all(pool).await)
}

/// Rows from before `until` that have no place in the chain: how many, and one of them.
pub async fn outside(store: &Store, until: DateTime<Utc>) -> Result<(i64, Option<Uuid>), sqlx::Error> {
    let ids: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT a.id FROM audit a LEFT JOIN audit_chain c ON c.audit_id = a.id WHERE c.audit_id IS NULL AND a.at < $1 \
         ORDER BY a.id")
        .bind(to_ms(until)).fetch_all(pool).await)?;
    Ok((i64::try_from(ids.len()).unwrap_or(i64::MAX), ids.first().copied()))
}

/// Rows that wait for their number but are gone: how many, and one of them.
pub async fn gone_while_waiting(store: &Store) -> Result<(i64, Option<Uuid>), sqlx::Error> {
    let ids: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT u.audit_id FROM audit_unchained u LEFT JOIN audit a ON a.id = u.audit_id WHERE a.id IS NULL ORDER BY u.audit_id")
        .fetch_all(pool).await)?;
    Ok((i64::try_from(ids.len()).unwrap_or(i64::MAX), ids.first().copied()))
}

/// Adds a signed head.
pub async fn add_head(tx: &mut Tx, head: &Signed) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("INSERT INTO audit_heads (seq, at, mac, signature) VALUES ($1, $2, $3, $4)")
        .bind(head.seq).bind(to_ms(head.at)).bind(head.mac.as_slice()).bind(head.signature.as_slice())
        .execute(conn).await.map(|_| ()))
}

/// The newest signed head.
pub async fn newest_head(tx: &mut Tx) -> Result<Option<Signed>, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as("SELECT seq, at, mac, signature FROM audit_heads ORDER BY seq DESC LIMIT 1")
        .fetch_optional(conn).await)
}

/// A signed head's number and when it was signed.
pub type HeadAt = (i64, DateTime<Utc>);

/// The chain's last number, and the newest signed head.
pub async fn ends(store: &Store) -> Result<(Option<i64>, Option<HeadAt>), sqlx::Error> {
    let (last, head, at): (Option<i64>, Option<i64>, Option<i64>) = on_store!(store, pool => sqlx::query_as(
        "SELECT (SELECT MAX(seq) FROM audit_chain), (SELECT MAX(seq) FROM audit_heads), (SELECT MAX(at) FROM audit_heads)")
        .fetch_one(pool).await)?;
    Ok((last, head.zip(at.map(from_ms))))
}

/// Every signed head, in order.
pub async fn heads(store: &Store) -> Result<Vec<Signed>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as("SELECT seq, at, mac, signature FROM audit_heads ORDER BY seq").fetch_all(pool).await)
}

/// The number of the newest cut, inside a transaction; 0 without one.
pub async fn newest_cut_in(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM audit_cuts").fetch_one(conn).await)
}

/// The newest cut.
pub async fn newest_cut(store: &Store) -> Result<Option<Signed>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as("SELECT seq, at, mac, signature FROM audit_cuts ORDER BY seq DESC LIMIT 1")
        .fetch_optional(pool).await)
}

/// Notes a cut, and takes away the rows that it covers.
pub async fn cut(tx: &mut Tx, cut: &Signed) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => {
        sqlx::query("INSERT INTO audit_cuts (seq, at, mac, signature) VALUES ($1, $2, $3, $4)")
            .bind(cut.seq).bind(to_ms(cut.at)).bind(cut.mac.as_slice()).bind(cut.signature.as_slice())
            .execute(&mut *conn).await?;
        sqlx::query("DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_chain WHERE seq <= $1)")
            .bind(cut.seq).execute(&mut *conn).await?;
        sqlx::query("DELETE FROM audit_chain WHERE seq <= $1").bind(cut.seq).execute(conn).await.map(|_| ())
    })
}
