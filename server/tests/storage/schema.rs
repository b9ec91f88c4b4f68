//! The two migration folders say the same.

use std::collections::{BTreeMap, BTreeSet};

use server::storage::Store;
use sqlx::Row;

use crate::support::TestDb;

fn names(folder: &str) -> BTreeSet<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
    std::fs::read_dir(path)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect()
}

/// Table -> column -> whether it may be null.
type Schema = BTreeMap<String, BTreeMap<String, bool>>;

async fn schema(store: &Store) -> Schema {
    let mut schema = Schema::new();
    let mut note = |table: String, column: String, nullable: bool| {
        if table != "_sqlx_migrations" {
            schema.entry(table).or_default().insert(column, nullable);
        }
    };
    match store {
        Store::Sqlite { read, .. } => {
            let rows = sqlx::query(
                "SELECT m.name AS t, c.name AS c, c.\"notnull\" = 0 AND c.pk = 0 AS n FROM sqlite_master m \
                 JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
            );
            for row in rows.fetch_all(read).await.expect("the schema") {
                note(row.get("t"), row.get("c"), row.get("n"));
            }
        }
        Store::Postgres(pool) => {
            let rows = sqlx::query(
                "SELECT table_name::text AS t, column_name::text AS c, is_nullable = 'YES' AS n \
                 FROM information_schema.columns WHERE table_schema = 'public'",
            );
            for row in rows.fetch_all(pool).await.expect("the schema") {
                note(row.get("t"), row.get("c"), row.get("n"));
            }
        }
    }
    schema
}

#[test]
fn both_folders_have_migrations_of_the_same_names() {
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_tables_and_columns() {
    let sqlite = schema(&TestDb::sqlite().await.store).await;
    assert!(sqlite.contains_key("users") && sqlite.contains_key("readings"), "{:?}", sqlite.keys());
    if let Some(postgres) = TestDb::postgres().await {
        assert_eq!(sqlite, schema(&postgres.store).await);
    }
}
