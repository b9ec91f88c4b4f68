//! The store behind tower-sessions.

use std::{collections::HashMap, sync::Arc};

use chrono::TimeDelta;
use domain::clock::Clock;
use server::{auth::WebSessionStore, storage::Store};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

use crate::support::{TestClock, on_both_engines};

fn record(clock: &TestClock) -> Record {
    let end = (clock.now() + TimeDelta::hours(1)).timestamp();
    Record {
        id: Id::default(),
        data: HashMap::from([("session".to_owned(), serde_json::json!("0190"))]),
        expiry_date: time::OffsetDateTime::from_unix_timestamp(end).expect("in range"),
    }
}

async fn stored(store: &Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let sql = "SELECT id_hash, data FROM web_sessions";
    match store {
        Store::Sqlite { read, .. } => sqlx::query_as(sql).fetch_all(read).await.expect("rows"),
        Store::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.expect("rows"),
    }
}

on_both_engines!(a_deleted_record_is_gone_and_a_late_request_does_not_bring_it_back, |db| async {
    let clock = TestClock::new();
    let sessions = WebSessionStore::new(db.store.clone(), clock.clone());
    let mut record = record(&clock);
    sessions.create(&mut record).await.expect("created");
    assert_eq!(sessions.load(&record.id).await.expect("loaded"), Some(record.clone()));
    sessions.delete(&record.id).await.expect("deleted");
    sessions.save(&record).await.expect("nothing to do");
    assert_eq!(sessions.load(&record.id).await.expect("loaded"), None);
});

on_both_engines!(a_record_changes_and_ends_with_its_time, |db| async {
    let clock = TestClock::new();
    let sessions = WebSessionStore::new(db.store.clone(), clock.clone());
    let mut record = record(&clock);
    sessions.create(&mut record).await.expect("created");
    record.data.insert("more".into(), serde_json::json!(1));
    sessions.save(&record).await.expect("saved");
    assert_eq!(sessions.load(&record.id).await.expect("loaded"), Some(record.clone()));
    clock.forward(TimeDelta::hours(1));
    assert_eq!(sessions.load(&record.id).await.expect("loaded"), None);
});

on_both_engines!(an_id_that_is_taken_is_replaced_and_the_other_record_stays, |db| async {
    let clock = TestClock::new();
    let sessions: Arc<dyn SessionStore> = Arc::new(WebSessionStore::new(db.store.clone(), clock.clone()));
    let mut first = record(&clock);
    sessions.create(&mut first).await.expect("created");
    let mut second = Record { data: HashMap::new(), ..first.clone() };
    sessions.create(&mut second).await.expect("created under another id");
    assert_ne!(first.id, second.id);
    assert_eq!(sessions.load(&first.id).await.expect("loaded"), Some(first.clone()));
    assert_eq!(sessions.load(&second.id).await.expect("loaded"), Some(second));
});

on_both_engines!(what_is_stored_does_not_tell_the_cookie, |db| async {
    let clock = TestClock::new();
    let sessions = WebSessionStore::new(db.store.clone(), clock.clone());
    let mut record = record(&clock);
    sessions.create(&mut record).await.expect("created");
    let raw = record.id.0.to_le_bytes();
    let shown = record.id.to_string();
    let number = record.id.0.to_string();
    for (hash, data) in stored(&db.store).await {
        for bytes in [hash, data] {
            let has = |needle: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
            assert!(!has(b"0190"), "what the record says is sealed");
            assert!(!has(&raw) && !has(shown.as_bytes()) && !has(number.as_bytes()));
        }
    }
});
