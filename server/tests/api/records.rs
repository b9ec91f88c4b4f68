//! Health records.

use domain::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

const AT: &str = "2026-11-01T08:00:00Z";

fn weight(kg: f64) -> Value {
    json!({ "type": "WEIGHT", "recordedAt": AT, "weightKg": kg })
}

fn medicine() -> Value {
    json!({ "type": "MEDICINE", "name": "Lispro", "kind": "INSULIN_RAPID", "amount": 6, "unit": "U", "timesADay": 3,
        "instructions": "before meals", "since": "2025-01-01", "recordedAt": AT })
}

async fn stored(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/records", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()
}

fn path(record: &Value) -> String {
    format!("/records/{}", record["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_record_reads_back_as_it_was_sent() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let medicine = stored(&patient, &medicine()).await;
    let dose = json!({ "type": "DOSE", "recordedAt": AT, "medicineId": medicine["id"], "amount": 4.5, "unit": "U" });
    let dose = stored(&patient, &dose).await;
    assert_eq!((&dose["name"], &dose["kind"]), (&json!("Lispro"), &json!("INSULIN_RAPID")));
    let lab = json!({ "type": "LAB_REPORT", "recordedAt": AT, "laboratory": "City Lab", "notes": "fasting",
        "values": [{ "test": "HBA1C", "value": 53.0, "unit": "mmol/mol" }, { "test": "LDL", "value": 2.6, "unit": "mmol/L" }] });
    let pressure = json!({ "type": "BLOOD_PRESSURE", "recordedAt": AT, "systolic": 128, "diastolic": 82, "pulse": 71 });
    for mut body in [lab, weight(71.4), pressure] {
        body["clientId"] = json!(body["type"]);
        let record = stored(&patient, &body).await;
        let mut expected = body.clone();
        (expected["id"], expected["version"]) = (record["id"].clone(), json!(1));
        assert_eq!(record, expected);
        let again = patient.post("/records", &body).await;
        assert_eq!((again.status, again.json()), (StatusCode::OK, record.clone()));
        assert_eq!(patient.get(&path(&record)).await.json(), record);
    }
    let of_type = async |kind: &str| {
        patient.get(&format!("/records?type={kind}")).await.json()["items"].as_array().unwrap().len()
    };
    assert_eq!((of_type("DOSE").await, of_type("LAB_REPORT").await), (1, 1));
    let first = patient.get("/records?limit=3").await.json();
    let rest = patient.get(&format!("/records?limit=3&cursor={}", first["nextCursor"].as_str().unwrap())).await.json();
    assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (3, 2));
    assert_eq!(rest["nextCursor"], Value::Null);
    let of_doctor = app.doctor().await.get(&format!("/doctor/patients/{}/records", app.world.asha())).await.json();
    assert_eq!(of_doctor["items"].as_array().unwrap().len(), 5);
    for (query, field) in [("type=SUGAR", "type"), ("limit=0", "limit"), ("cursor=x", "cursor")] {
        let refused = patient.get(&format!("/records?{query}")).await.problem();
        assert_eq!((refused.0, refused.1[0].0.as_str()), (400, field));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_changed_by_what_the_patch_names_and_deleted() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let record = stored(&patient, &medicine()).await;
    let patch = json!({ "amount": 8, "instructions": null, "until": "2026-12-31", "version": 1 });
    let changed = patient.patch(&path(&record), &patch).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let mut expected = record.clone();
    (expected["amount"], expected["until"], expected["version"]) = (json!(8.0), json!("2026-12-31"), json!(2));
    expected.as_object_mut().unwrap().remove("instructions");
    assert_eq!(changed.json(), expected);
    assert_eq!(patient.patch(&path(&record), &patch).await.problem().0, 409);
    for (patch, field, code) in [
        (json!({ "weightKg": 70 }), "weightKg", "unknownField"),
        (json!({ "until": "2024-01-01" }), "until", "beforeStart"),
        (json!({ "unit": "mg" }), "unit", "insulinInUnits"),
        (json!({ "type": "WEIGHT" }), "type", "unknownField"),
        (json!({ "name": " " }), "name", "required"),
    ] {
        let expected = (400, vec![(field.to_owned(), code.to_owned())]);
        assert_eq!(patient.patch(&path(&record), &patch).await.problem(), expected, "{patch}");
    }
    assert_eq!(app.other().await.get(&path(&record)).await.problem().0, 404);
    assert_eq!(patient.delete(&path(&record)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(patient.get(&path(&record)).await.problem().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_record_is_named_and_a_value_of_another_unit_says_which() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let lab = |value: Value| json!({ "type": "LAB_REPORT", "recordedAt": AT, "values": [value] });
    for (body, field, code) in [
        (lab(json!({ "test": "HBA1C", "value": 53, "unit": "%" })), "values[0].value", "fitsOtherUnit"),
        (lab(json!({ "test": "HBA1C", "value": 500, "unit": "%" })), "values[0].value", "outOfRange"),
        (lab(json!({ "test": "HBA1C", "value": 7, "unit": "mg/dL" })), "values[0].unit", "unknownChoice"),
        (lab(json!({ "test": "HBA1C", "value": 7, "unit": "%", "x": 1 })), "values[0].x", "unknownField"),
        (weight(0.0), "weightKg", "outOfRange"),
        (json!({ "type": "WEIGHT", "recordedAt": AT, "weightKg": 70, "pulse": 60 }), "pulse", "unknownField"),
        (json!({ "type": "WEIGHT", "recordedAt": AT, "weightKg": 70, "sex": "F" }), "sex", "unknownField"),
    ] {
        let expected = (400, vec![(field.to_owned(), code.to_owned())]);
        assert_eq!(patient.post("/records", &body).await.problem(), expected, "{body}");
    }
    let told = patient.post("/records", &lab(json!({ "test": "HBA1C", "value": 53, "unit": "%" }))).await.json();
    assert_eq!(told["errors"][0]["unit"], "mmol/mol", "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_batch_a_bad_record_never_spoils_the_rest() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let mut good = weight(71.0);
    good["clientId"] = json!("a");
    let orphan =
        json!({ "type": "DOSE", "recordedAt": AT, "medicineId": uuid::Uuid::now_v7(), "amount": 4, "unit": "U" });
    let answer =
        patient.post("/records/batch", &json!({ "items": [good, { "clientId": "b" }, good, 7, orphan] })).await;
    let answer = answer.json();
    let outcome: Vec<_> = answer["items"].as_array().unwrap().iter().map(|i| i["status"].as_str().unwrap()).collect();
    assert_eq!(outcome, ["created", "rejected", "exists", "rejected", "rejected"]);
    assert_eq!(answer["items"][4]["errors"][0]["field"], "medicineId");
    assert_eq!(patient.get("/records").await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_what_its_content_says_and_is_saved_never_shown() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    let lab = stored(&patient, &json!({ "type": "LAB_REPORT", "recordedAt": AT, "laboratory": "City Lab" })).await;
    let file = format!("{}/file", path(&lab));
    assert_eq!(patient.get(&file).await.problem().0, 404);
    for (bytes, code) in [
        (b"<!doctype html><script>alert(1)</script>".to_vec(), "fileFormat"),
        (b"".to_vec(), "required"),
        ([b"%PDF-1.7".to_vec(), vec![b' '; 5 * 1024 * 1024]].concat(), "fileTooLarge"),
    ] {
        let refused = patient.send_file(Method::PUT, &file, &bytes).await.problem();
        assert_eq!(refused, (400, vec![("file".to_owned(), code.to_owned())]));
    }
    let put = patient.send_file(Method::PUT, &file, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").await;
    assert_eq!(put.json()["file"], json!({ "mediaType": "image/png", "size": 16 }), "{}", put.body);
    let of_doctor = format!("/doctor/patients/{}{file}", app.world.asha());
    for (caller, url) in [(&patient, &file), (&app.doctor().await, &of_doctor)] {
        let answer = caller.get(url).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        for (header, expected) in [
            ("content-type", "image/png"),
            ("content-disposition", "attachment; filename=\"lab-report-2026-11-01.png\""),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(header), expected, "{url}");
        }
    }
    let log = patient.get("/me/access-log").await.json();
    assert!(log["items"].as_array().unwrap().iter().any(|line| line["what"] == "EXPORTED"), "{log}");
    assert_eq!(patient.delete(&file).await.status, StatusCode::NO_CONTENT);
    assert_eq!(patient.delete(&file).await.problem().0, 404);
    assert!(patient.get(&path(&lab)).await.json().get("file").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_has_a_recent_hba1c_or_null() {
    let app = TestApp::new().await;
    let patient = app.patient().await;
    assert_eq!(patient.get("/report").await.json()["hba1c"], Value::Null);
    let at = (app.world.clock.now() - chrono::TimeDelta::days(10)).format("%Y-%m-%dT08:00:00Z").to_string();
    let lab =
        json!({ "type": "LAB_REPORT", "recordedAt": at, "values": [{ "test": "HBA1C", "value": 7.2, "unit": "%" }] });
    stored(&patient, &lab).await;
    let expected = json!({ "percent": 7.2, "value": 7.2, "unit": "%", "recordedAt": at, "gap": null });
    assert_eq!(patient.get("/report").await.json()["hba1c"], expected);
    let of_doctor = app.doctor().await.get(&format!("/doctor/patients/{}/report", app.world.asha())).await.json();
    assert_eq!(of_doctor["hba1c"], expected);
}
