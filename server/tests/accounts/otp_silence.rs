//! What an outsider learns of a phone by asking for codes and guessing them, and what lies in the database.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    contact::Phone,
    ids::ChallengeId,
    people::Role,
    ports::{Accounts, Admin, Challenge, Origin},
};
use server::{auth::OtpLimits, storage::Store};
use sqlx::Row;
use uuid::Uuid;

use crate::support::{Process, on_both_engines, phone, statements};

async fn request(world: &Process, phone: &Phone) -> Challenge {
    world.accounts.request_otp(phone, &Origin::default()).await.expect("a challenge")
}

/// Five wrong codes, for a challenge that takes as many.
async fn guess_wrong(world: &Process, challenge: &Challenge, phone: &Phone) {
    let wrong = wrong(world, phone);
    for _ in 0..5 {
        let guess = world.accounts.verify_otp(challenge.challenge_id, phone, wrong, &Origin::default()).await;
        assert_eq!(guess, Err(Error::Unauthenticated));
    }
}

fn wrong(world: &Process, phone: &Phone) -> &'static str {
    if world.code(phone).as_deref() == Some("000000") { "000001" } else { "000000" }
}

/// Phones in every state that there is, by its name; none of them is sent a code now but the first two.
async fn phones(world: &Process) -> Vec<(&'static str, Phone)> {
    let state = |n: u32| phone(n * 10_000);
    // First those whose history lies days back.
    let silenced = state(2);
    for _ in 0..4 {
        let challenge = request(world, &silenced).await;
        guess_wrong(world, &challenge, &silenced).await;
        world.clock.forward(TimeDelta::hours(2));
    }
    world.clock.forward(TimeDelta::days(2));
    let day = state(3);
    for _ in 0..10 {
        request(world, &day).await;
        world.clock.forward(TimeDelta::minutes(13));
    }
    world.clock.forward(TimeDelta::hours(1));
    let off = state(4);
    let user = world.add(Role::Patient, &off, "Ravi").await;
    let admin = world.signed_in(Role::Admin, &phone(1_000_000), "Meera").await;
    world.admin.set_active(&admin, user, false).await.expect("deactivated");
    let block = state(5);
    for n in 1..=50 {
        request(world, &phone(50_000 + n)).await;
    }
    let hour = state(6);
    for _ in 0..5 {
        request(world, &hour).await;
        world.clock.forward(TimeDelta::seconds(31));
    }
    let just_now = state(7);
    request(world, &just_now).await;
    let known = state(8);
    world.add(Role::Doctor, &known, "Dr Rao").await;
    vec![
        ("unknown", state(9)),
        ("known", known),
        ("sent one just now", just_now),
        ("sent five this hour", hour),
        ("sent ten today", day),
        ("in a block that got fifty", block),
        ("wrong twenty times", silenced),
        ("may not sign in", off),
    ]
}

on_both_engines!(whatever_a_phone_is_asking_and_guessing_cost_the_same_and_answer_the_same, |db| async {
    let world = Process::new(db).await;
    let phones = phones(&world).await;
    let mut sent = Vec::new();
    let (mut asked, mut answers, mut guessed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (state, phone) in &phones {
        let (cost, challenge) = statements(request(&world, phone)).await;
        assert!(cost > 8, "the statements are counted: {cost}");
        if world.outbox.messages().first().is_some_and(|newest| newest.to == *phone) {
            sent.push(*state);
        }
        asked.entry(cost).or_insert_with(Vec::new).push(*state);
        answers.entry((challenge.expires_in, challenge.resend_in)).or_insert_with(Vec::new).push(*state);
        let wrong = wrong(&world, phone);
        // The first, the fifth, and one for which it is too late.
        for place in 1..=6 {
            let origin = Origin::default();
            let guess = world.accounts.verify_otp(challenge.challenge_id, phone, wrong, &origin);
            let (cost, guess) = statements(guess).await;
            assert_eq!(guess, Err(Error::Unauthenticated));
            assert!(cost > 4, "the statements are counted: {cost}");
            guessed.entry(cost).or_insert_with(Vec::new).push((*state, place));
        }
    }
    assert_eq!(sent, ["unknown", "known"]);
    assert_eq!((asked.len(), answers.len(), guessed.len()), (1, 1, 1), "{asked:?} {answers:?} {guessed:?}");
});

on_both_engines!(a_phone_is_sent_ten_codes_a_day, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    for _ in 0..14 {
        request(&world, &phone).await;
        world.clock.forward(TimeDelta::minutes(13));
    }
    assert_eq!(world.outbox.messages().len(), 10);
    world.clock.forward(TimeDelta::hours(24) - TimeDelta::minutes(14 * 13));
    request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 11, "a day after the first there is room for one");
    world.clock.forward(TimeDelta::seconds(30));
    request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 11);
});

on_both_engines!(a_block_of_numbers_is_sent_only_so_many_codes_and_its_neighbours_are_not_touched, |db| async {
    let world = Process::with(db, OtpLimits { block_hour: 3, ..OtpLimits::default() }).await;
    for n in 0..6 {
        request(&world, &phone(n)).await;
    }
    assert_eq!(world.outbox.messages().len(), 3);
    request(&world, &phone(10_000)).await;
    assert_eq!(world.outbox.messages().len(), 4);
    world.clock.forward(TimeDelta::hours(1));
    request(&world, &phone(6)).await;
    assert_eq!(world.outbox.messages().len(), 5);
});

on_both_engines!(a_new_code_refills_no_guesses, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    for _ in 0..2 {
        let challenge = request(&world, &phone).await;
        guess_wrong(&world, &challenge, &phone).await;
        world.clock.forward(TimeDelta::minutes(1));
    }
    for _ in 0..3 {
        let challenge = request(&world, &phone).await;
        let code = world.code(&phone).expect("sent");
        let guess = world.accounts.verify_otp(challenge.challenge_id, &phone, &code, &Origin::default()).await;
        assert_eq!(
            guess,
            Err(Error::Unauthenticated),
            "ten wrong ones in this hour: not even the right one is looked at"
        );
        world.clock.forward(TimeDelta::minutes(1));
    }
    world.clock.forward(TimeDelta::hours(2));
    let challenge = request(&world, &phone).await;
    let code = world.code(&phone).expect("sent");
    let guess = world.accounts.verify_otp(challenge.challenge_id, &phone, &code, &Origin::default()).await;
    assert!(guess.is_ok(), "{guess:?}");
});

on_both_engines!(neither_a_code_nor_a_phone_lies_in_the_database, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let challenge = request(&world, &phone).await;
    let code = world.code(&phone).expect("sent");
    let sql = "SELECT phone_index, block_index, code_mac FROM otp_challenges";
    let (index, block, mac): (Vec<u8>, Vec<u8>, Vec<u8>) = match &db.store {
        Store::Sqlite { read, .. } => {
            let row = sqlx::query(sql).fetch_one(read).await.expect("a row");
            (row.get(0), row.get(1), row.get(2))
        }
        Store::Postgres(pool) => {
            let row = sqlx::query(sql).fetch_one(pool).await.expect("a row");
            (row.get(0), row.get(1), row.get(2))
        }
    };
    let purposes = &world.deps.purposes;
    let id = challenge.challenge_id;
    assert_eq!(mac, purposes.otp_mac(id, &phone, &code), "the code is a keyed one");
    assert_eq!((&*index, &*block), (&purposes.phone_index(&phone)[..], &purposes.phone_block_index(&phone)[..]));
    assert_ne!(index, block);
    let other = crate::support::phone(2);
    assert_ne!(mac, purposes.otp_mac(ChallengeId(Uuid::new_v4()), &phone, &code), "bound to its challenge");
    assert_ne!(mac, purposes.otp_mac(id, &other, &code), "bound to its phone");
    let keys = crate::support::keyring();
    let foreign = crate::support::TestDb::sqlite().await;
    let foreign = server::crypto::PurposeKeys::load(&foreign.store, &keys, world.clock.now()).await.expect("keys");
    assert_ne!(mac, foreign.otp_mac(id, &phone, &code), "and to the key");
});
