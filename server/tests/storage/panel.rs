//! `storage::{panel, reviews, standing}`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::{Clock, DEFAULT_ZONE},
    consent::{DataType, LinkKind},
    ids::{LinkId, PatientId, UserId},
    people::{Preset, Role},
};
use server::storage::{Store, links, panel, reviews, standing, targets};
use uuid::Uuid;

use super::{
    people::add_user,
    readings::{add as add_readings, reading},
};
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

pub async fn link(store: &Store, patient: UserId, viewer: UserId, kind: LinkKind, types: &[DataType]) -> LinkId {
    let id = LinkId(Uuid::now_v7());
    let new = links::NewLink {
        id,
        kind,
        patient: patient.into(),
        viewer,
        awaits: viewer,
        label_sealed: None,
        data_types: types,
        consent: None,
        at: now(),
        until: None,
    };
    let mut tx = store.begin().await.unwrap();
    links::add(&mut tx, &new).await.unwrap();
    assert!(links::accept(&mut tx, id, viewer, None, now()).await.unwrap().is_some());
    tx.commit().await.unwrap();
    id
}

async fn end(store: &Store, link: LinkId) {
    let mut tx = store.begin().await.unwrap();
    assert!(links::end(&mut tx, link, now()).await.unwrap().is_some());
    tx.commit().await.unwrap();
}

on_both_engines!(an_undone_review_does_not_count_and_only_ones_own_is_undone, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let (doctor, colleague) = (add_user(&db.store, Role::Doctor, 2).await, add_user(&db.store, Role::Doctor, 3).await);
    let reviewed = || async { panel::one(&db.store, patient.into()).await.unwrap().unwrap().reviewed_at };
    assert_eq!(reviewed().await, None);
    let (early, late) = (now() - TimeDelta::hours(2), now() - TimeDelta::hours(1));
    let day = now().date_naive() + chrono::Days::new(14);
    let due = || async { panel::one(&db.store, patient.into()).await.unwrap().unwrap().due_on };
    let mut tx = db.store.begin().await.unwrap();
    reviews::add(&mut tx, Uuid::now_v7(), patient.into(), colleague, None, early).await.unwrap();
    reviews::add(&mut tx, Uuid::now_v7(), patient.into(), doctor, Some(day), late).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((reviewed().await, due().await), (Some(late), Some(day)));
    let mut tx = db.store.begin().await.unwrap();
    assert!(reviews::undo_newest(&mut tx, patient.into(), doctor, now()).await.unwrap());
    assert!(!reviews::undo_newest(&mut tx, patient.into(), doctor, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((reviewed().await, due().await), (Some(early), None), "the day went with its review");
});

on_both_engines!(a_panel_holds_the_patients_of_links_in_force, |db| async {
    let doctor = add_user(&db.store, Role::Doctor, 1).await;
    let mut patients = Vec::new();
    for index in 2..6 {
        let patient = add_user(&db.store, Role::Patient, index).await;
        patients.push((patient, link(&db.store, patient, doctor, LinkKind::Care, &[]).await));
    }
    let relative = add_user(&db.store, Role::Patient, 9).await;
    link(&db.store, relative, doctor, LinkKind::Family, &[DataType::Glucose]).await;
    end(&db.store, patients[0].1).await;
    let mut tx = db.store.begin().await.unwrap();
    let patient: PatientId = patients[1].0.into();
    assert!(standing::set(&mut tx, patient, "{\"a\":1}", now()).await.unwrap());
    assert!(targets::set(&mut tx, patient, &Preset::PregnancyType1.into()).await.unwrap());
    tx.commit().await.unwrap();

    let entries = panel::of_doctor(&db.store, doctor, now()).await.unwrap();
    let mut ids: Vec<_> = entries.iter().map(|e| e.patient).collect();
    ids.sort();
    assert_eq!(ids, patients[1..].iter().map(|(id, _)| (*id).into()).collect::<Vec<PatientId>>());
    let entry = entries.iter().find(|e| e.patient == patient).unwrap();
    assert_eq!((entry.goals, entry.birth_year), (Preset::PregnancyType1.into(), Some(1960)));
    assert_eq!((entry.standing.as_deref(), entry.zone), (Some("{\"a\":1}"), DEFAULT_ZONE));
    assert_eq!(panel::one(&db.store, patient).await.unwrap().as_ref(), Some(entry));
    assert_eq!(panel::one(&db.store, PatientId(Uuid::now_v7())).await.unwrap(), None);
    assert_eq!(panel::of_doctor(&db.store, UserId(patient.0), now()).await.unwrap(), []);
});

on_both_engines!(a_standing_is_never_replaced_by_an_older_one, |db| async {
    let patient: PatientId = add_user(&db.store, Role::Patient, 1).await.into();
    let set = |text: &'static str, at| async move {
        let mut tx = db.store.begin().await.unwrap();
        let kept = standing::set(&mut tx, patient, text, at).await.unwrap();
        tx.commit().await.unwrap();
        kept
    };
    assert!(set("new", now()).await);
    assert!(!set("old", now() - TimeDelta::seconds(1)).await);
    assert!(set("again", now()).await);
    let entry = panel::one(&db.store, patient).await.unwrap().unwrap();
    assert_eq!(entry.standing.as_deref(), Some("again"));
    let terms = standing::terms(&db.store, patient).await.unwrap().unwrap();
    assert_eq!(terms, standing::PatientTerms { zone: DEFAULT_ZONE, goals: Preset::Adult.into() });
    assert_eq!(standing::terms(&db.store, PatientId(Uuid::now_v7())).await.unwrap(), None);
    let mut tx = db.store.begin().await.unwrap();
    let nobody = PatientId(Uuid::now_v7());
    assert!(!targets::set(&mut tx, nobody, &Preset::Adult.into()).await.unwrap());
});

on_both_engines!(a_follower_gets_readings_only_of_those_who_grant_glucose, |db| async {
    let viewer = add_user(&db.store, Role::Caregiver, 1).await;
    let granting = add_user(&db.store, Role::Patient, 2).await;
    let withholding = add_user(&db.store, Role::Patient, 3).await;
    let former = add_user(&db.store, Role::Patient, 4).await;
    for patient in [granting, withholding, former] {
        add_readings(&db.store, patient.into(), &[reading(300, 90.0), reading(20, 101.0), reading(10, 102.0)]).await;
    }
    link(&db.store, granting, viewer, LinkKind::Family, &[DataType::Meals, DataType::Glucose]).await;
    link(&db.store, withholding, viewer, LinkKind::Family, &[DataType::Alerts]).await;
    let ended = link(&db.store, former, viewer, LinkKind::Family, &[DataType::Glucose]).await;
    end(&db.store, ended).await;

    let followed = panel::followed_by(&db.store, viewer, now()).await.unwrap();
    let mut ids: Vec<_> = followed.iter().map(|f| f.patient).collect();
    ids.sort();
    assert_eq!(ids, [granting.into(), withholding.into()]);
    let newest = panel::newest_of_followed(&db.store, viewer, now()).await.unwrap();
    let newest: Vec<_> = newest.iter().map(|(id, row)| (*id, row.glucose.value())).collect();
    assert_eq!(newest, [(granting.into(), 102.0)]);
    let recent = panel::recent_of_followed(&db.store, viewer, now() - TimeDelta::hours(3), now()).await.unwrap();
    let recent: Vec<_> = recent.iter().map(|(id, sample)| (*id, sample.glucose.value())).collect();
    assert_eq!(recent, [(granting.into(), 101.0), (granting.into(), 102.0)]);
    assert_eq!(panel::count_viewers(&db.store, granting.into(), now()).await.unwrap(), 1);
    assert_eq!(panel::count_viewers(&db.store, former.into(), now()).await.unwrap(), 0);
});

on_both_engines!(targets_are_kept_with_who_set_which_newest_first, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await;
    let (doctor, other) = (add_user(&db.store, Role::Doctor, 2).await, add_user(&db.store, Role::Patient, 3).await);
    let own = domain::targets::RawGoals {
        preset: Some(domain::targets::OWN.into()),
        unit: Some("mmol/L".into()),
        low: Some(4.2),
        high: Some(9.0),
        ..domain::targets::RawGoals::default()
    };
    let (own, preset) = (own.parse().unwrap(), Preset::OlderHighRisk.into());
    let mut tx = db.store.begin().await.unwrap();
    for (hours, goals) in [(3, own), (2, preset), (1, own)] {
        assert!(targets::set(&mut tx, patient.into(), &goals).await.unwrap());
        let at = now() - TimeDelta::hours(hours);
        targets::note(&mut tx, Uuid::now_v7(), patient.into(), doctor, &goals, at).await.unwrap();
    }
    tx.commit().await.unwrap();
    let terms = |id: UserId| async move { standing::terms(&db.store, id.into()).await.unwrap().unwrap().goals };
    assert_eq!((terms(patient).await, terms(other).await), (own, Preset::Adult.into()));
    assert_eq!(panel::one(&db.store, patient.into()).await.unwrap().unwrap().goals, own);
    let history = targets::history(&db.store, patient.into()).await.unwrap();
    let got: Vec<_> = history.iter().map(|change| (change.goals, (now() - change.at).num_hours(), change.by)).collect();
    assert_eq!(got, [(own, 1, doctor), (preset, 2, doctor), (own, 3, doctor)]);
    assert_eq!(targets::history(&db.store, other.into()).await.unwrap(), []);
    // A preset again: the numbers are forgotten.
    let mut tx = db.store.begin().await.unwrap();
    targets::set(&mut tx, patient.into(), &preset).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(terms(patient).await, preset);
});
