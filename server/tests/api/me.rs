//! Oneself and one's devices.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn one_reads_and_changes_only_what_one_names() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let before = patient.get("/me").await.json();
    assert_eq!(before["role"], "PATIENT");
    assert_eq!(before["name"], "Asha Verma");
    assert!(!before["phoneMasked"].as_str().unwrap().contains("9000001"));
    let change = json!({ "unit": "mmol/L", "timeZone": "Asia/Dubai" });
    let after = patient.patch("/me", &change).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.body);
    let after = after.json();
    assert_eq!((&after["unit"], &after["timeZone"]), (&json!("mmol/L"), &json!("Asia/Dubai")));
    assert_eq!((&after["name"], &after["language"]), (&before["name"], &before["language"]));
    assert_eq!(patient.get("/me").await.json(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_setting_is_named() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let wrong = json!({ "name": " ", "unit": "g/L", "timeZone": "Mars/Base", "language": "xx" });
    let (status, errors) = patient.patch("/me", &wrong).await.problem();
    let fields: Vec<_> = errors.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!((status, fields), (400, vec!["name", "unit", "timeZone", "language"]));
    let role = patient.patch("/me", &json!({ "role": "ADMIN" })).await.problem();
    assert_eq!(role, (400, vec![("role".to_owned(), "unknownField".to_owned())]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_can_be_signed_out_from_another_but_not_by_somebody_else() {
    let app = TestApp::new().await;
    let (phone, tablet) = (app.patient().await, app.patient().await);
    let sessions = phone.get("/me/sessions").await.json();
    // The two, and the one that everybody of the world has.
    assert_eq!(sessions["items"].as_array().unwrap().len(), 3);
    let theirs = tablet.get("/me/sessions").await.json();
    let other = theirs["items"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    let other = other["id"].as_str().unwrap();
    let path = format!("/me/sessions/{other}");
    assert_eq!(app.other().await.delete(&path).await.problem().0, 404);
    assert_eq!(tablet.get("/me").await.status, StatusCode::OK);
    assert_eq!(phone.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(tablet.get("/me").await.problem().0, 401);
    assert_eq!(phone.get("/me").await.status, StatusCode::OK);
    assert_eq!(phone.delete("/me/sessions/none").await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_changed_by_the_code_that_was_sent_to_it() {
    let app = TestApp::new().await;
    let (phone, tablet) = (app.patient().await, app.patient().await);
    let asked = phone.post("/me/phone", &json!({ "phoneNumber": "98000 00001" })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let challenge = asked.json()["challengeId"].clone();
    let code = app.code();
    let wrong = if code == "271828" { "271829" } else { "271828" };
    let with = |otp: &str| json!({ "challengeId": challenge, "phoneNumber": "+919800000001", "otp": otp });
    let refused = phone.post("/me/phone/confirm", &with(wrong)).await.problem();
    assert_eq!(refused, (400, vec![("otp".to_owned(), "otp".to_owned())]));
    assert_eq!(phone.post("/me/phone/confirm", &with(&code)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone.get("/me").await.status, StatusCode::OK);
    assert_eq!(tablet.get("/me").await.problem().0, 401);
    let own = phone.post("/me/phone", &json!({ "phoneNumber": "9800000001" })).await.problem();
    assert_eq!(own, (400, vec![("phoneNumber".to_owned(), "exists".to_owned())]));
    app.world.clock.forward(chrono::TimeDelta::minutes(6));
    let late = phone.post("/me/phone", &json!({ "phoneNumber": "9800000002" })).await;
    assert_eq!(late.json()["type"], "urn:procare:problem:step-up-required");
}
