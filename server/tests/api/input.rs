//! What is refused whatever the call: fields that it does not have, numbers that are none, bodies that are too long.

use std::convert::Infallible;

use bytes::Bytes;
use domain::clock::Clock;
use http_body_util::StreamBody;
use hyper::body::Frame;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::api::{MAX_BATCH_BODY, MAX_BODY, MAX_SIGN_IN_BODY, openapi};

use super::access::body_for;
use crate::support::{Answer, Caller, TestApp};

/// Every call of the description that takes a JSON body: method, path below `/api/v1`.
fn writes() -> Vec<(Method, String)> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut writes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            if call["requestBody"]["content"]["application/json"].is_object() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                writes.push((method, path.strip_prefix("/api/v1").unwrap().to_owned()));
            }
        }
    }
    assert!(writes.len() >= 11, "{writes:?}");
    writes
}

/// With the id of nothing: the body is judged first.
fn url(path: &str) -> String {
    path.replace("{id}", &uuid::Uuid::now_v7().to_string())
}

async fn send_text(caller: &Caller, method: &Method, path: &str, body: String) -> Answer {
    let request = caller.request(method.clone(), &url(path)).header("content-type", "application/json");
    caller.fetch(request.body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_takes_a_field_that_it_does_not_have() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for (method, path) in writes() {
        let right = body_for(&app, method.as_str(), &path).unwrap_or_else(|| json!({}));
        for mut body in [json!({}), right] {
            body["surprise"] = json!(1);
            let answer = patient.send(method.clone(), &url(&path), Some(&body)).await;
            let expected = (400, vec![("surprise".to_owned(), "unknownField".to_owned())]);
            assert_eq!(answer.problem(), expected, "{method} {path} {body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_a_batch_with_an_unknown_field_is_rejected_and_the_others_are_not() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for path in ["/glucose", "/meals", "/records"] {
        let right = body_for(&app, "POST", path).unwrap();
        let mut wrong = right.clone();
        wrong["surprise"] = json!(1);
        let answer = patient.post(&format!("{path}/batch"), &json!({ "items": [wrong, right] })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let items = answer.json()["items"].clone();
        assert_eq!((&items[0]["status"], &items[1]["status"]), (&json!("rejected"), &json!("created")), "{path}");
        assert_eq!(items[0]["errors"][0]["code"], "unknownField", "{path}");
        assert_eq!(patient.get(path).await.json()["items"].as_array().unwrap().len(), 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_object_of_the_call_is_refused_and_breaks_nothing() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_object = format!("{}1{}", "{\"a\":".repeat(8_000), "}".repeat(8_000));
    for (method, path) in writes() {
        for body in
            ["[]x", "\"text\"", "1", "true", "{", "{}{}", "{\"a\":NaN}", "\u{feff}{}", "nul", &deep, &deep_object]
        {
            // The sign-in calls do not even read the deep ones.
            let answer = send_text(&patient, &method, &path, body.to_owned()).await;
            let shown: String = body.chars().take(20).collect();
            assert!(matches!(answer.problem().0, 400 | 413), "{method} {path} {shown} {}", answer.body);
        }
        let twice = send_text(&patient, &method, &path, "{\"surprise\":1,\"surprise\":2}".to_owned()).await;
        assert_eq!(twice.problem().0, 400, "{method} {path}");
    }
    assert_eq!(patient.get("/me").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_a_finite_one() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let at = app.world.clock.now().to_rfc3339();
    let reading = patient.post("/glucose", &body_for(&app, "POST", "/glucose").unwrap()).await.json();
    let meal = patient.post("/meals", &body_for(&app, "POST", "/meals").unwrap()).await.json();
    let weight = json!({ "type": "WEIGHT", "recordedAt": at, "weightKg": 71 });
    let weight = patient.post("/records", &weight).await.json();
    let weight = weight["id"].as_str().unwrap();
    let (reading, meal) = (reading["id"].as_str().unwrap(), meal["id"].as_str().unwrap());
    for number in [
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "\"NaN\"",
        "\"110\"",
        "true",
        "[110]",
        "0x6e",
        "1_0",
        "٣",
    ] {
        let reading_body = format!("{{\"value\":{number},\"unit\":\"mg/dL\",\"recordedAt\":\"{at}\"}}");
        let meal_body = format!(
            "{{\"foodItems\":[\"roti\"],\"mealType\":\"LUNCH\",\"recordedAt\":\"{at}\",\"estimatedCarbs\":{number}}}"
        );
        let weight_body = format!("{{\"type\":\"WEIGHT\",\"recordedAt\":\"{at}\",\"weightKg\":{number}}}");
        for (method, path, body) in [
            (Method::POST, "/records".to_owned(), weight_body.clone()),
            (Method::PATCH, format!("/records/{weight}"), format!("{{\"weightKg\":{number}}}")),
            (Method::POST, "/glucose".to_owned(), reading_body.clone()),
            (Method::PATCH, format!("/glucose/{reading}"), format!("{{\"value\":{number},\"unit\":\"mg/dL\"}}")),
            (Method::POST, "/meals".to_owned(), meal_body.clone()),
            (Method::PATCH, format!("/meals/{meal}"), format!("{{\"estimatedCarbs\":{number}}}")),
        ] {
            let answer = send_text(&patient, &method, &path, body).await;
            assert_eq!(answer.problem().0, 400, "{method} {path} {number} {}", answer.body);
        }
        for (path, item) in
            [("/glucose/batch", reading_body), ("/meals/batch", meal_body), ("/records/batch", weight_body)]
        {
            let answer = send_text(&patient, &Method::POST, path, format!("{{\"items\":[{item}]}}")).await;
            let rejected = answer.status == StatusCode::OK && answer.json()["items"][0]["status"] == "rejected";
            assert!(rejected || answer.problem().0 == 400, "{path} {number} {}", answer.body);
        }
    }
    for (path, count) in [("/glucose", 1), ("/meals", 1), ("/records", 1)] {
        assert_eq!(patient.get(path).await.json()["items"].as_array().unwrap().len(), count, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_a_file_that_is_no_finite_number_is_named_and_left_out() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let cells = ["NaN", "inf", "-inf", "Infinity", "1e999", "-110", "0x6e", "1e2"];
    let rows: Vec<_> = (1..).zip(cells).map(|(day, cell)| format!("2026-10-{day:02} 08:00,{cell},mg/dL\n")).collect();
    let file = format!("time,value,unit\n{}2026-10-20 08:00,110,mg/dL\n", rows.concat());
    let answer = patient.upload("/imports", &file).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let preview = answer.json();
    assert_eq!((&preview["accepted"], &preview["rejected"].as_array().unwrap().len()), (&json!(1), &cells.len()));
}

/// JSON of so many bytes that no call takes for anything else than too long or wrong.
fn long(bytes: usize) -> String {
    let empty = json!({ "surprise": "" }).to_string().len();
    json!({ "surprise": "x".repeat(bytes - empty) }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_has_a_longest_body() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for (method, path) in writes() {
        let most = match &*path {
            _ if path.ends_with("/batch") => MAX_BATCH_BODY,
            _ if path.starts_with("/auth/") => MAX_SIGN_IN_BODY,
            _ => MAX_BODY,
        };
        let fits = send_text(&patient, &method, &path, long(most)).await;
        assert_eq!(fits.problem().0, 400, "{method} {path}: it is read");
        let declared = send_text(&patient, &method, &path, long(most + 1)).await;
        assert_eq!(declared.problem().0, 413, "{method} {path}");
        // The same without a length in its head.
        let pieces = [long(most), " ".to_owned()].map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::from(piece))));
        let pieces = StreamBody::new(futures::stream::iter(pieces));
        let request = patient.request(method.clone(), &url(&path)).header("content-type", "application/json");
        let undeclared = patient.fetch(request.body(reqwest::Body::wrap(pieces))).await;
        assert_eq!(undeclared.problem().0, 413, "{method} {path} in pieces");
    }
    let problem = |answer: Answer| answer.json()["errors"][0]["code"].clone();
    let file = patient.upload("/imports", &"x".repeat(server::web::upload::MAX_FILE + 1)).await;
    assert_eq!((file.problem().0, problem(file)), (400, Value::from("fileTooLarge")));
    let form = patient.upload("/imports", &"x".repeat(server::web::upload::MAX_UPLOAD + 1)).await;
    assert!(matches!(form.problem().0, 400 | 413), "{}", form.body);
}
