//! Headers of pages.

use reqwest::StatusCode;

use crate::support::{TOKEN_KEYS, TestApp};

fn directives(policy: &str) -> Vec<(&str, &str)> {
    policy.split(';').map(|part| part.trim().split_once(' ').unwrap_or((part.trim(), ""))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pages_policy_allows_only_scripts_with_this_renderings_nonce() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let mut nonces = Vec::new();
    for path in ["/", "/patient", "/patient/log", "/settings", "/nothing-here"] {
        let page = browser.get(path).await;
        assert_eq!(page.headers.get_all("content-security-policy").iter().count(), 1, "{path}");
        let policy = page.header("content-security-policy").to_owned();
        let directives = directives(&policy);
        let mut names: Vec<_> = directives.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), directives.len(), "no directive twice: {policy}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'") && !policy.contains('*'));
        let script = directives.iter().find(|(name, _)| *name == "script-src").unwrap().1;
        let nonce = script.split('\'').find_map(|part| part.strip_prefix("nonce-")).unwrap().to_owned();
        for tag in page.body.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        assert!(!page.body.contains(" style=\""), "{path} has an inline style");
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_kept_by_nobody_and_isolated() {
    let app = TestApp::new().await;
    let page = app.browser_of(&app.world.patient).await.get("/patient").await;
    assert_eq!(page.status, StatusCode::OK);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.header("permissions-policy").contains("geolocation=()"));
    assert_eq!(page.header("strict-transport-security"), "", "development has no HTTPS");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_binds_the_cookie_and_the_browser_to_https_and_has_no_development_aid() {
    let app = TestApp::with(&[("PROCARE_ENV", "production"), ("JWT_KEYS", TOKEN_KEYS)]).await;
    let browser = app.browser();
    let page = browser.get("/login").await;
    assert!(page.header("strict-transport-security").starts_with("max-age=63072000"));
    let cookie = browser.post("/logout", &[]).await.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("__Host-procare=") && cookie.contains("; Secure") && cookie.contains("; Path=/"),
        "{cookie}"
    );
    let language = browser.post("/language", &[("language", "hi")]).await;
    let cookie = language.header("set-cookie");
    assert!(cookie.starts_with("__Host-lang=hi; Path=/;") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(app.state.outbox.is_none());
    assert_eq!(browser.get("/dev/outbox").await.status, StatusCode::NOT_FOUND);
    let no_provider = browser.post("/login", &[("phone", "9876543210")]).await;
    assert_eq!(no_provider.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_on_their_own_listener_and_hold_no_path() {
    let app = TestApp::with(&[("METRICS_ADDR", "127.0.0.1:0")]).await;
    let id = uuid::Uuid::now_v7();
    app.patient().await.get(&format!("/glucose/{id}")).await;
    let metrics = app.metrics.unwrap();
    let text = reqwest::get(format!("http://{metrics}/metrics")).await.unwrap().text().await.unwrap();
    assert!(text.contains("procare_http_request_seconds"), "{text}");
    assert!(text.contains("route=\"/api/v1/glucose/{id}\"") && !text.contains(&id.to_string()));
    assert_eq!(app.browser().get("/metrics").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_development_outbox_shows_the_codes() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.post("/login", &[("phone", "9876543210")]).await;
    let page = browser.get("/dev/outbox").await;
    assert!(page.body.contains(&app.code()) && page.body.contains("+919876543210"));
}
