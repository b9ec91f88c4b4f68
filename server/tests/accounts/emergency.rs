//! A doctor's look at a patient who is not theirs, in an emergency.

use chrono::TimeDelta;
use domain::{
    Error,
    access::{Action, Relation},
    field::{FieldErrors, Problem},
    people::Actor,
    ports::{Emergencies, Panel},
};
use server::services::{
    access,
    emergency::{A_DAY, EmergencyService},
};

use crate::support::{World, on_both_engines, phone, prove};

const REASON: &str = "Unconscious in casualty, glucose 31";

/// The patient of the world has its first number.
fn asha() -> domain::contact::Phone {
    phone(1_000)
}

on_both_engines!(a_doctor_reads_for_four_hours_and_the_patient_is_told, |db| async {
    let world = World::new(&db.store).await;
    let emergencies = EmergencyService::new(world.deps.clone());
    let (doctor, patient) = (world.stranger, world.asha());
    assert_eq!(world.panel.patient(&doctor, patient).await.map(|head| head.id), Err(Error::NotFound));
    let before = world.trail().await;
    assert_eq!(emergencies.open(&doctor, &asha(), REASON).await, Ok(patient));
    let after = world.trail().await;
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "a line in the trail and an event");
    assert_eq!(world.panel.patient(&doctor, patient).await.map(|head| head.id), Ok(patient));
    assert_eq!(access::relation(&world.deps, &doctor, patient).await, Ok(Relation::Emergency));
    for action in [Action::SetTargets, Action::Review, Action::WriteGlucose] {
        assert_eq!(access::require(&world.deps, &doctor, patient, action).await, Err(Error::Forbidden), "{action:?}");
    }
    let told = emergencies.of_me(&world.patient).await.expect("a list");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].doctor.as_str(), told[0].reason.as_str()), ("Dr. Menon", REASON));
    assert_eq!(told[0].until.at - told[0].from.at, TimeDelta::hours(4));
    assert_eq!(emergencies.of_me(&world.other).await.map(|all| all.len()), Ok(0));
    assert_eq!(emergencies.of_me(&doctor).await.map(|all| all.len()), Err(Error::Forbidden));
    world.clock.forward(TimeDelta::hours(4));
    assert_eq!(
        world.panel.patient(&doctor, patient).await.map(|head| head.id),
        Err(Error::NotFound),
        "it ends by itself"
    );
    assert_eq!(emergencies.of_me(&world.patient).await.map(|all| all.len()), Ok(1), "and stays on record");
});

on_both_engines!(nobody_else_opens_a_record_and_nobody_without_reason_or_proof, |db| async {
    let world = World::new(&db.store).await;
    let emergencies = EmergencyService::new(world.deps.clone());
    let doctor = world.stranger;
    for other in [world.patient, world.other, world.follower, world.limited, world.admin] {
        assert_eq!(emergencies.open(&other, &asha(), REASON).await, Err(Error::Forbidden));
    }
    let short = FieldErrors::one("reason", Problem::TooShort { min: 20 });
    assert_eq!(emergencies.open(&doctor, &asha(), "urgent").await, Err(short.into()));
    for nobody in [phone(77), phone(1_002)] {
        let unknown = FieldErrors::one("phone", Problem::NoSuchPerson);
        assert_eq!(emergencies.open(&doctor, &nobody, REASON).await, Err(unknown.into()), "unknown, or no patient");
    }
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(emergencies.open(&doctor, &asha(), REASON).await, Err(Error::StepUp));
    assert_eq!(world.panel.patient(&doctor, world.asha()).await.map(|head| head.id), Err(Error::NotFound));
    fresh(&world, &doctor).await;
    for _ in 0..A_DAY {
        assert_eq!(emergencies.open(&doctor, &asha(), REASON).await, Ok(world.asha()));
    }
    assert!(matches!(emergencies.open(&doctor, &asha(), REASON).await, Err(Error::TooMany { .. })));
});

async fn fresh(world: &World, actor: &Actor) {
    prove(&world.deps, actor.session, domain::clock::Clock::now(&*world.clock)).await;
}
