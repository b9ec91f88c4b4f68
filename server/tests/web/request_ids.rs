//! The id of a request: in its answer, in its log lines, in its audit rows.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use domain::trail::{TrailLine, TrailQuery};
use http_body_util::StreamBody;
use hyper::body::Frame;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::storage::Store;

use crate::support::TestApp;

/// A log that is read by the test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged on this thread, as production logs it, until the guard is dropped. Such a test runs on one thread.
fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let format = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone());
    (log, tracing::subscriber::set_default(format.finish()))
}

fn lines(log: &Log) -> Vec<Value> {
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

/// A fault inside: what is asked for is not where it was.
async fn break_meals(app: &TestApp) {
    let Store::Sqlite { write, .. } = &app.state.store else { panic!("the test's database is SQLite") };
    sqlx::query("ALTER TABLE meals RENAME TO elsewhere").execute(write).await.unwrap();
}

#[tokio::test]
async fn a_failure_inside_is_found_in_the_log_by_the_id_that_the_answer_gives() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    break_meals(&app).await;
    let (log, _guard) = listen();
    let forged = patient.request(Method::GET, "/meals").header("x-request-id", "forged-by-a-client");
    let answer = patient.fetch(forged).await;
    assert_eq!(answer.problem().0, 500);
    let id = answer.header("x-request-id").to_owned();
    assert!(id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    assert_eq!(answer.json()["requestId"], id.as_str());
    let lines = lines(&log);
    let cause = lines.iter().find(|line| line["message"] == "a request failed inside").unwrap();
    assert_eq!(cause["span"]["id"], id.as_str(), "{cause}");
    let reference = cause["error.reference"].as_str().unwrap();
    assert!(answer.json()["detail"].as_str().unwrap().contains(reference));
    let end = lines.iter().find(|line| line["message"] == "a request failed").unwrap();
    assert_eq!((&end["request.id"], &end["status"]), (&json!(id), &json!(500)), "{end}");
    assert!(lines.iter().all(|line| !line.to_string().contains("forged-by-a-client")));
}

#[tokio::test]
async fn a_failure_inside_a_page_is_logged_with_the_pages_id() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    break_meals(&app).await;
    let (log, _guard) = listen();
    let page = browser.get("/patient/history?kind=meals").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", page.body);
    let lines = lines(&log);
    let cause = lines.iter().find(|line| line["message"] == "a request failed inside").unwrap();
    assert_eq!(cause["span"]["id"], page.header("x-request-id"), "tasks that a page starts have it too: {cause}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_of_the_api_names_its_request_and_every_answer_has_an_id() {
    let app = TestApp::with(&[("HTTP_REQUEST_MS", "300")]).await;
    let patient = app.patient().await;
    break_meals(&app).await;
    let mut ids = BTreeSet::new();
    let late = patient.request(Method::POST, "/glucose").header("content-type", "application/json");
    let never = futures::stream::pending::<Result<Frame<Bytes>, Infallible>>();
    let late = late.body(reqwest::Body::wrap(StreamBody::new(never)));
    for (answer, status) in [
        (patient.get("/nothing").await, 404),
        (patient.post("/glucose", &json!({})).await, 400),
        (app.anonymous().get("/me").await, 401),
        (patient.get("/doctor/patients").await, 403),
        (patient.get("/meals").await, 500),
        (patient.fetch(late).await, 408),
    ] {
        assert_eq!(answer.problem().0, status);
        let named = answer.json()["requestId"].as_str().unwrap_or_default().to_owned();
        let expected = if status == 500 || status == 408 { answer.header("x-request-id") } else { "" };
        assert_eq!(named, expected, "{status}");
        ids.insert(answer.header("x-request-id").to_owned());
    }
    assert_eq!(ids.len(), 6);
}

async fn rows(app: &TestApp, action: &str) -> Vec<TrailLine> {
    let query = TrailQuery { action: Some(action.to_owned()), ..TrailQuery::default() };
    app.state.services.trail.search(&app.world.admin, &query).await.unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_row_says_which_request_caused_it_whether_call_form_or_page() {
    let app = TestApp::new().await;
    let world = &app.world;
    let patient = app.patient().await;
    let reading = json!({ "value": 110, "unit": "mg/dL", "recordedAt": "2026-11-01T08:00:00Z" });
    let call = patient.post("/glucose", &reading).await;
    let browser = app.browser_of(&world.doctor).await;
    let page = browser.get(&format!("/doctor/patients/{}", world.asha())).await;
    let form = browser.post(&format!("/doctor/patients/{}/review", world.asha()), &[("reviewed", "yes")]).await;
    for (answer, action) in [(call, "reading.add"), (page, "patient.view"), (form, "patient.review")] {
        let requests: Vec<_> = rows(&app, action).await.into_iter().map(|row| row.request).collect();
        assert_eq!(requests, [Some(answer.header("x-request-id").to_owned())], "{action}");
    }
    let admin = app.browser_of(&world.admin).await;
    let shown = admin.get("/admin/audit?action=reading.add").await;
    assert!(shown.body.contains(rows(&app, "reading.add").await[0].request.as_deref().unwrap()), "{}", shown.body);
    let before: Vec<_> = rows(&app, "audit.search").await.into_iter().map(|row| row.request.is_some()).collect();
    assert!(before.contains(&false), "what no request caused has none");
}
