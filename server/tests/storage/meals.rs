//! `storage::meals`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{MealId, PatientId},
    meal::MealType,
    page::Cursor,
    people::Role,
};
use server::storage::{
    Store,
    meals::{self, StoredMeal},
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

fn meal(minutes_ago: i64, key: Option<&str>) -> StoredMeal {
    StoredMeal {
        id: MealId(Uuid::now_v7()),
        origin_key: key.map(str::to_owned),
        items_sealed: vec![1, 2],
        meal_type: MealType::Lunch,
        carbs: Some(45.5),
        photo_id: None,
        recorded_at: now() - TimeDelta::minutes(minutes_ago),
        version: 1,
    }
}

async fn patient(store: &Store, index: u8) -> PatientId {
    add_user(store, Role::Patient, index).await.into()
}

async fn add(store: &Store, patient: PatientId, meal: &StoredMeal) -> bool {
    let mut tx = store.begin().await.unwrap();
    let added = meals::add(&mut tx, patient, meal, now()).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn list(store: &Store, patient: PatientId, before: Cursor, limit: i64) -> Vec<StoredMeal> {
    meals::list(store, patient, DateTime::<Utc>::MIN_UTC, before, limit).await.unwrap()
}

const NEWEST: Cursor = Cursor { at_ms: i64::MAX, id: Uuid::nil() };

on_both_engines!(a_deleted_meal_is_gone_from_every_read_and_comes_back_unchanged, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let kept = meal(5, Some("c:a"));
    assert!(add(&db.store, mine, &kept).await);
    let mut tx = db.store.begin().await.unwrap();
    assert!(!meals::delete(&mut tx, other, kept.id, now()).await.unwrap());
    assert!(meals::delete(&mut tx, mine, kept.id, now()).await.unwrap());
    assert!(!meals::delete(&mut tx, mine, kept.id, now()).await.unwrap());
    assert_eq!(meals::get_in(&mut tx, mine, kept.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(meals::get(&db.store, mine, kept.id).await.unwrap(), None);
    assert_eq!(list(&db.store, mine, NEWEST, 9).await, []);
    assert!(!add(&db.store, mine, &meal(5, Some("c:a"))).await, "a client's late repetition does not revive it");

    let mut tx = db.store.begin().await.unwrap();
    assert!(!meals::restore(&mut tx, other, kept.id, now()).await.unwrap());
    assert!(meals::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    assert!(!meals::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    tx.commit().await.unwrap();
    let restored = Some(StoredMeal { version: 3, ..kept });
    assert_eq!(meals::get(&db.store, mine, restored.as_ref().unwrap().id).await.unwrap(), restored);
});

on_both_engines!(a_meal_is_stored_once_for_each_key_of_a_patient, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let first = meal(5, Some("c:a"));
    assert!(add(&db.store, mine, &first).await);
    assert!(!add(&db.store, mine, &meal(5, Some("c:a"))).await);
    assert!(add(&db.store, other, &meal(5, Some("c:a"))).await);
    assert!(add(&db.store, mine, &meal(5, None)).await && add(&db.store, mine, &meal(5, None)).await);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(meals::by_origin(&mut tx, mine, "c:a").await.unwrap(), Some(first));
    assert_eq!(meals::by_origin(&mut tx, mine, "c:b").await.unwrap(), None);
});

on_both_engines!(meals_come_newest_first_in_pages, |db| async {
    let mine = patient(&db.store, 1).await;
    let rows: Vec<_> = (0..7).map(|n| meal(n / 2, None)).collect();
    for row in &rows {
        assert!(add(&db.store, mine, row).await);
    }
    let mut expected = rows;
    expected.sort_by_key(|row| std::cmp::Reverse((row.recorded_at, row.id)));
    let first = list(&db.store, mine, NEWEST, 3).await;
    assert_eq!(first, expected[..3]);
    let last = &first[2];
    let after = Cursor { at_ms: last.recorded_at.timestamp_millis(), id: last.id.0 };
    assert_eq!(list(&db.store, mine, after, 100).await, expected[3..]);
    let recent = meals::list(&db.store, mine, now() - TimeDelta::minutes(1), NEWEST, 100).await.unwrap();
    assert_eq!(recent, expected[..4]);
});

on_both_engines!(a_change_needs_the_present_version, |db| async {
    let mine = patient(&db.store, 1).await;
    let row = meal(5, None);
    add(&db.store, mine, &row).await;
    let changed = StoredMeal { items_sealed: vec![9], meal_type: MealType::Snack, carbs: None, ..row };
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(meals::change(&mut tx, mine, &changed, now()).await.unwrap(), Some(2));
    assert_eq!(meals::change(&mut tx, mine, &changed, now()).await.unwrap(), None);
    let stored = meals::get_in(&mut tx, mine, changed.id).await.unwrap();
    assert_eq!(stored, Some(StoredMeal { version: 2, ..changed }));
});
