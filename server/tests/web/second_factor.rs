//! The second factor and fresh proofs, through forms.

use chrono::TimeDelta;
use domain::{clock::Clock, people::Actor};
use reqwest::StatusCode;

use crate::support::{Answer, Authenticator, Browser, TestApp};

/// The text between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} in {text}")) + before.len();
    let rest = &text[start..];
    &rest[..rest.find(after).expect("an end")]
}

fn lands(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path), "{}", answer.body);
}

/// Sets the second factor up in a browser that has only the code sent to the phone.
async fn enrol(app: &TestApp, browser: &Browser) -> (Authenticator, Answer) {
    let page = browser.get("/second-factor/setup").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<svg class=\"qr\""), "the key as a picture");
    let authenticator = Authenticator::new(between(&page.body, "setup-key\">", "</code>"));
    let code = authenticator.code(app.world.clock.now());
    let answer = browser.post("/second-factor/setup", &[("do", "confirm"), ("code", &code)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    app.world.clock.forward(TimeDelta::seconds(30));
    (authenticator, answer)
}

async fn sign_in(app: &TestApp, actor: &Actor) -> (Browser, Answer) {
    let browser = app.browser();
    app.world.clock.forward(TimeDelta::seconds(31));
    let answer = browser.sign_in(app, &app.phone_of(actor)).await;
    (browser, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_set_up_their_second_factor_before_they_see_anything() {
    let app = TestApp::new().await;
    let doctor = app.world.doctor;
    let browser = app.browser();
    assert_eq!(browser.get("/doctor/patients/x").await.status, StatusCode::SEE_OTHER);
    browser.post("/login?next=/doctor?sort=name", &[("phone", &app.phone_of(&doctor))]).await;
    lands(&browser.post("/login/code", &[("code", &app.code())]).await, "/second-factor/setup");
    for path in ["/doctor", "/settings", "/second-factor", "/step-up", "/admin"] {
        lands(&browser.get(path).await, "/second-factor/setup");
    }
    lands(&browser.post("/doctor", &[("q", "Asha")]).await, "/second-factor/setup");
    let function = browser.request(reqwest::Method::POST, "/fn/work-list").header("sec-fetch-site", "same-origin");
    let query = serde_json::json!({ "query": { "sort": "need", "filter": "all" } });
    assert_eq!(function.json(&query).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let page = browser.get("/second-factor/setup").await;
    let key = between(&page.body, "setup-key\">", "</code>").to_owned();
    assert_eq!(between(&browser.get("/second-factor/setup").await.body, "setup-key\">", "</code>"), key, "a reload");
    let wrong = Authenticator::new(&key).wrong(app.world.clock.now());
    let answer = browser.post("/second-factor/setup", &[("code", &wrong)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains(&format!("value=\"{wrong}\"")), "the code is not shown again");
    let (_, codes) = enrol(&app, &browser).await;
    assert_eq!(codes.body.matches("<li><code class=\"num\">").count(), 10);
    assert!(codes.body.contains("href=\"/doctor?sort=name\""), "on to the page that was wanted");
    assert_eq!(browser.get("/doctor").await.status, StatusCode::OK);
    let page = browser.get("/second-factor/setup").await;
    assert!(!page.body.contains("setup-key") && !page.body.contains("<li><code"), "neither is shown again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_asks_for_the_code_of_the_app_and_leads_to_the_page_that_was_wanted() {
    let app = TestApp::new().await;
    let doctor = app.world.doctor;
    let (first, _) = sign_in(&app, &doctor).await;
    let (authenticator, _) = enrol(&app, &first).await;
    app.world.clock.forward(TimeDelta::seconds(31));
    let browser = app.browser();
    browser.post("/login?next=/doctor?sort=name", &[("phone", &app.phone_of(&doctor))]).await;
    let half = browser.post("/login/code", &[("code", &app.code())]).await;
    lands(&half, "/second-factor");
    lands(&browser.get("/doctor").await, "/second-factor");
    lands(&browser.get("/second-factor/setup").await, "/second-factor");
    assert_eq!(browser.get("/second-factor").await.status, StatusCode::OK);
    let wrong = authenticator.wrong(app.world.clock.now());
    for typed in ["", &wrong, "ABCD-EFGH-IJKL-MNOP"] {
        let answer = browser.post("/second-factor", &[("code", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
    let code = authenticator.code(app.world.clock.now());
    let whole = browser.post("/second-factor", &[("code", &code)]).await;
    lands(&whole, "/doctor?sort=name");
    assert_ne!(half.header("set-cookie"), whole.header("set-cookie"), "the cookie is renewed");
    lands(&browser.get("/second-factor").await, "/doctor");
    let (other, answer) = sign_in(&app, &doctor).await;
    lands(&answer, "/second-factor");
    lands(&other.post("/logout", &[]).await, "/");
    lands(&other.get("/second-factor").await, "/login?next=/second-factor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_proof_leads_back_and_renews_the_cookie() {
    let app = TestApp::new().await;
    let (browser, _) = sign_in(&app, &app.world.patient).await;
    app.world.clock.forward(TimeDelta::minutes(6));
    let before = browser.get("/step-up?next=/patient/care-team").await;
    assert!(!before.body.contains("name=\"code\""), "nothing was sent yet");
    let sent = browser.post("/step-up/send", &[("next", "/patient/care-team")]).await;
    lands(&sent, "/step-up?next=/patient/care-team");
    let page = browser.get(sent.header("location")).await;
    assert!(page.body.contains("value=\"/patient/care-team\"") && page.body.contains("name=\"code\""), "{}", page.body);
    let wrong = if app.code() == "271828" { "271829" } else { "271828" };
    let refused = browser.post("/step-up", &[("code", wrong), ("next", "/patient/care-team")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"/patient/care-team\""), "where they wanted to go is kept");
    let proven = browser.post("/step-up", &[("code", &app.code()), ("next", "/patient/care-team")]).await;
    lands(&proven, "/patient/care-team");
    assert!(proven.header("set-cookie").starts_with("procare="), "the cookie is renewed");
    // What needs a proof: taking on an authenticator app.
    let (authenticator, _) = enrol(&app, &browser).await;
    app.world.clock.forward(TimeDelta::minutes(6));
    lands(&browser.post("/second-factor/setup", &[("do", "remove")]).await, "/step-up?next=/second-factor/setup");
    let page = browser.get("/step-up?next=/second-factor/setup").await;
    assert!(page.body.contains("name=\"code\""), "by the app now");
    let code = authenticator.code(app.world.clock.now());
    let evil = browser.post("/step-up", &[("code", &code), ("next", "https://evil.example")]).await;
    lands(&evil, "/patient");
    lands(&browser.post("/second-factor/setup", &[("do", "remove")]).await, "/settings");
    let (_, answer) = sign_in(&app, &app.world.patient).await;
    lands(&answer, "/patient");
}
