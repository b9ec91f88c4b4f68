//! Meals.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

fn lunch() -> Value {
    json!({ "foodItems": ["2 roti", "dal"], "mealType": "LUNCH", "estimatedCarbs": 45, "recordedAt": "2026-11-01T08:00:00Z" })
}

async fn stored(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/meals", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()
}

fn field(name: &str, code: &str) -> (u16, Vec<(String, String)>) {
    (400, vec![(name.to_owned(), code.to_owned())])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meal_is_stored_listed_changed_and_deleted() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let mut body = lunch();
    body["clientId"] = json!("m-1");
    let meal = stored(&patient, &body).await;
    assert_eq!(
        meal,
        json!({
            "id": meal["id"], "clientId": "m-1", "foodItems": ["2 roti", "dal"], "mealType": "LUNCH",
            "estimatedCarbs": 45.0, "recordedAt": "2026-11-01T08:00:00Z", "version": 1,
        })
    );
    let again = patient.post("/meals", &body).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, meal.clone()));
    let path = format!("/meals/{}", meal["id"].as_str().unwrap());
    let changed = patient.patch(&path, &json!({ "estimatedCarbs": null, "mealType": "DINNER", "version": 1 })).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed = changed.json();
    assert!(changed.get("estimatedCarbs").is_none());
    assert_eq!(
        (&changed["mealType"], &changed["foodItems"], &changed["version"]),
        (&json!("DINNER"), &meal["foodItems"], &json!(2))
    );
    assert_eq!(patient.patch(&path, &json!({ "mealType": "LUNCH", "version": 1 })).await.problem().0, 409);
    assert_eq!(patient.get("/meals").await.json(), json!({ "items": [changed], "nextCursor": null }));
    assert_eq!(app.other().await.get(&path).await.problem().0, 404);
    assert_eq!(patient.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(patient.get(&path).await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_meal_is_named() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let changed = |name: &str, value: Value| {
        let mut body = lunch();
        body[name] = value;
        body
    };
    for (body, expected) in [
        (changed("foodItems", json!([])), field("foodItems", "itemCount")),
        (changed("foodItems", json!(vec!["roti"; 21])), field("foodItems", "itemCount")),
        (changed("foodItems", json!("roti")), field("foodItems", "malformed")),
        (changed("mealType", json!("BRUNCH")), field("mealType", "unknownChoice")),
        (changed("estimatedCarbs", json!(501)), field("estimatedCarbs", "outOfRange")),
        (changed("estimatedCarbs", json!("many")), field("estimatedCarbs", "notANumber")),
        (changed("photoUrl", json!("http://x")), field("photoUrl", "unknownField")),
    ] {
        assert_eq!(patient.post("/meals", &body).await.problem(), expected, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_batch_a_bad_meal_never_spoils_the_rest() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let mut good = lunch();
    good["clientId"] = json!("a");
    let body = json!({ "items": [good, { "clientId": "b" }, good, 7] });
    let answer = patient.post("/meals/batch", &body).await.json();
    let outcome: Vec<_> = answer["items"].as_array().unwrap().iter().map(|i| i["status"].as_str().unwrap()).collect();
    assert_eq!(outcome, ["created", "rejected", "exists", "rejected"]);
    assert_eq!(patient.get("/meals").await.json()["items"].as_array().unwrap().len(), 1);
}
