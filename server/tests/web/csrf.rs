//! No other site makes a signed-in browser change anything: every address that changes something, with every kind of
//! headers that browsers, and those who forge, send.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use server::api::openapi;

use super::access::{FORMS, PAGES};
use crate::support::{Browser, TestApp};

/// Stands for the address that the test's server has.
const OWN: &str = "OWN";
const FOREIGN: &str = "https://evil.example";

/// `Sec-Fetch-Site` and `Origin` of a request that carries the session's cookie.
type Headers = (&'static [&'static str], &'static [&'static str]);

/// What is refused.
const FORGED: [Headers; 16] = [
    // Another site, in a browser of these days; the last ones cannot come from one.
    (&["cross-site"], &[FOREIGN]),
    (&["cross-site"], &["null"]),
    (&["cross-site"], &[]),
    (&["cross-site"], &[OWN]),
    // Another host under the same domain.
    (&["same-site"], &["https://sister.example"]),
    (&["same-site"], &["null"]),
    (&["same-site"], &[]),
    (&["same-site"], &[OWN]),
    // Browsers before 2023.
    (&[], &[FOREIGN]),
    (&[], &["null"]),
    (&[], &["OWN.evil.example"]),
    (&[], &[OWN, OWN]),
    // Neither.
    (&[], &[]),
    // No browser sends these.
    (&["elsewhere"], &[OWN]),
    (&[""], &[OWN]),
    (&["same-origin", "same-origin"], &[OWN]),
];

/// What is let through: our own pages, and the person themself.
const OURS: [Headers; 6] = [
    (&["same-origin"], &[OWN]),
    (&["same-origin"], &[]),
    // A browser that is told to keep quiet about where it comes from.
    (&["same-origin"], &["null"]),
    // Typed or from a bookmark.
    (&["none"], &[]),
    // `Sec-Fetch-Site` decides: a proxy may have changed the host that the origin would be compared with.
    (&["same-origin"], &["https://the.name.outside"]),
    (&[], &[OWN]),
];

async fn status(
    browser: &Browser,
    method: &Method,
    path: &str,
    own: &str,
    headers: Headers,
    cookie: bool,
) -> StatusCode {
    let mut request = browser.request(method.clone(), path);
    for site in headers.0 {
        request = request.header("sec-fetch-site", *site);
    }
    for origin in headers.1 {
        request = request.header("origin", origin.replace(OWN, own));
    }
    if cookie {
        request = request.header("cookie", "procare=1");
    }
    if path.starts_with("/fn/") {
        request = request.json(&serde_json::json!({}));
    }
    request.send().await.unwrap().status()
}

/// Every address that is not only read.
fn unsafe_addresses() -> Vec<(Method, String)> {
    let id = uuid::Uuid::now_v7().to_string();
    let forms = FORMS.iter().map(|(path, _)| (Method::POST, path.replace("{id}", &id)));
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    // A page takes no other method than GET; should one do so one day, not from another site.
    let pages = PAGES.iter().flat_map(|(path, _)| {
        [Method::PUT, Method::PATCH, Method::DELETE].map(|method| (method, path.replace("{id}", &id)))
    });
    let addresses: Vec<_> = forms.chain(functions).chain(pages).collect();
    assert!(addresses.len() > 130, "{}", addresses.len());
    addresses
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_and_server_function_refuses_what_another_site_sends() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let mut passed = BTreeMap::new();
    for (method, path) in unsafe_addresses() {
        for headers in FORGED {
            let status = status(&browser, &method, &path, &app.base, headers, false).await;
            if status != StatusCode::FORBIDDEN {
                passed.insert(format!("{method} {path} {headers:?}"), status);
            }
        }
    }
    assert_eq!(passed, BTreeMap::new());
    assert_eq!(browser.get("/patient").await.status, StatusCode::OK, "and the person is still signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_and_server_function_takes_what_our_own_pages_send() {
    let app = TestApp::new().await;
    let mut refused = BTreeMap::new();
    for (method, path) in unsafe_addresses().into_iter().filter(|(method, _)| *method == Method::POST) {
        for headers in OURS {
            let status = status(&app.browser(), &method, &path, &app.base, headers, true).await;
            if status == StatusCode::FORBIDDEN {
                refused.insert(format!("{method} {path} {headers:?}"), status);
            }
        }
        // A program without a cookie has nothing that a site could abuse.
        let bare = status(&app.browser(), &method, &path, &app.base, (&[], &[]), false).await;
        if bare == StatusCode::FORBIDDEN {
            refused.insert(format!("{method} {path} without a cookie"), bare);
        }
    }
    assert_eq!(refused, BTreeMap::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_opens_nothing_in_the_api() {
    let app = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "100000")]).await;
    let browser = app.browser_of(&app.world.patient).await;
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut calls = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let url = path.replace("{id}", &uuid::Uuid::now_v7().to_string());
        for (method, call) in item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            // Some begin or carry on a sign-in by what is in their body; they set no cookie.
            let public = call["security"].is_null();
            assert!(!public || path.starts_with("/api/v1/auth/"), "{path}");
            for headers in OURS.into_iter().chain(FORGED) {
                let status = status(&browser, &method, &url, &app.base, headers, false).await;
                let expected = if public { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { StatusCode::UNAUTHORIZED };
                assert_eq!(status, expected, "{method} {path} {headers:?}");
            }
            calls += 1;
        }
    }
    assert!(calls >= 30, "{calls}");
}
