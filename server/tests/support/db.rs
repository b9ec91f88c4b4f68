//! A fresh, migrated database for each test, on either engine.

use server::storage::Store;
use sqlx::{Connection, Executor, PgConnection};

/// A database that is gone when this is dropped.
pub struct TestDb {
    /// The database.
    pub store: Store,
    /// How to open it again, as another process would.
    pub url: String,
    _keep: Keep,
}

enum Keep {
    /// The folder of the SQLite file.
    Folder { _folder: tempfile::TempDir },
    /// The database to drop and the server's URL.
    Postgres { admin_url: String, name: String },
}

impl TestDb {
    /// An SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::open(url, Keep::Folder { _folder: folder }).await
    }

    /// A database on the server that `TEST_POSTGRES_URL` names (a user that may create databases).
    ///
    /// Without the variable there is none.
    pub async fn postgres() -> Option<Self> {
        let admin_url = super::server_url("TEST_POSTGRES_URL")?;
        let name = format!("procare_test_{}", uuid::Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&admin_url).await.expect("TEST_POSTGRES_URL answers");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        admin.execute(create).await.expect("a database for the test");
        admin.close().await.expect("close");
        let (base, query) = admin_url.split_once('?').map_or((&*admin_url, None), |(b, q)| (b, Some(q)));
        let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
        let url = format!("{server}/{name}{}", query.map(|q| format!("?{q}")).unwrap_or_default());
        Some(Self::open(url, Keep::Postgres { admin_url, name }).await)
    }

    async fn open(url: String, keep: Keep) -> Self {
        let store = Store::connect(&url, 8).await.expect("the database opens");
        store.migrate().await.expect("the schema is brought up to date");
        Self { store, url, _keep: keep }
    }

    /// The same database through other connections: what another server process sees.
    pub async fn open_again(&self) -> Store {
        Store::connect(&self.url, 4).await.expect("the database opens again")
    }
}

impl Drop for Keep {
    fn drop(&mut self) {
        let Self::Postgres { admin_url, name } = self else { return };
        let (admin_url, name) = (admin_url.clone(), name.clone());
        // On a thread of its own: dropping happens inside the test's runtime, also when the test fails.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
                let mut admin = PgConnection::connect(&admin_url).await?;
                admin.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await
            })
        })
        .join();
        if !matches!(dropped, Ok(Ok(_))) {
            eprintln!("a test database was left behind");
        }
    }
}

/// Stamps one test per engine: `on_both_engines!(a_sentence, |db| async move { ... });` with `db: &TestDb`.
macro_rules! on_both_engines {
    ($name:ident, |$db:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn check($db: &$crate::support::TestDb) {
                $body.await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                check(&$crate::support::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(db) = $crate::support::TestDb::postgres().await {
                    check(&db).await;
                }
            }
        }
    };
}

pub(crate) use on_both_engines;
