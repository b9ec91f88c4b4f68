//! `storage::{consents, erasures}`: what was agreed to, and who asked to be forgotten.

use chrono::TimeDelta;
use domain::{
    clock::Clock,
    consent::{DataType, LinkKind},
    ids::LinkId,
    people::{Language, Role},
};
use server::storage::{
    consents::{self, Consent},
    erasures,
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

on_both_engines!(a_consent_stands_until_it_is_withdrawn, |db| async {
    let (store, now) = (&db.store, TestClock::new().now());
    let patient = add_user(store, Role::Patient, 1).await;
    let viewer = add_user(store, Role::Doctor, 2).await;
    let given = Consent {
        id: Uuid::now_v7(),
        patient: patient.into(),
        viewer,
        link: LinkId(Uuid::now_v7()),
        given: true,
        purpose: LinkKind::Care,
        data_types: DataType::ALL.to_vec(),
        text_version: "1".into(),
        language: Language::Hindi,
        at: now,
        until: None,
    };
    let mut tx = store.begin().await.unwrap();
    assert_eq!(consents::standing(&mut tx, given.link).await.unwrap(), None);
    consents::add(&mut tx, &given).await.unwrap();
    assert_eq!(consents::standing(&mut tx, given.link).await.unwrap(), Some(given.clone()));
    let withdrawn = Consent { id: Uuid::now_v7(), given: false, ..given.clone() };
    consents::add(&mut tx, &withdrawn).await.unwrap();
    assert_eq!(consents::standing(&mut tx, given.link).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(consents::of_patient(store, patient.into(), 1).await.unwrap().len(), 1);
    let rows = consents::of_patient(store, patient.into(), 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.role).collect::<Vec<_>>(), [Some(Role::Doctor); 2]);
    assert_eq!(rows.into_iter().map(|row| row.consent).collect::<Vec<_>>(), [withdrawn, given]);
});

on_both_engines!(an_erasure_is_cancelled_asked_for_once_and_done_when_due, |db| async {
    let (store, now) = (&db.store, TestClock::new().now());
    let user = add_user(store, Role::Patient, 1).await;
    let (soon, later) = (now + TimeDelta::days(7), now + TimeDelta::days(9));
    let mut tx = store.begin().await.unwrap();
    assert!(!erasures::cancel(&mut tx, user).await.unwrap());
    assert_eq!(erasures::ask(&mut tx, user, now, soon).await.unwrap(), soon);
    assert_eq!(erasures::ask(&mut tx, user, now, later).await.unwrap(), soon);
    assert!(!erasures::erase(&mut tx, user, &[9; 32], now).await.unwrap(), "too early");
    tx.commit().await.unwrap();
    assert_eq!(erasures::due_of(store, user).await.unwrap(), Some(soon));
    assert_eq!(erasures::due(store, now).await.unwrap(), []);
    assert_eq!(erasures::due(store, soon).await.unwrap(), [user]);
    let mut tx = store.begin().await.unwrap();
    assert!(erasures::erase(&mut tx, user, &[9; 32], soon).await.unwrap());
    assert!(!erasures::erase(&mut tx, user, &[9; 32], soon).await.unwrap(), "once");
    tx.commit().await.unwrap();
    assert_eq!(erasures::done_since(store, soon - TimeDelta::seconds(1)).await.unwrap(), [user]);
    assert_eq!(erasures::done_since(store, soon).await.unwrap(), []);
    store.settle().await.unwrap();
});
