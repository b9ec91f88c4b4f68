//! The files behind a page's links.

use domain::{
    clock::{Clock, DEFAULT_ZONE, local_date},
    consent::{DataType, LinkKind},
    records::Records,
};
use reqwest::StatusCode;

use crate::{care::records::lab, support::TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_reports_file_is_saved_by_all_who_may_see_it_and_nothing_for_others() {
    let app = TestApp::new().await;
    let world = &app.world;
    let (report, _) = world.records.log(&world.patient, lab(world, 3)).await.unwrap();
    world.records.attach(&world.patient, report.id, b"%PDF-1.7 my report".to_vec()).await.unwrap();
    // A relative who is a patient too.
    let relative = world.other;
    world.link(&world.patient, &relative, LinkKind::Family, &[DataType::Records]).await;
    let own = format!("/patient/records/{}/download", report.id);
    let of_doctor = format!("/doctor/patients/{}/records/{}", world.asha(), report.id);
    let of_relative = format!("/caregiver/{}/records/{}", world.asha(), report.id);
    for (actor, link) in [(world.patient, &own), (world.doctor, &of_doctor), (relative, &of_relative)] {
        let browser = app.browser_of(&actor).await;
        let file = browser.get(link).await;
        assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "%PDF-1.7 my report"), "{link}");
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"lab-report-20"));
        assert_eq!((file.header("x-content-type-options"), file.header("cache-control")), ("nosniff", "no-store"));
        if actor != world.patient {
            assert_eq!(browser.get(&own).await.status, StatusCode::NOT_FOUND, "{:?}", actor.role);
        }
    }
    for (actor, link) in [
        (world.stranger, &of_doctor),
        (world.follower, &of_relative),
        (world.limited, &of_relative),
        (world.admin, &of_doctor),
    ] {
        let refused = app.browser_of(&actor).await.get(link).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{link}");
    }
    assert_eq!(app.browser().get(&own).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laboratorys_hba1c_stands_beside_the_figures_of_the_report() {
    let app = TestApp::new().await;
    let page = format!("/doctor/patients/{}", app.world.asha());
    let (doctor, patient) = (app.browser_of(&app.world.doctor).await, app.browser_of(&app.world.patient).await);
    let at = app.world.clock.now().to_rfc3339();
    let reading = serde_json::json!({ "value": 110, "unit": "mg/dL", "recordedAt": at });
    assert_eq!(app.patient().await.post("/glucose", &reading).await.status, StatusCode::CREATED);
    assert!(!doctor.get(&page).await.body.contains("HbA1c"), "none is known");
    let lab = serde_json::json!({ "type": "LAB_REPORT", "recordedAt": at, "values": [{ "test": "HBA1C", "value": 53.0, "unit": "mmol/mol" }] });
    assert_eq!(app.patient().await.post("/records", &lab).await.status, StatusCode::CREATED);
    for shown in [doctor.get(&page).await.body, patient.get("/patient/trends").await.body] {
        // 0.09148 x 53 + 2.152 (NGSP of an IFCC value).
        assert!(shown.contains("HbA1c") && shown.contains("7.0 %"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patients_data_is_a_file_for_a_doctor_who_treats_them_and_nothing_for_others() {
    let app = TestApp::new().await;
    let world = &app.world;
    let link = format!("/doctor/patients/{}/export", world.asha());
    let doctor = app.browser_of(&world.doctor).await;
    for format in ["csv", "json", "fhir"] {
        let asked = format!("{link}?format={format}&days=30");
        assert_eq!(doctor.get(&asked).await.status, StatusCode::OK, "{format}");
    }
    for actor in [world.stranger, world.patient, world.follower, world.admin] {
        let browser = app.browser_of(&actor).await;
        for format in ["csv", "json", "fhir"] {
            let answer = browser.get(&format!("{link}?format={format}&days=30")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{:?} {format}", actor.role);
        }
    }
    assert_eq!(app.browser().get(&format!("{link}?format=csv")).await.status, StatusCode::SEE_OTHER);
    let file = doctor.get(&format!("{link}?format=csv&from=2026-11-01&to=2026-11-14")).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"procare-2026-11-01-2026-11-14.csv\"");
    assert!(file.body.starts_with("record,time,value,unit,"), "{}", file.body);
    for query in ["", "?format=xml", "?format=csv&days=many", "?format=csv&from=soon"] {
        assert_eq!(doctor.get(&format!("{link}{query}")).await.status, StatusCode::NOT_FOUND, "{query}");
    }
    assert!(
        doctor
            .get(&format!("/doctor/patients/{}", world.asha()))
            .await
            .body
            .contains("/export?format=fhir&amp;days=14")
    );
    world.clock.forward(chrono::TimeDelta::minutes(6));
    let stale = doctor.get(&format!("{link}?format=csv")).await;
    let proof = format!("/step-up?next=/doctor/patients/{}", world.asha());
    assert_eq!((stale.status, stale.header("location")), (StatusCode::SEE_OTHER, proof.as_str()), "a proof first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_is_a_table_for_its_doctor_after_a_fresh_proof() {
    let app = TestApp::new().await;
    let world = &app.world;
    let (page, file) = ("/doctor/analytics", "/doctor/analytics/export");
    let doctor = app.browser_of(&world.doctor).await;
    let table = doctor.get(file).await;
    let today = local_date(world.clock.now(), DEFAULT_ZONE);
    assert_eq!(table.header("content-disposition"), format!("attachment; filename=\"procare-panel-{today}.csv\""));
    assert!(table.body.starts_with("name,lastReading,") && table.body.contains("Asha Verma"), "{}", table.body);
    let theirs = app.browser_of(&world.stranger).await.get(file).await;
    assert!(theirs.status == StatusCode::OK && !theirs.body.contains("Asha"), "{}", theirs.body);
    for actor in [world.patient, world.follower, world.admin] {
        assert_eq!(app.browser_of(&actor).await.get(file).await.status, StatusCode::NOT_FOUND, "{:?}", actor.role);
    }
    assert_eq!(app.browser().get(file).await.status, StatusCode::SEE_OTHER);
    let shown = doctor.get(&format!("{page}?group=silent")).await.body;
    assert!(shown.contains("Asha Verma") && shown.contains(file), "no reading yet");
    assert!(!doctor.get(&format!("{page}?group=covered")).await.body.contains("Asha Verma"));
    world.clock.forward(chrono::TimeDelta::minutes(6));
    let stale = doctor.get(file).await;
    assert_eq!((stale.status, stale.header("location")), (StatusCode::SEE_OTHER, "/step-up?next=/doctor/analytics"));
}
