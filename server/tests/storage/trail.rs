//! `storage::{audit, outbox, inbox}`: what every write leaves behind, and who has dealt with it.

use chrono::TimeDelta;
use domain::{
    clock::Clock,
    events::{Event, EventKind},
    ids::{EventId, SessionId},
    people::{Actor, Role},
};
use server::storage::{Store, audit, inbox, outbox};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

async fn count(store: &Store, table: &'static str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    match store {
        Store::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.unwrap(),
        Store::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
    }
}

on_both_engines!(what_was_written_with_a_change_that_is_rolled_back_is_gone_too, |db| async {
    let now = TestClock::new().now();
    let user = add_user(&db.store, Role::Patient, 1).await;
    let actor = Actor { user, role: Role::Patient, session: SessionId(Uuid::now_v7()) };
    for commit in [false, true] {
        let mut tx = db.store.begin().await.unwrap();
        let entry = audit::Entry::by(&actor, "link.end", now).on("links", Uuid::now_v7()).of(user.into());
        audit::add(&mut tx, entry).await.unwrap();
        audit::add(&mut tx, audit::Entry::by_nobody("user.add", now)).await.unwrap();
        let event = Event { id: EventId(Uuid::now_v7()), kind: EventKind::LinksChanged, patient: user.into(), at: now };
        outbox::add(&mut tx, event).await.unwrap();
        if commit {
            tx.commit().await.unwrap();
        } else {
            drop(tx);
        }
        let (audits, events) = if commit { (2, 1) } else { (0, 0) };
        assert_eq!((count(&db.store, "audit").await, count(&db.store, "outbox").await), (audits, events));
    }
});

on_both_engines!(a_thousand_and_one_lines_of_the_trail_go_in_at_once, |db| async {
    let now = TestClock::new().now();
    let mut tx = db.store.begin().await.unwrap();
    audit::add_all(&mut tx, &vec![audit::Entry::by_nobody("user.add", now); 1_001]).await.unwrap();
    audit::add_all(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&db.store, "audit").await, 1_001);
});

on_both_engines!(events_wait_in_order_until_they_are_carried_and_are_forgotten_some_time_after, |db| async {
    let now = TestClock::new().now();
    let patient = add_user(&db.store, Role::Patient, 1).await.into();
    assert!(!outbox::any_waiting(&db.store).await.unwrap());
    let mut tx = db.store.begin().await.unwrap();
    let mut events = Vec::new();
    for kind in EventKind::ALL {
        events.push(Event { id: EventId(Uuid::now_v7()), kind, patient, at: now });
        outbox::add(&mut tx, events[events.len() - 1]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(outbox::any_waiting(&db.store).await.unwrap());

    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(outbox::waiting(&mut tx, 2).await.unwrap(), events[..2]);
    outbox::mark_sent(&mut tx, events[0].id, now).await.unwrap();
    assert_eq!(outbox::waiting(&mut tx, 100).await.unwrap(), events[1..]);
    assert_eq!(outbox::purge(&mut tx, now).await.unwrap(), 0, "what was carried at that instant is kept");
    assert_eq!(outbox::purge(&mut tx, now + TimeDelta::seconds(1)).await.unwrap(), 1, "what waits is kept");
    assert_eq!(outbox::waiting(&mut tx, 100).await.unwrap(), events[1..]);
    tx.commit().await.unwrap();
});

on_both_engines!(a_consumer_takes_an_event_once_and_others_take_it_for_themselves, |db| async {
    let now = TestClock::new().now();
    let event = EventId(Uuid::now_v7());
    for (consumer, first) in [("standing", true), ("standing", false), ("alerts", true)] {
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(inbox::take(&mut tx, consumer, event, now).await.unwrap(), first, "{consumer}");
        tx.commit().await.unwrap();
    }
    let mut tx = db.store.begin().await.unwrap();
    assert!(inbox::take(&mut tx, "standing", EventId(Uuid::now_v7()), now).await.unwrap());
    drop(tx);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(inbox::purge(&mut tx, now).await.unwrap(), 0);
    assert_eq!(
        inbox::purge(&mut tx, now + TimeDelta::seconds(1)).await.unwrap(),
        2,
        "what was rolled back was never taken"
    );
    assert!(inbox::take(&mut tx, "standing", event, now).await.unwrap(), "forgotten");
});
