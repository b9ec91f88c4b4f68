//! Who may open and post what: every page of the application, every form of the door.

use reqwest::{Method, StatusCode};
use uuid::Uuid;

use super::things::Things;
use crate::support::{Answer, Browser, TestApp};

/// An address, and the statuses that [`PRINCIPALS`] get. `{id}` is something of the owner's.
type Row = (&'static str, [u16; 9]);

/// Nobody, the patient whose things it is about, another patient, a doctor who treats the patient, one who does not, a
/// caregiver who may see glucose, one who may see meals only, one whose link was ended, an admin.
const PRINCIPALS: [&str; 9] =
    ["nobody", "owner", "other patient", "doctor", "stranger", "follower", "limited", "former", "admin"];

pub(super) const PAGES: &[Row] = &[
    ("/", [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/login", [200, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/login/code", [200, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/second-factor", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/second-factor/setup", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/step-up", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/security", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/security/phone", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/security/phone/code", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/settings", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/settings/data", [303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("/patient", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/log", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/new", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/{id}", [303, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/history", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/history/{id}", [303, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/trends", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/import", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/import/{id}", [303, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/import/{id}/confirm", [303, 200, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/invite", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/connect", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/access-log", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/patient/more", [303, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("/doctor", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/connect", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/emergency", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/analytics", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/views", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/patients/{id}/desk", [303, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("/doctor/patients/{id}", [303, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("/doctor/patients/{id}/targets", [303, 404, 404, 200, 404, 404, 404, 404, 404]),
    ("/caregiver", [303, 200, 200, 404, 404, 200, 200, 200, 404]),
    ("/caregiver/{id}", [303, 404, 404, 404, 404, 200, 200, 404, 404]),
    ("/admin", [303, 404, 404, 404, 404, 404, 404, 404, 200]),
    ("/admin/staff", [303, 404, 404, 404, 404, 404, 404, 404, 200]),
    ("/admin/clinics", [303, 404, 404, 404, 404, 404, 404, 404, 200]),
    ("/admin/audit", [303, 404, 404, 404, 404, 404, 404, 404, 200]),
    ("/admin/links", [303, 404, 404, 404, 404, 404, 404, 404, 200]),
];

/// Posted without any field: what is right for the role comes back with its errors, or is done.
pub(super) const FORMS: &[Row] = &[
    ("/login", [422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("/login/resend", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/login/code", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/login/passkey", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/security/passkeys", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/security/passkeys/{id}/remove", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/security/devices/{id}/end", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/security/phone", [303, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("/security/phone/code", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/language", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/second-factor", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/second-factor/setup", [303, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("/step-up", [303, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("/step-up/send", [303, 303, 303, 404, 404, 303, 303, 303, 404]),
    ("/settings", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/settings/data/erase", [303, 303, 303, 404, 404, 303, 303, 303, 404]),
    ("/settings/data/keep", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("/patient/log", [303, 422, 422, 404, 404, 404, 404, 404, 404]),
    ("/patient/history/{id}", [303, 422, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/history/{id}/delete", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/history/{id}/restore", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/new", [303, 422, 422, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/{id}", [303, 422, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/{id}/delete", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/meals/{id}/restore", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/import", [303, 422, 422, 404, 404, 404, 404, 404, 404]),
    ("/patient/import/{id}", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/import/{id}/confirm", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/import/{id}/undo", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/invite", [303, 422, 422, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/connect", [303, 422, 422, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/{id}/accept", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    ("/patient/care-team/{id}/end", [303, 303, 404, 404, 404, 404, 404, 404, 404]),
    // The owner, who asked for it, is told that it awaits somebody else.
    ("/caregiver/links/{id}/accept", [303, 303, 404, 404, 404, 404, 404, 303, 404]),
    ("/caregiver/links/{id}/end", [303, 303, 404, 404, 404, 404, 404, 303, 404]),
    ("/doctor", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/connect", [303, 404, 404, 200, 200, 404, 404, 404, 404]),
    ("/doctor/emergency", [303, 404, 404, 422, 422, 404, 404, 404, 404]),
    ("/doctor/views", [303, 404, 404, 422, 422, 404, 404, 404, 404]),
    ("/doctor/views/{id}/remove", [303, 404, 404, 303, 404, 404, 404, 404, 404]),
    ("/doctor/views/{id}/restore", [303, 404, 404, 303, 404, 404, 404, 404, 404]),
    ("/doctor/patients/{id}/desk", [303, 404, 404, 422, 404, 404, 404, 404, 404]),
    ("/doctor/patients/{id}/review", [303, 404, 404, 303, 404, 404, 404, 404, 404]),
    ("/doctor/patients/{id}/targets", [303, 404, 404, 422, 404, 404, 404, 404, 404]),
    ("/admin/staff", [303, 404, 404, 404, 404, 404, 404, 404, 422]),
    ("/admin/staff/{id}/active", [303, 404, 404, 404, 404, 404, 404, 404, 303]),
    ("/admin/staff/{id}/second-factor", [303, 404, 404, 404, 404, 404, 404, 404, 303]),
    ("/admin/clinics", [303, 404, 404, 404, 404, 404, 404, 404, 422]),
    ("/admin/links", [303, 404, 404, 404, 404, 404, 404, 404, 422]),
    ("/admin/links/{id}/end", [303, 404, 404, 404, 404, 404, 404, 404, 303]),
    // Last: it signs everybody out.
    ("/logout", [303, 303, 303, 303, 303, 303, 303, 303, 303]),
];

async fn browsers(app: &TestApp) -> [Browser; 9] {
    let world = &app.world;
    [
        app.browser(),
        app.browser_of(&world.patient).await,
        app.browser_of(&world.other).await,
        app.browser_of(&world.doctor).await,
        app.browser_of(&world.stranger).await,
        app.browser_of(&world.follower).await,
        app.browser_of(&world.limited).await,
        app.browser_of(&world.former).await,
        app.browser_of(&world.admin).await,
    ]
}

#[test]
fn every_page_of_the_application_has_its_row() {
    let mut pages: Vec<String> = server::web::pages::addresses().map(str::to_owned).collect();
    let mut rows: Vec<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    pages.sort();
    pages.dedup();
    rows.sort();
    assert_eq!(rows, pages);
}

#[test]
fn every_form_of_the_door_has_its_row() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/forms");
    let sources = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let routes: usize = sources.map(|text| text.matches(".route(").count()).sum();
    assert_eq!(FORMS.len(), routes);
}

/// What an answer says apart from what differs each time: the id in it, the rendering's nonce.
fn said(answer: &Answer, id: &Uuid) -> (StatusCode, String) {
    let text = answer.body.replace(&id.to_string(), "ID");
    let nonce =
        text.split_once("nonce=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(nonce, _)| nonce.to_owned());
    (answer.status, nonce.map_or(text.clone(), |nonce| text.replace(&nonce, "NONCE")))
}

/// Asks everybody for everything and tells what is not as the rows say. Where `{id}` is not theirs to know of (whose it is may
/// know), the answer has to be the one that an unknown id gets.
async fn surprises(method: &Method, rows: &[Row]) -> Vec<String> {
    let app = TestApp::with(&[("LIMIT_ANONYMOUS_15MIN", "100000")]).await;
    let (browsers, things) = (browsers(&app).await, Things::of(&app).await);
    let mut surprises = Vec::new();
    for (path, expected) in rows {
        for ((name, browser), expected) in PRINCIPALS.iter().zip(&browsers).zip(expected) {
            let ask = async |id: &Uuid| {
                let url = path.replace("{id}", &id.to_string());
                if *method == Method::GET { browser.get(&url).await } else { browser.post(&url, &[]).await }
            };
            // A fresh thing for each: one caller's deletion must not be another's "not found".
            let id = if path.contains("{id}") { things.id_for(path).await } else { Uuid::nil() };
            let answer = ask(&id).await;
            if answer.status.as_u16() != *expected {
                surprises.push(format!("{method} {path} as {name}: {} and not {expected}", answer.status));
            }
            if *method == Method::GET && answer.status == StatusCode::OK {
                assert!(answer.body.starts_with("<!DOCTYPE html>") && answer.body.contains("</html>"), "{path} {name}");
            }
            if path.contains("{id}") && *expected == 404 && *name != "owner" {
                let unknown = Uuid::now_v7();
                let alike = said(&answer, &id) == said(&ask(&unknown).await, &unknown);
                assert!(alike, "{method} {path} as {name} tells a foreign id from an unknown one");
            }
        }
    }
    surprises
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_for_those_whom_it_is_for() {
    assert_eq!(surprises(&Method::GET, PAGES).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_taken_from_those_whom_it_is_for() {
    assert_eq!(surprises(&Method::POST, FORMS).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn server_functions_are_posted_and_never_lead_elsewhere() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.doctor).await;
    let mut functions = 0;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, reqwest::Method::POST, "{path}: nothing is asked by GET");
        functions += 1;
        let nobody = app.browser().request(method, path).json(&serde_json::json!({})).send().await.unwrap();
        assert!(!nobody.status().is_success(), "{path} {}", nobody.status());
    }
    assert!(functions > 5, "{functions}");
    let query = serde_json::json!({ "query": { "sort": "need", "filter": "all" } });
    let request = browser.request(reqwest::Method::POST, "/fn/work-list").header("sec-fetch-site", "same-origin");
    let answer = request.header("accept", "text/html").header("referer", "https://evil.example/").json(&query);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "never a redirect to whatever the referrer says");
    assert!(answer.text().await.unwrap().contains("Asha Verma"));
}
