//! `storage::records` and `storage::record_files`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{PatientId, RecordId},
    page::Cursor,
    people::Role,
    records::{FileInfo, MediaType, RecordType},
};
use server::storage::{
    Store,
    record_files::{self, StoredFile},
    records::{self, StoredRecord},
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

fn record(record_type: RecordType, minutes_ago: i64, key: Option<&str>) -> StoredRecord {
    StoredRecord {
        id: RecordId(Uuid::now_v7()),
        origin_key: key.map(str::to_owned),
        record_type,
        content_sealed: vec![1, 2],
        recorded_at: now() - TimeDelta::minutes(minutes_ago),
        version: 1,
        file: None,
    }
}

fn file(size: u32) -> StoredFile {
    let info = FileInfo { media_type: MediaType::Pdf, size };
    StoredFile { id: Uuid::now_v7(), info, content_sealed: vec![7, 8, 9] }
}

async fn patient(store: &Store, index: u8) -> PatientId {
    add_user(store, Role::Patient, index).await.into()
}

async fn add(store: &Store, patient: PatientId, record: &StoredRecord) -> bool {
    let mut tx = store.begin().await.unwrap();
    let added = records::add(&mut tx, patient, record, now()).await.unwrap();
    tx.commit().await.unwrap();
    added
}

const NEWEST: Cursor = Cursor { at_ms: i64::MAX, id: Uuid::nil() };

async fn list(
    store: &Store,
    patient: PatientId,
    kind: Option<RecordType>,
    before: Cursor,
    limit: i64,
) -> Vec<StoredRecord> {
    records::list(store, patient, kind, DateTime::<Utc>::MIN_UTC, before, limit).await.unwrap()
}

on_both_engines!(a_deleted_record_is_gone_from_every_read_and_comes_back_with_its_file, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let kept = record(RecordType::LabReport, 5, Some("c:a"));
    assert!(add(&db.store, mine, &kept).await);
    let pdf = file(40);
    let mut tx = db.store.begin().await.unwrap();
    record_files::put(&mut tx, mine, kept.id, &pdf, now()).await.unwrap();
    assert!(!records::delete(&mut tx, other, kept.id, now()).await.unwrap());
    assert!(records::delete(&mut tx, mine, kept.id, now()).await.unwrap());
    assert!(!records::delete(&mut tx, mine, kept.id, now()).await.unwrap());
    assert_eq!(records::get_in(&mut tx, mine, kept.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(records::get(&db.store, mine, kept.id).await.unwrap(), None);
    assert_eq!(list(&db.store, mine, None, NEWEST, 9).await, []);
    assert_eq!(record_files::get(&db.store, mine, kept.id).await.unwrap(), None);
    assert!(!add(&db.store, mine, &record(RecordType::LabReport, 5, Some("c:a"))).await, "a late repetition");

    let mut tx = db.store.begin().await.unwrap();
    assert!(!records::restore(&mut tx, other, kept.id, now()).await.unwrap());
    assert!(records::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    assert!(!records::restore(&mut tx, mine, kept.id, now()).await.unwrap());
    tx.commit().await.unwrap();
    let restored = StoredRecord { version: 3, file: Some(pdf.info), ..kept };
    assert_eq!(records::get(&db.store, mine, restored.id).await.unwrap().as_ref(), Some(&restored));
    assert_eq!(list(&db.store, mine, None, NEWEST, 9).await, std::slice::from_ref(&restored));
    assert_eq!(record_files::get(&db.store, mine, restored.id).await.unwrap(), Some(pdf));
    assert_eq!(record_files::get(&db.store, other, restored.id).await.unwrap(), None);
});

on_both_engines!(a_record_is_stored_once_for_each_key_of_a_patient, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let first = record(RecordType::Weight, 5, Some("c:a"));
    assert!(add(&db.store, mine, &first).await);
    assert!(!add(&db.store, mine, &record(RecordType::Dose, 5, Some("c:a"))).await);
    assert!(add(&db.store, other, &record(RecordType::Weight, 5, Some("c:a"))).await);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(records::by_origin(&mut tx, mine, "c:a").await.unwrap(), Some(first));
    assert_eq!(records::by_origin(&mut tx, mine, "c:b").await.unwrap(), None);
});

on_both_engines!(records_come_newest_first_in_pages_of_all_types_or_of_one, |db| async {
    let mine = patient(&db.store, 1).await;
    let kinds = [RecordType::Weight, RecordType::LabReport, RecordType::Weight];
    let rows: Vec<_> = (0..7).map(|n| record(kinds[usize::try_from(n).unwrap() % 3], n / 2, None)).collect();
    for row in &rows {
        assert!(add(&db.store, mine, row).await);
    }
    let mut expected = rows;
    expected.sort_by_key(|row| std::cmp::Reverse((row.recorded_at, row.id)));
    let first = list(&db.store, mine, None, NEWEST, 3).await;
    assert_eq!(first, expected[..3]);
    let last = &first[2];
    let after = Cursor { at_ms: last.recorded_at.timestamp_millis(), id: last.id.0 };
    assert_eq!(list(&db.store, mine, None, after, 100).await, expected[3..]);
    let recent = records::list(&db.store, mine, None, now() - TimeDelta::minutes(1), NEWEST, 100).await.unwrap();
    assert_eq!(recent, expected[..4]);
    expected.retain(|row| row.record_type == RecordType::LabReport);
    assert_eq!(list(&db.store, mine, Some(RecordType::LabReport), NEWEST, 100).await, expected);
    assert_eq!(list(&db.store, mine, Some(RecordType::Dose), NEWEST, 100).await, []);
});

on_both_engines!(a_change_of_a_record_needs_the_present_version, |db| async {
    let mine = patient(&db.store, 1).await;
    let row = record(RecordType::Weight, 5, None);
    add(&db.store, mine, &row).await;
    let changed = StoredRecord { content_sealed: vec![9], recorded_at: now(), ..row };
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(records::change(&mut tx, mine, &changed, now()).await.unwrap(), Some(2));
    assert_eq!(records::change(&mut tx, mine, &changed, now()).await.unwrap(), None);
    let stored = records::get_in(&mut tx, mine, changed.id).await.unwrap();
    assert_eq!(stored, Some(StoredRecord { version: 2, ..changed }));
});

on_both_engines!(a_record_has_one_file_and_the_one_that_was_removed_last_comes_back, |db| async {
    let (mine, other) = (patient(&db.store, 1).await, patient(&db.store, 2).await);
    let row = record(RecordType::LabReport, 5, None);
    add(&db.store, mine, &row).await;
    let (first, second) = (file(40), file(50));
    let mut tx = db.store.begin().await.unwrap();
    record_files::put(&mut tx, mine, row.id, &first, now()).await.unwrap();
    record_files::put(&mut tx, mine, row.id, &second, now() + TimeDelta::seconds(1)).await.unwrap();
    let info = async |tx: &mut server::storage::Tx| records::get_in(tx, mine, row.id).await.unwrap().unwrap().file;
    assert_eq!(info(&mut tx).await, Some(second.info));
    assert!(!record_files::restore(&mut tx, mine, row.id).await.unwrap(), "another has its place");
    assert!(!record_files::delete(&mut tx, other, row.id, now()).await.unwrap());
    assert!(record_files::delete(&mut tx, mine, row.id, now() + TimeDelta::seconds(2)).await.unwrap());
    assert!(!record_files::delete(&mut tx, mine, row.id, now()).await.unwrap());
    assert_eq!(info(&mut tx).await, None);
    assert!(!record_files::restore(&mut tx, other, row.id).await.unwrap());
    assert!(record_files::restore(&mut tx, mine, row.id).await.unwrap());
    assert_eq!(info(&mut tx).await, Some(second.info));
    assert!(record_files::touch(&mut tx, mine, row.id, now()).await.unwrap());
    assert!(!record_files::touch(&mut tx, other, row.id, now()).await.unwrap());
    assert_eq!(records::get_in(&mut tx, mine, row.id).await.unwrap().unwrap().version, 2);
});
