//! `storage::readings`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    glucose::{Clip, Glucose, MealState, Source, Unit},
    ids::{ImportId, PatientId, ReadingId},
    page::Cursor,
    people::Role,
    ports::ImportStatus,
};
use server::storage::{
    Store, imports,
    readings::{self, StoredReading},
};
use sqlx::Row;
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const NEWEST: Cursor = Cursor { at_ms: i64::MAX, id: Uuid::nil() };

async fn patient(store: &Store, index: u8) -> PatientId {
    add_user(store, Role::Patient, index).await.into()
}

/// A reading so many minutes ago.
pub fn reading(minutes_ago: i64, value: f64) -> StoredReading {
    StoredReading {
        id: ReadingId(Uuid::now_v7()),
        origin_key: None,
        glucose: Glucose::stored(value, Unit::MgDl),
        clip: None,
        state: MealState::Random,
        source: Source::Manual,
        recorded_at: now() - TimeDelta::minutes(minutes_ago),
        notes_sealed: None,
        version: 1,
    }
}

fn keyed(minutes_ago: i64, key: &str) -> StoredReading {
    StoredReading { origin_key: Some(key.into()), ..reading(minutes_ago, 120.0) }
}

/// Stores readings; how many were new.
pub async fn add(store: &Store, patient: PatientId, rows: &[StoredReading]) -> usize {
    let mut tx = store.begin().await.unwrap();
    let added = readings::add(&mut tx, patient, rows, now()).await.unwrap().len();
    tx.commit().await.unwrap();
    added
}

async fn list(store: &Store, patient: PatientId) -> Vec<StoredReading> {
    readings::list(store, patient, DateTime::<Utc>::MIN_UTC, NEWEST, 1000).await.unwrap()
}

async fn delete(store: &Store, patient: PatientId, id: ReadingId) -> bool {
    let mut tx = store.begin().await.unwrap();
    let deleted = readings::delete(&mut tx, patient, id, now()).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}

async fn new_import(store: &Store, patient: PatientId) -> ImportId {
    let import =
        imports::StoredImport { id: ImportId(Uuid::now_v7()), status: ImportStatus::Preview, summary: "{}".into() };
    let mut tx = store.begin().await.unwrap();
    imports::add(&mut tx, patient, &import, vec![1], now()).await.unwrap();
    tx.commit().await.unwrap();
    import.id
}

/// Stores an import's rows and marks it as confirmed; how many were new.
async fn confirm(store: &Store, patient: PatientId, import: ImportId, rows: &[StoredReading]) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let added = readings::add_import(&mut tx, patient, import, rows, now()).await.unwrap();
    let (from, to) = (ImportStatus::Preview, ImportStatus::Confirmed);
    assert!(imports::advance(&mut tx, patient, import, from, to, "{}", now()).await.unwrap());
    tx.commit().await.unwrap();
    added
}

async fn undo(store: &Store, patient: PatientId, import: ImportId) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let removed = readings::delete_import(&mut tx, patient, import, now()).await.unwrap();
    let (from, to) = (ImportStatus::Confirmed, ImportStatus::Undone);
    assert!(imports::advance(&mut tx, patient, import, from, to, "{}", now()).await.unwrap());
    tx.commit().await.unwrap();
    removed
}

on_both_engines!(a_deleted_reading_is_gone_from_every_read_and_comes_back_unchanged, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let kept = StoredReading { notes_sealed: Some(vec![1, 2, 3]), clip: Some(Clip::Low), ..keyed(5, "c:a") };
    assert_eq!(add(&db.store, mine, std::slice::from_ref(&kept)).await, 1);

    assert!(!delete(&db.store, other, kept.id).await, "another patient cannot delete it");
    assert!(delete(&db.store, mine, kept.id).await);
    assert!(!delete(&db.store, mine, kept.id).await, "it is deleted once");
    assert_eq!(list(&db.store, mine).await, []);
    assert_eq!(readings::get(&db.store, mine, kept.id).await.unwrap(), None);
    let long_ago = now() - TimeDelta::days(9);
    assert_eq!(readings::samples(&db.store, mine, long_ago, now()).await.unwrap(), []);
    assert_eq!(readings::samples_up_to_newest(&db.store, mine, TimeDelta::days(9)).await.unwrap(), []);
    assert!(readings::quarters_since(&db.store, mine, long_ago).await.unwrap().is_empty());
    assert_eq!(readings::by_meter(&db.store, mine, long_ago, now()).await.unwrap(), []);
    assert_eq!(add(&db.store, mine, &[keyed(5, "c:a")]).await, 0, "a client's late repetition does not revive it");

    let mut tx = db.store.begin().await.unwrap();
    assert!(!readings::restore(&mut tx, other, kept.id, now()).await.unwrap());
    assert!(readings::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    assert!(!readings::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(list(&db.store, mine).await, [StoredReading { version: 3, ..kept }]);
});

on_both_engines!(undoing_an_import_removes_its_rows_only_and_the_next_one_brings_them_back, |db| async {
    let mine = patient(&db.store, 1).await;
    add(&db.store, mine, &[reading(1, 100.0)]).await;
    let file: Vec<_> = (0..5).map(|n| keyed(n, &format!("i:{n}"))).collect();
    let keys: Vec<String> = file.iter().filter_map(|row| row.origin_key.clone()).collect();
    let again = || -> Vec<_> { (0..5).map(|n| keyed(n, &format!("i:{n}"))).collect() };

    let first = new_import(&db.store, mine).await;
    assert_eq!(readings::count_known(&db.store, mine, &keys).await.unwrap(), 0);
    assert_eq!(confirm(&db.store, mine, first, &file).await, 5);
    assert_eq!(readings::count_known(&db.store, mine, &keys).await.unwrap(), 5);
    let second = new_import(&db.store, mine).await;
    assert_eq!(confirm(&db.store, mine, second, &again()).await, 0, "the same file twice adds nothing");

    assert!(delete(&db.store, mine, file[4].id).await);
    assert_eq!(readings::count_known(&db.store, mine, &keys).await.unwrap(), 5, "one deleted by hand stays known");
    let third = new_import(&db.store, mine).await;
    assert_eq!(confirm(&db.store, mine, third, &again()).await, 0, "and no later export brings it back");

    assert_eq!(undo(&db.store, mine, first).await, 4);
    assert_eq!(list(&db.store, mine).await.len(), 1);
    assert_eq!(readings::count_known(&db.store, mine, &keys).await.unwrap(), 0);
    let fourth = new_import(&db.store, mine).await;
    assert_eq!(confirm(&db.store, mine, fourth, &again()).await, 5);
    let ids: Vec<_> = list(&db.store, mine).await.into_iter().map(|row| row.id).collect();
    assert!(file.iter().all(|row| ids.contains(&row.id)), "the rows keep their ids");
    assert_eq!(undo(&db.store, mine, fourth).await, 5, "revived rows belong to the later import");
});

on_both_engines!(a_reading_is_stored_once_for_each_key_of_a_patient, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let first = keyed(3, "c:a");
    assert_eq!(add(&db.store, mine, &[first.clone(), keyed(3, "c:a"), keyed(2, "c:b")]).await, 2);
    assert_eq!(add(&db.store, mine, &[keyed(3, "c:a"), reading(1, 90.0), reading(1, 90.0)]).await, 2);
    assert_eq!(add(&db.store, other, &[keyed(3, "c:a")]).await, 1, "another patient's client may use the same id");

    let mut tx = db.store.begin().await.unwrap();
    let known = readings::by_origin(&mut tx, mine, &["c:a".into(), "c:z".into()]).await.unwrap();
    assert_eq!(known, [first]);
    assert_eq!(readings::by_origin(&mut tx, mine, &[]).await.unwrap(), []);
});

on_both_engines!(every_field_reads_back_as_it_was_stored, |db| async {
    let mine = patient(&db.store, 1).await;
    let mut rows = Vec::new();
    for (n, state) in MealState::ALL.iter().enumerate() {
        let source = Source::ALL[n % Source::ALL.len()];
        let value = 4.1 + 0.1 * f64::from(u8::try_from(n).unwrap());
        let (glucose, clip) = match n % 3 {
            0 => (Glucose::stored(value, Unit::MmolL), Some(Clip::High)),
            1 => (Glucose::stored(100.0, Unit::MgDl), Some(Clip::Low)),
            _ => (Glucose::stored(99.5, Unit::MgDl), None),
        };
        let minutes = i64::try_from(n).unwrap();
        rows.push(StoredReading { state: *state, source, glucose, clip, ..reading(minutes, 0.0) });
    }
    add(&db.store, mine, &rows).await;
    assert_eq!(list(&db.store, mine).await, rows);
    let newest = &rows[0];
    assert_eq!(readings::get(&db.store, mine, newest.id).await.unwrap().as_ref(), Some(newest));
    let other = patient(&db.store, 2).await;
    assert_eq!(readings::get(&db.store, other, newest.id).await.unwrap(), None);
});

on_both_engines!(pages_neither_repeat_nor_skip_readings_of_the_same_instant, |db| async {
    let mine = patient(&db.store, 1).await;
    let rows: Vec<_> = (0..50).map(|n| reading(n / 7, 100.0)).collect();
    add(&db.store, mine, &rows).await;
    let (from, mut before, mut seen) = (now() - TimeDelta::minutes(6), NEWEST, Vec::new());
    loop {
        let page = readings::list(&db.store, mine, from, before, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Cursor { at_ms: last.recorded_at.timestamp_millis(), id: last.id.0 };
        seen.extend(page);
    }
    let mut expected: Vec<_> = rows.into_iter().filter(|row| row.recorded_at >= from).collect();
    expected.sort_by_key(|row| std::cmp::Reverse((row.recorded_at, row.id)));
    assert_eq!(seen, expected);
});

on_both_engines!(samples_are_those_of_the_half_open_period_oldest_first, |db| async {
    let mine = patient(&db.store, 1).await;
    let sensor = StoredReading { source: Source::Sensor, ..reading(30, 111.0) };
    add(&db.store, mine, &[reading(0, 100.0), reading(60, 90.0), sensor, reading(90, 80.0)]).await;
    let values = |from: i64, to: i64| {
        let store = db.store.clone();
        async move {
            let (from, to) = (now() - TimeDelta::minutes(from), now() - TimeDelta::minutes(to));
            let samples = readings::samples(&store, mine, from, to).await.unwrap();
            let values: Vec<_> = samples.iter().map(|s| (s.glucose.value(), s.sensor)).collect();
            let meter = readings::by_meter(&store, mine, from, to).await.unwrap();
            (values, meter.iter().map(|row| row.glucose.value()).collect::<Vec<_>>())
        }
    };
    assert_eq!(values(60, 0).await, (vec![(90.0, false), (111.0, true)], vec![90.0]));
    let newest = readings::samples_up_to_newest(&db.store, mine, TimeDelta::minutes(60)).await.unwrap();
    assert_eq!(newest.iter().map(|s| s.glucose.value()).collect::<Vec<_>>(), [111.0, 100.0]);

    let mut quarters = readings::quarters_since(&db.store, mine, now() - TimeDelta::hours(2)).await.unwrap();
    quarters.sort();
    let ago: Vec<_> = quarters.into_iter().map(|at| (now() - at).num_minutes()).collect();
    assert_eq!(ago, [90, 60, 30, 0]);
});

on_both_engines!(a_change_needs_the_present_version, |db| async {
    let mine = patient(&db.store, 1).await;
    let row = reading(5, 120.0);
    add(&db.store, mine, std::slice::from_ref(&row)).await;
    let changed = StoredReading {
        glucose: Glucose::stored(7.1, Unit::MmolL),
        state: MealState::Bedtime,
        notes_sealed: Some(vec![7]),
        recorded_at: now() - TimeDelta::minutes(9),
        ..row
    };
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(readings::change(&mut tx, mine, &changed, now()).await.unwrap(), Some(2));
    assert_eq!(readings::change(&mut tx, mine, &changed, now()).await.unwrap(), None, "version 1 is over");
    let stored = readings::get_in(&mut tx, mine, changed.id).await.unwrap();
    assert_eq!(stored, Some(StoredReading { version: 2, ..changed }));
});

on_both_engines!(more_rows_than_one_statement_takes_go_in_by_chunks, |db| async {
    let mine = patient(&db.store, 1).await;
    let rows: Vec<_> = (0..=2 * readings::CHUNK).map(|n| keyed(n.try_into().unwrap(), &format!("i:{n}"))).collect();
    let import = new_import(&db.store, mine).await;
    assert_eq!(confirm(&db.store, mine, import, &rows).await, rows.len() as u64);
    let keys: Vec<String> = rows.iter().filter_map(|row| row.origin_key.clone()).collect();
    assert_eq!(readings::count_known(&db.store, mine, &keys).await.unwrap(), i64::try_from(rows.len()).unwrap());
});

on_both_engines!(the_list_is_answered_from_its_covering_index_alone, |db| async {
    let mine = patient(&db.store, 1).await;
    for index in 2..30 {
        let other = patient(&db.store, index).await;
        add(&db.store, other, &(0..200).map(|n| reading(n, 100.0)).collect::<Vec<_>>()).await;
    }
    add(&db.store, mine, &(0..200).map(|n| reading(n, 100.0)).collect::<Vec<_>>()).await;
    let plan = match &db.store {
        Store::Sqlite { read, .. } => {
            let sql = "EXPLAIN QUERY PLAN
                 SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
                 FROM readings
                 WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND (recorded_at, id) < ($3, $4)
                 ORDER BY recorded_at DESC, id DESC LIMIT $5";
            let plan = sqlx::query(sql).bind(mine.0).bind(0i64).bind(i64::MAX).bind(Uuid::nil()).bind(101i64);
            let rows = plan.fetch_all(read).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
        }
        Store::Postgres(pool) => {
            sqlx::raw_sql("VACUUM ANALYZE readings").execute(pool).await.unwrap();
            let sql = "EXPLAIN (COSTS OFF)
                 SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
                 FROM readings
                 WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND (recorded_at, id) < ($3, $4)
                 ORDER BY recorded_at DESC, id DESC LIMIT $5";
            let plan = sqlx::query(sql).bind(mine.0).bind(0i64).bind(i64::MAX).bind(Uuid::nil()).bind(101i64);
            let rows = plan.fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
        }
    };
    let wanted: &[&str] = match &db.store {
        Store::Sqlite { .. } => &["USING COVERING INDEX readings_patient_recorded", "patient_id=?", "recorded_at"],
        Store::Postgres(_) => &["Index Only Scan using readings_patient_recorded", "ROW(recorded_at, id)"],
    };
    for part in wanted {
        assert!(plan.contains(part), "{part} is not in:\n{plan}");
    }
    for part in ["TEMP B-TREE", "Sort", "Filter"] {
        assert!(!plan.contains(part), "{part} is in:\n{plan}");
    }
});
