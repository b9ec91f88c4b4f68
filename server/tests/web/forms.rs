//! Native form posts: each is one use case, a message on the next page, and nothing typed is lost.

use chrono::TimeDelta;
use domain::{
    clock::{Clock, DEFAULT_ZONE},
    consent::{DataType, LinkKind},
    ports::PanelQuery,
};
use reqwest::StatusCode;

use crate::support::{Answer, Browser, TestApp};

/// A wall-clock time in India, some minutes ago.
fn local(app: &TestApp, minutes: i64) -> String {
    (app.world.clock.now() - TimeDelta::minutes(minutes))
        .with_timezone(&DEFAULT_ZONE)
        .format("%Y-%m-%dT%H:%M")
        .to_string()
}

#[track_caller]
fn to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location")
}

/// The one id of a list of the API.
async fn only(app: &TestApp, path: &str) -> serde_json::Value {
    let list = app.patient().await.get(path).await.json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{list}");
    items[0].clone()
}

async fn count(app: &TestApp, path: &str) -> usize {
    app.patient().await.get(path).await.json()["items"].as_array().unwrap().len()
}

async fn undo_of(browser: &Browser, page: &str) -> String {
    let body = browser.get(page).await.body;
    let action = body.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    action
        .filter(|path| {
            path.contains("/restore")
                || path.contains("/undo")
                || path.contains("/delete")
                || path.contains("reviewed=no")
        })
        .map(str::to_owned)
        .next()
        .unwrap_or_else(|| panic!("no undo on {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_logged_changed_deleted_and_restored() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let at = local(&app, 10);
    let fields =
        [("value", "7,2"), ("unit", "mmol/L"), ("state", "AFTER_LUNCH"), ("recordedAt", &at), ("notes", "rice")];
    assert_eq!(to(&browser.post("/patient/log", &fields).await), "/patient");
    assert!(browser.get("/patient").await.body.contains("7.2"));
    let reading = only(&app, "/glucose").await;
    assert_eq!((&reading["value"], &reading["state"]), (&7.2.into(), &"AFTER_LUNCH".into()));

    let path = format!("/patient/history/{}", reading["id"].as_str().unwrap());
    assert!(browser.get(&path).await.body.contains("rice"));
    let fields = [("value", "150"), ("unit", "mg/dL"), ("state", "RANDOM"), ("recordedAt", &at)];
    assert_eq!(to(&browser.post(&path, &fields).await), "/patient/history");
    assert_eq!(only(&app, "/glucose").await["value"], 150.0);

    assert_eq!(to(&browser.post(&format!("{path}/delete"), &[]).await), "/patient/history");
    assert_eq!(count(&app, "/glucose").await, 0);
    let undo = undo_of(&browser, "/patient/history").await;
    assert_eq!(undo, format!("{path}/restore"));
    assert!(!browser.get("/patient/history").await.body.contains(&undo), "a message is shown once");
    to(&browser.post(&undo, &[]).await);
    assert_eq!(count(&app, "/glucose").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_reading_comes_back_with_everything_that_was_typed() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let at = local(&app, 10);
    let fields = [
        ("value", "abc"),
        ("unit", "mg/dL"),
        ("state", "BEDTIME"),
        ("recordedAt", &at),
        ("notes", "after <b>milk</b>"),
    ];
    let answer = browser.post("/patient/log", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for typed in ["abc", &at, "after &lt;b&gt;milk&lt;/b&gt;"] {
        assert!(answer.body.contains(typed), "{typed} is lost");
    }
    assert!(!answer.body.contains("<b>milk</b>"));
    let unusual = [("value", "30"), ("unit", "mg/dL"), ("state", "RANDOM"), ("recordedAt", at.as_str())];
    assert_eq!(browser.post("/patient/log", &unusual).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut confirmed = unusual.to_vec();
    confirmed.push(("confirmed", "yes"));
    to(&browser.post("/patient/log", &confirmed).await);
    assert_eq!(only(&app, "/glucose").await["value"], 30.0, "a severe low is never dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meal_is_logged_changed_deleted_and_restored() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let at = local(&app, 10);
    let fields = [("foodItems", "2 roti\ndal"), ("mealType", "LUNCH"), ("estimatedCarbs", "45"), ("recordedAt", &at)];
    assert_eq!(to(&browser.post("/patient/meals/new", &fields).await), "/patient");
    let meal = only(&app, "/meals").await;
    assert_eq!(meal["foodItems"], serde_json::json!(["2 roti", "dal"]));
    let path = format!("/patient/meals/{}", meal["id"].as_str().unwrap());
    let changed = [("foodItems", "idli"), ("mealType", "BREAKFAST"), ("recordedAt", at.as_str()), ("version", "1")];
    assert_eq!(to(&browser.post(&path, &changed).await), "/patient/history?kind=meals");
    let meal = only(&app, "/meals").await;
    assert_eq!((&meal["mealType"], &meal["version"]), (&"BREAKFAST".into(), &2.into()));
    assert_eq!(to(&browser.post(&path, &changed).await), path, "it changed meanwhile: look again");
    let empty = [("foodItems", ""), ("mealType", "LUNCH"), ("estimatedCarbs", "600"), ("recordedAt", at.as_str())];
    let wrong = browser.post(&path, &empty).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("600"));
    to(&browser.post(&format!("{path}/delete"), &[]).await);
    assert_eq!(count(&app, "/meals").await, 0);
    let undo = undo_of(&browser, "/patient/history?kind=meals").await;
    to(&browser.post(&undo, &[]).await);
    assert_eq!(count(&app, "/meals").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_confirmed_and_undone() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let file = "time,value,unit\n03/04/2026 08:00,110,mg/dL\n05/04/2026 08:00,112,mg/dL\n";
    let looked = browser.upload("/patient/import", file).await;
    let page = to(&looked).to_owned();
    assert!(page.starts_with("/patient/import/"));
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    let unanswered = browser.post(&format!("{page}/confirm"), &[]).await;
    assert_eq!(unanswered.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unanswered.body);
    assert_eq!(to(&browser.post(&page, &[("dateOrder", "monthDay")]).await), page);
    to(&browser.post(&format!("{page}/confirm"), &[("dateOrder", "dayMonth")]).await);
    assert_eq!(count(&app, "/glucose").await, 2);
    let undo = undo_of(&browser, "/patient/trends").await;
    assert_eq!(undo, format!("{page}/undo"));
    to(&browser.post(&undo, &[]).await);
    assert_eq!(count(&app, "/glucose").await, 0);
    let wrong = browser.upload("/patient/import", "hello").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caregiver_is_invited_agrees_and_leaves() {
    let app = TestApp::new().await;
    let patient = app.browser_of(&app.world.other).await;
    let phone = "9876543210";
    let wrong =
        patient.post("/patient/care-team/invite", &[("name", "Rohan"), ("phone", "1"), ("glucose", "yes")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("Rohan"));
    let fields = [("name", "Rohan"), ("phone", phone), ("glucose", "yes")];
    assert_eq!(to(&patient.post("/patient/care-team/invite", &fields).await), "/patient/care-team");
    let caregiver = app.browser();
    caregiver.sign_in(&app, phone).await;
    let page = caregiver.get("/caregiver").await;
    let accept =
        page.body.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next()).find(|p| p.ends_with("/accept"));
    let accept = accept.expect("an invitation to accept").to_owned();
    assert_eq!(to(&caregiver.post(&accept, &[]).await), "/caregiver");
    let team = patient.get("/patient/care-team").await.body;
    let end = team.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next()).find(|p| p.ends_with("/end"));
    let end = end.expect("a link to end").to_owned();
    let theirs = accept.replace("/accept", "/end");
    assert_eq!(to(&caregiver.post(&theirs, &[]).await), "/caregiver");
    assert_eq!(to(&patient.post(&end, &[]).await), "/patient/care-team", "it has ended already, as they wished");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_saved_and_shown_again_when_they_are_wrong() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.patient).await;
    let fields = [("name", "Asha V"), ("unit", "mmol/L"), ("timeZone", "Asia/Kolkata"), ("language", "hi")];
    assert_eq!(to(&browser.post("/settings", &fields).await), "/settings");
    let me = app.patient().await.get("/me").await.json();
    assert_eq!((&me["name"], &me["unit"], &me["language"]), (&"Asha V".into(), &"mmol/L".into(), &"hi".into()));
    let wrong = browser.post("/settings", &[("name", "A\u{7}B"), ("timeZone", "Mars/Base")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_reviews_takes_it_back_and_sets_targets() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.doctor).await;
    let page = format!("/doctor/patients/{}", app.world.asha());
    let reviewed = || async {
        let actor = &app.world.doctor;
        app.state.services.panel.list(actor, &PanelQuery::default()).await.unwrap().items[0].reviewed_at.is_some()
    };
    let review = format!("{page}/review");
    assert_eq!(to(&browser.post(&review, &[("reviewed", "yes"), ("next", "/doctor")]).await), "/doctor");
    assert!(reviewed().await);
    let undo = undo_of(&browser, "/doctor").await.replace("&amp;", "&");
    assert_eq!(undo, format!("{review}?reviewed=no"));
    assert_eq!(to(&browser.post(&undo, &[]).await), page);
    assert!(!reviewed().await);
    assert_eq!(
        browser.post(&review, &[("reviewed", "yes"), ("due", "soon")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(!reviewed().await);
    let head = browser.get(&page).await.body;
    let due = head.split(r#"name="due" value=""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(to(&browser.post(&review, &[("reviewed", "yes"), ("due", due), ("next", &page)]).await), page);
    assert!(browser.get(&page).await.body.contains("again on "), "the day is in the head");
    assert!(browser.get("/doctor").await.body.contains("again on "), "and in the list");
    let targets = format!("{page}/targets");
    assert_eq!(to(&browser.post(&targets, &[("preset", "OLDER_HIGH_RISK")]).await), page);
    assert!(browser.get(&page).await.body.contains("Older or at high risk"));
    let typed = [("preset", "OWN"), ("unit", "mg/dL"), ("low", "83"), ("high", "16o")];
    let wrong = browser.post(&targets, &typed).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("16o"), "{}", wrong.body);
    let typed = [("preset", "OWN"), ("unit", "mg/dL"), ("low", "83"), ("high", "160"), ("inRangeAbove", "60")];
    assert_eq!(to(&browser.post(&targets, &typed).await), page);
    let shown = browser.get(&targets).await.body;
    assert!(shown.contains("83–160 mg/dL") && shown.contains("Dr. "), "{shown}");
    assert!(shown.find("83–160").unwrap() < shown.rfind("Older or at high risk").unwrap(), "newest first");
    let found = browser.post("/doctor", &[("q", "asha")]).await;
    assert!(found.status == StatusCode::OK && found.body.contains("Asha Verma"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_tags_passes_on_and_saves_views() {
    let app = TestApp::new().await;
    let world = &app.world;
    // Another doctor begins to treat her too.
    let colleague = world.stranger;
    world.link(&world.patient, &colleague, LinkKind::Care, DataType::ALL).await;
    let (browser, theirs) = (app.browser_of(&world.doctor).await, app.browser_of(&colleague).await);
    let page = format!("/doctor/patients/{}", world.asha());
    let desk = format!("{page}/desk");
    assert_eq!(to(&browser.post(&desk, &[("tag", "on a pump")]).await), desk);
    assert!(
        browser.get(&page).await.body.contains("on a pump") && browser.get("/doctor").await.body.contains("on a pump")
    );
    let long = "x".repeat(31);
    let wrong = browser.post(&desk, &[("tag", &long)]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains(&long), "what was typed stays");
    let list = browser.get("/doctor").await.body;
    let tag = list.split("/doctor?tag=").nth(1).and_then(|rest| rest.get(..36)).expect("a link to the tag's patients");
    assert!(browser.get(&format!("/doctor?tag={tag}")).await.body.contains("Asha Verma"));
    assert_eq!(to(&browser.post(&desk, &[("off", tag)]).await), desk);
    assert!(!browser.get(&page).await.body.contains("on a pump"));
    let undo = format!("{desk}?on={tag}");
    assert_eq!(to(&browser.post(&undo, &[]).await), desk);
    assert!(browser.get(&page).await.body.contains("on a pump"));

    let view = [("name", "pumps"), ("filter", "notReviewed"), ("sort", "name"), ("tag", tag)];
    assert_eq!(to(&browser.post("/doctor/views", &view).await), "/doctor/views");
    let saved = format!("/doctor?sort=name&amp;filter=notReviewed&amp;tag={tag}");
    let views = browser.get("/doctor/views").await.body;
    assert!(views.contains(&saved) && browser.get("/doctor").await.body.contains(&saved), "{views}");
    let remove = views.split("action=\"/doctor/views/").nth(1).and_then(|rest| rest.get(..36)).expect("a button");
    assert_eq!(to(&browser.post(&format!("/doctor/views/{remove}/remove"), &[]).await), "/doctor/views");
    assert_eq!(undo_of(&browser, "/doctor/views").await, format!("/doctor/views/{remove}/restore"));
    assert!(!browser.get("/doctor").await.body.contains(&saved));

    let passed = browser.post(&desk, &[("to", &colleague.user.to_string()), ("note", "lows at night")]).await;
    assert_eq!(to(&passed), desk);
    let found = theirs.get("/doctor?filter=handedToMe").await.body;
    assert!(found.contains("Asha Verma") && found.contains("From Dr. Rao: lows at night"), "{found}");
    assert!(browser.get(&page).await.body.contains("With Dr. Menon"));
    let wrong = browser.post(&desk, &[("to", ""), ("note", "please")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("please"));
    assert_eq!(to(&theirs.post(&desk, &[("back", "yes")]).await), desk);
    assert!(!theirs.get("/doctor?filter=handedToMe").await.body.contains("Asha Verma"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_adds_clinics_staff_and_links() {
    let app = TestApp::new().await;
    let browser = app.browser_of(&app.world.admin).await;
    assert_eq!(to(&browser.post("/admin/clinics", &[("name", "Sunrise"), ("city", "Pune")]).await), "/admin/clinics");
    assert!(browser.get("/admin/clinics").await.body.contains("Sunrise"));
    let wrong = browser.post("/admin/staff", &[("name", "Dr. Iyer"), ("phone", "1"), ("role", "DOCTOR")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("Dr. Iyer"));
    let staff = [("name", "Dr. Iyer"), ("phone", "9876543210"), ("role", "DOCTOR")];
    assert_eq!(to(&browser.post("/admin/staff", &staff).await), "/admin");
    assert!(browser.get("/admin").await.body.contains("Dr. Iyer"));
    let doctor = app.browser();
    assert_eq!(to(&doctor.sign_in(&app, "9876543210").await), "/second-factor/setup");
    let (patient, id) = (app.phone_of(&app.world.other), app.world.doctor.user.to_string());
    assert_eq!(to(&browser.post("/admin/links", &[("phone", &patient), ("doctor", &id)]).await), "/admin/links");
}
