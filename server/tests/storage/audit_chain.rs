//! `storage::{audit_chain, trail}`: the chain beside the audit trail, and how the trail is read.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::SessionId,
    page::Cursor,
    people::{Actor, Role},
    trail::TrailQuery,
};
use server::storage::{
    audit,
    audit_chain::{self, Signed},
    trail,
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

on_both_engines!(a_chain_is_cut_added_to_signed_and_read, |db| async {
    let (store, now) = (&db.store, TestClock::new().now());
    let user = add_user(store, Role::Doctor, 1).await;
    let patient = add_user(store, Role::Patient, 2).await;
    let actor = Actor { user, role: Role::Doctor, session: SessionId(Uuid::now_v7()) };
    assert!(!audit_chain::any_waiting(store).await.unwrap());
    let mut tx = store.begin().await.unwrap();
    let entry = audit::Entry::by(&actor, "patient.view", now).of(patient.into()).on("patients", patient.0);
    audit::add_all(&mut tx, &[entry, entry.refused("read-meals"), entry.from(Some([10, 0, 0, 1].into()))])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(audit_chain::any_waiting(store).await.unwrap());

    let mut tx = store.begin().await.unwrap();
    audit_chain::lock(&mut tx).await.unwrap();
    assert_eq!(audit_chain::last(&mut tx).await.unwrap(), None);
    let rows = audit_chain::waiting(&mut tx, 10).await.unwrap();
    let links: Vec<_> = (1..).zip(&rows).map(|(seq, row)| (seq, row.id, [7; 32])).collect();
    audit_chain::add(&mut tx, &links).await.unwrap();
    assert_eq!(audit_chain::last(&mut tx).await.unwrap(), Some((3, vec![7; 32])));
    assert_eq!(audit_chain::waiting(&mut tx, 10).await.unwrap(), []);
    let head = Signed { seq: 3, at: now, mac: vec![7; 32], signature: vec![1; 64] };
    assert_eq!(audit_chain::newest_head(&mut tx).await.unwrap(), None);
    audit_chain::add_head(&mut tx, &head).await.unwrap();
    assert_eq!(audit_chain::newest_head(&mut tx).await.unwrap(), Some(head.clone()));
    tx.commit().await.unwrap();
    assert_eq!(audit_chain::heads(store).await.unwrap(), [head]);
    assert_eq!(audit_chain::ends(store).await.unwrap(), (Some(3), Some((3, now))));
    let read = audit_chain::links_after(store, 1, 10).await.unwrap();
    assert_eq!(read.iter().map(|link| link.seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(read[0].entry.as_ref(), Some(&rows[1]));

    assert_eq!(audit_chain::newest_cut(store).await.unwrap(), None);
    let cut = Signed { seq: 2, at: now, mac: vec![7; 32], signature: vec![1; 64] };
    let mut tx = store.begin().await.unwrap();
    assert_eq!(audit_chain::newest_cut_in(&mut tx).await.unwrap(), 0);
    audit_chain::cut(&mut tx, &cut).await.unwrap();
    assert_eq!(audit_chain::newest_cut_in(&mut tx).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(audit_chain::newest_cut(store).await.unwrap(), Some(cut));
    assert_eq!(audit_chain::links_after(store, 0, 10).await.unwrap().len(), 1);
    let later = now + TimeDelta::days(1);
    assert_eq!(audit_chain::outside(store, later).await.unwrap(), (0, None));
    assert_eq!(audit_chain::gone_while_waiting(store).await.unwrap(), (0, None));

    let top = Cursor { at_ms: i64::MAX, id: Uuid::nil() };
    let all = trail::search(store, &TrailQuery::default(), DateTime::<Utc>::MIN_UTC, top, 10).await.unwrap();
    assert_eq!(all.iter().map(|line| line.address.as_deref()).collect::<Vec<_>>(), [Some("10.0.0.1")]);
    let of = trail::of_patient(store, patient.into(), DateTime::<Utc>::MIN_UTC, top, 10).await.unwrap();
    assert_eq!(of.iter().map(|row| (row.actor, row.allowed)).collect::<Vec<_>>(), [(user, true)]);
});
