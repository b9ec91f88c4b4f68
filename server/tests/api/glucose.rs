//! Glucose readings.

use domain::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

fn at(app: &TestApp, minutes_ago: i64) -> String {
    (app.world.clock.now() - chrono::TimeDelta::minutes(minutes_ago)).to_rfc3339()
}

fn reading(app: &TestApp, minutes_ago: i64, value: f64) -> Value {
    json!({ "value": value, "unit": "mg/dL", "recordedAt": at(app, minutes_ago) })
}

async fn stored(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/glucose", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()
}

fn field(name: &str, code: &str) -> (u16, Vec<(String, String)>) {
    (400, vec![(name.to_owned(), code.to_owned())])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_stored_as_it_was_received() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let body = json!({
        "clientId": "phone-1", "value": 7.2, "unit": "mmol/L", "state": "AFTER_LUNCH", "source": "BLUETOOTH",
        "recordedAt": "2026-11-01T13:30:00+05:30", "notes": " after rice ",
    });
    let reading = stored(&patient, &body).await;
    assert_eq!(
        reading,
        json!({
            "id": reading["id"], "clientId": "phone-1", "value": 7.2, "unit": "mmol/L", "state": "AFTER_LUNCH",
            "source": "BLUETOOTH", "recordedAt": "2026-11-01T08:00:00Z", "notes": "after rice", "version": 1,
        })
    );
    assert_eq!(patient.get(&format!("/glucose/{}", reading["id"].as_str().unwrap())).await.json(), reading);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_client_id_twice_is_one_reading() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let mut body = reading(&app, 5, 120.0);
    body["clientId"] = json!("phone-1");
    let first = stored(&patient, &body).await;
    let again = patient.post("/glucose", &body).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, first));
    assert_eq!(patient.get("/glucose").await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_reading_is_named() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let good = reading(&app, 5, 120.0);
    let changed = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    for (body, expected) in [
        (changed("value", json!("120")), field("value", "notANumber")),
        (changed("value", json!(9.9)), field("value", "outOfRange")),
        (changed("value", json!(1000.1)), field("value", "outOfRange")),
        (changed("value", Value::Null), field("value", "required")),
        (changed("unit", json!("mg/l")), field("unit", "unknownChoice")),
        (changed("unit", json!(1)), field("unit", "malformed")),
        (changed("state", json!("NOON")), field("state", "unknownChoice")),
        (changed("source", json!("PHOTO")), field("source", "unknownChoice")),
        (changed("recordedAt", json!("yesterday")), field("recordedAt", "time")),
        (changed("recordedAt", json!(at(&app, -6))), field("recordedAt", "inFuture")),
        (changed("notes", json!("x".repeat(501))), field("notes", "tooLong")),
        (changed("clientId", json!("")), field("clientId", "malformed")),
        (changed("patientId", json!("x")), field("patientId", "unknownField")),
        (json!([]), field("", "malformed")),
    ] {
        assert_eq!(patient.post("/glucose", &body).await.problem(), expected, "{body}");
    }
    let all = patient.post("/glucose", &json!({})).await.problem().1;
    let names: Vec<_> = all.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["unit", "value", "recordedAt"]);
    assert_eq!(patient.get("/glucose").await.json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_tell_their_numbers_and_their_unit() {
    let app = TestApp::new().await;
    let body = json!({ "value": 60.0, "unit": "mmol/L", "recordedAt": at(&app, 1) });
    let answer = app.patient().await.post("/glucose", &body).await.json();
    let error = &answer["errors"][0];
    assert_eq!((&error["min"], &error["max"], &error["unit"]), (&json!(0.6), &json!(55.5), &json!("mmol/L")));
    assert_eq!(error["message"], "must be between 0.6 and 55.5 mmol/L");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_is_refused_as_such() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let send = |kind: &'static str, text: String| {
        let request = patient.request(Method::POST, "/glucose").header("content-type", kind).body(text);
        patient.fetch(request)
    };
    for text in ["{", "", "{\"value\":NaN}", "{\"value\":1e999}", "{\"value\":1}}", "\u{0}"] {
        assert_eq!(send("application/json", text.to_owned()).await.problem().0, 400, "{text}");
    }
    assert_eq!(send("text/plain", "{}".to_owned()).await.problem().0, 415);
    assert_eq!(send("application/json", " ".repeat(64 * 1024 + 1)).await.problem().0, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_paged_newest_first_without_gaps_or_repetitions() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for minutes in 1..=7 {
        stored(&patient, &reading(&app, minutes, 100.0 + minutes as f64)).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/glucose?limit=3".to_owned());
    loop {
        let page = patient.get(&path).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|r| r["value"].as_f64().unwrap()));
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/glucose?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, [101.0, 102.0, 103.0, 104.0, 105.0, 106.0, 107.0]);
    let between = [("from", at(&app, 4)), ("to", at(&app, 2))];
    let request = patient.request(Method::GET, "/glucose").query(&between);
    let page = patient.fetch(request).await.json();
    let values: Vec<_> = page["items"].as_array().unwrap().iter().map(|r| r["value"].as_f64().unwrap()).collect();
    assert_eq!(values, [103.0, 104.0], "from is included, to is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_query_is_refused_by_name() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for (query, expected) in [
        ("limit=0", field("limit", "outOfRange")),
        ("limit=1001", field("limit", "outOfRange")),
        ("limit=-1", field("limit", "notANumber")),
        ("limit=ten", field("limit", "notANumber")),
        ("cursor=zzz", field("cursor", "malformed")),
        ("from=monday", field("from", "time")),
        ("to=", field("to", "time")),
    ] {
        assert_eq!(patient.get(&format!("/glucose?{query}")).await.problem(), expected, "{query}");
    }
    assert_eq!(patient.get("/glucose?limit=1000").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_changed_field_by_field_and_not_over_another_change() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let mut body = reading(&app, 5, 120.0);
    body["notes"] = json!("walked");
    let first = stored(&patient, &body).await;
    let path = format!("/glucose/{}", first["id"].as_str().unwrap());
    let changed = patient.patch(&path, &json!({ "value": 130.0, "version": 1 })).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed = changed.json();
    assert_eq!(
        (&changed["value"], &changed["unit"], &changed["notes"]),
        (&json!(130.0), &json!("mg/dL"), &json!("walked"))
    );
    assert_eq!(changed["version"], 2);
    assert_eq!(patient.patch(&path, &json!({ "value": 140.0, "version": 1 })).await.problem().0, 409);
    let without = patient.patch(&path, &json!({ "notes": null })).await.json();
    assert!(without.get("notes").is_none());
    assert_eq!(patient.patch(&path, &json!({ "value": 5.0 })).await.problem(), field("value", "outOfRange"));
    assert_eq!(patient.patch(&path, &json!({ "unit": "mmol/L" })).await.problem(), field("value", "required"));
    assert_eq!(patient.patch(&path, &json!({ "id": "x" })).await.problem(), field("id", "unknownField"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_reading_is_gone() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let id = stored(&patient, &reading(&app, 5, 120.0)).await["id"].as_str().unwrap().to_owned();
    let path = format!("/glucose/{id}");
    assert_eq!(patient.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(patient.get(&path).await.problem().0, 404);
    assert_eq!(patient.delete(&path).await.problem().0, 404);
    assert_eq!(patient.get("/glucose").await.json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_reading_answers_exactly_as_an_unknown_one() {
    let app = TestApp::new().await;
    let id = stored(&app.patient().await, &reading(&app, 5, 120.0)).await["id"].as_str().unwrap().to_owned();
    let other = app.other().await;
    let unknown = uuid::Uuid::now_v7().to_string();
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let body = (method == Method::PATCH).then(|| json!({ "notes": "x" }));
        let mut answers = Vec::new();
        for id in [id.as_str(), unknown.as_str(), "not-an-id"] {
            let answer = other.send(method.clone(), &format!("/glucose/{id}"), body.as_ref()).await;
            assert_eq!(answer.problem().0, 404, "{method} {id}");
            answers.push(answer.body);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{method} {answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_batch_a_bad_reading_never_spoils_the_rest() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let item =
        |id: &str, value: Value| json!({ "clientId": id, "value": value, "unit": "mg/dL", "recordedAt": at(&app, 5) });
    stored(&patient, &item("known", json!(111.0))).await;
    let body = json!({ "items": [
        item("a", json!(101.0)),
        item("b", json!(5.0)),
        item("known", json!(111.0)),
        item("c", json!("high")),
        { "clientId": "d", "values": 1 },
        7,
        item("e", json!(24.0)),
        item("a", json!(101.0)),
    ]});
    let answer = patient.post("/glucose/batch", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    let outcome: Vec<_> = items.iter().map(|i| (i["clientId"].as_str(), i["status"].as_str().unwrap())).collect();
    assert_eq!(
        outcome,
        [
            (Some("a"), "created"),
            (Some("b"), "rejected"),
            (Some("known"), "exists"),
            (Some("c"), "rejected"),
            (Some("d"), "rejected"),
            (None, "rejected"),
            (Some("e"), "created"),
            (Some("a"), "exists"),
        ]
    );
    for item in items {
        let rejected = item["status"] == "rejected";
        assert_eq!(item.get("id").is_some(), !rejected, "{item}");
        assert_eq!(item.get("errors").is_some(), rejected, "{item}");
    }
    assert_eq!(items[1]["errors"][0]["code"], "outOfRange");
    assert_eq!(items[3]["errors"][0], json!({ "field": "value", "code": "notANumber", "message": "is not a number" }));
    assert_eq!(items[0]["id"], items[7]["id"]);
    assert_eq!(patient.get("/glucose").await.json()["items"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_has_at_most_a_thousand_readings() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let items = |count: usize| {
        let one =
            |n: usize| json!({ "clientId": format!("c{n}"), "value": 100, "unit": "mg/dL", "recordedAt": at(&app, 5) });
        json!({ "items": (0..count).map(one).collect::<Vec<_>>() })
    };
    assert_eq!(patient.post("/glucose/batch", &items(1001)).await.problem(), field("items", "itemCount"));
    let answer = patient.post("/glucose/batch", &items(1000)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.json()["items"].as_array().unwrap().iter().all(|item| item["status"] == "created"));
    assert_eq!(patient.get("/glucose").await.json()["items"].as_array().unwrap().len(), 100, "the default page");
}
