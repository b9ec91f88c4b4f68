//! What asks for a fresh proof of identity.

use chrono::TimeDelta;
use domain::{Error, clock::Clock, ids::SessionId, people::Role};
use server::{
    services::step_up,
    storage::sessions::{self, Proof},
};
use uuid::Uuid;

use crate::support::{Process, on_both_engines, phone};

on_both_engines!(a_proof_of_identity_counts_for_five_minutes, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    assert_eq!(step_up::require(&world.deps, &asha).await, Ok(()), "signing in is a proof");
    world.clock.forward(TimeDelta::minutes(5));
    assert_eq!(step_up::require(&world.deps, &asha).await, Ok(()));
    world.clock.forward(TimeDelta::milliseconds(1));
    assert_eq!(step_up::require(&world.deps, &asha).await, Err(Error::StepUp));
    let stranger = domain::people::Actor { session: SessionId(Uuid::now_v7()), ..asha };
    assert_eq!(step_up::require(&world.deps, &stranger).await, Err(Error::StepUp), "an unknown session");
});

on_both_engines!(a_code_sent_to_the_phone_is_no_proof_for_staff, |db| async {
    let world = Process::new(db).await;
    let doctor = world.signed_in(Role::Doctor, &phone(1), "Dr. Rao").await;
    let now = world.clock.now();
    for (by, expected) in
        [(Proof::Otp, Err(Error::StepUp)), (Proof::Totp, Ok(())), (Proof::Recovery, Ok(())), (Proof::Passkey, Ok(()))]
    {
        let mut tx = world.deps.store.begin().await.expect("a transaction");
        sessions::prove(&mut tx, doctor.session, by, now, now + TimeDelta::hours(1)).await.expect("proven");
        tx.commit().await.expect("committed");
        assert_eq!(step_up::require(&world.deps, &doctor).await, expected, "{by:?}");
    }
});

on_both_engines!(staff_are_signed_out_after_a_quarter_of_an_hour_idle_and_after_twelve_hours, |db| async {
    let world = Process::new(db).await;
    let there = world.beside(db).await;
    let alive = async |actor: &domain::people::Actor| {
        let here = domain::ports::Accounts::actor(&*world.accounts, actor.session).await.is_ok();
        assert_eq!(domain::ports::Accounts::actor(&*there.accounts, actor.session).await.is_ok(), here);
        here
    };
    let doctor = world.signed_in(Role::Doctor, &phone(1), "Dr. Rao").await;
    let asha = world.signed_in(Role::Patient, &phone(2), "Asha").await;
    for _ in 0..5 {
        world.clock.forward(TimeDelta::minutes(13));
        assert!(alive(&doctor).await, "in use");
    }
    world.clock.forward(TimeDelta::minutes(15));
    assert!(!alive(&doctor).await, "left idle");
    assert!(alive(&asha).await);
    let doctor = world.signed_in(Role::Doctor, &phone(3), "Dr. Menon").await;
    for _ in 0..71 {
        world.clock.forward(TimeDelta::minutes(10));
        assert!(alive(&doctor).await, "in use");
    }
    world.clock.forward(TimeDelta::minutes(10));
    assert!(!alive(&doctor).await, "twelve hours are over");
    world.clock.forward(TimeDelta::days(6));
    assert!(alive(&asha).await);
    world.clock.forward(TimeDelta::days(1));
    assert!(!alive(&asha).await, "seven days are over");
});
