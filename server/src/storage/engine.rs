//! The two engines behind one type. SQL is written once, in the subset that both understand.
//!
//! What differs is a visible `match` on [`Store`] or [`Tx`] in the function that needs it.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// A connection to PostgreSQL that lay idle for longer is tried before it is used.
const IDLE_UNTRIED: Duration = Duration::from_secs(10);

/// A database. Cheap to clone.
#[derive(Clone)]
pub enum Store {
    /// One file, or memory in tests.
    Sqlite {
        /// Many readers: WAL lets them go on while one writes.
        read: SqlitePool,
        /// One connection: writers queue here instead of waiting on the file's lock.
        write: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// A transaction. Rolled back when dropped.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same expression against a transaction of either engine, `$conn` being its connection.
macro_rules! in_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::storage::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::storage::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}

/// Runs the same single, reading statement against a store of either engine, outside any transaction: a `SELECT`
/// between `BEGIN` and `COMMIT` would triple the round trips.
macro_rules! on_store {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::storage::Store::Sqlite { read: $pool, .. } => $body,
            $crate::storage::Store::Postgres($pool) => $body,
        }
    };
}

pub(crate) use {in_tx, on_store};

impl Store {
    /// Connects: `sqlite::memory:`, `sqlite:PATH` or `postgres://...`.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self, sqlx::Error> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = PgPoolOptions::new()
                .max_connections(max_connections)
                .acquire_timeout(Duration::from_secs(5))
                // A connection was tried when it came back to the pool. Trying it again before each statement would be a
                // round trip for nothing; only one that lay idle may have been cut off.
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        if meta.idle_for > IDLE_UNTRIED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(PgConnectOptions::from_str(url)?)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With WAL a power cut loses at most the last commits, never the file; FULL keeps those too. Readings are
            // somebody's health record: keep them.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            // Pages are kept by the system, once for all connections; each connection's own cache stays small (KiB). A
            // memory map instead would count as this process's memory once per connection.
            .pragma("cache_size", "-2000")
            .pragma("temp_store", "memory")
            // What is deleted is overwritten: the key of somebody who was erased must not lie in a free page.
            .pragma("secure_delete", "ON")
            // A statement runs on the connection's own thread. With room for a whole page of rows it need not wait for
            // us, and we are woken less often.
            .row_buffer_size(1_024);
        let memory = url.contains(":memory:");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A memory database lives as long as its one connection.
            .idle_timeout(if memory { None } else { Some(Duration::from_mins(10)) })
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        let read = if memory {
            write.clone()
        } else {
            SqlitePoolOptions::new()
                .max_connections(max_connections)
                .acquire_timeout(Duration::from_secs(5))
                .test_before_acquire(false)
                .connect_with(options)
                .await?
        };
        Ok(Self::Sqlite { read, write })
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        match self {
            Self::Sqlite { write, .. } => SQLITE.run(write).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        }
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once, so that reading and then
    /// writing cannot fail half way.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite { write, .. } => Ok(Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => Ok(Tx::Postgres(pool.begin().await?)),
        }
    }

    /// Has what was deleted leave the files as far as the engine lets us: SQLite's log of writes still holds old pages.
    /// PostgreSQL overwrites them in its own time (docs/security.md).
    pub async fn settle(&self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite { write, .. } => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(write).await.map(|_| ())
            }
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        on_store!(self, pool => sqlx::query("SELECT 1").execute(pool).await.map(|_| ()))
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes what was written lasting.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}
