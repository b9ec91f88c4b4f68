//! Files of the built site.

use reqwest::{Method, StatusCode};

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn files_are_served_as_the_browser_takes_them() {
    let app = TestApp::new().await;
    let browser = app.browser();
    for (accepted, encoding, content) in
        [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("identity", "", "wasm"), ("", "", "wasm")]
    {
        let request = browser.request(Method::GET, "/pkg/procare.wasm").header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map_or("", |v| v.to_str().unwrap()).to_owned();
        assert_eq!((response.status(), header("content-type").as_str()), (StatusCode::OK, "application/wasm"));
        assert_eq!(header("content-encoding"), encoding, "{accepted}");
        assert!(header("vary").contains("accept-encoding"));
        assert_eq!(header("cache-control"), "no-cache", "an unhashed name is asked for again");
        assert_eq!(response.text().await.unwrap(), content, "{accepted}");
    }
    let icon = browser.get("/favicon.svg").await;
    assert_eq!(
        (icon.header("content-type"), icon.header("cache-control")),
        ("image/svg+xml; charset=utf-8", "public, max-age=86400")
    );
    assert_eq!(icon.header("set-cookie"), "");
    assert_eq!(browser.get("/pkg/procare.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_no_page_and_nothing_outside_is_reached() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let missing = browser.get("/pkg/old.wasm").await;
    assert_eq!((missing.status, missing.body.as_str()), (StatusCode::NOT_FOUND, ""));
    assert_eq!(browser.get("/nothing.txt").await.status, StatusCode::NOT_FOUND);
    for path in ["/pkg/%2e%2e/%2e%2e/secret.txt", "/..%2fsecret.txt", "/pkg/..%5c..%5csecret.txt", "/%2e%2e/secret.txt"]
    {
        let answer = browser.get(path).await;
        assert!(!answer.status.is_success() && !answer.body.contains("outside"), "{path} {}", answer.status);
    }
}
