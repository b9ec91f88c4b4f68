//! `storage::{patient_keys, purpose_keys, sealed_values}`: wrapped keys, and what hangs on which master key.

use domain::{clock::Clock, people::Role};
use server::storage::{
    patient_keys::{self, WrappedKey},
    purpose_keys, sealed_values,
};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn key(person: u128, master: u32) -> WrappedKey {
    WrappedKey { person: Uuid::from_u128(person), generation: 1, master, wrapped: vec![1, 2, 3] }
}

on_both_engines!(keys_are_destroyed_added_found_and_put_under_another_master, |db| async {
    let (store, now) = (&db.store, TestClock::new().now());
    let mut tx = store.begin().await.unwrap();
    for key in [key(1, 1), key(2, 1), key(3, u32::MAX)] {
        patient_keys::add(&mut tx, &key, now).await.unwrap();
    }
    patient_keys::destroy(&mut tx, Uuid::from_u128(2)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(patient_keys::all(store).await.unwrap().len(), 2);
    let of = patient_keys::of(store, &[Uuid::from_u128(3), Uuid::from_u128(2)]).await.unwrap();
    assert_eq!(of, [key(3, u32::MAX)]);
    assert_eq!(patient_keys::by_master(store).await.unwrap(), [(1, 1), (i64::from(u32::MAX), 1)]);

    let mut tx = store.begin().await.unwrap();
    assert_eq!(patient_keys::not_under(&mut tx, u32::MAX, 10).await.unwrap(), [key(1, 1)]);
    let anew = WrappedKey { wrapped: vec![9], ..key(1, 7) };
    patient_keys::rewrap(&mut tx, &anew, 5).await.unwrap();
    assert_eq!(patient_keys::not_under(&mut tx, u32::MAX, 10).await.unwrap(), [key(1, 1)], "another was faster");
    patient_keys::rewrap(&mut tx, &anew, 1).await.unwrap();
    assert_eq!(patient_keys::not_under(&mut tx, u32::MAX, 10).await.unwrap(), [anew]);
    let mut again = key(1, 7);
    again.wrapped.clear();
    assert!(patient_keys::add(&mut tx, &again, now).await.is_err(), "a person has one key");
});

on_both_engines!(a_purpose_keys_envelope_is_replaced_only_if_it_is_the_one_that_was_read, |db| async {
    let (store, now) = (&db.store, TestClock::new().now());
    purpose_keys::add_if_absent(store, "x", &[1], now).await.unwrap();
    purpose_keys::replace(store, "x", &[5], &[6]).await.unwrap();
    assert_eq!(purpose_keys::all(store).await.unwrap(), [("x".to_owned(), vec![1])]);
    purpose_keys::replace(store, "x", &[1], &[2]).await.unwrap();
    assert_eq!(purpose_keys::get(store, "x").await.unwrap(), Some(vec![2]));
});

on_both_engines!(values_that_a_master_key_itself_seals_are_counted_by_their_first_byte, |db| async {
    assert_eq!(sealed_values::by_master_itself(&db.store).await.unwrap(), 0);
    add_user(&db.store, Role::Doctor, 1).await;
    add_user(&db.store, Role::Doctor, 2).await;
    assert_eq!(sealed_values::by_master_itself(&db.store).await.unwrap(), 1);
});
