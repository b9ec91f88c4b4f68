//! `storage::otp`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, ids::ChallengeId};
use server::storage::{
    Store,
    otp::{self, Guess},
};
use uuid::Uuid;

use crate::support::{TestClock, on_both_engines};

const PHONE: [u8; 32] = [1; 32];
const BLOCK: [u8; 32] = [4; 32];
const RIGHT: [u8; 32] = [2; 32];
const WRONG: [u8; 32] = [3; 32];

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

async fn add(store: &Store, at: DateTime<Utc>, sent: bool) -> ChallengeId {
    let id = ChallengeId(Uuid::new_v4());
    let expires_at = at + TimeDelta::minutes(5);
    let new = otp::NewChallenge {
        id,
        phone_index: &PHONE,
        block_index: &BLOCK,
        code_mac: &RIGHT,
        address: Some("203.0.113.7"),
        sent,
        at,
        expires_at,
    };
    let mut tx = store.begin().await.unwrap();
    otp::lock_sending(&mut tx).await.unwrap();
    otp::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn guess(store: &Store, id: ChallengeId, mac: [u8; 32], at: DateTime<Utc>) -> Guess {
    let mut tx = store.begin().await.unwrap();
    let guess = otp::guess(&mut tx, id, &PHONE, &mac, at).await.unwrap();
    tx.commit().await.unwrap();
    guess
}

on_both_engines!(old_challenges_are_forgotten_and_newer_ones_stay, |db| async {
    let id = add(&db.store, now(), true).await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(otp::purge(&mut tx, now()).await.unwrap(), 0);
    assert_eq!(otp::purge(&mut tx, now() + TimeDelta::milliseconds(1)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(guess(&db.store, id, RIGHT, now()).await, Guess::Dead);
});

on_both_engines!(a_code_is_good_once_and_only_for_its_phone, |db| async {
    let id = add(&db.store, now(), true).await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(otp::guess(&mut tx, id, &[9; 32], &RIGHT, now()).await.unwrap(), Guess::Dead);
    tx.commit().await.unwrap();
    assert_eq!(guess(&db.store, id, WRONG, now()).await, Guess::Wrong);
    assert_eq!(guess(&db.store, id, RIGHT, now()).await, Guess::Right);
    assert_eq!(guess(&db.store, id, RIGHT, now()).await, Guess::Dead);
});

on_both_engines!(a_code_dies_of_age_of_five_guesses_and_of_its_successor, |db| async {
    let old = add(&db.store, now(), true).await;
    assert_eq!(guess(&db.store, old, RIGHT, now() + TimeDelta::minutes(5)).await, Guess::Dead);

    let guessed = add(&db.store, now(), true).await;
    for _ in 0..5 {
        assert_eq!(guess(&db.store, guessed, WRONG, now()).await, Guess::Wrong);
    }
    assert_eq!(guess(&db.store, guessed, RIGHT, now()).await, Guess::Dead);

    let replaced = add(&db.store, now(), true).await;
    let newest = add(&db.store, now(), true).await;
    assert_eq!(guess(&db.store, replaced, RIGHT, now()).await, Guess::Dead);
    assert_eq!(guess(&db.store, newest, RIGHT, now()).await, Guess::Right);
});

on_both_engines!(a_challenge_without_a_code_never_succeeds_counts_for_nothing_and_replaces_nothing, |db| async {
    let real = add(&db.store, now(), true).await;
    let decoy = add(&db.store, now(), false).await;
    for _ in 0..5 {
        assert_eq!(guess(&db.store, decoy, RIGHT, now()).await, Guess::Wrong);
    }
    assert_eq!(guess(&db.store, decoy, RIGHT, now()).await, Guess::Dead);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(otp::wrong_in_a_row(&mut tx, &PHONE).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(guess(&db.store, real, RIGHT, now()).await, Guess::Right);
});

on_both_engines!(a_phone_takes_ten_wrong_guesses_within_any_hour, |db| async {
    let mut at = now();
    for _ in 0..2 {
        let id = add(&db.store, at, true).await;
        for _ in 0..5 {
            assert_eq!(guess(&db.store, id, WRONG, at).await, Guess::Wrong);
        }
        at += TimeDelta::minutes(1);
    }
    let id = add(&db.store, at, true).await;
    assert_eq!(guess(&db.store, id, RIGHT, at).await, Guess::Dead);

    let later = now() + TimeDelta::minutes(65);
    let id = add(&db.store, later, true).await;
    assert_eq!(guess(&db.store, id, RIGHT, later).await, Guess::Right);
});

on_both_engines!(twenty_wrong_guesses_in_a_row_close_a_phone_until_it_is_reset, |db| async {
    let mut at = now();
    for _ in 0..4 {
        let id = add(&db.store, at, true).await;
        for _ in 0..5 {
            assert_eq!(guess(&db.store, id, WRONG, at).await, Guess::Wrong);
        }
        at += TimeDelta::hours(1);
    }
    at += TimeDelta::hours(9);
    let id = add(&db.store, at, true).await;
    assert_eq!(guess(&db.store, id, RIGHT, at).await, Guess::Dead);
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(otp::wrong_in_a_row(&mut tx, &PHONE).await.unwrap(), 20);
    otp::reset_failures(&mut tx, &PHONE).await.unwrap();
    assert_eq!(otp::wrong_in_a_row(&mut tx, &PHONE).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(guess(&db.store, id, RIGHT, at).await, Guess::Right);
});

on_both_engines!(requests_are_counted_by_address_phone_and_in_all, |db| async {
    let first = now();
    let last = now() + TimeDelta::minutes(10);
    add(&db.store, first, true).await;
    add(&db.store, last, true).await;
    add(&db.store, last, false).await;
    let (first_ms, last_ms) = (first.timestamp_millis(), last.timestamp_millis());
    let since = first - TimeDelta::milliseconds(1);
    assert_eq!(otp::of_address(&db.store, "203.0.113.7", since).await.unwrap(), (3, Some(first_ms)));
    assert_eq!(otp::of_address(&db.store, "203.0.113.8", since).await.unwrap(), (0, None));
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(otp::of_address_in(&mut tx, "203.0.113.7", first).await.unwrap(), (2, Some(last_ms)));
    assert_eq!(otp::sent_since(&mut tx, since).await.unwrap(), (2, Some(first_ms)));
    assert_eq!(otp::sent_to(&mut tx, &PHONE, since).await.unwrap(), (2, Some(last_ms)));
    assert_eq!(otp::sent_to(&mut tx, &[9; 32], since).await.unwrap(), (0, None));
    assert_eq!(otp::sent_to_block(&mut tx, &BLOCK, since).await.unwrap(), 2);
    assert_eq!(otp::sent_to_block(&mut tx, &BLOCK, first).await.unwrap(), 1);
    assert_eq!(otp::sent_to_block(&mut tx, &PHONE, since).await.unwrap(), 0);
});
