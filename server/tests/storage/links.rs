//! `storage::links`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    consent::{DataType, LinkKind, LinkStatus},
    ids::{LinkId, UserId},
    people::{Language, Role},
};
use server::{
    error::is_unique_violation,
    storage::{Store, links},
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

const CONSENT: Option<(&str, Language)> = Some(("2026-11", Language::Hindi));

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

fn new(patient: UserId, viewer: UserId, kind: LinkKind) -> links::NewLink<'static> {
    links::NewLink {
        id: LinkId(Uuid::now_v7()),
        kind,
        patient: patient.into(),
        viewer,
        awaits: viewer,
        label_sealed: Some(vec![5]),
        data_types: &[DataType::Glucose, DataType::Alerts],
        consent: CONSENT,
        at: now(),
        until: None,
    }
}

async fn add(store: &Store, new: &links::NewLink<'_>) -> LinkId {
    let mut tx = store.begin().await.unwrap();
    links::add(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

async fn accept(store: &Store, id: LinkId, by: UserId) -> bool {
    let mut tx = store.begin().await.unwrap();
    let accepted = links::accept(&mut tx, id, by, None, now()).await.unwrap();
    tx.commit().await.unwrap();
    accepted.is_some()
}

on_both_engines!(there_is_one_live_link_of_a_kind_between_two, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let viewer = add_user(&db.store, Role::Doctor, 2).await;
    let id = add(&db.store, &new(patient, viewer, LinkKind::Care)).await;
    let found = async |kind| {
        let mut tx = db.store.begin().await.unwrap();
        links::between(&mut tx, patient.into(), viewer, kind).await.unwrap()
    };
    assert_eq!(found(LinkKind::Care).await, Some((id, LinkStatus::Pending)));
    assert_eq!(found(LinkKind::Family).await, None);
    assert!(accept(&db.store, id, viewer).await);
    assert_eq!(found(LinkKind::Care).await, Some((id, LinkStatus::Active)));
    let mut tx = db.store.begin().await.unwrap();
    links::end(&mut tx, id, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(LinkKind::Care).await, None);
});

on_both_engines!(an_ended_link_opens_nothing_and_makes_room_for_another, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let viewer = add_user(&db.store, Role::Caregiver, 2).await;
    let id = add(&db.store, &new(patient, viewer, LinkKind::Family)).await;
    assert!(accept(&db.store, id, viewer).await);
    assert_eq!(links::in_force(&db.store, patient.into(), viewer, now()).await.unwrap().len(), 1);

    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(links::end(&mut tx, id, now()).await.unwrap(), Some(patient.into()));
    assert_eq!(links::end(&mut tx, id, now()).await.unwrap(), None);
    assert_eq!(links::end(&mut tx, LinkId(Uuid::now_v7()), now()).await.unwrap(), None);
    assert_eq!(links::count_live(&mut tx, patient.into()).await.unwrap(), 0);
    let sides = links::sides(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(
        sides,
        links::Sides { kind: LinkKind::Family, status: LinkStatus::Ended, patient: patient.into(), viewer }
    );
    tx.commit().await.unwrap();
    assert_eq!(links::in_force(&db.store, patient.into(), viewer, now()).await.unwrap(), []);
    assert!(!links::follows(&db.store, viewer, now()).await.unwrap());
    add(&db.store, &new(patient, viewer, LinkKind::Family)).await;
});

on_both_engines!(two_people_have_one_live_link_of_a_kind, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let viewer = add_user(&db.store, Role::Doctor, 2).await;
    add(&db.store, &new(patient, viewer, LinkKind::Family)).await;
    add(&db.store, &new(patient, viewer, LinkKind::Care)).await;
    let mut tx = db.store.begin().await.unwrap();
    let twice = links::add(&mut tx, &new(patient, viewer, LinkKind::Care)).await;
    assert!(is_unique_violation(&twice.unwrap_err()));
});

on_both_engines!(only_who_is_awaited_puts_a_link_in_force_and_only_in_time, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let viewer = add_user(&db.store, Role::Caregiver, 2).await;
    let until = Some(now() + TimeDelta::hours(1));
    let id = add(&db.store, &links::NewLink { until, ..new(patient, viewer, LinkKind::Family) }).await;
    assert_eq!(links::in_force(&db.store, patient.into(), viewer, now()).await.unwrap(), [], "pending");
    assert!(links::follows(&db.store, viewer, now()).await.unwrap(), "is asked to");
    assert!(!accept(&db.store, id, patient).await);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(links::accept(&mut tx, id, viewer, None, now() + TimeDelta::hours(1)).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert!(accept(&db.store, id, viewer).await);
    assert!(!accept(&db.store, id, viewer).await);

    let force = [(LinkKind::Family, vec![DataType::Glucose, DataType::Alerts])];
    assert_eq!(links::in_force(&db.store, patient.into(), viewer, now()).await.unwrap(), force);
    let over = now() + TimeDelta::hours(1);
    assert_eq!(links::in_force(&db.store, patient.into(), viewer, over).await.unwrap(), [], "over by itself");
    assert_eq!(links::of_patient(&db.store, patient.into(), over).await.unwrap(), []);
    assert_eq!(links::of_viewer(&db.store, viewer, over).await.unwrap(), []);

    let mut tx = db.store.begin().await.unwrap();
    links::end_overdue(&mut tx, patient.into(), now()).await.unwrap();
    assert_eq!(links::count_live(&mut tx, patient.into()).await.unwrap(), 1);
    links::end_overdue(&mut tx, patient.into(), over).await.unwrap();
    assert_eq!(links::count_live(&mut tx, patient.into()).await.unwrap(), 0);
});

on_both_engines!(both_sides_see_a_link_with_the_other_one, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let viewer = add_user(&db.store, Role::Caregiver, 2).await;
    let id = add(&db.store, &new(patient, viewer, LinkKind::Family)).await;
    let mut seen = links::of_patient(&db.store, patient.into(), now()).await.unwrap();
    let mut expected = links::WithOther {
        id,
        kind: LinkKind::Family,
        status: LinkStatus::Pending,
        patient: patient.into(),
        viewer,
        awaits: Some(viewer),
        label_sealed: Some(vec![5]),
        data_types: vec![DataType::Glucose, DataType::Alerts],
        since: None,
        until: None,
        other_name_sealed: None,
        other_phone_sealed: vec![2, 1],
        other_clinic: None,
    };
    assert_eq!(seen.pop(), Some(expected.clone()));
    expected.other_phone_sealed = vec![1, 1];
    assert_eq!(links::of_viewer(&db.store, viewer, now()).await.unwrap(), [expected.clone()]);

    assert!(accept(&db.store, id, viewer).await);
    expected = links::WithOther { status: LinkStatus::Active, awaits: None, since: Some(now()), ..expected };
    assert_eq!(links::of_viewer(&db.store, viewer, now()).await.unwrap(), [expected]);
});

on_both_engines!(doctors_links_are_listed_newest_first, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let doctor = add_user(&db.store, Role::Doctor, 2).await;
    let other = add_user(&db.store, Role::Doctor, 3).await;
    let awaits_patient = |viewer| links::NewLink { awaits: patient, ..new(patient, viewer, LinkKind::Care) };
    let first = add(&db.store, &awaits_patient(doctor)).await;
    let second = add(&db.store, &awaits_patient(other)).await;
    add(&db.store, &new(patient, doctor, LinkKind::Family)).await;
    assert_eq!(links::of_viewer(&db.store, other, now()).await.unwrap(), [], "awaits the patient");
    let listed = links::newest_care(&db.store).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|l| (l.id, l.status, l.doctor, l.patient_phone_sealed)).collect();
    assert_eq!(
        listed,
        [(second, LinkStatus::Pending, other, vec![1, 1]), (first, LinkStatus::Pending, doctor, vec![1, 1])]
    );
});

on_both_engines!(a_viewers_live_links_are_those_that_have_not_ended, |db| async {
    let viewer = add_user(&db.store, Role::Caregiver, 1).await;
    let mut live = Vec::new();
    for n in 2..5 {
        let patient = add_user(&db.store, Role::Patient, n).await;
        let id = add(&db.store, &new(patient, viewer, LinkKind::Family)).await;
        live.push((id, patient.into()));
    }
    assert!(accept(&db.store, live[1].0, viewer).await);
    let mut tx = db.store.begin().await.unwrap();
    links::end(&mut tx, live.remove(0).0, now()).await.unwrap();
    assert_eq!(links::live_of_viewer(&mut tx, viewer).await.unwrap(), live);
    assert_eq!(links::live_of_viewer(&mut tx, UserId(Uuid::now_v7())).await.unwrap(), []);
});
