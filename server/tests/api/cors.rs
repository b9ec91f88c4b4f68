//! Scripts of other sites.

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName},
};

use crate::support::{Answer, Caller, TestApp};

const SITE: &str = "https://app.example";

fn says_nothing(headers: &HeaderMap) -> bool {
    !headers.keys().any(|name: &HeaderName| name.as_str().starts_with("access-control-"))
}

async fn preflight(caller: &Caller, origin: &str, path: &str) -> Answer {
    let request = caller.request(Method::OPTIONS, path).header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    caller.fetch(request.header("access-control-request-headers", "authorization,content-type")).await
}

async fn call(caller: &Caller, origin: &str) -> Answer {
    caller.fetch(caller.request(Method::GET, "/me").header("origin", origin)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_configured_site_no_answer_says_a_word_about_others() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for origin in [SITE, "null", &app.base] {
        let answer = preflight(&patient, origin, "/glucose").await;
        assert!(answer.status == StatusCode::METHOD_NOT_ALLOWED && says_nothing(&answer.headers), "{answer:?}");
        let answer = call(&patient, origin).await;
        assert!(answer.status == StatusCode::OK && says_nothing(&answer.headers), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configured_site_calls_the_api_with_a_token_and_never_with_a_cookie() {
    let app = TestApp::with(&[("CORS_ORIGINS", "https://app.example, http://localhost:8100")]).await;
    let patient = app.patient().await;
    for origin in [SITE, "http://localhost:8100"] {
        for path in ["/glucose", "/auth/otp", "/imports"] {
            let answer = preflight(&app.anonymous(), origin, path).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("access-control-allow-methods"), "GET,POST,PUT,PATCH,DELETE");
            assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type");
            assert_eq!(answer.header("access-control-max-age"), "600");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
            assert_eq!(answer.header("ratelimit"), "", "it is not counted");
        }
        let answer = call(&patient, origin).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, origin));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(answer.header("access-control-expose-headers").contains("x-request-id"));
        assert!(answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().contains("origin")), "{answer:?}");
    }
    let refused = call(&app.anonymous(), SITE).await;
    assert_eq!((refused.problem().0, refused.header("access-control-allow-origin")), (401, SITE), "errors can be read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_only_looks_like_a_configured_one_is_told_nothing() {
    let app = TestApp::with(&[("CORS_ORIGINS", SITE)]).await;
    let patient = app.patient().await;
    for origin in [
        "null",
        "*",
        "https://evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evil.app.example",
        "https://app.example/",
    ] {
        let (asked, answer) = (preflight(&patient, origin, "/glucose").await, call(&patient, origin).await);
        for headers in [&asked.headers, &answer.headers] {
            assert!(!headers.contains_key("access-control-allow-origin"), "{origin} {headers:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_forms_and_server_functions_are_for_no_other_site_at_all() {
    let app = TestApp::with(&[("CORS_ORIGINS", SITE)]).await;
    let browser = app.browser_of(&app.world.doctor).await;
    for (method, path) in [
        (Method::GET, "/doctor"),
        (Method::OPTIONS, "/doctor"),
        (Method::POST, "/settings"),
        (Method::OPTIONS, "/fn/work-list"),
        (Method::POST, "/fn/work-list"),
        (Method::GET, "/healthz"),
        (Method::OPTIONS, "/api/v2/glucose"),
    ] {
        let request = browser.request(method.clone(), path).header("origin", SITE);
        let answer = request.header("access-control-request-method", "POST").send().await.unwrap();
        assert!(says_nothing(answer.headers()), "{method} {path} {:?}", answer.headers());
    }
}
