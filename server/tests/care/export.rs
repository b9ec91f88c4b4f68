//! Everything of a person in one file.

use std::{collections::BTreeMap, io::Read};

use chrono::TimeDelta;
use domain::{
    Error,
    consent::DataType,
    glucose::NewReading,
    people::Preset,
    ports::{CareTeam, Emergencies, Imports, Invitation, Meals, Panel, Readings},
    records::Records,
    rights::Rights,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use server::services::{care_team::CareTeamService, emergency::EmergencyService, rights::RightsService};

use super::{erasure::erased_tables, readings::value};
use crate::support::{TestApp, World, on_both_engines, phone};

/// In which file the rows of a table are found, or why they are not for taking along.
const HELD: &[(&str, Result<&str, &str>)] = &[
    ("users", Ok("profile.json")),
    ("patients", Ok("profile.json")),
    ("sessions", Ok("devices.json")),
    ("readings", Ok("readings.json")),
    ("meals", Ok("meals.json")),
    ("records", Ok("records.json")),
    ("record_files", Ok("records.json")),
    ("imports", Ok("imports.json")),
    ("links", Ok("care-team.json")),
    ("consents", Ok("consents.json")),
    ("reviews", Ok("access-log.json")),
    ("handovers", Err("what one doctor told another; that and when they were passed on stands in the access log")),
    ("patient_tags", Err("a doctor's own order of their list; that it was changed stands in the access log")),
    ("target_changes", Ok("targets.json")),
    ("emergency_access", Ok("emergencies.json")),
    ("erasures", Err("asks for the end of it all; the page says when")),
    ("refresh_tokens", Err("secrets that let in, kept as hashes")),
    ("otp_challenges", Err("codes that were sent, kept as keyed codes for a day")),
    ("otp_failures", Err("a count of wrong codes")),
    ("second_factor_challenges", Err("sign-ins under way, for minutes")),
    ("second_factor_guesses", Err("a count of wrong codes")),
    ("connection_codes", Err("a doctor's code for minutes, kept as a keyed code")),
    ("connection_guesses", Err("a count of wrong codes")),
    ("recovery_codes", Err("secrets that let in, kept as hashes")),
    ("totp_factors", Err("a secret that lets in")),
    ("passkeys", Ok("passkeys.json")),
    ("passkey_ceremonies", Err("challenges under way, for minutes")),
    ("patient_keys", Err("the key that seals all this")),
];

/// The files of an archive.
fn unzip(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn rows(files: &BTreeMap<String, String>, name: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(files[name].as_bytes()).records().map(Result::unwrap).collect()
}

fn items(files: &BTreeMap<String, String>, name: &str) -> Vec<Value> {
    serde_json::from_str(&files[name]).unwrap()
}

/// A patient with something in every file.
async fn fill(world: &World) {
    for n in 0..1_500 {
        let notes = (n == 7).then(|| "=HYPERLINK(\"x\")".to_owned());
        world.readings.log(&world.patient, NewReading { notes, ..value(world, n, 120.0) }).await.unwrap();
    }
    world.readings.log(&world.other, value(world, 1, 55.0)).await.unwrap();
    world.meals.log(&world.patient, super::meals::lunch(world, 1)).await.unwrap();
    let lab = super::records::lab(world, 10);
    let (lab, _) = world.records.log(&world.patient, lab).await.unwrap();
    world.records.attach(&world.patient, lab.id, b"%PDF-1.7 my report".to_vec()).await.unwrap();
    world.records.log(&world.patient, super::records::medicine(world, "=1+1")).await.unwrap();
    world.records.log(&world.other, super::records::medicine(world, "Another's")).await.unwrap();
    for day in 1..=21 {
        let file = format!("time,value,unit\n2026-10-{day:02} 08:00,110,mg/dL\n");
        world.imports.preview(&world.patient, file.into_bytes()).await.unwrap();
    }
    let invitation =
        Invitation { phone: phone(77), name: "My son".into(), data_types: vec![DataType::Glucose], until: None };
    CareTeamService::new(world.deps.clone()).invite(&world.patient, invitation).await.unwrap();
    world.panel.set_targets(&world.doctor, world.asha(), Preset::OlderHighRisk.into()).await.unwrap();
    world.panel.set_targets(&world.doctor, world.asha(), Preset::Adult.into()).await.unwrap();
    let emergencies = EmergencyService::new(world.deps.clone());
    emergencies.open(&world.stranger, &phone(1_000), "Unconscious in casualty").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_holds_everything_of_the_person_and_nothing_of_others() {
    let app = TestApp::new().await;
    fill(&app.world).await;
    let answer = app.patient().await.request(Method::GET, "/me/export").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    for (header, expected) in [
        ("content-type", "application/zip"),
        ("content-disposition", "attachment; filename=\"procare-export.zip\""),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.headers()[header], expected);
    }
    let files = unzip(&answer.bytes().await.unwrap());
    let browser = app.browser_of(&app.world.patient).await;
    let by_web = browser.request(Method::GET, "/settings/data/export").send().await.unwrap();
    let by_web = unzip(&by_web.bytes().await.unwrap());
    assert_eq!(files.keys().collect::<Vec<_>>(), by_web.keys().collect::<Vec<_>>());

    let profile: Value = serde_json::from_str(&files["profile.json"]).unwrap();
    assert_eq!(profile["name"], "Asha Verma");
    assert_eq!(profile["phoneNumber"], app.phone_of(&app.world.patient));
    assert_eq!((&profile["birthYear"], &profile["goals"]["preset"]), (&1970.into(), &"ADULT".into()));
    for (name, expected) in [
        ("readings", 1_500),
        ("meals", 1),
        ("records", 2),
        ("imports", 21),
        ("consents", 1),
        ("emergencies", 1),
        ("targets", 2),
        ("care-team", 4),
        ("following", 0),
    ] {
        assert_eq!(items(&files, &format!("{name}.json")).len(), expected, "{name}");
        assert_eq!(rows(&files, &format!("{name}.csv")).len(), expected, "{name}");
    }
    assert!(rows(&files, "readings.csv").iter().any(|row| &row[8] == "'=HYPERLINK(\"x\")"), "no formula");
    assert!(items(&files, "readings.json").iter().any(|item| item["notes"] == "=HYPERLINK(\"x\")"), "as it was");
    let of_lab = items(&files, "records.json").into_iter().find(|item| item["type"] == "LAB_REPORT").unwrap();
    assert_eq!(of_lab["values"][0], serde_json::json!({ "test": "HBA1C", "value": 7.2, "unit": "%" }));
    assert_eq!(files[&format!("records/{}.pdf", of_lab["id"].as_str().unwrap())], "%PDF-1.7 my report");
    assert!(rows(&files, "records.csv").iter().any(|row| &row[4] == "'=1+1"), "no formula");
    assert!(
        !files["records.csv"].contains("Another's") && !files["readings.csv"].contains(",55,"),
        "nothing of another patient"
    );
    assert!(files["care-team.csv"].contains("Dr. Rao") && files["consents.csv"].contains("My son"));
    assert!(files["emergencies.csv"].contains("Unconscious in casualty"));
    assert!(!items(&files, "access-log.json").is_empty() && !items(&files, "devices.json").is_empty());

    for table in erased_tables() {
        let held = HELD.iter().find(|(known, _)| *known == table);
        let (_, held) = held.unwrap_or_else(|| panic!("{table}: in which file of the export is it, or why in none?"));
        if let Ok(file) = held {
            assert!(files.contains_key(*file), "{table} in {file}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn caregivers_and_staff_take_what_is_theirs() {
    let app = TestApp::new().await;
    let follower = app.caller(&app.world.follower).await.request(Method::GET, "/me/export").send().await.unwrap();
    let files = unzip(&follower.bytes().await.unwrap());
    assert!(files["profile.json"].contains("Rohan") && !files.contains_key("readings.json"));
    assert_eq!(items(&files, "following.json").len(), 1);
    let doctor = app.browser_of(&app.world.doctor).await;
    let page = doctor.get("/settings/data").await.body;
    assert!(page.contains("Download my data") && !page.contains("Erase my data") && !page.contains("What I agreed to"));
    let answer = doctor.request(Method::GET, "/settings/data/export").send().await.unwrap();
    assert!(unzip(&answer.bytes().await.unwrap())["profile.json"].contains("Dr. Rao"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_wants_a_fresh_proof() {
    let app = TestApp::new().await;
    let (caller, browser) = (app.patient().await, app.browser_of(&app.world.patient).await);
    app.world.clock.forward(TimeDelta::minutes(6));
    for answer in [caller.get("/me/export").await, caller.delete("/me").await] {
        assert_eq!(answer.problem().0, 403);
        assert_eq!(answer.json()["type"], "urn:procare:problem:step-up-required");
    }
    let answer = browser.get("/settings/data/export").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/step-up?next=/settings/data"));
    assert_eq!(browser.get("/settings/data").await.status.as_u16(), 200, "the page itself opens");
}

on_both_engines!(an_export_is_a_line_of_the_audit_trail, |db| async {
    let world = World::new(&db.store).await;
    let rights = RightsService::new(world.deps.clone());
    let before = world.trail().await.0;
    rights.begin_export(&world.patient).await.unwrap();
    assert_eq!(world.trail().await.0, before + 1);
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(rights.begin_export(&world.patient).await, Err(Error::StepUp));
    assert_eq!(world.trail().await.0, before + 1);
});
