//! Links: who may see whose data.

use chrono::TimeDelta;
use domain::{
    Error,
    access::{Action, Relation},
    clock::Clock,
    consent::{DataType, Link, LinkStatus},
    contact::Phone,
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::{LinkId, PatientId},
    people::{Actor, Role},
    ports::{Accounts, Admin, CareTeam, Invitation, Origin},
};
use futures::future::join_all;
use server::{services::access, storage::Store};
use uuid::Uuid;

use crate::support::{Process, TestDb, on_both_engines, phone, prove};

fn invitation(phone: Phone) -> Invitation {
    Invitation { phone, name: "My son".into(), data_types: vec![DataType::Glucose], until: None }
}

async fn relation(world: &Process, actor: &Actor, patient: &Actor) -> Relation {
    access::relation(&world.deps, actor, patient.user.into()).await.expect("an answer")
}

/// Audit actions about a patient's links, and the number of events about them.
async fn trail(db: &TestDb, patient: PatientId) -> (Vec<String>, i64) {
    let audit = "SELECT action FROM audit WHERE patient_id = $1 AND object_type = 'links' ORDER BY id";
    let events = "SELECT COUNT(*) FROM outbox WHERE patient_id = $1 AND kind = $2";
    let kind = EventKind::LinksChanged.as_str();
    match &db.store {
        Store::Sqlite { read, .. } => (
            sqlx::query_scalar(audit).bind(patient.0).fetch_all(read).await.expect("audit"),
            sqlx::query_scalar(events).bind(patient.0).bind(kind).fetch_one(read).await.expect("events"),
        ),
        Store::Postgres(pool) => (
            sqlx::query_scalar(audit).bind(patient.0).fetch_all(pool).await.expect("audit"),
            sqlx::query_scalar(events).bind(patient.0).bind(kind).fetch_one(pool).await.expect("events"),
        ),
    }
}

on_both_engines!(an_invited_caregiver_sees_after_agreeing_what_was_granted_until_either_side_ends_it, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let son = world.signed_in(Role::Caregiver, &phone(2), "Ravi").await;
    let link = world.care_team.invite(&asha, invitation(phone(2))).await.expect("invited");
    assert_eq!(relation(&world, &son, &asha).await, Relation::None, "not agreed to");
    assert_eq!(
        world.care_team.accept(&asha, link).await,
        Err(Error::Conflict),
        "the caregiver is asked, not the patient"
    );

    let asked = world.care_team.awaiting_me(&son).await.expect("links");
    assert_eq!((asked[0].id, asked[0].name.as_str(), asked[0].awaits_me), (link, "Asha", true));
    world.care_team.accept(&son, link).await.expect("agreed");
    world.care_team.accept(&son, link).await.expect("twice is once");
    assert_eq!(relation(&world, &son, &asha).await, Relation::Follows(vec![DataType::Glucose]));
    let patient = asha.user.into();
    assert_eq!(access::require(&world.deps, &son, patient, Action::ReadGlucose).await, Ok(()));
    assert_eq!(access::require(&world.deps, &son, patient, Action::ReadMeals).await, Err(Error::Forbidden));
    let mine = world.care_team.of_me(&asha).await.expect("links");
    assert_eq!((mine[0].name.as_str(), mine[0].status), ("My son", LinkStatus::Active), "the name the patient gave");
    assert_eq!(mine[0].since, Some(world.clock.now()));

    world.care_team.end(&son, link).await.expect("left");
    world.care_team.end(&asha, link).await.expect("over already");
    assert_eq!(relation(&world, &son, &asha).await, Relation::None);
    assert_eq!(access::require(&world.deps, &son, patient, Action::ReadGlucose).await, Err(Error::NotFound));
    assert_eq!(world.care_team.of_me(&asha).await, Ok(Vec::<Link>::new()));
    assert_eq!(world.care_team.accept(&son, link).await, Err(Error::Conflict));
    let expected = ["link.invite", "link.accept", "link.end"].map(String::from).to_vec();
    assert_eq!(trail(db, patient).await, (expected, 3));
});

on_both_engines!(a_foreign_link_answers_as_an_unknown_one_does, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let stranger = world.signed_in(Role::Caregiver, &phone(3), "Mallory").await;
    let link = world.care_team.invite(&asha, invitation(phone(2))).await.expect("invited");
    for id in [link, LinkId(Uuid::now_v7())] {
        assert_eq!(world.care_team.accept(&stranger, id).await, Err(Error::NotFound));
        assert_eq!(world.care_team.end(&stranger, id).await, Err(Error::NotFound));
    }
    for patient in [asha.user.into(), PatientId(Uuid::now_v7())] {
        for action in Action::ALL {
            assert_eq!(
                access::require(&world.deps, &stranger, patient, action).await,
                Err(Error::NotFound),
                "{action:?}"
            );
        }
        assert_eq!(world.care_team.follow(&stranger, patient).await.err(), Some(Error::NotFound));
    }
    assert_eq!(world.care_team.of_me(&asha).await.expect("links").len(), 1);
});

on_both_engines!(an_unknown_phone_is_invited_and_becomes_one_caregiver_even_if_two_invite_it_at_once, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let mut inviting = Vec::new();
    for n in 0..8 {
        let world = if n % 2 == 0 { &here } else { &there };
        let patient = world.signed_in(Role::Patient, &phone(n), "Asha").await;
        let care_team = world.care_team.clone();
        inviting.push(tokio::spawn(async move { care_team.invite(&patient, invitation(phone(99))).await }));
    }
    for invited in join_all(inviting).await {
        invited.expect("no panic").expect("invited");
    }
    let challenge = here.accounts.request_otp(&phone(99), &Origin::default()).await.expect("a challenge");
    let code = here.code(&phone(99)).expect("sent");
    let id = challenge.challenge_id;
    let who = here.accounts.verify_otp(id, &phone(99), &code, &Origin::default()).await.expect("signed in");
    assert_eq!(who.role, Role::Caregiver);
    let caregiver = Actor { user: who.user, role: who.role, session: domain::ids::SessionId(Uuid::nil()) };
    assert_eq!(here.care_team.awaiting_me(&caregiver).await.expect("links").len(), 8);
    assert!(here.accounts.me(&caregiver).await.expect("me").follows);
    there.deps.store.close().await;
});

on_both_engines!(an_invitation_does_not_tell_whose_phone_it_is, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    world.add(Role::Doctor, &phone(2), "Dr Rao").await;
    for n in [2, 3] {
        world.care_team.invite(&asha, invitation(phone(n))).await.expect("invited");
    }
    let seen = world.care_team.of_me(&asha).await.expect("links");
    let told: Vec<_> = seen.iter().map(|l| (l.name.as_str(), l.status, l.kind)).collect();
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].0, "My son");
});

on_both_engines!(a_grant_ends_by_itself_and_can_then_be_given_anew, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let son = world.signed_in(Role::Caregiver, &phone(2), "Ravi").await;
    let until = Some(world.clock.now() + TimeDelta::hours(1));
    let invited = Invitation { until, ..invitation(phone(2)) };
    let link = world.care_team.invite(&asha, invited.clone()).await.expect("invited");
    world.care_team.accept(&son, link).await.expect("agreed");
    assert_eq!(world.care_team.invite(&asha, invitation(phone(2))).await, Err(Error::Conflict), "one at a time");
    world.clock.forward(TimeDelta::hours(1));
    prove(&world.deps, asha.session, world.clock.now()).await;
    assert_eq!(relation(&world, &son, &asha).await, Relation::None);
    let over = world.care_team.invite(&asha, invited).await;
    assert_eq!(over, Err(FieldErrors::one("until", Problem::Time).into()), "over already");
    world.care_team.invite(&asha, invitation(phone(2))).await.expect("invited anew");
});

on_both_engines!(a_patient_has_at_most_twenty_links_also_at_once, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let asha = here.signed_in(Role::Patient, &phone(1), "Asha").await;
    let inviting = (0..25).map(|n| {
        let care_team = if n % 2 == 0 { here.care_team.clone() } else { there.care_team.clone() };
        tokio::spawn(async move { care_team.invite(&asha, invitation(phone(100 + n))).await })
    });
    let full = Error::from(FieldErrors::one("phone", Problem::ItemCount { min: 0, max: 20 }));
    let mut invited = 0;
    for result in join_all(inviting).await {
        match result.expect("no panic") {
            Ok(_) => invited += 1,
            Err(error) => assert_eq!(error, full),
        }
    }
    assert_eq!(invited, 20);
    assert_eq!(here.care_team.of_me(&asha).await.expect("links").len(), 20);
    there.deps.store.close().await;
});

on_both_engines!(wrong_invitations_are_told_what_is_wrong, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let none = Invitation { data_types: vec![], name: " ".into(), ..invitation(phone(2)) };
    let Err(Error::Invalid(errors)) = world.care_team.invite(&asha, none).await else { panic!("accepted") };
    assert_eq!((errors.of("dataTypes"), errors.of("name")), (Some(&Problem::Required), Some(&Problem::Required)));
    let oneself = world.care_team.invite(&asha, invitation(phone(1))).await;
    assert_eq!(oneself, Err(FieldErrors::one("phone", Problem::Phone).into()));
    let son = world.signed_in(Role::Caregiver, &phone(2), "Ravi").await;
    assert_eq!(world.care_team.invite(&son, invitation(phone(3))).await, Err(Error::Forbidden), "only patients invite");
    assert_eq!(world.care_team.of_me(&son).await, Err(Error::Forbidden));
});

on_both_engines!(a_doctor_treats_only_after_the_patient_agreed, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    let asha = world.signed_in(Role::Patient, &phone(2), "Asha").await;
    let doctor = world.signed_in(Role::Doctor, &phone(3), "Dr Rao").await;
    let link = world.admin.propose_link(&admin, phone(2), doctor.user).await.expect("proposed");
    assert_eq!(world.admin.propose_link(&admin, phone(2), doctor.user).await, Err(Error::Conflict));
    assert_eq!(world.care_team.awaiting_me(&doctor).await, Ok(vec![]), "the doctor is not asked");
    assert_eq!(world.care_team.accept(&doctor, link).await, Err(Error::Conflict));
    assert_eq!(relation(&world, &doctor, &asha).await, Relation::None);

    let asked = world.care_team.of_me(&asha).await.expect("links");
    assert_eq!((asked[0].name.as_str(), asked[0].awaits_me), ("Dr Rao", true));
    world.care_team.accept(&asha, link).await.expect("agreed");
    assert_eq!(relation(&world, &doctor, &asha).await, Relation::Treats);
    assert_eq!(access::require(&world.deps, &doctor, asha.user.into(), Action::ReadReport).await, Ok(()));
    assert_eq!(
        access::require(&world.deps, &doctor, asha.user.into(), Action::WriteGlucose).await,
        Err(Error::Forbidden)
    );
    assert_eq!(relation(&world, &admin, &asha).await, Relation::None, "an admin reads no patient data");
    world.admin.end_link(&admin, link).await.expect("ended");
    assert_eq!(relation(&world, &doctor, &asha).await, Relation::None);
});

on_both_engines!(a_doctor_who_is_invited_as_family_does_not_treat, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let doctor = world.signed_in(Role::Doctor, &phone(2), "Dr Rao").await;
    let link = world.care_team.invite(&asha, invitation(phone(2))).await.expect("invited");
    world.care_team.accept(&doctor, link).await.expect("agreed");
    assert_eq!(relation(&world, &doctor, &asha).await, Relation::None);
    assert_eq!(relation(&world, &asha, &asha).await, Relation::Own);
});
