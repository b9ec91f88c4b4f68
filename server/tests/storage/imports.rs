//! `storage::imports`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{ImportId, PatientId},
    people::Role,
    ports::ImportStatus,
};
use server::storage::{
    Store,
    imports::{self, StoredImport},
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

async fn patient(store: &Store, index: u8) -> PatientId {
    add_user(store, Role::Patient, index).await.into()
}

async fn preview(store: &Store, patient: PatientId, at: DateTime<Utc>) -> StoredImport {
    let import =
        StoredImport { id: ImportId(Uuid::now_v7()), status: ImportStatus::Preview, summary: "{\"n\":1}".into() };
    let mut tx = store.begin().await.unwrap();
    imports::add(&mut tx, patient, &import, vec![1, 2, 3], at).await.unwrap();
    tx.commit().await.unwrap();
    import
}

on_both_engines!(old_previews_are_removed_and_confirmed_imports_stay, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let old = preview(&db.store, mine, now() - TimeDelta::hours(25)).await;
    let confirmed = preview(&db.store, mine, now() - TimeDelta::hours(25)).await;
    let fresh = preview(&db.store, mine, now()).await;
    let forgotten = preview(&db.store, mine, now()).await;
    let mut tx = db.store.begin().await.unwrap();
    let (from, to) = (ImportStatus::Preview, ImportStatus::Confirmed);
    assert!(imports::advance(&mut tx, mine, confirmed.id, from, to, "{}", now()).await.unwrap());
    assert!(!imports::delete_preview(&mut tx, other, forgotten.id).await.unwrap());
    assert!(imports::delete_preview(&mut tx, mine, forgotten.id).await.unwrap());
    assert!(!imports::delete_preview(&mut tx, mine, confirmed.id).await.unwrap());
    assert_eq!(imports::delete_previews_before(&mut tx, now() - TimeDelta::hours(24)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let left: Vec<_> = imports::list(&db.store, mine, 20).await.unwrap().into_iter().map(|i| i.id).collect();
    assert_eq!(left, [fresh.id, confirmed.id]);
    assert_eq!(imports::get(&db.store, mine, old.id).await.unwrap(), None);
});

on_both_engines!(an_import_moves_on_once_and_forgets_its_file, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let import = preview(&db.store, mine, now()).await;
    assert_eq!(imports::get(&db.store, mine, import.id).await.unwrap(), Some(import.clone()));
    assert_eq!(imports::get(&db.store, other, import.id).await.unwrap(), None);
    assert_eq!(imports::content(&db.store, mine, import.id).await.unwrap(), Some(vec![1, 2, 3]));
    assert_eq!(imports::content(&db.store, other, import.id).await.unwrap(), None);

    let mut tx = db.store.begin().await.unwrap();
    imports::set_summary(&mut tx, mine, import.id, "{\"n\":2}").await.unwrap();
    imports::set_summary(&mut tx, other, import.id, "{\"n\":9}").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(imports::get(&db.store, mine, import.id).await.unwrap().unwrap().summary, "{\"n\":2}");

    let mut tx = db.store.begin().await.unwrap();
    let (preview, confirmed) = (ImportStatus::Preview, ImportStatus::Confirmed);
    assert!(!imports::advance(&mut tx, other, import.id, preview, confirmed, "{}", now()).await.unwrap());
    assert!(imports::advance(&mut tx, mine, import.id, preview, confirmed, "{\"n\":3}", now()).await.unwrap());
    assert!(!imports::advance(&mut tx, mine, import.id, preview, confirmed, "{}", now()).await.unwrap());
    imports::set_summary(&mut tx, mine, import.id, "{\"n\":4}").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(imports::content(&db.store, mine, import.id).await.unwrap(), None);
    let stored = imports::get(&db.store, mine, import.id).await.unwrap();
    let expected = StoredImport { status: confirmed, summary: "{\"n\":3}".into(), ..import };
    assert_eq!(stored, Some(expected), "what was confirmed is not rewritten");
});
