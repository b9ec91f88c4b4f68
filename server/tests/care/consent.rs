//! Consent to show one's data: given and withdrawn, and written down.

use chrono::TimeDelta;
use domain::{
    Error,
    access::Action,
    clock::Clock,
    consent::{CONSENT_TEXT_VERSION, DataType, LinkKind},
    people::{Actor, Role},
    ports::{Admin, CareTeam, Invitation},
    rights::Rights,
};
use server::{
    services::{access, care_team::CareTeamService, rights::RightsService},
    storage::Store,
};

use crate::support::{Process, TestApp, World, on_both_engines, phone, prove};

fn invitation(data_types: &[DataType]) -> Invitation {
    Invitation { phone: phone(77), name: "My son".into(), data_types: data_types.to_vec(), until: None }
}

on_both_engines!(consent_is_written_down_when_it_is_given_and_when_it_ends, |db| async {
    let world = World::new(&db.store).await;
    let (team, rights) = (CareTeamService::new(world.deps.clone()), RightsService::new(world.deps.clone()));
    let until = Some(world.deps.clock.now() + TimeDelta::days(30));
    let invited = Invitation { until, ..invitation(&[DataType::Glucose]) };
    let link = team.invite(&world.patient, invited).await.unwrap();
    world.clock.forward(TimeDelta::minutes(4));
    team.end(&world.patient, link).await.unwrap();
    team.end(&world.patient, link).await.unwrap();
    let lines = rights.consents(&world.patient, 10).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|l| (l.given, l.purpose, l.name.as_deref(), l.data_types.as_slice(), l.text_version.as_str(), l.until))
        .collect();
    let entry = |given| {
        let types = &[DataType::Glucose][..];
        (given, LinkKind::Family, Some("My son"), types, CONSENT_TEXT_VERSION, until)
    };
    assert_eq!(told, [entry(false), entry(true)]);
    assert_eq!(lines[0].at - lines[1].at, TimeDelta::minutes(4));
    assert_eq!(rights.consents(&world.patient, 1).await.unwrap(), lines[..1]);
    assert_eq!(rights.consents(&world.other, 10).await, Ok(vec![]));
    assert_eq!(rights.consents(&world.doctor, 10).await, Err(Error::Forbidden));
    for sql in ["UPDATE consents SET given = TRUE", "DELETE FROM consents"] {
        let refused = match &db.store {
            Store::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.is_err(),
            Store::Postgres(pool) => sqlx::query(sql).execute(pool).await.is_err(),
        };
        assert!(refused, "{sql}");
    }
});

on_both_engines!(a_consent_changes_only_with_a_fresh_proof_and_is_withdrawn_as_it_was_given, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let son = world.signed_in(Role::Caregiver, &phone(77), "Ravi").await;
    let doctor = world.signed_in(Role::Doctor, &phone(3), "Dr. Rao").await;
    let admin = world.signed_in(Role::Admin, &phone(4), "Ravi").await;
    let (team, stale) = (&world.care_team, Err(Error::StepUp));
    let family = team.invite(&asha, invitation(&[DataType::Glucose])).await.unwrap();
    let asked = world.admin.propose_link(&admin, phone(1), doctor.user).await.unwrap();

    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(team.invite(&asha, invitation(&[DataType::Meals])).await, Err(Error::StepUp));
    assert_eq!(team.accept(&asha, asked).await, stale);
    assert_eq!(team.end(&asha, family).await, stale);
    team.accept(&son, family).await.expect("it is not the caregiver's data");
    assert_eq!(team.end(&asha, family).await, stale);
    prove(&world.deps, asha.session, world.clock.now()).await;
    team.accept(&asha, asked).await.expect("one proof is enough to give");
    team.end(&asha, family).await.expect("and to withdraw");

    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(team.end(&asha, asked).await, stale);
    team.end(&doctor, asked).await.expect("who looks may stop at any time");
    let again = world.admin.propose_link(&admin, phone(1), doctor.user).await.unwrap();
    team.end(&asha, again).await.expect("what was never agreed to is declined without any proof");
    let rights = RightsService::new(world.deps.clone());
    let lines = rights.consents(&asha, 10).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.purpose, line.given)).collect();
    let (care, family) = (LinkKind::Care, LinkKind::Family);
    assert_eq!(told, [(care, false), (family, false), (care, true), (family, true)]);
});

on_both_engines!(another_process_shows_nothing_more_once_a_consent_is_withdrawn, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let asha = here.signed_in(Role::Patient, &phone(1), "Asha").await;
    let son = here.signed_in(Role::Caregiver, &phone(77), "Ravi").await;
    let link = here.care_team.invite(&asha, invitation(&[DataType::Glucose])).await.unwrap();
    there.care_team.accept(&son, link).await.unwrap();
    let may = async |actor: &Actor| access::require(&there.deps, actor, asha.user.into(), Action::ReadGlucose).await;
    assert_eq!(may(&son).await, Ok(()));
    here.care_team.end(&asha, link).await.unwrap();
    assert_eq!(may(&son).await, Err(Error::NotFound), "no later than the next request");
});

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_consent_closes_the_caregivers_page_and_the_doctors_report() {
    let app = TestApp::new().await;
    let world = &app.world;
    let (patient, follower) = (app.browser_of(&world.patient).await, app.browser_of(&world.follower).await);
    let doctor = app.doctor().await;
    let page = format!("/caregiver/{}", world.asha());
    let report = format!("/doctor/patients/{}/report", world.asha());
    assert_eq!((follower.get(&page).await.status.as_u16(), doctor.get(&report).await.status.as_u16()), (200, 200));
    let team = CareTeamService::new(world.deps.clone());
    for link in team.of_me(&world.patient).await.unwrap() {
        let answer = patient.post(&format!("/patient/care-team/{}/end", link.id), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/patient/care-team"));
    }
    assert_eq!((follower.get(&page).await.status.as_u16(), doctor.get(&report).await.status.as_u16()), (404, 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_led_to_the_proof_and_back_and_the_notice_is_there_before_the_button() {
    let app = TestApp::new().await;
    let world = &app.world;
    let browser = app.browser_of(&world.patient).await;
    let page = browser.get("/patient/care-team").await.body;
    for words in ["What you agree to", "What for", "How long", "Taking it back", CONSENT_TEXT_VERSION] {
        assert!(page.contains(words), "{words}");
    }
    world.clock.forward(TimeDelta::minutes(6));
    let team = CareTeamService::new(world.deps.clone());
    let link = team.of_me(&world.patient).await.unwrap().remove(0);
    for (path, fields, next) in [
        (format!("/patient/care-team/{}/end", link.id), vec![], "/patient/care-team"),
        (
            "/patient/care-team/invite".to_owned(),
            vec![("name", "Son"), ("phone", "9123456780"), ("glucose", "yes")],
            "/patient/care-team/invite",
        ),
        ("/settings/data/erase".to_owned(), vec![], "/settings/data"),
    ] {
        let answer = browser.post(&path, &fields).await;
        assert_eq!(answer.status.as_u16(), 303, "{path}");
        assert_eq!(answer.header("location"), format!("/step-up?next={next}"), "{path}");
    }
}

/// Every version of the words that people agreed to is kept as a snapshot, named by its version. A change of the words
/// fails here: give them a new [`CONSENT_TEXT_VERSION`], so that the ledger still says what was agreed to.
#[test]
fn the_words_of_a_version_never_change() {
    let mut words = Vec::new();
    for (language, namespace, prefix) in [
        ("en", "patient", "notice_"),
        ("en", "caregiver", "consent_text"),
        ("hi", "patient", "notice_"),
        ("hi", "caregiver", "consent_text"),
    ] {
        let path = format!("{}/../app/locales/{language}/{namespace}.json", env!("CARGO_MANIFEST_DIR"));
        let texts: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for (key, text) in texts.iter().filter(|(key, _)| key.starts_with(prefix)) {
            words.push(format!("{language} {key}: {}", text.as_str().unwrap()));
        }
    }
    assert!(words.len() > 40, "the words were found: {words:?}");
    insta::assert_snapshot!(format!("consent_{CONSENT_TEXT_VERSION}"), words.join("\n"));
}
