//! Figures of a period, and the week in sentences.

use domain::clock::Clock;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::TestApp;

/// Sensor values every five minutes for some days back, all of one value but for one severe low.
async fn wear_a_sensor(app: &TestApp, days: i64) {
    let patient = app.patient().await;
    let steps = days * 288;
    for chunk in (0..steps).collect::<Vec<_>>().chunks(1000) {
        let items: Vec<_> = chunk
            .iter()
            .map(|step| {
                let at = app.world.clock.now() - chrono::TimeDelta::minutes(5 * step);
                let value = if *step == 100 { 50 } else { 120 };
                json!({ "value": value, "unit": "mg/dL", "source": "SENSOR", "recordedAt": at.to_rfc3339() })
            })
            .collect();
        let answer = patient.post("/glucose/batch", &json!({ "items": items })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_unrounded_and_have_their_fixed_names() {
    let app = TestApp::new().await;
    wear_a_sensor(&app, 15).await;
    let report = app.patient().await.get("/report").await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    let report = report.json();
    assert_eq!(report["kind"], "sensor");
    assert_eq!(report["period"]["days"], 14);
    assert_eq!(report["sufficiency"]["enough"], true);
    let readings = report["readings"].as_f64().unwrap();
    let mean = report["meanMgDl"].as_f64().unwrap();
    assert!((mean - (120.0 - 70.0 / readings)).abs() < 1e-9, "{mean}");
    for figure in ["sdMgDl", "cvPercent", "gmiPercent", "tightRangePercent", "lbgi", "hbgi", "gri"] {
        assert!(report[figure].is_f64(), "{figure} in {report}");
    }
    assert!(report.get("mageMgDl").is_some());
    let ranges = &report["ranges"];
    let sum: f64 = ["veryLow", "low", "inRange", "high", "veryHigh"].iter().map(|r| ranges[r].as_f64().unwrap()).sum();
    assert!((sum - 100.0).abs() < 1e-9);
    assert!((ranges["veryLow"].as_f64().unwrap() - 100.0 / readings).abs() < 1e-9);
    let point = &report["profile"][0];
    assert!(["p5", "p25", "p50", "p75", "p95"].iter().all(|p| point[p].is_number()) && point["minute"].is_u64());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_shown_is_null_and_says_why_unless_it_is_forced() {
    let app = TestApp::new().await;
    wear_a_sensor(&app, 2).await;
    let patient = app.patient().await;
    let report = patient.get("/report").await.json();
    assert_eq!((&report["sufficiency"]["enough"], &report["gmiPercent"]), (&json!(false), &json!(null)));
    assert!(!report["sufficiency"]["reasons"].as_array().unwrap().is_empty());
    assert!(patient.get("/report?force=true").await.json()["gmiPercent"].is_f64());
    let nothing = app.other().await.get("/report").await.json();
    assert_eq!((&nothing["readings"], &nothing["meanMgDl"]), (&json!(0), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_given_by_days_or_instants_and_refused_by_name() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for (query, days) in [
        ("from=2026-11-01&to=2026-11-07", 7),
        ("from=2026-11-01T00:00:00%2B05:30&to=2026-11-08T00:00:00%2B05:30", 7),
        ("from=2026-11-01T00:00:00+05:30&to=2026-11-08T00:00:00+05:30", 7),
        ("days=30", 30),
        ("", 14),
    ] {
        let report = patient.get(&format!("/report?{query}")).await;
        assert_eq!(report.status, StatusCode::OK, "{query} {}", report.body);
        assert_eq!(report.json()["period"]["days"], days, "{query}");
    }
    for (query, field, code) in [
        ("from=2026-11-01", "to", "required"),
        ("to=2026-11-01", "from", "required"),
        ("from=2026-11-31&to=2026-12-01", "from", "time"),
        ("from=2026-11-07&to=2026-11-01", "to", "outOfRange"),
        ("from=2020-01-01&to=2026-11-01", "to", "outOfRange"),
        ("days=0", "days", "outOfRange"),
        ("days=many", "days", "notANumber"),
        ("force=yes", "force", "unknownChoice"),
    ] {
        let expected = (400, vec![(field.to_owned(), code.to_owned())]);
        assert_eq!(patient.get(&format!("/report?{query}")).await.problem(), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_is_told_in_sentences_of_the_readers_language() {
    let app = TestApp::new().await;
    wear_a_sensor(&app, 8).await;
    let patient = app.patient().await;
    let week = patient.get("/insights/weekly").await.json();
    assert_eq!(week["period"]["days"], 7);
    let first = &week["insights"][0];
    assert_eq!(first["code"], "inRange");
    assert!(first["percent"].is_f64() && first["text"].as_str().unwrap().contains('%'), "{first}");
    patient.patch("/me", &json!({ "language": "hi" })).await;
    let hindi = patient.get("/insights/weekly").await.json();
    assert_ne!(hindi["insights"][0]["text"], first["text"]);
    assert_eq!(hindi["insights"][0]["percent"], first["percent"]);
}
