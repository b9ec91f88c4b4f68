//! Passkeys and signed-in devices, through forms.

use chrono::TimeDelta;
use domain::{people::Actor, ports::Ceremony};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Answer, Browser, Passkey, TestApp};

fn lands(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

/// What the page's button asks for.
async fn begin(browser: &Browser, purpose: &str) -> Result<Ceremony, StatusCode> {
    let call = browser.request(Method::POST, "/fn/passkey-begin").header("sec-fetch-site", "same-origin");
    let answer = call.json(&json!({ "purpose": purpose })).send().await.unwrap();
    if answer.status() == StatusCode::OK { Ok(answer.json().await.unwrap()) } else { Err(answer.status()) }
}

async fn post(browser: &Browser, path: &str, ceremony: &Ceremony, credential: &str, next: &str) -> Answer {
    let id = ceremony.id.to_string();
    browser.post(path, &[("ceremony", &id), ("credential", credential), ("next", next)]).await
}

/// Makes a passkey in a browser; it believes to be where the server says.
async fn make(browser: &Browser) -> Passkey {
    let ceremony = begin(browser, "add").await.unwrap();
    let (passkey, answer) = Passkey::make(&ceremony);
    lands(&post(browser, "/security/passkeys", &ceremony, &answer, "").await, "/security");
    assert!(browser.get("/security").await.body.contains("/remove\""), "it is listed");
    passkey
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_a_browser_in_and_leads_to_the_page_that_was_wanted() {
    let app = TestApp::new().await;
    let mut passkey = make(&app.browser_of(&app.world.doctor).await).await;
    let browser = app.browser();
    assert!(browser.get("/login?next=/doctor?sort=name").await.body.contains("action=\"/login/passkey\""));
    for (next, home) in
        [("/doctor?sort=name", "/doctor?sort=name"), ("https://evil.example", "/doctor"), ("", "/doctor")]
    {
        let browser = app.browser();
        let ceremony = begin(&browser, "signIn").await.unwrap();
        let answer = passkey.sign(&ceremony);
        lands(&post(&browser, "/login/passkey", &ceremony, &answer, next).await, home);
        assert_eq!(browser.get("/doctor").await.status, StatusCode::OK, "no second factor is asked for");
        lands(&post(&app.browser(), "/login/passkey", &ceremony, &answer, next).await, "/login");
    }
    let ceremony = begin(&browser, "signIn").await.unwrap();
    lands(&post(&browser, "/login/passkey", &ceremony, "{}", "").await, "/login");
    assert!(browser.get("/login").await.body.contains("This passkey is not known here"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_a_second_factor_and_a_fresh_proof() {
    let app = TestApp::new().await;
    let asha: Actor = app.world.patient;
    let browser = app.browser_of(&asha).await;
    let mut passkey = make(&browser).await;
    app.world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(begin(&browser, "add").await.err(), Some(StatusCode::FORBIDDEN), "a fresh proof is needed");
    let page = browser.get("/step-up?next=/security").await;
    assert!(page.body.contains("name=\"credential\""), "the page offers the passkey");
    let ceremony = begin(&browser, "prove").await.unwrap();
    let answer = passkey.sign(&ceremony);
    lands(&post(&browser, "/step-up", &ceremony, &answer, "/security").await, "/security");
    begin(&browser, "add").await.unwrap();
    let again = post(&browser, "/step-up", &ceremony, &answer, "/security").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "used");
    let nobody = app.browser();
    for purpose in ["add", "prove"] {
        assert_eq!(begin(&nobody, purpose).await.err(), Some(StatusCode::UNAUTHORIZED));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_signed_out_from_another_and_this_one_leaves() {
    let app = TestApp::new().await;
    let asha = app.world.patient;
    let here = app.browser_of(&asha).await;
    app.world.clock.forward(TimeDelta::seconds(31));
    let there = app.browser_of(&asha).await;
    let page = there.get("/security").await;
    assert!(page.body.contains("This device"), "{}", page.body);
    let accounts = &app.state.services.accounts;
    let devices = accounts.devices(&asha).await.unwrap();
    assert!(devices.iter().all(|device| page.body.contains(&device.id.to_string())), "each is listed");
    // The newest is `there`, the one before `here`.
    lands(&there.post(&format!("/security/devices/{}/end", devices[1].id), &[]).await, "/security");
    lands(&here.get("/patient").await, "/login?next=/patient");
    let stranger = app.browser_of(&app.world.other).await;
    let foreign = stranger.post(&format!("/security/devices/{}/end", devices[0].id), &[]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(there.get("/patient").await.status, StatusCode::OK);
    lands(&there.post(&format!("/security/devices/{}/end", devices[0].id), &[]).await, "/");
    lands(&there.get("/patient").await, "/login?next=/patient");
}
