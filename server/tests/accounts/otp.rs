//! One-time passwords.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    Error,
    contact::Phone,
    people::Role,
    ports::{Accounts, Admin, Challenge, Origin},
};
use futures::future::join_all;
use server::{auth::OtpLimits, messages::NoSender, services::accounts::AccountsService};

use crate::support::{Process, on_both_engines, phone};

fn from(address: &str) -> Origin {
    Origin { address: Some(address.parse().expect("an address")), device: None }
}

async fn request(world: &Process, phone: &Phone) -> Challenge {
    world.accounts.request_otp(phone, &Origin::default()).await.expect("a challenge")
}

/// A code that is not the sent one.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn guess(world: &Process, challenge: &Challenge, phone: &Phone, code: &str) -> Result<Role, Error> {
    let verified = world.accounts.verify_otp(challenge.challenge_id, phone, code, &Origin::default()).await;
    verified.map(|signed_in| signed_in.role)
}

on_both_engines!(of_sixty_four_at_once_exactly_one_gets_in_with_a_code, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let phone = phone(1);
    for _ in 0..5 {
        let challenge = request(&here, &phone).await;
        let code = here.code(&phone).expect("sent");
        let attempts = (0..64).map(|n| {
            let accounts = if n % 2 == 0 { here.accounts.clone() } else { there.accounts.clone() };
            let (phone, code) = (phone.clone(), code.clone());
            tokio::spawn(
                async move { accounts.verify_otp(challenge.challenge_id, &phone, &code, &Origin::default()).await },
            )
        });
        let results: Vec<_> = join_all(attempts).await.into_iter().map(|joined| joined.expect("no panic")).collect();
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
        assert!(results.iter().all(|r| r.is_ok() || *r == Err(Error::Unauthenticated)), "{results:?}");
        here.clock.forward(TimeDelta::minutes(13));
    }
    there.deps.store.close().await;
});

on_both_engines!(an_unknown_phone_becomes_a_patient_and_stays_the_same_one, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let mut users = BTreeSet::new();
    for _ in 0..2 {
        let challenge = request(&world, &phone).await;
        assert_eq!((challenge.expires_in, challenge.resend_in), (300, 30));
        let code = world.code(&phone).expect("sent");
        let id = challenge.challenge_id;
        let signed_in = world.accounts.verify_otp(id, &phone, &code, &Origin::default()).await.expect("signed in");
        assert_eq!(signed_in.role, Role::Patient);
        users.insert(signed_in.user);
        world.clock.forward(TimeDelta::seconds(30));
    }
    assert_eq!(users.len(), 1);
});

on_both_engines!(a_code_is_for_its_phone_and_its_challenge_only, |db| async {
    let world = Process::new(db).await;
    let (mine, other) = (phone(1), phone(2));
    let challenge = request(&world, &mine).await;
    let others = request(&world, &other).await;
    let code = world.code(&mine).expect("sent");
    assert_eq!(guess(&world, &challenge, &other, &code).await, Err(Error::Unauthenticated));
    assert_eq!(guess(&world, &others, &mine, &code).await, Err(Error::Unauthenticated));
    assert_eq!(guess(&world, &challenge, &mine, "12345").await, Err(Error::Unauthenticated));
    assert_eq!(guess(&world, &challenge, &mine, &code).await, Ok(Role::Patient));
});

on_both_engines!(a_phone_is_sent_one_code_in_thirty_seconds_and_five_an_hour_and_the_answer_never_tells, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let mut challenges = BTreeSet::new();
    let first = request(&world, &phone).await;
    let again = request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 1);
    challenges.extend([first.challenge_id, again.challenge_id]);
    assert_eq!((first.expires_in, first.resend_in), (again.expires_in, again.resend_in));
    let code = world.code(&phone).expect("sent");
    assert_eq!(guess(&world, &again, &phone, &code).await, Err(Error::Unauthenticated), "no code goes with it");
    assert_eq!(guess(&world, &first, &phone, &code).await, Ok(Role::Patient), "and it replaces none");

    for _ in 0..9 {
        world.clock.forward(TimeDelta::seconds(30));
        challenges.insert(request(&world, &phone).await.challenge_id);
    }
    assert_eq!(world.outbox.messages().len(), 5);
    assert_eq!(challenges.len(), 11);
    world.clock.forward(TimeDelta::hours(1));
    request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 6);
});

on_both_engines!(a_new_code_replaces_the_old_one, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let first = request(&world, &phone).await;
    let old = world.code(&phone).expect("sent");
    world.clock.forward(TimeDelta::seconds(30));
    let second = request(&world, &phone).await;
    let new = world.code(&phone).expect("sent");
    assert_eq!(guess(&world, &first, &phone, &old).await, Err(Error::Unauthenticated));
    assert_eq!(guess(&world, &second, &phone, &new).await, Ok(Role::Patient));
});

on_both_engines!(many_requests_at_once_send_one_code, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let phone = phone(1);
    let requests = (0..32).map(|n| {
        let accounts = if n % 2 == 0 { here.accounts.clone() } else { there.accounts.clone() };
        let (phone, origin) = (phone.clone(), from(&format!("203.0.113.{n}")));
        tokio::spawn(async move { accounts.request_otp(&phone, &origin).await })
    });
    for answer in join_all(requests).await {
        answer.expect("no panic").expect("the same answer");
    }
    assert_eq!(here.outbox.messages().len() + there.outbox.messages().len(), 1);
    there.deps.store.close().await;
});

on_both_engines!(a_flood_from_one_address_is_told_so_and_an_ipv6_subscriber_is_one, |db| async {
    let world = Process::new(db).await;
    for n in 0..20 {
        let origin = from(&format!("2001:db8:1:2::{n:x}"));
        world.accounts.request_otp(&phone(n), &origin).await.expect("within the limit");
        world.clock.forward(TimeDelta::minutes(1));
    }
    let more = world.accounts.request_otp(&phone(99), &from("2001:db8:1:2:ffff::1")).await;
    assert_eq!(more, Err(Error::TooMany { retry_after_s: 2401 }));
    assert!(world.accounts.request_otp(&phone(99), &from("2001:db8:1:3::1")).await.is_ok(), "another subscriber");
    assert_eq!(world.outbox.messages().len(), 21);
    world.clock.forward(TimeDelta::seconds(2401));
    assert!(world.accounts.request_otp(&phone(98), &from("2001:db8:1:2::1")).await.is_ok());
});

on_both_engines!(requests_for_one_phone_count_for_the_address_even_if_nothing_is_sent, |db| async {
    let world = Process::new(db).await;
    for _ in 0..20 {
        world.accounts.request_otp(&phone(1), &from("203.0.113.7")).await.expect("the same answer");
    }
    let more = world.accounts.request_otp(&phone(1), &from("203.0.113.7")).await;
    assert!(matches!(more, Err(Error::TooMany { .. })), "{more:?}");
    assert_eq!(world.outbox.messages().len(), 1);
});

on_both_engines!(the_days_budget_holds_for_all_together, |db| async {
    let world = Process::with(db, OtpLimits { day: 3, ..OtpLimits::default() }).await;
    for n in 0..3 {
        request(&world, &phone(n)).await;
    }
    let more = world.accounts.request_otp(&phone(9), &Origin::default()).await;
    assert_eq!(more, Err(Error::TooMany { retry_after_s: 86_401 }));
    world.clock.forward(TimeDelta::hours(24));
    request(&world, &phone(9)).await;
});

on_both_engines!(twenty_wrong_codes_in_a_row_silence_a_phone_until_support_unlocks_it, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let user = world.add(Role::Patient, &phone, "Asha").await;
    let admin = world.signed_in(Role::Admin, &crate::support::phone(2), "Meera").await;
    for _ in 0..4 {
        let challenge = request(&world, &phone).await;
        let code = world.code(&phone).expect("sent");
        for _ in 0..5 {
            assert_eq!(guess(&world, &challenge, &phone, wrong(&code)).await, Err(Error::Unauthenticated));
        }
        assert_eq!(guess(&world, &challenge, &phone, &code).await, Err(Error::Unauthenticated), "five guesses a code");
        world.clock.forward(TimeDelta::hours(2));
    }
    request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 4, "silenced");
    world.admin.set_active(&admin, user, true).await.expect("unlocked");
    let challenge = request(&world, &phone).await;
    assert_eq!(world.outbox.messages().len(), 5);
    let code = world.code(&phone).expect("sent");
    assert_eq!(guess(&world, &challenge, &phone, &code).await, Ok(Role::Patient));
});

on_both_engines!(who_may_not_sign_in_gets_the_same_answer_and_no_code, |db| async {
    let world = Process::new(db).await;
    let phone = phone(1);
    let user = world.add(Role::Doctor, &phone, "Dr Rao").await;
    let admin = world.signed_in(Role::Admin, &crate::support::phone(2), "Meera").await;
    let before = request(&world, &phone).await;
    let code = world.code(&phone).expect("sent");
    world.admin.set_active(&admin, user, false).await.expect("deactivated");
    assert_eq!(guess(&world, &before, &phone, &code).await, Err(Error::Unauthenticated), "sent before");
    world.clock.forward(TimeDelta::minutes(1));
    let after = request(&world, &phone).await;
    assert_eq!((after.expires_in, after.resend_in), (before.expires_in, before.resend_in));
    assert_eq!(world.outbox.messages().len(), 1);
    let start = world.accounts.start_session(user, &Origin::default()).await;
    assert_eq!(start, Err(Error::Unauthenticated));
});

on_both_engines!(without_a_provider_sending_is_unavailable_for_everybody_alike, |db| async {
    let world = Process::new(db).await;
    let mut deps = world.deps.clone();
    deps.codes = std::sync::Arc::new(NoSender);
    let accounts = AccountsService::new(deps);
    world.add(Role::Doctor, &phone(1), "Dr Rao").await;
    for n in [1, 2] {
        assert_eq!(accounts.request_otp(&phone(n), &Origin::default()).await, Err(Error::Unavailable));
    }
});
