//! Signing in and out.

use domain::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::{auth::totp, services::second_factor::secret_place, storage::second_factor};

use crate::support::{Caller, TestApp};

async fn ask(app: &TestApp, phone: &str) -> Value {
    let answer = app.anonymous().post("/auth/otp", &json!({ "phoneNumber": phone })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    answer.json()
}

async fn sign_in(app: &TestApp, phone: &str) -> Value {
    let challenge = ask(app, phone).await;
    let body = json!({
        "challengeId": challenge["challengeId"], "phoneNumber": phone, "otp": app.code(), "device": "Asha's phone",
    });
    let answer = app.anonymous().post("/auth/verify", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

fn with(app: &TestApp, pair: &Value) -> Caller {
    app.anonymous().with_token(pair["accessToken"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_phone_signs_in_as_a_new_patient() {
    let app = TestApp::new().await;
    let challenge = ask(&app, "98765 43210").await;
    assert_eq!(challenge["expiresIn"], 300);
    assert_eq!(challenge["resendIn"], 30);
    let pair = sign_in(&app, "+91 98765 43211").await;
    assert_eq!(pair["user"]["role"], "PATIENT");
    let me = with(&app, &pair).get("/me").await;
    assert_eq!(me.status, StatusCode::OK);
    assert_eq!(me.json()["id"], pair["user"]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_phones_get_the_same_answer() {
    let app = TestApp::new().await;
    let known = ask(&app, &app.phone_of(&app.world.doctor)).await;
    let unknown = ask(&app, "9876543210").await;
    let shape = |answer: &Value| {
        let mut answer = answer.clone();
        answer["challengeId"] = Value::Null;
        answer
    };
    assert_eq!(shape(&known), shape(&unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_used_code_signs_nobody_in() {
    let app = TestApp::new().await;
    let challenge = ask(&app, "9876543210").await;
    let right = app.code();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let body = |otp: &str| json!({ "challengeId": challenge["challengeId"], "phoneNumber": "9876543210", "otp": otp });
    let caller = app.anonymous();
    assert_eq!(caller.post("/auth/verify", &body(wrong)).await.problem().0, 401);
    assert_eq!(caller.post("/auth/verify", &body("12")).await.problem().0, 401);
    assert_eq!(caller.post("/auth/verify", &body(&right)).await.status, StatusCode::OK);
    assert_eq!(caller.post("/auth/verify", &body(&right)).await.problem().0, 401);
    let other = json!({ "challengeId": uuid::Uuid::new_v4(), "phoneNumber": "9876543210", "otp": right });
    assert_eq!(caller.post("/auth/verify", &other).await.problem().0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_sign_in_is_named() {
    let app = TestApp::new().await;
    let caller = app.anonymous();
    let field = |name: &str, code: &str| (400, vec![(name.to_owned(), code.to_owned())]);
    for (path, body, expected) in [
        ("/auth/otp", json!({}), field("phoneNumber", "required")),
        ("/auth/otp", json!({ "phoneNumber": "" }), field("phoneNumber", "required")),
        ("/auth/otp", json!({ "phoneNumber": "+15555550100" }), field("phoneNumber", "phone")),
        ("/auth/otp", json!({ "phoneNumber": 9_876_543_210_u64 }), field("phoneNumber", "malformed")),
        ("/auth/otp", json!({ "phoneNumber": "9876543210", "name": "x" }), field("name", "unknownField")),
        (
            "/auth/verify",
            json!({ "challengeId": "x", "phoneNumber": "9876543210", "otp": "123456" }),
            field("challengeId", "malformed"),
        ),
        ("/auth/refresh", json!({}), field("refreshToken", "required")),
    ] {
        assert_eq!(caller.post(path, &body).await.problem(), expected, "{path} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_once_and_its_second_use_ends_the_family() {
    let app = TestApp::new().await;
    let first = sign_in(&app, "9876543210").await;
    let caller = app.anonymous();
    let refresh = |pair: &Value| json!({ "refreshToken": pair["refreshToken"] });
    let second = caller.post("/auth/refresh", &refresh(&first)).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    let second = second.json();
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    app.world.clock.forward(chrono::TimeDelta::seconds(60));
    assert_eq!(caller.post("/auth/refresh", &refresh(&first)).await.problem().0, 401);
    assert_eq!(caller.post("/auth/refresh", &refresh(&second)).await.problem().0, 401);
    assert_eq!(with(&app, &second).get("/me").await.problem().0, 401);
    assert_eq!(caller.post("/auth/refresh", &json!({ "refreshToken": "nonsense" })).await.problem().0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_both_tokens_at_once() {
    let app = TestApp::new().await;
    let pair = sign_in(&app, "9876543210").await;
    let caller = with(&app, &pair);
    assert_eq!(caller.send(Method::POST, "/auth/logout", None).await.status, StatusCode::NO_CONTENT);
    let after = caller.get("/me").await;
    assert_eq!(after.problem().0, 401);
    assert_eq!(after.header("www-authenticate"), "Bearer");
    let refresh = json!({ "refreshToken": pair["refreshToken"] });
    assert_eq!(app.anonymous().post("/auth/refresh", &refresh).await.problem().0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_none_is_refused_and_a_cookie_is_not_looked_at() {
    let app = TestApp::new().await;
    for header in ["Bearer x.y.z", "Bearer ", "Basic YTpi", "x"] {
        let request = app.anonymous().request(Method::GET, "/me").header("authorization", header);
        assert_eq!(app.anonymous().fetch(request).await.problem().0, 401, "{header}");
    }
    let browser = app.browser_of(&app.world.patient).await;
    let answer = browser.get("/api/v1/me").await;
    assert_eq!(answer.problem().0, 401);
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_second_factor_is_signed_in_when_it_is_given() {
    let app = TestApp::new().await;
    let (world, phone) = (&app.world, app.phone_of(&app.world.doctor));
    let verify = async || {
        let challenge = ask(&app, &phone).await;
        let body = json!({ "challengeId": challenge["challengeId"], "phoneNumber": phone, "otp": app.code() });
        app.anonymous().post("/auth/verify", &body).await
    };
    let missing = verify().await;
    assert_eq!(missing.problem().0, 403);
    assert_eq!(missing.json()["type"], "urn:procare:problem:second-factor-missing");
    let now = world.clock.now();
    let sealed = world.deps.keys.seal(&secret_place(world.doctor.user), &totp::DEMO_SECRET).unwrap();
    let mut tx = world.deps.store.begin().await.unwrap();
    second_factor::begin_totp(&mut tx, world.doctor.user, &sealed, now, now).await.unwrap();
    second_factor::confirm_totp(&mut tx, world.doctor.user, 0, now).await.unwrap();
    tx.commit().await.unwrap();
    world.clock.forward(chrono::TimeDelta::seconds(31));
    let pending = verify().await;
    assert_eq!(pending.status, StatusCode::OK, "{}", pending.body);
    let pending = pending.json();
    assert_eq!((&pending["accessToken"], &pending["secondFactor"]["expiresIn"]), (&Value::Null, &json!(300)));
    let body = |code: &str| json!({ "challengeId": pending["secondFactor"]["challengeId"], "code": code });
    let caller = app.anonymous();
    assert_eq!(caller.post("/auth/second-factor", &body("12")).await.problem().0, 401);
    // In development the code of the demonstration's app is in the outbox.
    let code = app.code();
    let signed_in = caller.post("/auth/second-factor", &body(&code)).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.body);
    let pair = signed_in.json();
    assert_eq!(pair["user"]["role"], "DOCTOR");
    assert_eq!(with(&app, &pair).get("/doctor/patients").await.status, StatusCode::OK);
    assert_eq!(caller.post("/auth/second-factor", &body(&code)).await.problem().0, 401, "used");
}
