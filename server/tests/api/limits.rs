//! How often one caller may call.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_known_is_counted_by_address_and_told_when_to_come_back() {
    let app = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "3")]).await;
    let nobody = app.anonymous();
    for left in [2, 1, 0] {
        let answer = nobody.get("/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("ratelimit"), format!("\"anonymous\";r={left};t=900"));
        assert_eq!(answer.header("ratelimit-policy"), "\"anonymous\";q=3;w=900");
    }
    let refused = nobody.post("/auth/otp", &json!({ "phoneNumber": "9876543210" })).await;
    assert_eq!(refused.problem().0, 429);
    assert_eq!(refused.header("retry-after"), "900");
    let forged = nobody.request(Method::GET, "/me").bearer_auth("forged");
    assert_eq!(nobody.fetch(forged).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.patient().await.get("/me").await.status, StatusCode::OK, "who is signed in is not locked out");
    assert_eq!(app.browser().get("/healthz").await.status, StatusCode::OK);
    app.world.clock.forward(chrono::TimeDelta::seconds(900));
    assert_eq!(nobody.get("/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_counted_over_all_devices() {
    let app = TestApp::with(&[("LIMIT_USER_15MIN", "2")]).await;
    let (phone, tablet) = (app.patient().await, app.patient().await);
    assert_eq!(phone.get("/me").await.status, StatusCode::OK);
    assert_eq!(tablet.get("/me").await.header("ratelimit"), "\"user\";r=0;t=900");
    assert_eq!(phone.get("/me").await.problem().0, 429);
    assert_eq!(app.other().await.get("/me").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_names_the_client() {
    let from = |app: &TestApp, address: &str| {
        let nobody = app.anonymous();
        let request = nobody.request(Method::GET, "/me").header("x-forwarded-for", address);
        async move { nobody.fetch(request).await.status }
    };
    let direct = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "1")]).await;
    assert_eq!(from(&direct, "198.51.100.1").await, StatusCode::UNAUTHORIZED);
    assert_eq!(from(&direct, "198.51.100.2").await, StatusCode::TOO_MANY_REQUESTS);
    let behind = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "1"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    assert_eq!(from(&behind, "198.51.100.1").await, StatusCode::UNAUTHORIZED);
    assert_eq!(from(&behind, "198.51.100.2").await, StatusCode::UNAUTHORIZED);
    assert_eq!(from(&behind, "203.0.113.9, 198.51.100.2").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_behind_one_address_are_each_counted_alone_and_renew_their_tokens_beside_strangers() {
    let app = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "2"), ("LIMIT_USER_15MIN", "3")]).await;
    let mut people = Vec::new();
    for _ in 0..20 {
        let person = app.world.person(domain::people::Role::Patient, None).await;
        let origin = domain::ports::Origin::default();
        people.push(app.state.services.accounts.start_tokens(person.user, &origin).await.unwrap());
    }
    let nobody = app.anonymous();
    for _ in 0..3 {
        nobody.get("/me").await;
    }
    assert_eq!(nobody.get("/me").await.status, StatusCode::TOO_MANY_REQUESTS, "strangers used up their share");
    for tokens in people {
        let renewed = nobody.post("/auth/refresh", &json!({ "refreshToken": tokens.refresh_token })).await;
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
        let person = nobody.clone().with_token(renewed.json()["accessToken"].as_str().unwrap());
        for left in [2, 1, 0] {
            assert_eq!(person.get("/me").await.header("ratelimit"), format!("\"user\";r={left};t=900"));
        }
        assert_eq!(person.get("/me").await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn renewals_have_a_limit_of_their_own() {
    let app = TestApp::with(&[("LIMIT_RENEWALS_15MIN", "2")]).await;
    let nobody = app.anonymous();
    let body = json!({ "refreshToken": "nothing" });
    for left in [1, 0] {
        let refused = nobody.post("/auth/refresh", &body).await;
        let told = refused.header("ratelimit").to_owned();
        assert_eq!((refused.problem().0, told), (401, format!("\"renewals\";r={left};t=900")));
    }
    assert_eq!(nobody.post("/auth/refresh", &body).await.problem().0, 429);
    assert_eq!(nobody.get("/me").await.problem().0, 401, "other calls are counted apart");
}
