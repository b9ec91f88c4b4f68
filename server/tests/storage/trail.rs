//! `storage::{audit, outbox}`: what every write leaves behind.

use domain::{
    clock::Clock,
    events::{Event, EventKind},
    ids::{EventId, SessionId},
    people::{Actor, Role},
};
use server::storage::{Store, audit, outbox};
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
