//! Files of readings.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::TestApp;

/// A day that can only be one of a month's, a value out of range, one line twice.
const FILE: &str = "time,value,unit\n\
    2026-10-13 08:00,110,mg/dL\n\
    2026-10-13 08:05,112,mg/dL\n\
    2026-10-13 08:05,112,mg/dL\n\
    2026-10-13 08:10,5000,mg/dL\n\
    2026-10-13 08:15,abc,mg/dL\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_then_stored_then_undone_as_one() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let looked = patient.upload("/imports", FILE).await;
    assert_eq!(looked.status, StatusCode::CREATED, "{}", looked.body);
    let looked = looked.json();
    assert_eq!(
        (&looked["format"], &looked["unit"], &looked["status"]),
        (&json!("plain"), &json!("mg/dL"), &json!("preview"))
    );
    assert_eq!((&looked["accepted"], &looked["duplicates"]), (&json!(2), &json!(1)));
    let rejected: Vec<_> =
        looked["rejected"].as_array().unwrap().iter().map(|r| (r["line"].as_u64(), r["reason"].as_str())).collect();
    assert_eq!(rejected, [(Some(5), Some("outOfRange")), (Some(6), Some("value"))]);
    assert_eq!(looked["from"], "2026-10-13T02:30:00Z");
    assert_eq!(patient.get("/glucose").await.json()["items"], json!([]), "nothing is stored yet");

    let path = format!("/imports/{}", looked["id"].as_str().unwrap());
    let confirm = format!("{path}/confirm");
    let stored = patient.send(Method::POST, &confirm, None).await;
    assert_eq!((stored.status, stored.json()), (StatusCode::OK, json!({ "inserted": 2 })), "{}", stored.body);
    assert_eq!(patient.get("/glucose").await.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(patient.get(&path).await.json()["status"], "confirmed");

    let again = patient.upload("/imports", FILE).await.json();
    assert_eq!(again["accepted"], 0);
    let again = format!("/imports/{}/confirm", again["id"].as_str().unwrap());
    assert_eq!(patient.post(&again, &json!({})).await.json(), json!({ "inserted": 0 }));

    let undone = patient.delete(&path).await;
    assert_eq!((undone.status, undone.json()), (StatusCode::OK, json!({ "removed": 2 })));
    assert_eq!(patient.get("/glucose").await.json()["items"], json!([]));
    assert_eq!(patient.get("/imports").await.json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ambiguous_file_is_asked_about_and_stored_by_the_answer() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let file = "time,value,unit\n03/04/2026 08:00,110,mg/dL\n05/04/2026 08:00,112,mg/dL\n";
    let looked = patient.upload("/imports", file).await.json();
    assert_eq!(looked["questions"], json!(["dateOrder"]), "{looked}");
    let confirm = format!("/imports/{}/confirm", looked["id"].as_str().unwrap());
    assert!(patient.send(Method::POST, &confirm, None).await.status.is_client_error());
    let wrong = patient.post(&confirm, &json!({ "dateOrder": "yearFirst" })).await.problem();
    assert_eq!(wrong, (400, vec![("dateOrder".to_owned(), "unknownChoice".to_owned())]));
    let unknown = patient.post(&confirm, &json!({ "order": "dayMonth" })).await.problem();
    assert_eq!(unknown, (400, vec![("order".to_owned(), "unknownField".to_owned())]));
    let stored = patient.post(&confirm, &json!({ "dateOrder": "dayMonth", "timeZone": "Asia/Kolkata" })).await;
    assert_eq!(stored.json(), json!({ "inserted": 2 }));
    assert_eq!(patient.get("/glucose").await.json()["items"][1]["recordedAt"], "2026-04-03T02:30:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_of_readings_is_refused_by_name() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let file = |code: &str| (400, vec![("file".to_owned(), code.to_owned())]);
    assert_eq!(patient.upload("/imports", "hello world").await.problem(), file("fileFormat"));
    assert_eq!(patient.upload("/imports", "").await.problem(), file("required"));
    let form = reqwest::multipart::Form::new().text("other", "x");
    let request = patient.request(Method::POST, "/imports").multipart(form);
    assert_eq!(patient.fetch(request).await.problem(), file("required"));
    assert_eq!(patient.post("/imports", &json!({})).await.problem().0, 400);
    let large = "2026-10-13 08:00,110,mg/dL\n".repeat(21 * 1024 * 1024 / 27);
    let status = patient.upload("/imports", &large).await.problem().0;
    assert!(matches!(status, 400 | 413), "{status}");
}
