//! Codes by which patients connect with doctors.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Error, connection,
    consent::{CONSENT_TEXT_VERSION, LinkKind, LinkStatus},
    field::{FieldErrors, Problem},
    ids::LinkId,
    people::{Actor, Role},
    ports::{Accounts, Admin, CareTeam, Connections, Origin},
    rights::Rights,
};
use futures::future::join_all;
use server::services::{connections::ConnectionService, rights::RightsService};

use crate::support::{Process, on_both_engines, phone};

fn connections(world: &Process) -> Arc<ConnectionService> {
    ConnectionService::new(world.deps.clone())
}

/// The one answer to every code that connects with nobody.
fn wrong<T>() -> Result<T, Error> {
    Err(FieldErrors::one("code", Problem::Otp).into())
}

async fn people(world: &Process) -> (Actor, Actor) {
    let doctor = world.signed_in(Role::Doctor, &phone(1), "Dr. Rao").await;
    (doctor, world.signed_in(Role::Patient, &phone(2), "Asha").await)
}

async fn made(world: &Process, doctor: &Actor) -> String {
    connections(world).make(doctor).await.expect("a code").code
}

on_both_engines!(a_patient_types_a_doctors_code_sees_whose_it_is_and_is_connected_at_once, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(9), "Ravi").await;
    let clinic = world.admin.add_clinic(&admin, "Lotus Clinic".into(), "Pune".into()).await.expect("a clinic");
    let added = world.admin.add_staff(&admin, "Dr. Rao".into(), phone(1), Role::Doctor, Some(clinic)).await;
    let user = added.expect("a doctor");
    let session = world.accounts.start_session(user, &Origin::default()).await.expect("a session");
    crate::support::prove(&world.deps, session, domain::clock::Clock::now(&*world.clock)).await;
    let doctor = Actor { user, role: Role::Doctor, session };
    let asha = world.signed_in(Role::Patient, &phone(2), "Asha").await;

    let service = connections(&world);
    let code = made(&world, &doctor).await;
    assert!(connection::read(&code).is_some(), "{code}");
    let owner = service.whose(&asha, &code.to_lowercase()).await.expect("an owner");
    assert_eq!((owner.doctor.as_str(), owner.clinic.as_deref()), ("Dr. Rao", Some("Lotus Clinic")));
    assert_eq!(world.care_team.of_me(&asha).await, Ok(vec![]), "looking connects with nobody");

    let link = service.connect(&asha, &code).await.expect("connected");
    let links = world.care_team.of_me(&asha).await.expect("links");
    assert_eq!(
        (links.len(), links[0].id, links[0].kind, links[0].status),
        (1, link, LinkKind::Care, LinkStatus::Active)
    );
    let consents = RightsService::new(world.deps.clone()).consents(&asha, 10).await.expect("the ledger");
    assert_eq!((consents.len(), consents[0].given, consents[0].text_version.as_str()), (1, true, CONSENT_TEXT_VERSION));
    world.care_team.end(&asha, link).await.expect("and is left as any other");
    assert_eq!(world.care_team.of_me(&asha).await, Ok(vec![]));
});

on_both_engines!(wrong_used_old_replaced_and_shut_out_codes_are_answered_alike, |db| async {
    let world = Process::new(db).await;
    let (doctor, asha) = people(&world).await;
    let other = world.signed_in(Role::Patient, &phone(3), "Meera").await;
    let service = connections(&world);
    let refused = async |code: &str| {
        assert_eq!(service.whose(&other, code).await, wrong(), "{code}");
        assert_eq!(service.connect(&other, code).await, wrong(), "{code}");
    };
    refused("ABCD-2345").await;
    refused("not a code").await;
    let used = made(&world, &doctor).await;
    service.connect(&asha, &used).await.expect("connected");
    refused(&used).await;
    let replaced = made(&world, &doctor).await;
    let old = made(&world, &doctor).await;
    refused(&replaced).await;
    // Signed in again: what is asked here wants a fresh proof as well.
    world.clock.forward(connection::LASTS);
    let session = world.accounts.start_session(other.user, &Origin::default()).await.expect("a session");
    let later = Actor { session, ..other };
    assert_eq!(service.whose(&later, &old).await, wrong());
    assert_eq!(service.connect(&later, &old).await, wrong());

    let admin = world.signed_in(Role::Admin, &phone(9), "Ravi").await;
    let doctor = world.signed_in(Role::Doctor, &phone(4), "Dr. Menon").await;
    let code = made(&world, &doctor).await;
    world.admin.set_active(&admin, doctor.user, false).await.expect("shut out");
    world.clock.forward(TimeDelta::minutes(4));
    assert_eq!(service.connect(&later, &code).await, wrong(), "a doctor who may not sign in connects with nobody");
});

on_both_engines!(after_ten_codes_within_an_hour_the_right_one_is_wrong_too, |db| async {
    let world = Process::new(db).await;
    let (doctor, asha) = people(&world).await;
    let other = world.signed_in(Role::Patient, &phone(3), "Meera").await;
    let service = connections(&world);
    let code = made(&world, &doctor).await;
    let guesses = (0..32).map(|_| {
        let service = service.clone();
        tokio::spawn(async move { service.whose(&asha, "ABCD-2345").await })
    });
    for guess in join_all(guesses).await {
        assert_eq!(guess.expect("no panic"), wrong());
    }
    assert_eq!(service.whose(&asha, &code).await, wrong());
    assert_eq!(service.connect(&asha, &code).await, wrong());
    assert!(service.whose(&other, &code).await.is_ok(), "somebody else has guesses of their own");
    world.clock.forward(TimeDelta::minutes(61));
    let code = made(&world, &doctor).await;
    assert!(service.whose(&asha, &code).await.is_ok(), "an hour later");
});

on_both_engines!(sixteen_uses_of_one_code_at_once_make_one_link, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let (doctor, asha) = people(&here).await;
    let mut patients = vec![asha];
    for n in 0..7 {
        patients.push(here.signed_in(Role::Patient, &phone(20 + n), "Meera").await);
    }
    let code = made(&here, &doctor).await;
    let uses = patients.iter().flat_map(|patient| [(here.deps.clone(), *patient), (there.deps.clone(), *patient)]);
    let uses = uses.map(|(deps, patient)| {
        let code = code.clone();
        tokio::spawn(async move { ConnectionService::new(deps).connect(&patient, &code).await })
    });
    let done: Vec<Result<LinkId, Error>> =
        join_all(uses).await.into_iter().map(|joined| joined.expect("no panic")).collect();
    assert_eq!(done.len(), 16);
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    assert!(done.iter().all(|done| done.is_ok() || *done == wrong()), "{done:?}");
    let mut links = 0;
    for patient in &patients {
        links += here.care_team.of_me(patient).await.expect("links").len();
    }
    assert_eq!(links, 1);
    there.deps.store.close().await;
});

on_both_engines!(connecting_needs_a_fresh_proof_and_is_for_patients_and_making_a_code_for_doctors, |db| async {
    let world = Process::new(db).await;
    let (doctor, asha) = people(&world).await;
    let rohan = world.signed_in(Role::Caregiver, &phone(3), "Rohan").await;
    let admin = world.signed_in(Role::Admin, &phone(9), "Ravi").await;
    let service = connections(&world);
    for actor in [asha, rohan, admin] {
        assert!(matches!(service.make(&actor).await, Err(Error::Forbidden)));
    }
    let code = made(&world, &doctor).await;
    for actor in [doctor, rohan, admin] {
        assert_eq!(service.whose(&actor, &code).await, Err(Error::Forbidden));
        assert_eq!(service.connect(&actor, &code).await, Err(Error::Forbidden));
    }
    world.clock.forward(TimeDelta::minutes(6));
    assert!(service.whose(&asha, &code).await.is_ok());
    assert_eq!(service.connect(&asha, &code).await, Err(Error::StepUp));
});

on_both_engines!(a_code_agrees_to_what_the_clinic_proposed_and_is_kept_where_the_doctor_treats_already, |db| async {
    let world = Process::new(db).await;
    let (doctor, asha) = people(&world).await;
    let admin = world.signed_in(Role::Admin, &phone(9), "Ravi").await;
    let service = connections(&world);
    let proposed = world.admin.propose_link(&admin, phone(2), doctor.user).await.expect("proposed");
    let code = made(&world, &doctor).await;
    assert_eq!(service.connect(&asha, &code).await, Ok(proposed), "no second link");
    let code = made(&world, &doctor).await;
    assert_eq!(service.connect(&asha, &code).await, Err(Error::Conflict));
    let other = world.signed_in(Role::Patient, &phone(3), "Meera").await;
    assert!(service.connect(&other, &code).await.is_ok(), "the code was not used up");
});
