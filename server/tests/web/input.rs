//! What is refused whatever the form: numbers that are none, bodies that are too long.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::access::FORMS;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_none_comes_back_to_the_form() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    for number in ["NaN", "nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "1e2", "0x6e", "--1", "1,2,3", "-110"] {
        let reading = [("value", number), ("unit", "mg/dL"), ("state", "RANDOM"), ("recordedAt", "2026-11-01T08:00")];
        let mut confirmed = reading.to_vec();
        confirmed.push(("confirmed", "yes"));
        let meal = [
            ("foodItems", "roti"),
            ("mealType", "LUNCH"),
            ("estimatedCarbs", number),
            ("recordedAt", "2026-11-01T08:00"),
        ];
        for (path, fields) in
            [("/patient/log", &reading[..]), ("/patient/log", &confirmed), ("/patient/meals/new", &meal)]
        {
            let answer = browser.post(path, fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {number}");
        }
    }
    for path in ["/glucose", "/meals"] {
        let list = app.patient().await.get(path).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 0, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_and_server_function_has_a_longest_body() {
    let app = TestApp::new().await;
    let patient = app.browser_of(&app.world.patient).await;
    let (doctor, admin) = (app.browser_of(&app.world.doctor).await, app.browser_of(&app.world.admin).await);
    let long = format!("next=%2F&padding={}", "x".repeat(64 * 1024));
    let mut surprises = BTreeMap::new();
    for (path, _) in FORMS {
        let url = path.replace("{id}", &uuid::Uuid::now_v7().to_string());
        let browser = match path.split('/').nth(1) {
            Some("doctor") => &doctor,
            Some("admin") => &admin,
            _ => &patient,
        };
        let request = browser.request(Method::POST, &url).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let status = request.body(long.clone()).send().await.unwrap().status();
        let expected = match *path {
            // The form with a file takes more, and this is none.
            "/patient/import" => 422,
            // Sends everybody home, unread, who is not on the way in.
            "/second-factor" => 303,
            _ => 413,
        };
        if status != expected {
            surprises.insert(path, status);
        }
    }
    assert_eq!(surprises, BTreeMap::new());
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(announce(&app, path, 256 * 1024 + 1).await, "HTTP/1.1 413", "{path}");
    }
}

/// What is said to a body of so many bytes before any of it is sent: the answer may come, and the connection end, sooner
/// than a whole body could be written.
async fn announce(app: &TestApp, path: &str, bytes: usize) -> String {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n\
         Content-Length: {bytes}\r\n\r\n",
        app.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    String::from_utf8_lossy(&status).into_owned()
}
