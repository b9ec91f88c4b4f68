//! `storage::{users, clinics, purpose_keys}`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    glucose::Unit,
    ids::{ClinicId, UserId},
    people::{Language, Preset, Role},
};
use server::{
    crypto::PurposeKeys,
    storage::{Store, clinics, purpose_keys, users},
};
use uuid::Uuid;

use crate::support::{TestClock, keyring, on_both_engines, phone};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

/// A row for storage tests, where nothing is unsealed.
pub fn new_user(role: Role, index: u8) -> users::NewUser {
    users::NewUser {
        id: UserId(Uuid::now_v7()),
        role,
        phone_index: [index; 32],
        phone_sealed: vec![index, 1],
        name_sealed: None,
        key: None,
        clinic: None,
        language: Language::English,
        at: now(),
    }
}

/// Adds somebody, and the patient's row of a patient.
pub async fn add_user(store: &Store, role: Role, index: u8) -> UserId {
    let new = new_user(role, index);
    let mut tx = store.begin().await.unwrap();
    assert!(users::add_if_absent(&mut tx, &new).await.unwrap());
    if role == Role::Patient {
        users::add_patient(&mut tx, new.id.into(), Some(1960), Preset::Adult).await.unwrap();
    }
    tx.commit().await.unwrap();
    new.id
}

on_both_engines!(a_phone_number_is_replaced_and_is_nobody_elses, |db| async {
    let (asha, rohan) = (add_user(&db.store, Role::Patient, 1).await, add_user(&db.store, Role::Caregiver, 2).await);
    let mut tx = db.store.begin().await.unwrap();
    users::change_phone(&mut tx, asha, &[3; 32], b"new", now()).await.unwrap();
    assert_eq!(users::by_phone(&mut tx, &[3; 32]).await.unwrap(), Some((asha, Role::Patient, true)));
    assert_eq!(users::by_phone(&mut tx, &[1; 32]).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(users::get(&db.store, asha).await.unwrap().unwrap().phone_sealed, b"new");
    let mut tx = db.store.begin().await.unwrap();
    let taken = users::change_phone(&mut tx, rohan, &[3; 32], b"new", now()).await.unwrap_err();
    assert!(server::error::is_unique_violation(&taken));
});

on_both_engines!(a_deactivated_user_stays_and_can_come_back, |db| async {
    let id = add_user(&db.store, Role::Doctor, 1).await;
    for active in [false, true] {
        let mut tx = db.store.begin().await.unwrap();
        let index = users::set_active(&mut tx, id, active, now()).await.unwrap();
        assert_eq!(index.as_deref(), Some([1; 32].as_slice()));
        tx.commit().await.unwrap();
        assert_eq!(users::get(&db.store, id).await.unwrap().map(|u| u.active), Some(active));
    }
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(users::set_active(&mut tx, UserId(Uuid::now_v7()), false, now()).await.unwrap(), None);
});

on_both_engines!(a_phone_number_belongs_to_one_user, |db| async {
    let id = add_user(&db.store, Role::Patient, 1).await;
    let mut tx = db.store.begin().await.unwrap();
    assert!(!users::add_if_absent(&mut tx, &new_user(Role::Doctor, 1)).await.unwrap());
    assert_eq!(users::by_phone(&mut tx, &[1; 32]).await.unwrap(), Some((id, Role::Patient, true)));
    assert_eq!(users::by_phone(&mut tx, &[2; 32]).await.unwrap(), None);
    users::lock_patient(&mut tx, id.into()).await.unwrap();
});

on_both_engines!(a_user_reads_back_as_stored_and_a_change_leaves_the_rest, |db| async {
    let mut new = new_user(Role::Patient, 1);
    new.name_sealed = Some(vec![9, 9]);
    let mut tx = db.store.begin().await.unwrap();
    users::add_if_absent(&mut tx, &new).await.unwrap();
    let added = users::get_in(&mut tx, new.id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        added,
        users::User {
            id: new.id,
            role: Role::Patient,
            phone_sealed: vec![1, 1],
            name_sealed: Some(vec![9, 9]),
            unit: Unit::MgDl,
            time_zone: "Asia/Kolkata".into(),
            language: Language::English,
            clinic: None,
            active: true,
        }
    );
    let mut tx = db.store.begin().await.unwrap();
    let change = users::Change { unit: Some(Unit::MmolL), language: Some(Language::Hindi), ..Default::default() };
    users::change(&mut tx, new.id, &change, now()).await.unwrap();
    tx.commit().await.unwrap();
    let expected = users::User { unit: Unit::MmolL, language: Language::Hindi, ..added };
    assert_eq!(users::get(&db.store, new.id).await.unwrap(), Some(expected));
    assert_eq!(users::get(&db.store, UserId(Uuid::now_v7())).await.unwrap(), None);
});

on_both_engines!(staff_and_clinics_are_listed_with_each_other, |db| async {
    let clinic = ClinicId(Uuid::now_v7());
    let mut tx = db.store.begin().await.unwrap();
    assert!(!clinics::exists(&mut tx, clinic).await.unwrap());
    clinics::add(&mut tx, clinic, "Lotus", "Pune", now()).await.unwrap();
    assert!(clinics::exists(&mut tx, clinic).await.unwrap());
    let doctor = users::NewUser { clinic: Some(clinic), ..new_user(Role::Doctor, 1) };
    users::add_if_absent(&mut tx, &doctor).await.unwrap();
    let admin = new_user(Role::Admin, 2);
    users::add_if_absent(&mut tx, &admin).await.unwrap();
    users::add_if_absent(&mut tx, &new_user(Role::Caregiver, 3)).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(clinics::all(&db.store).await.unwrap(), [(clinic, "Lotus".into(), "Pune".into(), 1)]);
    let staff = users::staff(&db.store).await.unwrap();
    let listed: Vec<_> = staff.iter().map(|s| (s.id, s.role, s.clinic.as_deref(), s.active)).collect();
    assert_eq!(listed, [(doctor.id, Role::Doctor, Some("Lotus"), true), (admin.id, Role::Admin, None, true)]);
});

on_both_engines!(a_purpose_has_one_key_even_if_two_processes_start_at_once, |db| async {
    let keys = keyring();
    let other = db.open_again().await;
    let (a, b) = tokio::join!(
        PurposeKeys::load(&db.store, &keys, now()),
        PurposeKeys::load(&other, &keys, now() + TimeDelta::seconds(1)),
    );
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.phone_index(&phone(1)), b.phone_index(&phone(1)));
    let challenge = Uuid::from_u128(5).into();
    assert_eq!(a.otp_mac(challenge, &phone(1), "123456"), b.otp_mac(challenge, &phone(1), "123456"));

    assert_ne!(a.phone_index(&phone(1)), a.phone_index(&phone(2)));
    assert_ne!(a.otp_mac(challenge, &phone(1), "123456"), a.otp_mac(challenge, &phone(2), "123456"));
    assert_ne!(a.otp_mac(challenge, &phone(1), "123456"), a.otp_mac(Uuid::from_u128(6).into(), &phone(1), "123456"));

    let kept = purpose_keys::get(&db.store, "phone-index").await.unwrap().unwrap();
    assert_eq!(purpose_keys::add_if_absent(&db.store, "phone-index", b"other", now()).await.unwrap(), kept);
    assert_eq!(purpose_keys::get(&db.store, "none").await.unwrap(), None);
    other.close().await;
});
