//! `storage::connections`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, people::Role};
use server::storage::{clinics, connections, users};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const HOUR: TimeDelta = TimeDelta::hours(1);

on_both_engines!(a_connection_code_is_one_a_doctor_found_in_time_and_taken_once, |db| async {
    let (doctor, patient) = (add_user(&db.store, Role::Doctor, 1).await, add_user(&db.store, Role::Patient, 2).await);
    let mut tx = db.store.begin().await.unwrap();
    connections::purge(&mut tx, now()).await.unwrap();
    connections::replace(&mut tx, doctor, &[1; 32], now() + HOUR).await.unwrap();
    connections::replace(&mut tx, doctor, &[2; 32], now() + HOUR).await.unwrap();
    connections::replace(&mut tx, patient, &[3; 32], now() + HOUR).await.unwrap();
    tx.commit().await.unwrap();
    for (mac, at, expected) in [
        ([1; 32], now(), None),
        ([2; 32], now(), Some(doctor)),
        ([2; 32], now() + HOUR, None),
        // Not a doctor's.
        ([3; 32], now(), None),
    ] {
        assert_eq!(connections::owner(&db.store, &mac, at).await.unwrap(), expected);
    }
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(connections::take(&mut tx, &[3; 32], now()).await.unwrap(), None);
    assert_eq!(connections::take(&mut tx, &[2; 32], now() + HOUR).await.unwrap(), None);
    assert_eq!(connections::take(&mut tx, &[2; 32], now()).await.unwrap(), Some(doctor));
    assert_eq!(connections::take(&mut tx, &[2; 32], now()).await.unwrap(), None, "once");
    connections::replace(&mut tx, doctor, &[4; 32], now() + HOUR).await.unwrap();
    users::set_active(&mut tx, doctor, false, now()).await.unwrap();
    assert_eq!(connections::take(&mut tx, &[4; 32], now()).await.unwrap(), None, "may not sign in");
    users::set_active(&mut tx, doctor, true, now()).await.unwrap();
    connections::purge(&mut tx, now() + HOUR).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(connections::owner(&db.store, &[4; 32], now()).await.unwrap(), Some(doctor), "not older than that");
    let mut tx = db.store.begin().await.unwrap();
    connections::purge(&mut tx, now() + HOUR * 2).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(connections::owner(&db.store, &[4; 32], now()).await.unwrap(), None);
});

on_both_engines!(ten_codes_are_tried_within_an_hour, |db| async {
    let patient = add_user(&db.store, Role::Patient, 1).await.into();
    let mut tx = db.store.begin().await.unwrap();
    connections::forget_guesses(&mut tx, patient).await.unwrap();
    for n in 0..12 {
        assert_eq!(connections::count_guess(&mut tx, patient, now()).await.unwrap(), n < 10, "{n}");
    }
    assert!(connections::count_guess(&mut tx, patient, now() + HOUR).await.unwrap(), "a new hour");
    connections::forget_guesses(&mut tx, patient).await.unwrap();
    for _ in 0..10 {
        assert!(connections::count_guess(&mut tx, patient, now() + HOUR).await.unwrap());
    }
    tx.commit().await.unwrap();
});

on_both_engines!(a_clinic_is_found_by_its_id, |db| async {
    let id = domain::ids::ClinicId(Uuid::now_v7());
    assert_eq!(clinics::name(&db.store, id).await.unwrap(), None);
    let mut tx = db.store.begin().await.unwrap();
    clinics::add(&mut tx, id, "Lotus", "Pune", now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(clinics::name(&db.store, id).await.unwrap().as_deref(), Some("Lotus"));
});
