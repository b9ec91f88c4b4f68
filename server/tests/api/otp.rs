//! Asking for a code, as an outsider sees it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, TestApp};

async fn ask(app: &TestApp, phone: &str) -> Answer {
    app.anonymous().post("/auth/otp", &json!({ "phoneNumber": phone })).await
}

fn sent(app: &TestApp) -> usize {
    app.state.outbox.as_ref().unwrap().messages().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_spelling_of_a_number_counts_as_the_same_phone() {
    let app = TestApp::new().await;
    let spellings = [
        "+919876543210",
        "9876543210",
        "09876543210",
        "919876543210",
        "+91 98765 43210",
        "+91-98765-43210",
        "0091 9876543210",
        "(+91) 98765.43210",
        " 98765 43210 ",
        "+91 09876543210",
        "९८७६५४३२१०",
    ];
    for spelling in spellings {
        assert_eq!(ask(&app, spelling).await.status, StatusCode::ACCEPTED, "{spelling}");
    }
    assert_eq!(sent(&app), 1, "one within thirty seconds");
    for spelling in spellings {
        app.world.clock.forward(TimeDelta::seconds(31));
        // From the sixth on nothing is sent, from the twenty-first request on the address is told so.
        assert!(matches!(ask(&app, spelling).await.status, StatusCode::ACCEPTED | StatusCode::TOO_MANY_REQUESTS));
    }
    assert_eq!(sent(&app), 5, "five within the hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_ever_sent_to_what_is_no_indian_mobile_number() {
    let app = TestApp::new().await;
    let wrong = [
        "+15555550100",
        "+447700900123",
        "+9779876543210",
        "+88029876543210",
        "5876543210",
        "1140001234",
        "+91 22 4000 1234",
        "1800 123 4567",
        "+915876543210",
        "98765432101",
        "+91987654321",
        "9876543210;9876543211",
        "9876543210\n9876543211",
        "tel:9876543210",
    ];
    for phone in wrong {
        let answer = ask(&app, phone).await;
        assert_eq!(answer.problem(), (400, vec![("phoneNumber".to_owned(), "phone".to_owned())]), "{phone}");
        let form = app.browser().post("/login", &[("phone", phone)]).await;
        assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY, "{phone}");
    }
    assert_eq!(sent(&app), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_an_unknown_and_a_limited_phone_get_the_same_answer_to_the_byte() {
    let app = TestApp::new().await;
    let known = app.phone_of(&app.world.doctor);
    let mut answers = BTreeSet::new();
    for phone in [&known, "9876543210", &known, "9876543210"] {
        let answer = ask(&app, phone).await;
        let id = answer.json()["challengeId"].as_str().unwrap().to_owned();
        assert_eq!(uuid::Uuid::try_parse(&id).unwrap().get_version_num(), 4, "122 random bits");
        // What counts the calls and names this one differs from call to call, whoever is asked for.
        let own = ["ratelimit", "x-request-id", "date"];
        let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str())).collect();
        answers.insert((answer.status.as_u16(), format!("{headers:?}"), answer.body.replace(&id, "")));
    }
    assert_eq!(sent(&app), 2, "the last two were sent nothing");
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers.first().unwrap().0, 202);
}
