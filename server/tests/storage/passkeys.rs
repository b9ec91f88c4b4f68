//! `storage::passkeys`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{CeremonyId, PasskeyId, UserId},
    people::Role,
};
use server::storage::passkeys::{self, NewPasskey, Purpose};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

fn new(user: UserId, credential_id: &[u8]) -> NewPasskey<'_> {
    NewPasskey {
        id: PasskeyId(Uuid::now_v7()),
        user,
        credential_id,
        credential: "{}",
        device: Some("Chrome, Android"),
        at: now(),
    }
}

on_both_engines!(passkeys_are_removed_used_and_added_by_their_owner_only, |db| async {
    let (asha, ravi) = (add_user(&db.store, Role::Patient, 1).await, add_user(&db.store, Role::Patient, 2).await);
    let (first, second, third) = (new(asha, b"a"), new(asha, b"b"), new(ravi, b"a"));
    let mut tx = db.store.begin().await.unwrap();
    assert!(!passkeys::remove(&mut tx, asha, first.id).await.unwrap(), "there is none yet");
    assert!(passkeys::add(&mut tx, &first).await.unwrap());
    assert!(passkeys::add(&mut tx, &NewPasskey { at: now() + MINUTE, device: None, ..second.clone() }).await.unwrap());
    assert!(!passkeys::add(&mut tx, &third).await.unwrap(), "the device's name for it is taken");
    passkeys::used(&mut tx, first.id, "{\"n\":1}", now() + MINUTE * 2).await.unwrap();
    tx.commit().await.unwrap();
    let all = passkeys::of_user(&db.store, asha).await.unwrap();
    assert_eq!(all.iter().map(|row| row.id).collect::<Vec<_>>(), [second.id, first.id], "newest first");
    assert_eq!((all[1].credential.as_str(), all[1].last_used_at), ("{\"n\":1}", Some(now() + MINUTE * 2)));
    assert_eq!((all[1].device.as_deref(), all[1].created_at), (Some("Chrome, Android"), now()));
    assert_eq!((all[0].device.as_deref(), all[0].last_used_at), (None, None));
    assert_eq!(passkeys::count(&db.store, ravi).await.unwrap(), 0);
    let mut tx = db.store.begin().await.unwrap();
    assert!(!passkeys::remove(&mut tx, ravi, first.id).await.unwrap(), "another's");
    assert!(passkeys::remove(&mut tx, asha, first.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(passkeys::count(&db.store, asha).await.unwrap(), 1);
    let mut tx = db.store.begin().await.unwrap();
    passkeys::remove_all(&mut tx, asha).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(passkeys::count(&db.store, asha).await.unwrap(), 0);
});

on_both_engines!(a_challenge_is_taken_once_in_time_by_whom_and_for_what_it_is, |db| async {
    let (asha, ravi) = (add_user(&db.store, Role::Patient, 1).await, add_user(&db.store, Role::Patient, 2).await);
    let cases = [
        (Some(asha), Purpose::Add, MINUTE * 4, true),
        (None, Purpose::SignIn, MINUTE * 4, true),
        (Some(asha), Purpose::Add, MINUTE * 5, false),
        (Some(ravi), Purpose::Add, MINUTE, false),
        (None, Purpose::Add, MINUTE, false),
        (Some(asha), Purpose::Prove, MINUTE, false),
    ];
    for (who, purpose, later, fits) in cases {
        let id = CeremonyId(Uuid::new_v4());
        let owner = if purpose == Purpose::SignIn { None } else { Some(asha) };
        let made = if purpose == Purpose::SignIn { Purpose::SignIn } else { Purpose::Add };
        let mut tx = db.store.begin().await.unwrap();
        passkeys::begin(&mut tx, id, owner, made, "state", now() + MINUTE * 5).await.unwrap();
        let taken = passkeys::take(&mut tx, id, who, purpose, now() + later).await.unwrap();
        assert_eq!(taken.as_deref(), fits.then_some("state"), "{who:?} {purpose:?} {later}");
        let again = passkeys::take(&mut tx, id, owner, made, now()).await.unwrap();
        assert_eq!(again, None, "a wrong try uses it up too");
        tx.commit().await.unwrap();
    }
    let mut tx = db.store.begin().await.unwrap();
    for minutes in [1, 5] {
        let id = CeremonyId(Uuid::new_v4());
        passkeys::begin(&mut tx, id, None, Purpose::SignIn, "", now() + MINUTE * minutes).await.unwrap();
    }
    assert_eq!(passkeys::purge(&mut tx, now() + MINUTE * 2).await.unwrap(), 1);
    tx.commit().await.unwrap();
});
