//! `storage::second_factor`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, ids::ChallengeId, people::Role};
use server::storage::second_factor;
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const HOUR: TimeDelta = TimeDelta::hours(1);

on_both_engines!(a_secret_is_kept_until_confirmed_and_then_for_good, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    assert_eq!(second_factor::totp(&db.store, user).await.unwrap(), None);
    let mut tx = db.store.begin().await.unwrap();
    assert!(!second_factor::confirm_totp(&mut tx, user, 1, now()).await.unwrap(), "nothing to confirm");
    second_factor::begin_totp(&mut tx, user, b"a", now(), now()).await.unwrap();
    second_factor::begin_totp(&mut tx, user, b"b", now(), now() + HOUR).await.unwrap();
    tx.commit().await.unwrap();
    let pending = second_factor::Totp { secret_sealed: b"a".to_vec(), confirmed: false, last_step: 0 };
    assert_eq!(second_factor::totp(&db.store, user).await.unwrap(), Some(pending), "shown again");
    let mut tx = db.store.begin().await.unwrap();
    second_factor::begin_totp(&mut tx, user, b"c", now() + HOUR, now() + HOUR).await.unwrap();
    assert!(!second_factor::take_step(&mut tx, user, 5).await.unwrap(), "not confirmed");
    assert!(!second_factor::enrolled(&mut tx, user).await.unwrap());
    assert!(second_factor::confirm_totp(&mut tx, user, 7, now()).await.unwrap());
    assert!(!second_factor::confirm_totp(&mut tx, user, 8, now()).await.unwrap(), "once");
    second_factor::begin_totp(&mut tx, user, b"d", now() + HOUR * 9, now() + HOUR * 9).await.unwrap();
    assert!(second_factor::enrolled(&mut tx, user).await.unwrap());
    assert!(!second_factor::take_step(&mut tx, user, 7).await.unwrap(), "used by the confirmation");
    assert!(second_factor::take_step(&mut tx, user, 9).await.unwrap());
    assert!(!second_factor::take_step(&mut tx, user, 8).await.unwrap(), "earlier");
    tx.commit().await.unwrap();
    let on = second_factor::Totp { secret_sealed: b"c".to_vec(), confirmed: true, last_step: 9 };
    assert_eq!(second_factor::totp(&db.store, user).await.unwrap(), Some(on));
});

on_both_engines!(recovery_codes_are_found_by_selector_used_once_and_removed_with_the_rest, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let other = add_user(&db.store, Role::Doctor, 2).await;
    let mut tx = db.store.begin().await.unwrap();
    second_factor::remove(&mut tx, user).await.unwrap();
    second_factor::replace_codes(&mut tx, user, &[("AA", "x")], now()).await.unwrap();
    second_factor::replace_codes(&mut tx, user, &[("AB", "1"), ("CD", "2")], now()).await.unwrap();
    second_factor::begin_totp(&mut tx, user, b"a", now(), now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(second_factor::codes_left(&db.store, user).await.unwrap(), 2);
    assert_eq!(second_factor::code(&db.store, user, "AA").await.unwrap(), None);
    assert_eq!(second_factor::code(&db.store, other, "AB").await.unwrap(), None);
    let (row, hash) = second_factor::code(&db.store, user, "CD").await.unwrap().unwrap();
    assert_eq!(hash, "2");
    let mut tx = db.store.begin().await.unwrap();
    assert!(second_factor::take_code(&mut tx, row, now()).await.unwrap());
    assert!(!second_factor::take_code(&mut tx, row, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(second_factor::code(&db.store, user, "CD").await.unwrap(), None);
    assert_eq!(second_factor::codes_left(&db.store, user).await.unwrap(), 1);
    let mut tx = db.store.begin().await.unwrap();
    second_factor::remove(&mut tx, user).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(second_factor::codes_left(&db.store, user).await.unwrap(), 0);
    assert_eq!(second_factor::totp(&db.store, user).await.unwrap(), None);
});

on_both_engines!(guesses_are_counted_in_windows_and_in_a_row, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let mut tx = db.store.begin().await.unwrap();
    for guess in 0..second_factor::GUESSES {
        assert!(second_factor::count_guess(&mut tx, user, now()).await.unwrap(), "{guess}");
    }
    assert!(
        !second_factor::count_guess(&mut tx, user, now() + second_factor::WINDOW - TimeDelta::seconds(1))
            .await
            .unwrap()
    );
    second_factor::forget_guesses(&mut tx, user).await.unwrap();
    assert!(second_factor::count_guess(&mut tx, user, now()).await.unwrap());
    second_factor::forget_guesses(&mut tx, user).await.unwrap();
    let mut taken = 0;
    for window in 0..20 {
        for _ in 0..second_factor::GUESSES {
            let counted =
                second_factor::count_guess(&mut tx, user, now() + second_factor::WINDOW * window).await.unwrap();
            taken += i32::from(counted);
        }
    }
    assert_eq!(taken, second_factor::WRONG_IN_A_ROW);
});

on_both_engines!(a_sign_in_that_waits_is_taken_once_and_in_time, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let (id, old) = (ChallengeId(Uuid::new_v4()), ChallengeId(Uuid::new_v4()));
    let mut tx = db.store.begin().await.unwrap();
    assert!(!second_factor::take_challenge(&mut tx, id, now()).await.unwrap(), "unknown");
    second_factor::add_challenge(&mut tx, id, user, now(), now() + HOUR).await.unwrap();
    second_factor::add_challenge(&mut tx, old, user, now() - HOUR, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(second_factor::challenge(&db.store, id, now()).await.unwrap(), Some(user));
    assert_eq!(second_factor::challenge(&db.store, old, now()).await.unwrap(), None);
    let mut tx = db.store.begin().await.unwrap();
    assert!(!second_factor::take_challenge(&mut tx, old, now()).await.unwrap(), "too old");
    assert!(second_factor::take_challenge(&mut tx, id, now()).await.unwrap());
    assert!(!second_factor::take_challenge(&mut tx, id, now()).await.unwrap());
    assert_eq!(second_factor::purge(&mut tx, now()).await.unwrap(), 1);
    assert_eq!(second_factor::purge(&mut tx, now() + HOUR).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(second_factor::challenge(&db.store, id, now()).await.unwrap(), None);
});
