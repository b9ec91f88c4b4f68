//! Staff, clinics and links.

use domain::{
    Error,
    consent::LinkStatus,
    field::{FieldErrors, Problem},
    ids::{ClinicId, LinkId, UserId},
    people::Role,
    ports::{Accounts, Admin, CareTeam, Invitation, Origin},
};
use uuid::Uuid;

use crate::support::{Process, on_both_engines, phone};

on_both_engines!(nobody_but_an_admin_administers, |db| async {
    let world = Process::new(db).await;
    for (n, role) in [(1, Role::Patient), (2, Role::Doctor), (3, Role::Caregiver)] {
        let actor = world.signed_in(role, &phone(n), "Asha").await;
        let admin = &world.admin;
        let user = UserId(Uuid::now_v7());
        assert_eq!(admin.staff(&actor).await, Err(Error::Forbidden));
        assert_eq!(admin.add_staff(&actor, "X".into(), phone(9), Role::Admin, None).await, Err(Error::Forbidden));
        assert_eq!(admin.set_active(&actor, user, true).await, Err(Error::Forbidden));
        assert_eq!(admin.clinics(&actor).await, Err(Error::Forbidden));
        assert_eq!(admin.add_clinic(&actor, "X".into(), "Y".into()).await, Err(Error::Forbidden));
        assert_eq!(admin.links(&actor).await, Err(Error::Forbidden));
        assert_eq!(admin.propose_link(&actor, phone(1), user).await, Err(Error::Forbidden));
        assert_eq!(admin.end_link(&actor, LinkId(Uuid::now_v7())).await, Err(Error::Forbidden));
    }
});

on_both_engines!(added_staff_can_sign_in_and_are_listed_with_their_clinic, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    let clinic = world.admin.add_clinic(&admin, " Lotus  Clinic ".into(), "Pune".into()).await.expect("a clinic");
    let name = String::from("Dr Rao");
    let doctor = world.admin.add_staff(&admin, name, phone(2), Role::Doctor, Some(clinic)).await.expect("a doctor");
    let staff = world.admin.staff(&admin).await.expect("staff");
    let row = staff.iter().find(|row| row.id == doctor).expect("listed");
    assert_eq!((row.name.as_str(), row.role, row.active), ("Dr Rao", Role::Doctor, true));
    assert_eq!((row.phone_masked.as_str(), row.clinic.as_deref()), ("+91 ••••• •••02", Some("Lotus Clinic")));
    let clinics = world.admin.clinics(&admin).await.expect("clinics");
    assert_eq!((clinics[0].id, clinics[0].name.as_str(), clinics[0].doctors), (clinic, "Lotus Clinic", 1));

    let challenge = world.accounts.request_otp(&phone(2), &Origin::default()).await.expect("a challenge");
    let code = world.code(&phone(2)).expect("sent");
    let id = challenge.challenge_id;
    let who = world.accounts.verify_otp(id, &phone(2), &code, &Origin::default()).await.expect("signed in");
    assert_eq!((who.user, who.role), (doctor, Role::Doctor));
});

on_both_engines!(staff_that_cannot_be_are_refused, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    world.add(Role::Patient, &phone(2), "Asha").await;
    let add = |phone, role, clinic| world.admin.add_staff(&admin, "Dr Rao".into(), phone, role, clinic);
    assert_eq!(add(phone(2), Role::Doctor, None).await, Err(Error::Conflict), "somebody's phone");
    let unknown = Some(ClinicId(Uuid::now_v7()));
    let choice = |field: &str| Err(FieldErrors::one(field, Problem::UnknownChoice).into());
    assert_eq!(add(phone(3), Role::Doctor, unknown).await, choice("clinic"));
    assert_eq!(add(phone(3), Role::Patient, None).await, choice("role"));
    assert_eq!(world.admin.staff(&admin).await.expect("staff").len(), 1);
    let Err(Error::Invalid(errors)) = world.admin.add_clinic(&admin, String::new(), "x".repeat(81)).await else {
        panic!("accepted")
    };
    assert_eq!((errors.of("name"), errors.of("city")), (Some(&Problem::Required), Some(&Problem::TooLong { max: 80 })));
});

on_both_engines!(an_admin_cannot_lock_themselves_out, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    assert_eq!(world.admin.set_active(&admin, admin.user, false).await, Err(Error::Conflict));
    assert_eq!(world.admin.set_active(&admin, UserId(Uuid::now_v7()), false).await, Err(Error::NotFound));
});

on_both_engines!(an_admin_sees_doctors_links_without_patients_names_and_never_familys, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    let asha = world.signed_in(Role::Patient, &phone(23), "Asha").await;
    let doctor = world.add(Role::Doctor, &phone(3), "Dr Rao").await;
    let link = world.admin.propose_link(&admin, phone(23), doctor).await.expect("proposed");
    let invitation = Invitation {
        phone: phone(4),
        name: "My son".into(),
        data_types: vec![domain::consent::DataType::Glucose],
        until: None,
    };
    let family = world.care_team.invite(&asha, invitation).await.expect("invited");

    let rows = world.admin.links(&admin).await.expect("links");
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].id, rows[0].status, rows[0].since), (link, LinkStatus::Pending, None));
    assert_eq!((rows[0].patient_masked.as_str(), rows[0].doctor.as_str()), ("+91 ••••• •••23", "Dr Rao"));
    world.care_team.accept(&asha, link).await.expect("agreed");
    let rows = world.admin.links(&admin).await.expect("links");
    assert_eq!(rows[0].since.map(|m| m.offset_s), Some(19_800), "in the admin's zone");

    assert_eq!(world.admin.end_link(&admin, family).await, Err(Error::NotFound));
    world.admin.end_link(&admin, link).await.expect("ended");
    world.admin.end_link(&admin, link).await.expect("twice is once");
    assert_eq!(world.admin.links(&admin).await.expect("links")[0].status, LinkStatus::Ended);
});

on_both_engines!(links_are_proposed_only_between_an_active_patient_and_an_active_doctor, |db| async {
    let world = Process::new(db).await;
    let admin = world.signed_in(Role::Admin, &phone(1), "Meera").await;
    world.add(Role::Patient, &phone(2), "Asha").await;
    let doctor = world.add(Role::Doctor, &phone(3), "Dr Rao").await;
    let caregiver = world.add(Role::Caregiver, &phone(4), "Ravi").await;
    for (patient, viewer) in
        [(phone(9), doctor), (phone(4), doctor), (phone(2), caregiver), (phone(2), UserId(Uuid::nil()))]
    {
        assert_eq!(world.admin.propose_link(&admin, patient, viewer).await, Err(Error::NotFound));
    }
    world.admin.set_active(&admin, doctor, false).await.expect("deactivated");
    assert_eq!(world.admin.propose_link(&admin, phone(2), doctor).await, Err(Error::NotFound));
});
