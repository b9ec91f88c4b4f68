//! The second factor, through the services.

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    contact::Phone,
    ids::ChallengeId,
    people::{Actor, Role},
    ports::{Accounts, NextStep, Origin, SecondFactor, SecondFactorState, SignedIn, Standing},
};
use server::{
    auth::totp,
    messages::NoSender,
    services::{
        Deps,
        second_factor::{SecondFactorService, secret_place},
        step_up,
    },
    storage::second_factor as rows,
};

use crate::support::{Authenticator, Process, on_both_engines, phone};

/// Somebody whose session has only the code that was sent to their phone.
async fn half_way(world: &Process, role: Role, phone: &Phone) -> Actor {
    let user = world.add(role, phone, "Kavita").await;
    let session = world.accounts.start_session(user, &Origin::default()).await.expect("a session");
    Actor { user, role, session }
}

async fn authenticator(world: &Process, actor: &Actor) -> Authenticator {
    match world.second_factor.state(actor).await.expect("a state") {
        SecondFactorState::Setup { secret, qr } => {
            assert!(qr.starts_with("<svg ") && !qr.contains("style="), "{qr}");
            Authenticator::new(&secret)
        }
        state @ SecondFactorState::On { .. } => panic!("{state:?}"),
    }
}

/// Sets a second factor up; gives the app and the recovery codes.
async fn enrol(world: &Process, actor: &Actor) -> (Authenticator, Vec<String>) {
    let app = authenticator(world, actor).await;
    let codes = world.second_factor.confirm(actor, &app.code(world.clock.now())).await.expect("confirmed");
    // The code that confirmed it is used up.
    world.clock.forward(TimeDelta::seconds(30));
    (app, codes)
}

async fn standing(world: &Process, actor: &Actor) -> Standing {
    world.second_factor.standing(actor.session).await.expect("a session").1
}

on_both_engines!(staff_can_do_nothing_before_they_set_up_a_second_factor, |db| async {
    let world = Process::new(db).await;
    for (number, role) in [(1, Role::Doctor), (2, Role::Admin)] {
        let actor = half_way(&world, role, &phone(number)).await;
        assert_eq!(standing(&world, &actor).await, Standing::Enrol);
        assert_eq!(world.accounts.actor(actor.session).await, Err(Error::Unauthenticated));
        let app = authenticator(&world, &actor).await;
        assert_eq!(
            world.second_factor.confirm(&actor, &app.wrong(world.clock.now())).await,
            Err(Error::Unauthenticated)
        );
        assert_eq!(standing(&world, &actor).await, Standing::Enrol);
        let (_, codes) = enrol(&world, &actor).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(world.accounts.actor(actor.session).await, Ok(actor));
        assert_eq!(step_up::require(&world.deps, &actor).await, Ok(()));
        let on = SecondFactorState::On { codes_left: 10, removable: false };
        assert_eq!(world.second_factor.state(&actor).await, Ok(on));
        assert_eq!(world.second_factor.remove(&actor).await, Err(Error::Forbidden));
        world.clock.forward(TimeDelta::minutes(14));
        assert_eq!(world.accounts.actor(actor.session).await, Ok(actor), "it lasts as any session of staff");
    }
});

on_both_engines!(a_session_that_lacks_its_second_factor_is_over_after_a_quarter_of_an_hour, |db| async {
    let world = Process::new(db).await;
    let actor = half_way(&world, Role::Doctor, &phone(1)).await;
    world.clock.forward(TimeDelta::minutes(15));
    assert_eq!(world.second_factor.standing(actor.session).await, Err(Error::Unauthenticated));
});

on_both_engines!(patients_and_caregivers_may_have_one_and_take_it_away, |db| async {
    let world = Process::new(db).await;
    let there = world.beside(db).await;
    for (number, role) in [(1, Role::Patient), (2, Role::Caregiver)] {
        let actor = half_way(&world, role, &phone(number)).await;
        let phone_app = Actor {
            session: there.accounts.start_session(actor.user, &Origin::default()).await.expect("a session"),
            ..actor
        };
        assert_eq!(standing(&world, &actor).await, Standing::Full);
        world.clock.forward(TimeDelta::minutes(6));
        let app = authenticator(&world, &actor).await;
        let code = app.code(world.clock.now());
        let stale = world.second_factor.confirm(&actor, &code).await;
        assert_eq!(stale, Err(Error::StepUp), "a browser that was left signed in cannot lock its owner out");
        let actor = Actor {
            session: world.accounts.start_session(actor.user, &Origin::default()).await.expect("a session"),
            ..actor
        };
        let (app, _) = enrol(&world, &actor).await;
        assert_eq!(standing(&there, &phone_app).await, Standing::SecondFactor, "the other device has to prove it too");
        there.second_factor.prove(&phone_app, &app.code(world.clock.now())).await.expect("proven");
        assert_eq!(standing(&there, &phone_app).await, Standing::Full);
        world.second_factor.remove(&actor).await.expect("taken away");
        let next = half_way_again(&world, &actor).await;
        assert_eq!(standing(&world, &next).await, Standing::Full);
    }
});

async fn half_way_again(world: &Process, actor: &Actor) -> Actor {
    let session = world.accounts.start_session(actor.user, &Origin::default()).await.expect("a session");
    Actor { session, ..*actor }
}

on_both_engines!(a_code_of_the_app_is_taken_once, |db| async {
    let world = Process::new(db).await;
    let actor = half_way(&world, Role::Doctor, &phone(1)).await;
    let (app, _) = enrol(&world, &actor).await;
    let code = app.code(world.clock.now());
    let next = half_way_again(&world, &actor).await;
    assert_eq!(standing(&world, &next).await, Standing::SecondFactor);
    world.second_factor.prove(&next, &code).await.expect("proven");
    assert_eq!(standing(&world, &next).await, Standing::Full);
    let thief = half_way_again(&world, &actor).await;
    assert_eq!(world.second_factor.prove(&thief, &code).await, Err(Error::Unauthenticated), "seen over the shoulder");
    let earlier = app.code(world.clock.now() - TimeDelta::seconds(30));
    assert_eq!(world.second_factor.prove(&thief, &earlier).await, Err(Error::Unauthenticated), "earlier than the last");
    assert_eq!(standing(&world, &thief).await, Standing::SecondFactor);
});

on_both_engines!(of_many_at_once_one_gets_in_with_a_code, |db| async {
    let world = std::sync::Arc::new(Process::new(db).await);
    let actor = half_way(&world, Role::Doctor, &phone(1)).await;
    let (app, codes) = enrol(&world, &actor).await;
    for code in [app.code(world.clock.now()), codes[0].clone()] {
        let mut racers = Vec::new();
        for _ in 0..4 {
            let next = half_way_again(&world, &actor).await;
            let (world, code) = (std::sync::Arc::clone(&world), code.clone());
            racers.push(tokio::spawn(async move { world.second_factor.prove(&next, &code).await.is_ok() }));
        }
        let mut won = 0;
        for racer in racers {
            won += u32::from(racer.await.expect("ended"));
        }
        assert_eq!(won, 1);
    }
});

on_both_engines!(five_wrong_codes_in_a_quarter_of_an_hour_are_the_last, |db| async {
    let world = Process::new(db).await;
    let actor = half_way(&world, Role::Patient, &phone(1)).await;
    let (app, codes) = enrol(&world, &actor).await;
    let next = half_way_again(&world, &actor).await;
    for _ in 0..5 {
        let wrong = app.wrong(world.clock.now());
        assert_eq!(world.second_factor.prove(&next, &wrong).await, Err(Error::Unauthenticated));
    }
    for code in [app.code(world.clock.now()), codes[0].clone()] {
        assert_eq!(world.second_factor.prove(&next, &code).await, Err(Error::TooMany { retry_after_s: 900 }));
    }
    world.clock.forward(TimeDelta::minutes(15));
    let next = half_way_again(&world, &actor).await;
    world.second_factor.prove(&next, &app.code(world.clock.now())).await.expect("a new window");
});

on_both_engines!(a_recovery_code_works_once_and_new_ones_replace_all, |db| async {
    let world = Process::new(db).await;
    let actor = half_way(&world, Role::Admin, &phone(1)).await;
    let (_, codes) = enrol(&world, &actor).await;
    let next = half_way_again(&world, &actor).await;
    world.second_factor.prove(&next, &codes[3].to_lowercase().replace('-', " ")).await.expect("as people type it");
    assert_eq!(standing(&world, &next).await, Standing::Full);
    let again = half_way_again(&world, &actor).await;
    assert_eq!(world.second_factor.prove(&again, &codes[3]).await, Err(Error::Unauthenticated));
    let left = SecondFactorState::On { codes_left: 9, removable: false };
    assert_eq!(world.second_factor.state(&next).await, Ok(left));
    let fresh = world.second_factor.renew_codes(&next).await.expect("new codes");
    assert_eq!(world.second_factor.prove(&again, &codes[4]).await, Err(Error::Unauthenticated), "an earlier one");
    world.second_factor.prove(&again, &fresh[0]).await.expect("a new one");
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(world.second_factor.renew_codes(&next).await, Err(Error::StepUp));
});

on_both_engines!(the_app_signs_in_with_the_second_factor_and_never_without, |db| async {
    let world = Process::new(db).await;
    let doctor = half_way(&world, Role::Doctor, &phone(1)).await;
    let signed_in = SignedIn { user: doctor.user, role: Role::Doctor };
    assert_eq!(world.second_factor.next_step(&signed_in).await, Ok(NextStep::Enrol));
    let (app, _) = enrol(&world, &doctor).await;
    let Ok(NextStep::SecondFactor { challenge, expires_in: 300 }) = world.second_factor.next_step(&signed_in).await
    else {
        panic!("a challenge");
    };
    let origin = Origin::default();
    let code = app.code(world.clock.now());
    let unknown = ChallengeId(uuid::Uuid::new_v4());
    assert!(matches!(world.second_factor.finish_tokens(unknown, &code, &origin).await, Err(Error::Unauthenticated)));
    let tokens = world.second_factor.finish_tokens(challenge, &code, &origin).await.expect("tokens");
    assert_eq!(world.accounts.bearer(&tokens.access_token).await.map(|actor| actor.user), Ok(doctor.user));
    world.clock.forward(TimeDelta::seconds(30));
    let code = app.code(world.clock.now());
    assert!(world.second_factor.finish_tokens(challenge, &code, &origin).await.is_err(), "used");
    let Ok(NextStep::SecondFactor { challenge, .. }) = world.second_factor.next_step(&signed_in).await else {
        panic!("a challenge");
    };
    world.clock.forward(TimeDelta::minutes(5));
    let code = app.code(world.clock.now());
    assert!(world.second_factor.finish_tokens(challenge, &code, &origin).await.is_err(), "too old");
    // Tokens that a door would hand out too early let nobody in, now or after a refresh.
    let early = world.accounts.start_tokens(doctor.user, &origin).await.expect("tokens");
    assert_eq!(world.accounts.bearer(&early.access_token).await, Err(Error::Unauthenticated));
    assert!(matches!(world.accounts.refresh(&early.refresh_token).await, Err(Error::Unauthenticated)));
});

on_both_engines!(another_admin_resets_a_lost_second_factor_and_ends_every_session, |db| async {
    let world = Process::new(db).await;
    let admin = half_way(&world, Role::Admin, &phone(1)).await;
    enrol(&world, &admin).await;
    let doctor = half_way(&world, Role::Doctor, &phone(2)).await;
    enrol(&world, &doctor).await;
    let asha = half_way(&world, Role::Patient, &phone(3)).await;
    assert_eq!(world.second_factor.reset(&doctor, admin.user).await, Err(Error::Forbidden));
    assert_eq!(world.second_factor.reset(&admin, admin.user).await, Err(Error::Conflict));
    assert_eq!(world.second_factor.reset(&admin, asha.user).await, Err(Error::NotFound));
    world.second_factor.reset(&admin, doctor.user).await.expect("reset");
    assert_eq!(world.accounts.actor(doctor.session).await, Err(Error::Unauthenticated));
    assert_eq!(standing(&world, &half_way_again(&world, &doctor).await).await, Standing::Enrol);
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(world.second_factor.reset(&admin, doctor.user).await, Err(Error::StepUp));
});

on_both_engines!(a_code_sent_to_ones_own_phone_is_a_fresh_proof_for_who_has_no_app, |db| async {
    let world = Process::new(db).await;
    let asha = half_way(&world, Role::Patient, &phone(1)).await;
    let other = half_way(&world, Role::Patient, &phone(2)).await;
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(step_up::require(&world.deps, &asha).await, Err(Error::StepUp));
    let origin = Origin::default();
    let theirs = world.second_factor.send_proof(&other, &origin).await.expect("sent").challenge_id;
    let code = world.code(&phone(2)).expect("a code");
    let refused = world.second_factor.prove_by_phone(&asha, theirs, &code).await;
    assert_eq!(refused, Err(Error::Unauthenticated), "another's code");
    let challenge = world.second_factor.send_proof(&asha, &origin).await.expect("sent").challenge_id;
    let code = world.code(&phone(1)).expect("a code");
    world.second_factor.prove_by_phone(&asha, challenge, &code).await.expect("proven");
    assert_eq!(step_up::require(&world.deps, &asha).await, Ok(()));
    let doctor = world.signed_in(Role::Doctor, &phone(3), "Dr. Rao").await;
    assert_eq!(world.second_factor.send_proof(&doctor, &origin).await, Err(Error::Forbidden));
    assert_eq!(world.second_factor.prove_by_phone(&doctor, challenge, &code).await, Err(Error::Forbidden));
});

on_both_engines!(the_demonstrations_secret_lets_nobody_in_where_codes_are_not_shown, |db| async {
    let world = Process::new(db).await;
    let doctor = half_way(&world, Role::Doctor, &phone(1)).await;
    let sealed = world.deps.keys.seal(&secret_place(doctor.user), &totp::DEMO_SECRET).expect("sealed");
    let now = world.clock.now();
    let mut tx = world.deps.store.begin().await.expect("a transaction");
    rows::begin_totp(&mut tx, doctor.user, &sealed, now, now).await.expect("begun");
    rows::confirm_totp(&mut tx, doctor.user, 0, now).await.expect("confirmed");
    tx.commit().await.expect("committed");
    world.second_factor.show_demo_code(doctor.user).await.expect("shown");
    let code = world.code(&phone(1)).expect("a code in the outbox");
    let production = SecondFactorService::new(Deps { codes: std::sync::Arc::new(NoSender), ..world.deps.clone() });
    assert_eq!(production.prove(&doctor, &code).await, Err(Error::Unauthenticated));
    assert_eq!(production.show_demo_code(doctor.user).await, Ok(()), "nothing to show it in");
    world.second_factor.prove(&doctor, &code).await.expect("in development");
});
