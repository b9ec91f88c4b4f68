//! Who gets which answer from which call: every call of the description, every kind of caller.

use std::collections::BTreeMap;

use domain::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

/// A call as the one who owns what it names makes it, and the statuses that [`PRINCIPALS`] get.
type Row = (&'static str, &'static str, [u16; 9]);

/// Nobody, the patient whose data it is, another patient, a doctor who treats the patient, one who does not, a
/// caregiver who may see glucose, one who may see meals only, one whose link was ended, an admin.
const PRINCIPALS: [&str; 9] =
    ["nobody", "owner", "other patient", "doctor", "stranger", "follower", "limited", "former", "admin"];

const PUBLIC_400: [u16; 9] = [400; 9];
const SIGNED_IN: [u16; 9] = [401, 200, 200, 200, 200, 200, 200, 200, 200];

const ROWS: &[Row] = &[
    ("POST", "/auth/otp", PUBLIC_400),
    ("POST", "/auth/verify", PUBLIC_400),
    ("POST", "/auth/second-factor", PUBLIC_400),
    ("POST", "/auth/refresh", PUBLIC_400),
    ("POST", "/auth/logout", [401, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("GET", "/me", SIGNED_IN),
    ("PATCH", "/me", SIGNED_IN),
    ("GET", "/me/sessions", SIGNED_IN),
    ("DELETE", "/me/sessions/{id}", [401, 204, 404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/me", [401, 202, 202, 403, 403, 202, 202, 202, 403]),
    ("POST", "/me/keep", [401, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("GET", "/me/export", SIGNED_IN),
    ("POST", "/me/phone", [401, 202, 202, 202, 202, 202, 202, 202, 202]),
    // Of no challenge.
    ("POST", "/me/phone/confirm", [401, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("GET", "/me/consents", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("GET", "/me/access-log", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    // Of no code.
    ("POST", "/care-team/codes", [401, 400, 400, 403, 403, 403, 403, 403, 403]),
    ("POST", "/care-team/connect", [401, 400, 400, 403, 403, 403, 403, 403, 403]),
    ("GET", "/glucose", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("POST", "/glucose", [401, 201, 201, 403, 403, 403, 403, 403, 403]),
    ("POST", "/glucose/batch", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("GET", "/glucose/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/glucose/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/glucose/{id}", [401, 204, 404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/meals", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("POST", "/meals", [401, 201, 201, 403, 403, 403, 403, 403, 403]),
    ("POST", "/meals/batch", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("GET", "/meals/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/meals/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/meals/{id}", [401, 204, 404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/records", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("POST", "/records", [401, 201, 201, 403, 403, 403, 403, 403, 403]),
    ("POST", "/records/batch", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("GET", "/records/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/records/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/records/{id}", [401, 204, 404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/records/{id}/file", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("PUT", "/records/{id}/file", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/records/{id}/file", [401, 204, 404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/doctor/patients/{id}/records", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
    ("GET", "/doctor/patients/{id}/records/{record}/file", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
    ("GET", "/imports", [401, 200, 200, 403, 403, 403, 403, 403, 403]),
    ("POST", "/imports", [401, 201, 201, 403, 403, 403, 403, 403, 403]),
    ("GET", "/imports/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("POST", "/imports/{id}/confirm", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/imports/{id}", [401, 200, 404, 403, 403, 403, 403, 403, 403]),
    ("GET", "/report", [401, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("GET", "/insights/weekly", [401, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("GET", "/doctor/patients", [401, 403, 403, 200, 200, 403, 403, 403, 403]),
    ("GET", "/doctor/patients/{id}/report", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
    ("GET", "/doctor/patients/{id}/export", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
    ("POST", "/doctor/patients/{id}/review", [401, 403, 403, 204, 404, 403, 403, 403, 403]),
    ("DELETE", "/doctor/patients/{id}/review", [401, 403, 403, 204, 404, 403, 403, 403, 403]),
    ("GET", "/me/report/export", [401, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("GET", "/doctor/patients/{id}/targets", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
    ("PUT", "/doctor/patients/{id}/targets", [401, 403, 403, 200, 404, 403, 403, 403, 403]),
];

/// The principals, each with a token of its own for this call.
async fn principals(app: &TestApp) -> [Caller; 9] {
    let world = &app.world;
    [
        app.anonymous(),
        app.caller(&world.patient).await,
        app.caller(&world.other).await,
        app.caller(&world.doctor).await,
        app.caller(&world.stranger).await,
        app.caller(&world.follower).await,
        app.caller(&world.limited).await,
        app.caller(&world.former).await,
        app.caller(&world.admin).await,
    ]
}

const FILE: &str = "time,value,unit\n2026-10-01 08:00,110,mg/dL\n2026-10-13 08:00,120,mg/dL\n";

fn reading(app: &TestApp) -> Value {
    json!({ "value": 110, "unit": "mg/dL", "recordedAt": app.world.clock.now().to_rfc3339() })
}

fn meal() -> Value {
    json!({ "foodItems": ["roti"], "mealType": "LUNCH", "recordedAt": "2026-11-01T08:00:00Z" })
}

fn record() -> Value {
    json!({ "type": "LAB_REPORT", "recordedAt": "2026-11-01T08:00:00Z", "values": [{ "test": "LDL", "value": 98, "unit": "mg/dL" }] })
}

const PDF: &[u8] = b"%PDF-1.7 a report";

/// Makes a lab report with a file, as the owner, and gives its id.
async fn record_with_file(app: &TestApp) -> String {
    let owner = app.patient().await;
    let made = owner.post("/records", &record()).await.json()["id"].as_str().unwrap().to_owned();
    let put = owner.send_file(Method::PUT, &format!("/records/{made}/file"), PDF).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    made
}

/// Makes what `{id}` names, as the owner, and gives its id.
async fn id_for(app: &TestApp, path: &str) -> String {
    let owner = app.patient().await;
    let made = match path {
        _ if path.starts_with("/me/sessions") => {
            let sessions = owner.get("/me/sessions").await.json();
            let current = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
            return current["id"].as_str().unwrap().to_owned();
        }
        _ if path.starts_with("/glucose") => owner.post("/glucose", &reading(app)).await,
        _ if path.starts_with("/meals") => owner.post("/meals", &meal()).await,
        _ if path.starts_with("/records") => return record_with_file(app).await,
        _ if path.starts_with("/imports") => owner.upload("/imports", FILE).await,
        _ => return app.world.asha().to_string(),
    };
    assert_eq!(made.status, StatusCode::CREATED, "{path} {}", made.body);
    made.json()["id"].as_str().unwrap().to_owned()
}

pub(super) fn body_for(app: &TestApp, method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("POST", "/glucose") => Some(reading(app)),
        ("POST", "/meals") => Some(meal()),
        ("POST", "/records") => Some(record()),
        ("POST", "/glucose/batch" | "/meals/batch" | "/records/batch") => Some(json!({ "items": [] })),
        ("PATCH", path) if path.starts_with("/glucose") => Some(json!({ "notes": "x" })),
        ("PATCH", path) if path.starts_with("/meals") => Some(json!({ "estimatedCarbs": 10 })),
        ("POST", path) if path.starts_with("/auth") && path != "/auth/logout" => Some(json!({})),
        ("POST", "/care-team/codes") => Some(json!({ "code": "ABCD-2345" })),
        ("POST", "/care-team/connect") => {
            Some(json!({ "code": "ABCD-2345", "textVersion": domain::consent::CONSENT_TEXT_VERSION }))
        }
        ("POST", "/me/phone") => Some(json!({ "phoneNumber": "9800000001" })),
        ("POST", "/me/phone/confirm") => {
            let challenge = uuid::Uuid::new_v4();
            Some(json!({ "challengeId": challenge, "phoneNumber": "9800000001", "otp": "123456" }))
        }
        ("PATCH", _) => Some(json!({})),
        ("PUT", path) if path.ends_with("/targets") => Some(json!({ "preset": "OLDER_HIGH_RISK" })),
        _ => None,
    }
}

#[test]
fn every_call_of_the_description_has_its_row() {
    let document = serde_json::to_value(server::api::openapi::document()).unwrap();
    let mut described: Vec<String> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            described.push(format!("{} {}", method.to_uppercase(), path.strip_prefix("/api/v1").unwrap()));
        }
    }
    let mut rows: Vec<String> = ROWS.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    described.sort();
    rows.sort();
    assert_eq!(rows, described);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_gets_exactly_what_is_theirs() {
    let app = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "100000")]).await;
    let mut surprises = BTreeMap::new();
    for (method, path, expected) in ROWS {
        let callers = principals(&app).await;
        for ((name, caller), expected) in PRINCIPALS.iter().zip(callers).zip(expected) {
            // A fresh thing for each: one caller's deletion must not be another's "not found".
            let url = if path.contains("{id}") {
                path.replace("{id}", &id_for(&app, path).await)
            } else {
                (*path).to_owned()
            };
            let url =
                if url.contains("{record}") { url.replace("{record}", &record_with_file(&app).await) } else { url };
            let url = if path.ends_with("/export") { format!("{url}?format=csv") } else { url };
            let answer = if (*method, *path) == ("POST", "/imports") {
                caller.upload(&url, FILE).await
            } else if (*method, *path) == ("PUT", "/records/{id}/file") {
                caller.send_file(Method::PUT, &url, PDF).await
            } else {
                caller
                    .send(Method::from_bytes(method.as_bytes()).unwrap(), &url, body_for(&app, method, path).as_ref())
                    .await
            };
            if answer.status.as_u16() != *expected {
                surprises.insert(format!("{method} {path} as {name}"), (answer.status.as_u16(), *expected));
            }
        }
    }
    assert_eq!(surprises, BTreeMap::new(), "(got, expected)");
}
