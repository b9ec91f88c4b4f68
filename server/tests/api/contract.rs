//! The description, and the form of every answer.

use reqwest::{Method, StatusCode};
use server::api::openapi;

use crate::support::TestApp;

/// A change of the contract is seen in review: `INSTA_UPDATE=always cargo test` accepts it.
#[test]
fn the_contract_is_as_agreed() {
    insta::assert_snapshot!("openapi", openapi::json());
}

#[test]
fn everything_that_the_description_points_to_is_in_it() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let text = document.to_string();
    let references: Vec<_> = text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 100);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_and_its_page_are_served_without_signing_in() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let description = nobody.get("/openapi.json").await;
    assert_eq!(description.status, StatusCode::OK);
    assert_eq!(description.json()["openapi"], "3.1.0");
    let page = nobody.get("/docs").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    for path in description.json()["paths"].as_object().unwrap().keys() {
        assert!(page.body.contains(&format!("<code>{path}</code>")), "{path}");
    }
    assert!(!page.body.contains("<script") && !page.header("content-security-policy").contains("unsafe"));
    assert_eq!(nobody.get("/docs.css").await.status, StatusCode::OK);
    for (path, to) in [("/openapi.json", "/api/v1/openapi.json"), ("/docs", "/api/v1/docs")] {
        let moved = app.browser().get(path).await;
        assert_eq!((moved.status, moved.header("location")), (StatusCode::PERMANENT_REDIRECT, to));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_answers_in_the_apis_form() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    assert_eq!(patient.get("/nothing").await.problem().0, 404);
    assert_eq!(patient.get("/glucose/batch/x/y").await.problem().0, 404);
    assert_eq!(patient.send(Method::PUT, "/glucose", None).await.problem().0, 405);
    assert_eq!(patient.send(Method::DELETE, "/report", None).await.problem().0, 405);
    for path in ["/api", "/api/", "/api/v2/glucose"] {
        assert_eq!(app.browser().get(path).await.problem().0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_an_id_and_is_kept_by_nobody() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let (first, second) = (patient.get("/me").await, patient.get("/nothing").await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    for answer in [first, second] {
        assert_eq!(answer.header("x-request-id").len(), 16);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_answers_are_compressed_for_whoever_takes_it() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    for (accepted, expected) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = nobody.request(Method::GET, "/openapi.json").header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        let encoding = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
        assert_eq!(encoding, expected, "{accepted}");
    }
}
