//! A patient's data as a file: the same figures everywhere, and what others can read.

use std::{io::Write, process::Stdio};

use chrono::TimeDelta;
use domain::clock::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, server_url};

/// Two weeks of a sensor every 15 minutes, some finger-sticks in mmol/L with a note, and a meal.
async fn fortnight(app: &TestApp, caller: &Caller) {
    let now = app.world.clock.now();
    let row = |n: i64| {
        let at = now - TimeDelta::minutes(15 * n);
        format!("{},{}\n", at.format("%Y-%m-%dT%H:%M:%S+00:00"), 90 + (n * 37) % 130)
    };
    let rows: String = (1..14 * 96).rev().map(row).collect();
    let csv = format!("Time,Sensor glucose (mg/dL)\n{rows}");
    let made = caller.upload("/imports", &csv).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let stored = caller.post(&format!("/imports/{id}/confirm"), &json!({})).await;
    assert_eq!(stored.json()["inserted"], 14 * 96 - 1, "{}", stored.body);
    for hours in [30, 60] {
        let at = (now - TimeDelta::hours(hours)).to_rfc3339();
        let reading =
            json!({ "value": 7.2, "unit": "mmol/L", "state": "MORNING_FASTING", "recordedAt": at, "notes": "=1+1" });
        assert_eq!(caller.post("/glucose", &reading).await.status, StatusCode::CREATED);
    }
    let at = (now - TimeDelta::hours(29)).to_rfc3339();
    let meal = json!({ "foodItems": ["2 roti", "-dal, yellow"], "mealType": "LUNCH", "estimatedCarbs": 42.5, "recordedAt": at });
    assert_eq!(caller.post("/meals", &meal).await.status, StatusCode::CREATED);
    hba1c(app, caller).await;
}

/// A laboratory's HbA1c of three weeks ago.
async fn hba1c(app: &TestApp, caller: &Caller) {
    let at = (app.world.clock.now() - TimeDelta::days(21)).to_rfc3339();
    let values = json!([{ "test": "HBA1C", "value": 7.9, "unit": "%" }]);
    let lab = json!({ "type": "LAB_REPORT", "recordedAt": at, "values": values });
    assert_eq!(caller.post("/records", &lab).await.status, StatusCode::CREATED);
}

fn quantity(bundle: &Value, code: &str) -> Option<f64> {
    let resources = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    let mut found = resources.filter(|r| r["code"]["coding"][0]["code"] == code);
    found.next().and_then(|r| r["valueQuantity"]["value"].as_f64())
}

/// A figure of the page's strip.
fn on_page<'a>(page: &'a str, label: &str) -> &'a str {
    let rest = page.split(&format!(r#"<dt class="figure__label">{label}</dt>"#)).nth(1).unwrap();
    rest.split(r#"<span class="figure__value num">"#).nth(1).unwrap().split("</span>").next().unwrap()
}

/// The selectors of what paper leaves out.
fn hidden(style: &str) -> &str {
    let (before, _) = style.split_once("display: none !important").unwrap();
    before.rsplit_once('}').unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn page_print_api_json_fhir_and_a_csv_read_back_give_one_patient_the_same_figures() {
    let app = TestApp::new().await;
    let (patient, doctor, id) = (app.patient().await, app.doctor().await, app.world.asha());
    fortnight(&app, &patient).await;
    let report = doctor.get(&format!("/doctor/patients/{id}/report?days=15")).await.json();
    assert!(report["gmiPercent"].is_f64() && report["sufficiency"]["enough"] == true, "{report}");

    let json = doctor.get(&format!("/doctor/patients/{id}/export?format=json&days=15")).await;
    assert_eq!((json.status, json.header("content-type")), (StatusCode::OK, "application/json"));
    assert!(json.header("content-disposition").starts_with("attachment; filename=\"procare-2026-"));
    let json = json.json();
    assert_eq!(json["report"], report, "JSON");
    assert_eq!((json["readings"].as_array().unwrap().len(), json["meals"].as_array().unwrap().len()), (14 * 96 + 1, 1));

    let fhir = patient.get("/me/report/export?format=fhir&days=15").await;
    assert_eq!(fhir.header("content-type"), "application/fhir+json");
    let fhir = fhir.json();
    for (code, figure) in [
        ("4548-4", &report["hba1c"]["value"]),
        ("97507-8", &report["meanMgDl"]),
        ("97506-0", &report["gmiPercent"]),
        ("104638-2", &report["cvPercent"]),
        ("104637-4", &report["sufficiency"]["activePercent"]),
    ] {
        assert_eq!(quantity(&fhir, code), figure.as_f64(), "FHIR {code}");
    }
    let gap = report["hba1c"]["gap"].as_f64().unwrap();
    assert!((gap - (7.9 - report["gmiPercent"].as_f64().unwrap())).abs() < 1e-9, "{gap}");
    let lab = fhir["entry"].as_array().unwrap().iter().map(|e| &e["resource"]);
    let lab = lab.clone().find(|r| r["code"]["coding"][0]["code"] == "4548-4").unwrap();
    assert_eq!(lab["component"][0]["valueQuantity"]["value"].as_f64(), Some(gap), "FHIR gap");
    let ranges = fhir["entry"].as_array().unwrap().iter().map(|e| &e["resource"]);
    let ranges = ranges.clone().find(|r| r["code"]["coding"][0]["code"] == "106793-3").unwrap()["component"].clone();
    let shares: Vec<f64> =
        ranges.as_array().unwrap().iter().filter_map(|c| c["valueQuantity"]["value"].as_f64()).collect();
    let named = ["veryLow", "low", "inRange", "high", "veryHigh"].map(|name| report["ranges"][name].as_f64().unwrap());
    assert_eq!(shares, named, "FHIR times in ranges");

    // The page, which is also what is printed: every figure of the strip, rounded once, and the five ranges.
    let browser = app.browser_of(&app.world.doctor).await;
    let page = browser.get(&format!("/doctor/patients/{id}?days=15")).await.body;
    let number = |name: &str| report[name].as_f64().unwrap_or_else(|| panic!("{name} in {report}"));
    for (label, text) in [
        ("In range", format!("{:.0} %", report["ranges"]["inRange"].as_f64().unwrap())),
        ("Mean glucose", format!("{:.0} mg/dL", number("meanMgDl"))),
        ("GMI", format!("{:.1} %", number("gmiPercent"))),
        ("SD", format!("{:.0} mg/dL", number("sdMgDl"))),
        ("CV", format!("{:.1} %", number("cvPercent"))),
        ("LBGI", format!("{:.1}", number("lbgi"))),
        ("HBGI", format!("{:.1}", number("hbgi"))),
        ("GRI", format!("{:.0}", number("gri"))),
        ("MAGE", format!("{:.0} mg/dL", number("mageMgDl"))),
    ] {
        assert_eq!(on_page(&page, label), text, "{label} on the page");
    }
    let cells = page.split(r#"<td class="range-share">"#).skip(1).map(|rest| rest.split(" %").next().unwrap());
    let mut on_page: Vec<f64> = cells.map(|text| text.parse().unwrap()).collect();
    on_page.reverse(); // the table begins with the highest
    assert_eq!(on_page.len(), 5);
    assert!((on_page.iter().sum::<f64>() - 100.0).abs() < 1e-6, "{on_page:?}");
    assert!(on_page.iter().zip(named).all(|(shown, exact)| (shown - exact).abs() < 1.0), "{on_page:?} {named:?}");
    let patterns = browser.get(&format!("/doctor/patients/{id}?days=15&tab=patterns")).await.body;
    let told = format!("Glycemia risk index {:.0}, zone ", number("gri"));
    assert!(patterns.contains(&told), "{told}");
    let print = include_str!("../../../style/_print.scss");
    assert!(["figures", "range", "report"].iter().all(|name| !hidden(print).contains(name)), "paper leaves none out");

    // The CSV, imported by somebody else, gives the same figures; imported by the same person, nothing new.
    let csv = patient.get("/me/report/export?format=csv&days=15").await;
    assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert!(csv.body.contains("'=1+1") && csv.body.contains("'-dal") || csv.body.contains("2 roti"), "guarded");
    let again = patient.upload("/imports", &csv.body).await.json();
    assert_eq!(
        (&again["format"], &again["accepted"], &again["meals"]),
        (&json!("own"), &json!(0), &json!(0)),
        "{again}"
    );
    let other = app.caller(&app.world.other).await;
    let preview = other.upload("/imports", &csv.body).await.json();
    assert_eq!(
        (&preview["accepted"], &preview["meals"], &preview["rejected"]),
        (&json!(14 * 96 + 1), &json!(1), &json!([]))
    );
    let import = preview["id"].as_str().unwrap();
    assert_eq!(other.post(&format!("/imports/{import}/confirm"), &json!({})).await.status, StatusCode::OK);
    hba1c(&app, &other).await; // a table of readings and meals has none
    assert_eq!(other.get("/report?days=15").await.json(), report, "CSV");
    let meals = other.get("/meals").await.json();
    assert_eq!(meals["items"][0]["foodItems"], json!(["2 roti", "-dal, yellow"]));
    let sticks = other.get("/glucose?limit=1000").await.json();
    let stick = sticks["items"].as_array().unwrap().iter().find(|r| r["unit"] == "mmol/L").unwrap().clone();
    assert_eq!((&stick["notes"], &stick["source"]), (&json!("=1+1"), &json!("MANUAL")));
    // Undone, readings and meals are gone again.
    other.send(reqwest::Method::DELETE, &format!("/imports/{import}"), None).await;
    assert_eq!(other.get("/meals").await.json()["items"], json!([]));
    assert_eq!(other.get("/glucose").await.json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_format_is_needed_and_only_three_are_known() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    for query in ["", "?format=xml", "?format=csv&days=0", "?format=csv&from=2026-11-01"] {
        assert_eq!(patient.get(&format!("/me/report/export{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

/// The bundle as Python's `fhir.resources` reads it, which checks every field of every resource.
#[tokio::test(flavor = "multi_thread")]
async fn another_implementation_of_fhir_reads_the_bundle() {
    let Some(python) = server_url("TEST_FHIR_PYTHON") else { return };
    let app = TestApp::new().await;
    let patient = app.patient().await;
    fortnight(&app, &patient).await;
    let bundle = patient.get("/me/report/export?format=fhir&days=15").await.body;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/read_fhir.py");
    let output = tokio::task::spawn_blocking(move || {
        let mut child = std::process::Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bundle.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "the reader refused it (above)");
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read, json!({ "Patient": 1, "Observation": 14 * 96 + 1 + 7 + 1 }));
}
