//! Passkeys, through the services.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    people::{Actor, Role},
    ports::{Accounts, Admin, Origin, Passkeys, SecondFactor, Standing},
};
use server::{
    auth::AuthSettings,
    services::{Deps, passkeys::PasskeyService, step_up},
};

use crate::support::{Passkey, Process, on_both_engines, phone};

/// Somebody who has just signed in, with a passkey made.
async fn with_passkey(world: &Process, role: Role, number: u32) -> (Actor, Passkey) {
    let actor = world.signed_in(role, &phone(number), "Kavita").await;
    let ceremony = world.passkeys.begin_add(&actor).await.expect("a challenge");
    let (passkey, answer) = Passkey::make(&ceremony);
    let device = Origin { device: Some("Chrome, Android".to_owned()), ..Origin::default() };
    world.passkeys.add(&actor, ceremony.id, &answer, &device).await.expect("added");
    (actor, passkey)
}

on_both_engines!(a_passkey_signs_anybody_in_with_nothing_missing, |db| async {
    let world = Process::new(db).await;
    for (number, role) in [(1, Role::Patient), (2, Role::Doctor), (3, Role::Caregiver), (4, Role::Admin)] {
        let (actor, mut passkey) = with_passkey(&world, role, number).await;
        world.clock.forward(TimeDelta::minutes(6));
        let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
        let answer = passkey.sign(&ceremony);
        let (who, session) = world.passkeys.sign_in(ceremony.id, &answer, &Origin::default()).await.expect("in");
        assert_eq!((who.user, who.role), (actor.user, role));
        assert_eq!(world.second_factor.standing(session).await.expect("a session").1, Standing::Full);
        let actor = Actor { session, ..actor };
        assert_eq!(step_up::require(&world.deps, &actor).await, Ok(()), "it is a fresh proof");
        world.clock.forward(TimeDelta::minutes(14));
        assert_eq!(world.accounts.actor(session).await, Ok(actor), "it lasts as any session");
        let shown = world.passkeys.of_me(&actor).await.expect("a list");
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].device.as_deref(), Some("Chrome, Android"));
        assert_eq!(shown[0].last_used_at, Some(world.clock.now() - TimeDelta::minutes(14)));
        assert_eq!(world.passkeys.has_any(actor.user).await, Ok(true));
    }
});

on_both_engines!(a_challenge_is_answered_once_in_time_and_for_what_it_was_made, |db| async {
    let world = Process::new(db).await;
    let (asha, mut passkey) = with_passkey(&world, Role::Patient, 1).await;
    let origin = Origin::default();
    let first = world.passkeys.begin_sign_in().await.expect("a challenge");
    let answer = passkey.sign(&first);
    world.passkeys.sign_in(first.id, &answer, &origin).await.expect("in");
    let again = world.passkeys.sign_in(first.id, &answer, &origin).await;
    assert_eq!(again.map(|_| ()), Err(Error::Unauthenticated), "it was answered");
    let other = world.passkeys.begin_sign_in().await.expect("a challenge");
    let moved = world.passkeys.sign_in(other.id, &answer, &origin).await;
    assert_eq!(moved.map(|_| ()), Err(Error::Unauthenticated), "an answer to another challenge");
    let late = world.passkeys.begin_sign_in().await.expect("a challenge");
    let answer = passkey.sign(&late);
    world.clock.forward(TimeDelta::minutes(5));
    let late = world.passkeys.sign_in(late.id, &answer, &origin).await;
    assert_eq!(late.map(|_| ()), Err(Error::Unauthenticated), "too late");
    let prove = world.passkeys.begin_prove(&asha).await.expect("a challenge");
    let answer = passkey.sign(&prove);
    let crossed = world.passkeys.sign_in(prove.id, &answer, &origin).await;
    assert_eq!(crossed.map(|_| ()), Err(Error::Unauthenticated), "made to prove, not to sign in");
    let (ravi, _) = with_passkey(&world, Role::Patient, 2).await;
    let prove = world.passkeys.begin_prove(&asha).await.expect("a challenge");
    let answer = passkey.sign(&prove);
    let theirs = world.passkeys.prove(&ravi, prove.id, &answer).await;
    assert_eq!(theirs, Err(Error::Unauthenticated), "another's challenge");
});

on_both_engines!(what_a_passkey_did_not_sign_for_us_signs_nobody_in, |db| async {
    let world = Process::new(db).await;
    let (asha, mut passkey) = with_passkey(&world, Role::Patient, 1).await;
    let (ravi, theirs) = with_passkey(&world, Role::Patient, 2).await;
    let origin = Origin::default();
    let refused = async |passkey: &mut Passkey, why: &str| {
        let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
        let answer = passkey.sign(&ceremony);
        let answered = world.passkeys.sign_in(ceremony.id, &answer, &origin).await;
        assert_eq!(answered.map(|_| ()), Err(Error::Unauthenticated), "{why}");
    };
    refused(&mut theirs.claiming(asha.user.0), "another's passkey").await;
    refused(&mut passkey.claiming(ravi.user.0), "a passkey that says it is another's").await;
    refused(&mut passkey.claiming(uuid::Uuid::nil()), "nobody's").await;
    passkey.origin = "http://localhost.evil.example";
    refused(&mut passkey, "signed at another site").await;
    passkey.origin = crate::support::ORIGIN;
    passkey.verifies = false;
    refused(&mut passkey, "nobody was verified").await;
    passkey.verifies = true;
    let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
    passkey.count = 9;
    let answer = passkey.sign(&ceremony);
    for broken in ["", "{}", "null", &answer[..answer.len() - 1], &answer.replace("signature", "signatura")] {
        let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
        let answered = world.passkeys.sign_in(ceremony.id, broken, &origin).await;
        assert_eq!(answered.map(|_| ()), Err(Error::Unauthenticated), "{broken}");
    }
    world.passkeys.sign_in(ceremony.id, &answer, &origin).await.expect("in");
    passkey.count = 3;
    refused(&mut passkey, "a copy: its count is behind").await;
});

on_both_engines!(of_many_at_once_one_gets_in_with_an_answer, |db| async {
    let world = Arc::new(Process::new(db).await);
    let (_, mut passkey) = with_passkey(&world, Role::Patient, 1).await;
    let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
    let answer = passkey.sign(&ceremony);
    let racers: Vec<_> = (0..8)
        .map(|_| {
            let (world, answer, id) = (Arc::clone(&world), answer.clone(), ceremony.id);
            tokio::spawn(async move { world.passkeys.sign_in(id, &answer, &Origin::default()).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += u32::from(racer.await.expect("ended"));
    }
    assert_eq!(won, 1);
});

on_both_engines!(making_and_removing_a_passkey_needs_a_fresh_proof_which_a_passkey_gives, |db| async {
    let world = Process::new(db).await;
    let (asha, mut passkey) = with_passkey(&world, Role::Patient, 1).await;
    let ceremony = world.passkeys.begin_add(&asha).await.expect("a challenge");
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(world.passkeys.begin_add(&asha).await, Err(Error::StepUp));
    let (_, answer) = Passkey::make(&ceremony);
    assert_eq!(world.passkeys.add(&asha, ceremony.id, &answer, &Origin::default()).await, Err(Error::StepUp));
    let id = world.passkeys.of_me(&asha).await.expect("a list")[0].id;
    assert_eq!(world.passkeys.remove(&asha, id).await, Err(Error::StepUp));
    let prove = world.passkeys.begin_prove(&asha).await.expect("a challenge");
    let answer = passkey.sign(&prove);
    world.passkeys.prove(&asha, prove.id, &answer).await.expect("proven");
    let ravi = world.signed_in(Role::Patient, &phone(2), "Ravi").await;
    assert_eq!(world.passkeys.remove(&ravi, id).await, Err(Error::NotFound), "another's");
    world.passkeys.remove(&asha, id).await.expect("removed");
    assert_eq!(world.passkeys.begin_prove(&asha).await, Err(Error::Conflict), "none is left");
    let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
    let answer = passkey.sign(&ceremony);
    assert!(world.passkeys.sign_in(ceremony.id, &answer, &Origin::default()).await.is_err(), "a removed one");
});

on_both_engines!(a_passkey_of_somebody_who_was_shut_out_or_reset_is_worth_nothing, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    let (doctor, mut passkey) = with_passkey(&world, Role::Doctor, 2).await;
    let sign_in = async |passkey: &mut Passkey| {
        let ceremony = world.passkeys.begin_sign_in().await.expect("a challenge");
        let answer = passkey.sign(&ceremony);
        world.passkeys.sign_in(ceremony.id, &answer, &Origin::default()).await.map(|_| ())
    };
    world.admin.set_active(&admin, doctor.user, false).await.expect("shut out");
    assert_eq!(sign_in(&mut passkey).await, Err(Error::Unauthenticated));
    world.admin.set_active(&admin, doctor.user, true).await.expect("let in");
    assert_eq!(sign_in(&mut passkey).await, Ok(()));
    world.second_factor.reset(&admin, doctor.user).await.expect("reset");
    assert_eq!(sign_in(&mut passkey).await, Err(Error::Unauthenticated), "it went with the lost phone");
});

on_both_engines!(there_are_no_passkeys_where_the_service_does_not_know_its_address, |db| async {
    let world = Process::new(db).await;
    let (asha, _) = with_passkey(&world, Role::Patient, 1).await;
    let jwt = server::auth::JwtKeys::parse(crate::support::TOKEN_KEYS).expect("a key");
    let auth = Arc::new(AuthSettings { jwt, otp: world.deps.auth.otp, passkeys: None });
    let without = PasskeyService::new(Deps { auth, ..world.deps.clone() });
    assert_eq!(without.host(), None);
    assert_eq!(without.has_any(asha.user).await, Ok(false));
    assert_eq!(without.begin_sign_in().await, Err(Error::NotFound));
    assert_eq!(without.begin_add(&asha).await, Err(Error::NotFound));
    assert_eq!(world.passkeys.host().as_deref(), Some("localhost"));
});
