//! `storage::{tags, saved_views, handovers}`, and what they need of people and links.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    consent::{DataType, LinkKind},
    desk::ViewQuery,
    ids::{HandoverId, PatientId, TagId, UserId, ViewId},
    people::Role,
    ports::{PanelFilter, PanelSort},
};
use server::storage::{
    Store,
    handovers::{self, NewHandover},
    reviews,
    saved_views::{self, StoredView},
    tags, users,
};
use uuid::Uuid;

use super::{panel::link, people::add_user};
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

async fn people(store: &Store) -> (PatientId, UserId, UserId) {
    let patient = add_user(store, Role::Patient, 1).await;
    let (doctor, colleague) = (add_user(store, Role::Doctor, 2).await, add_user(store, Role::Doctor, 3).await);
    (patient.into(), doctor, colleague)
}

on_both_engines!(a_tag_is_taken_off_put_on_and_forgotten_by_its_own_doctor_only, |db| async {
    let (patient, doctor, colleague) = people(&db.store).await;
    let (used, unused) = (TagId(Uuid::now_v7()), TagId(Uuid::now_v7()));
    let mut tx = db.store.begin().await.unwrap();
    users::lock(&mut tx, doctor).await.unwrap();
    tags::add(&mut tx, used, doctor, b"sealed", now()).await.unwrap();
    tags::add(&mut tx, unused, doctor, b"other", now()).await.unwrap();
    assert!(!tags::take(&mut tx, used, doctor, patient).await.unwrap(), "not on yet");
    assert!(tags::put(&mut tx, used, doctor, patient, now()).await.unwrap());
    assert!(tags::put(&mut tx, used, doctor, patient, now()).await.unwrap(), "twice is once");
    assert!(!tags::put(&mut tx, used, colleague, patient, now()).await.unwrap());
    assert!(!tags::take(&mut tx, used, colleague, patient).await.unwrap());
    tags::forget_unused(&mut tx, colleague).await.unwrap();
    assert_eq!(tags::of_doctor_in(&mut tx, doctor).await.unwrap().len(), 2);
    tags::forget_unused(&mut tx, doctor).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tags::of_doctor(&db.store, doctor).await.unwrap(), [(used, b"sealed".to_vec())]);
    assert_eq!(tags::of_doctor(&db.store, colleague).await.unwrap(), []);
    assert_eq!(tags::borne(&db.store, doctor).await.unwrap(), [(patient, used)]);
    let mut tx = db.store.begin().await.unwrap();
    assert!(tags::take(&mut tx, used, doctor, patient).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(tags::borne(&db.store, doctor).await.unwrap(), []);
});

on_both_engines!(views_are_removed_brought_back_and_forgotten, |db| async {
    let (_, doctor, colleague) = people(&db.store).await;
    let tag = TagId(Uuid::now_v7());
    let query = ViewQuery { sort: PanelSort::InRange, filter: PanelFilter::HandedToMe, tag: Some(tag) };
    let view = StoredView { id: ViewId(Uuid::now_v7()), name_sealed: b"sealed".to_vec(), query };
    let foreign = StoredView { id: ViewId(Uuid::now_v7()), ..view.clone() };
    let mut tx = db.store.begin().await.unwrap();
    tags::add(&mut tx, tag, doctor, b"tag", now()).await.unwrap();
    saved_views::add(&mut tx, &view, doctor, now()).await.unwrap();
    saved_views::add(&mut tx, &foreign, colleague, now()).await.unwrap();
    assert!(!saved_views::set_removed(&mut tx, view.id, colleague, Some(now())).await.unwrap());
    tags::forget_unused(&mut tx, doctor).await.unwrap();
    assert_eq!(saved_views::of_doctor_in(&mut tx, doctor).await.unwrap(), std::slice::from_ref(&view), "and its tag");
    assert!(saved_views::set_removed(&mut tx, view.id, doctor, Some(now())).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(saved_views::of_doctor(&db.store, doctor).await.unwrap(), []);
    assert_eq!(
        saved_views::of_doctor(&db.store, colleague).await.unwrap()[0].query.tag,
        None,
        "not the colleague's tag"
    );
    let mut tx = db.store.begin().await.unwrap();
    assert!(saved_views::set_removed(&mut tx, view.id, doctor, None).await.unwrap());
    saved_views::forget_removed(&mut tx, doctor, now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(saved_views::of_doctor_in(&mut tx, doctor).await.unwrap().len(), 1, "it is not removed");
    saved_views::set_removed(&mut tx, view.id, doctor, Some(now())).await.unwrap();
    saved_views::forget_removed(&mut tx, doctor, now()).await.unwrap();
    assert!(saved_views::set_removed(&mut tx, view.id, doctor, None).await.unwrap(), "removed not before");
    saved_views::set_removed(&mut tx, view.id, doctor, Some(now())).await.unwrap();
    saved_views::forget_removed(&mut tx, doctor, now() + TimeDelta::days(1)).await.unwrap();
    assert!(!saved_views::set_removed(&mut tx, view.id, doctor, None).await.unwrap());
});

on_both_engines!(a_hand_over_is_open_until_it_ends_or_the_colleague_reviewed, |db| async {
    let (patient, doctor, colleague) = people(&db.store).await;
    let care = |viewer| link(&db.store, patient.into(), viewer, LinkKind::Care, DataType::ALL);
    let mine = care(doctor).await;
    care(colleague).await;
    let open = || async { handovers::open_of(&db.store, patient).await.unwrap() };
    let new = |id| NewHandover {
        id,
        patient,
        from: doctor,
        to: colleague,
        link: Some(mine),
        note_sealed: Some(b"sealed"),
        at: now(),
    };
    let id = HandoverId(Uuid::now_v7());
    let mut tx = db.store.begin().await.unwrap();
    handovers::add(&mut tx, &new(id)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    let second = handovers::add(&mut tx, &new(HandoverId(Uuid::now_v7()))).await;
    assert!(server::error::is_unique_violation(&second.unwrap_err()), "one at a time");
    drop(tx);
    let found = open().await.unwrap();
    assert_eq!((found.id, found.patient, found.from.id, found.to.id), (id, patient, doctor, colleague));
    assert_eq!((found.note_sealed.as_deref(), found.at), (Some(&b"sealed"[..]), now()));
    let of = |viewer| async move { handovers::open_of_panel(&db.store, viewer, now()).await.unwrap().len() };
    assert_eq!((of(doctor).await, of(colleague).await), (1, 1));
    assert_eq!(of(add_user(&db.store, Role::Doctor, 4).await).await, 0, "does not treat them");

    let later = now() + TimeDelta::hours(1);
    let mut tx = db.store.begin().await.unwrap();
    reviews::add(&mut tx, Uuid::now_v7(), patient, doctor, None, later).await.unwrap();
    reviews::add(&mut tx, Uuid::now_v7(), patient, colleague, None, now() - TimeDelta::hours(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(open().await.is_some(), "not the colleague, or not since");
    let mut tx = db.store.begin().await.unwrap();
    reviews::add(&mut tx, Uuid::now_v7(), patient, colleague, None, later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(open().await, None);

    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(handovers::end(&mut tx, patient, later).await.unwrap(), (true, Some(mine)));
    assert_eq!(handovers::end(&mut tx, patient, later).await.unwrap(), (false, None));
});

on_both_engines!(colleagues_treat_the_patient_or_are_of_the_same_clinic, |db| async {
    let (patient, doctor, colleague) = people(&db.store).await;
    let found = || async {
        let rows = handovers::colleagues(&db.store, doctor, patient, now()).await.unwrap();
        rows.into_iter().map(|row| (row.party.id, row.treats)).collect::<Vec<_>>()
    };
    assert_eq!(found().await, [], "two doctors without a clinic are no colleagues");
    link(&db.store, patient.into(), colleague, LinkKind::Care, DataType::ALL).await;
    assert_eq!(found().await, [(colleague, true)]);
    let mut tx = db.store.begin().await.unwrap();
    users::set_active(&mut tx, colleague, false, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found().await, [], "may not sign in");
});
