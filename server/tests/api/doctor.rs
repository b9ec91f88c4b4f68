//! The work list and a patient's report.

use domain::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::TestApp;

/// Three severe lows of a finger-stick meter.
async fn lows(app: &TestApp) {
    let patient = app.patient().await;
    for hours in [20, 30, 40] {
        let at = app.world.clock.now() - chrono::TimeDelta::hours(hours);
        let body = json!({ "value": 45, "unit": "mg/dL", "recordedAt": at.to_rfc3339() });
        assert_eq!(patient.post("/glucose", &body).await.status, StatusCode::CREATED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_list_names_the_reasons_in_the_readers_language() {
    let app = TestApp::new().await;
    lows(&app).await;
    let doctor = app.doctor().await;
    // The standing is recomputed by the relay that the server runs: ask until it has come round.
    let row = loop {
        let list = doctor.get("/doctor/patients").await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
        let list = list.json();
        assert_eq!((&list["total"], &list["nextCursor"]), (&json!(1), &json!(null)));
        let row = list["items"][0].clone();
        if row["reasons"][0]["code"] == "severeLows" {
            break row;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((&row["name"], &row["kind"]), (&json!("Asha Verma"), &json!("meter")));
    assert_eq!(row["id"], app.world.asha().to_string());
    assert!(row["age"].as_u64().is_some_and(|age| age > 50));
    assert_eq!((&row["inRangePercent"], &row["reviewedAt"]), (&json!(null), &json!(null)));
    assert!(row["lastReadingAt"].as_str().unwrap().ends_with('Z'));
    let english = row["reasons"][0]["text"].as_str().unwrap().to_owned();
    let request = doctor.request(Method::GET, "/doctor/patients").header("accept-language", "hi-IN,hi;q=0.9");
    let hindi = doctor.fetch(request).await.json()["items"][0]["reasons"][0]["text"].as_str().unwrap().to_owned();
    assert!(english.is_ascii() && !hindi.is_ascii(), "{english} {hindi}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_list_is_searched_filtered_and_sorted() {
    let app = TestApp::new().await;
    let doctor = app.doctor().await;
    for (query, total) in [
        ("q=asha", 1),
        ("q=nobody", 0),
        ("filter=noData", 1),
        ("filter=all&sort=name", 1),
        ("sort=lastReading&limit=1", 1),
        ("sort=inRange", 1),
        ("sort=need", 1),
    ] {
        let list = doctor.get(&format!("/doctor/patients?{query}")).await;
        assert_eq!(list.status, StatusCode::OK, "{query} {}", list.body);
        assert_eq!(list.json()["total"], total, "{query}");
    }
    let long = format!("q={}", "x".repeat(81));
    for (query, field, code) in [
        ("sort=age", "sort", "unknownChoice"),
        ("filter=x", "filter", "unknownChoice"),
        ("limit=201", "limit", "outOfRange"),
        (long.as_str(), "q", "tooLong"),
        ("cursor=zzz", "cursor", "malformed"),
    ] {
        let expected = (400, vec![(field.to_owned(), code.to_owned())]);
        assert_eq!(doctor.get(&format!("/doctor/patients?{query}")).await.problem(), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_only_for_the_doctor_who_treats_the_patient() {
    let app = TestApp::new().await;
    lows(&app).await;
    let path = format!("/doctor/patients/{}/report?days=7", app.world.asha());
    let report = app.doctor().await.get(&path).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    assert_eq!((&report.json()["readings"], &report.json()["kind"]), (&json!(3), &json!("meter")));
    let stranger = app.caller(&app.world.stranger).await;
    let foreign = stranger.get(&path).await;
    let unknown = stranger.get(&format!("/doctor/patients/{}/report", uuid::Uuid::now_v7())).await;
    assert_eq!((foreign.problem().0, &foreign.body), (404, &unknown.body));
    let zoned =
        format!("/doctor/patients/{}/report?from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z", app.world.asha());
    assert_eq!(app.doctor().await.get(&zoned).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&zoned).await.problem().0, 404);
}
