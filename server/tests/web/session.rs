//! Signing in with a browser.

use reqwest::{Method, StatusCode};

use crate::support::{Browser, TestApp};

/// The session cookie that an answer sets, with its attributes.
fn cookie(answer: &crate::support::Answer) -> Vec<String> {
    let text = answer.header("set-cookie");
    text.split(';').map(|part| part.trim().to_ascii_lowercase()).collect()
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/settings").await.status == StatusCode::OK
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_signs_in_and_leads_to_the_page_that_was_wanted() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let turned_away = browser.get("/patient/trends?days=14").await;
    assert_eq!(turned_away.status, StatusCode::SEE_OTHER);
    let login = turned_away.header("location");
    assert_eq!(login, "/login?next=/patient/trends%3Fdays%3D14");
    assert_eq!(browser.get(login).await.status, StatusCode::OK);
    let phone = app.phone_of(&app.world.patient);
    let asked = browser.post(login, &[("phone", &phone)]).await;
    assert_eq!(asked.header("location"), "/login/code", "{}", asked.body);
    let page = browser.get("/login/code").await;
    assert!(page.status == StatusCode::OK && !page.body.contains(&phone), "the number is masked");
    let signed_in = browser.post("/login/code", &[("code", &app.code())]).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (StatusCode::SEE_OTHER, "/patient/trends?days=14"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_lands_on_their_own_pages_and_never_elsewhere() {
    let app = TestApp::new().await;
    let world = &app.world;
    for (actor, home) in [(world.patient, "/patient"), (world.follower, "/caregiver")] {
        let browser = app.browser();
        let phone = app.phone_of(&actor);
        browser.post("/login", &[("phone", &phone), ("next", "https://evil.example")]).await;
        let signed_in = browser.post("/login/code", &[("code", &app.code())]).await;
        assert_eq!(signed_in.header("location"), home);
        assert_eq!(browser.get("/login").await.header("location"), home, "signed in already");
        assert_eq!(browser.get(home).await.status, StatusCode::OK, "{home}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_hidden_from_scripts_and_renewed_at_sign_in() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let phone = app.phone_of(&app.world.patient);
    let before = cookie(&browser.post("/login", &[("phone", &phone)]).await);
    let after = cookie(&browser.post("/login/code", &[("code", &app.code())]).await);
    assert!(before[0].starts_with("procare=") && after[0].starts_with("procare=") && before[0] != after[0]);
    for attribute in ["httponly", "samesite=lax", "path=/", "max-age=604800"] {
        assert!(after.iter().any(|part| part == attribute), "{attribute} in {after:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_comes_back_with_the_form_and_without_the_code() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let wrong_phone = browser.post("/login", &[("phone", "12345")]).await;
    assert_eq!(wrong_phone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong_phone.body.contains("value=\"12345\""), "nothing typed is lost");
    browser.post("/login", &[("phone", "9876543210")]).await;
    let wrong = if app.code() == "271828" { "271829" } else { "271828" };
    let answer = browser.post("/login/code", &[("code", wrong)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains(wrong), "{}", answer.body);
    assert!(!is_signed_in(&browser).await);
    let right = browser.post("/login/code", &[("code", &app.code())]).await;
    assert_eq!(right.header("location"), "/patient");
    assert_eq!(app.browser().post("/login/code", &[("code", "123456")]).await.header("location"), "/login");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_forgets_the_browser_and_ends_the_session_behind_a_copied_cookie() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let phone = app.phone_of(&app.world.patient);
    let signed_in = browser.sign_in(&app, &phone).await;
    let copied = cookie(&signed_in)[0].clone();
    let out = browser.post("/logout", &[]).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(!is_signed_in(&browser).await);
    let thief = app.browser().request(Method::GET, "/patient").header("cookie", copied);
    assert_eq!(thief.send().await.unwrap().status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_signed_out_from_elsewhere_is_signed_out_here() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    assert!(is_signed_in(&browser).await);
    let phone = app.patient().await;
    let sessions = phone.get("/me/sessions").await.json();
    for session in sessions["items"].as_array().unwrap().iter().filter(|session| session["current"] == false) {
        phone.delete(&format!("/me/sessions/{}", session["id"].as_str().unwrap())).await;
    }
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_the_persons_then_the_cookies_then_the_browsers() {
    let app = TestApp::new().await;
    let lang = |body: &str| body.split("lang=\"").nth(1).and_then(|rest| rest.get(..2)).unwrap_or("").to_owned();
    let browser = app.browser();
    let asks_hindi = browser.request(Method::GET, "/login").header("accept-language", "hi-IN");
    assert_eq!(lang(&asks_hindi.send().await.unwrap().text().await.unwrap()), "hi");
    let switched = browser.post("/language", &[("language", "hi"), ("next", "/login")]).await;
    assert_eq!((switched.status, switched.header("location")), (StatusCode::SEE_OTHER, "/login"));
    assert_eq!(lang(&browser.get("/login").await.body), "hi");
    let signed_in = app.browser_of(&app.world.patient).await;
    assert_eq!(lang(&signed_in.get("/patient").await.body), "en");
    signed_in.post("/language", &[("language", "hi"), ("next", "//evil.example")]).await;
    assert_eq!(lang(&signed_in.get("/patient").await.body), "hi");
    assert_eq!(app.patient().await.get("/me").await.json()["language"], "hi");
}
