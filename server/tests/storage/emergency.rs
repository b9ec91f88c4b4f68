//! `storage::emergency`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, ids::EmergencyId, people::Role};
use server::storage::emergency;
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const HOUR: TimeDelta = TimeDelta::hours(1);

on_both_engines!(an_emergency_is_in_force_for_its_time_and_its_two_people, |db| async {
    let doctor = add_user(&db.store, Role::Doctor, 1).await;
    let patient = add_user(&db.store, Role::Patient, 2).await;
    let other = add_user(&db.store, Role::Doctor, 3).await;
    let id = EmergencyId(Uuid::now_v7());
    let new = emergency::NewEmergency {
        id,
        doctor,
        patient: patient.into(),
        reason_sealed: b"why",
        at: now(),
        until: now() + HOUR,
    };
    let mut tx = db.store.begin().await.unwrap();
    emergency::add(&mut tx, &new).await.unwrap();
    assert_eq!(emergency::count_of(&mut tx, doctor, now() - HOUR).await.unwrap(), 1);
    assert_eq!(emergency::count_of(&mut tx, doctor, now()).await.unwrap(), 0);
    assert_eq!(emergency::count_of(&mut tx, other, now() - HOUR).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert!(emergency::in_force(&db.store, patient.into(), doctor, now()).await.unwrap());
    assert!(!emergency::in_force(&db.store, patient.into(), other, now()).await.unwrap());
    assert!(!emergency::in_force(&db.store, doctor.into(), doctor, now()).await.unwrap());
    assert!(!emergency::in_force(&db.store, patient.into(), doctor, now() + HOUR).await.unwrap());
    let all = emergency::of_patient(&db.store, patient.into()).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].doctor, all[0].reason_sealed.as_slice()), (id, doctor, b"why".as_slice()));
    assert_eq!((all[0].at, all[0].until, all[0].clinic.as_deref()), (now(), now() + HOUR, None));
    assert_eq!(emergency::of_patient(&db.store, doctor.into()).await.unwrap(), []);
});
