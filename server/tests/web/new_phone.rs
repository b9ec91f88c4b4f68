//! Another phone number for an account, through forms.

use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::support::{Answer, TestApp};

fn lands(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_changed_in_two_forms_and_other_browsers_are_signed_out() {
    let app = TestApp::new().await;
    let (browser, tablet) = (app.browser_of(&app.world.patient).await, {
        app.world.clock.forward(TimeDelta::seconds(31));
        app.browser_of(&app.world.patient).await
    });
    assert!(browser.get("/security").await.body.contains("href=\"/security/phone\""));
    assert!(!browser.get("/security/phone/code").await.body.contains("name=\"code\""), "nothing was sent yet");
    let wrong = browser.post("/security/phone", &[("phone", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"12345\""), "what was typed is kept");
    lands(&browser.post("/security/phone", &[("phone", "98000 00001")]).await, "/security/phone/code");
    let page = browser.get("/security/phone/code").await.body;
    assert!(page.contains("name=\"code\"") && !page.contains("9800000001"), "the number is shown masked");
    let typed = if app.code() == "271828" { "271829" } else { "271828" };
    let wrong = browser.post("/security/phone/code", &[("code", typed)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.body.contains(&format!("value=\"{typed}\"")), "the code is not shown again");
    let done = browser.post("/security/phone/code", &[("code", &app.code())]).await;
    lands(&done, "/security");
    assert!(done.header("set-cookie").starts_with("procare="), "the cookie is renewed");
    assert_eq!(browser.get("/patient").await.status, StatusCode::OK);
    lands(&tablet.get("/patient").await, "/login?next=/patient");
    lands(&browser.post("/security/phone/code", &[("code", "123456")]).await, "/security/phone");
    let fresh = app.browser();
    app.world.clock.forward(TimeDelta::seconds(31));
    lands(&fresh.sign_in(&app, "9800000001").await, "/patient");
    assert!(fresh.get("/patient/more").await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_in_long_ago_is_led_to_a_proof_and_back() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    app.world.clock.forward(TimeDelta::minutes(6));
    let asked = browser.post("/security/phone", &[("phone", "9800000001")]).await;
    lands(&asked, "/step-up?next=/security/phone");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_code_of_anothers_phone_is_told_that_it_has_an_account() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let theirs = app.phone_of(&app.world.other);
    lands(&browser.post("/security/phone", &[("phone", &theirs)]).await, "/security/phone/code");
    lands(&browser.post("/security/phone/code", &[("code", &app.code())]).await, "/security/phone");
    assert!(browser.get("/security/phone").await.body.contains("has an account of its own"));
}
