//! A patient connects with a doctor by a code, through forms.

use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::support::{Answer, TestApp};

const PAGE: &str = "/patient/care-team/connect";

fn lands(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} in {text}")) + before.len();
    let rest = &text[start..];
    &rest[..rest.find(after).expect("an end")]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_shows_a_code_and_the_patient_who_types_it_is_in_the_list() {
    let app = TestApp::new().await;
    let (doctor, patient) = (app.browser_of(&app.world.stranger).await, app.browser_of(&app.world.patient).await);
    let made = doctor.post("/doctor/connect", &[]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(made.body.contains("<svg class=\"qr\""), "the code as a picture");
    let code = between(&made.body, "setup-key\">", "</code>").to_owned();
    assert!(!doctor.get("/doctor/connect").await.body.contains(&code), "shown once");

    assert!(patient.get("/patient/care-team").await.body.contains(&format!("href=\"{PAGE}\"")));
    let wrong = patient.post(PAGE, &[("code", "ABCD-2345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"ABCD-2345\""), "what was typed is kept");
    lands(&patient.post(PAGE, &[("do", "agree")]).await, PAGE);

    app.world.clock.forward(TimeDelta::minutes(6));
    lands(&patient.post(PAGE, &[("code", &code)]).await, PAGE);
    let page = patient.get(PAGE).await.body;
    assert!(page.contains("This is the code of Dr. Menon") && page.contains("value=\"agree\""), "{page}");
    assert!(!page.contains(&code), "nothing of it in the page");
    // The proof is too old: there and back, and the doctor is still shown.
    lands(&patient.post(PAGE, &[("do", "agree")]).await, "/step-up?next=/patient/care-team/connect");
    patient.post("/step-up/send", &[("next", PAGE)]).await;
    lands(&patient.post("/step-up", &[("code", &app.code()), ("next", PAGE)]).await, PAGE);
    assert!(patient.get(PAGE).await.body.contains("Dr. Menon"));
    lands(&patient.post(PAGE, &[("do", "agree")]).await, "/patient/care-team");
    assert!(patient.get("/patient/care-team").await.body.contains("Dr. Menon"));
    assert!(!patient.get(PAGE).await.body.contains("value=\"agree\""), "used");
    let record = format!("/doctor/patients/{}", app.world.asha());
    assert_eq!(doctor.get(&record).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_connects_by_a_code_and_the_version_of_the_words() {
    let app = TestApp::new().await;
    let doctor = app.browser_of(&app.world.stranger).await;
    let made = doctor.post("/doctor/connect", &[]).await;
    let code = between(&made.body, "setup-key\">", "</code>").to_owned();
    let patient = app.patient().await;
    let owner = patient.post("/care-team/codes", &serde_json::json!({ "code": code })).await.json();
    assert_eq!(owner["doctor"], "Dr. Menon");
    let agree = |version: &str| serde_json::json!({ "code": code, "textVersion": version });
    let other = patient.post("/care-team/connect", &agree("2020-01.1")).await.problem();
    assert_eq!(other, (400, vec![("textVersion".to_owned(), "unknownChoice".to_owned())]));
    let version = owner["textVersion"].as_str().unwrap();
    assert_eq!(patient.post("/care-team/connect", &agree(version)).await.status, StatusCode::CREATED);
    let again = patient.post("/care-team/connect", &agree(version)).await.problem();
    assert_eq!(again, (400, vec![("code".to_owned(), "otp".to_owned())]), "used");
}
