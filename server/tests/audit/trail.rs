//! Who did what, as the patient and the admin read it.

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    ids::UserId,
    people::{Actor, Preset},
    ports::{ExportFormat, ListQuery, Panel, PanelQuery, PeriodQuery, Readings, Reports},
    trail::{Access, Trail, TrailQuery},
};
use reqwest::StatusCode;
use server::services::{following, trail::TrailService};

use crate::support::{TestApp, World, on_both_engines};

const WEEK: PeriodQuery = PeriodQuery::LastDays(7);

fn trail(world: &World) -> TrailService {
    TrailService::new(world.deps.clone())
}

async fn seen(world: &World, actor: &Actor) -> Vec<(Option<String>, Access)> {
    let page = trail(world).of_me(actor, &ListQuery::default()).await.unwrap();
    page.items.into_iter().map(|line| (line.name, line.what)).collect()
}

on_both_engines!(a_patient_sees_who_looked_changed_something_or_was_refused, |db| async {
    let world = World::new(&db.store).await;
    assert_eq!(seen(&world, &world.patient).await, []);
    world.reports.report(&world.patient, world.asha(), WEEK, false).await.unwrap();
    assert_eq!(seen(&world, &world.patient).await, [], "one's own looks are not told");

    let tick = || world.clock.forward(TimeDelta::seconds(1));
    world.panel.list(&world.doctor, &PanelQuery::default()).await.unwrap();
    tick();
    world.reports.report(&world.doctor, world.asha(), WEEK, false).await.unwrap();
    tick();
    world.panel.set_targets(&world.doctor, world.asha(), Preset::OlderHighRisk.into()).await.unwrap();
    tick();
    world.reports.export(&world.doctor, world.asha(), WEEK, ExportFormat::Csv).await.unwrap();
    tick();
    following::followed(&world.deps, &world.follower).await.unwrap();
    tick();
    assert_eq!(world.reports.report(&world.stranger, world.asha(), WEEK, false).await, Err(Error::NotFound));
    tick();
    assert!(world.reports.report(&world.admin, world.asha(), WEEK, false).await.is_err());
    let rao = || Some("Dr. Rao".to_owned());
    assert_eq!(
        seen(&world, &world.patient).await,
        [
            (None, Access::Refused),
            (Some("Dr. Menon".into()), Access::Refused),
            // The patient gave no name to this caregiver, whose own is not theirs to know.
            (None, Access::Viewed),
            (rao(), Access::Exported),
            (rao(), Access::TargetsSet),
            (rao(), Access::Viewed),
            (rao(), Access::Listed),
        ]
    );
    assert_eq!(seen(&world, &world.other).await, []);
    for actor in [world.doctor, world.follower, world.admin] {
        assert_eq!(trail(&world).of_me(&actor, &ListQuery::default()).await, Err(Error::Forbidden));
    }
});

on_both_engines!(the_access_log_comes_in_pages_without_gap_or_repetition, |db| async {
    let world = World::new(&db.store).await;
    for n in 0..25 {
        // Rows of one instant as well: the id decides.
        if n % 3 == 0 {
            world.clock.forward(TimeDelta::seconds(1));
        }
        assert!(world.reports.report(&world.stranger, world.asha(), WEEK, false).await.is_err());
    }
    let (mut cursor, mut ids) = (None, Vec::new());
    loop {
        let query = ListQuery { limit: Some(7), cursor, ..ListQuery::default() };
        let page = trail(&world).of_me(&world.patient, &query).await.unwrap();
        ids.extend(page.items.into_iter().map(|line| (line.at, line.id)));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.reverse();
    assert_eq!((ids.len(), ids), (25, sorted));
});

on_both_engines!(an_admin_finds_rows_by_actor_patient_action_and_time_and_the_search_is_a_row, |db| async {
    let world = World::new(&db.store).await;
    let start = world.clock.now();
    world.reports.report(&world.doctor, world.asha(), WEEK, false).await.unwrap();
    world.clock.forward(TimeDelta::hours(1));
    world.reports.report(&world.follower, world.asha(), WEEK, false).await.unwrap_err();
    world.readings.list(&world.doctor, &ListQuery::default()).await.unwrap_err();
    let find = async |query: TrailQuery| {
        let page = trail(&world).search(&world.admin, &query).await.unwrap();
        page.items.into_iter().map(|line| (line.action, line.allowed, line.reason)).collect::<Vec<_>>()
    };
    let viewed = ("patient.view".to_owned(), true, None);
    let refused = |why: &str| ("access.refused".to_owned(), false, Some(why.to_owned()));
    let of = |actor: &Actor| TrailQuery { actor: Some(actor.user), ..TrailQuery::default() };
    assert_eq!(find(of(&world.doctor)).await, [refused("read-glucose"), viewed.clone()]);
    assert_eq!(find(of(&world.follower)).await, [refused("read-report")]);
    let early = ListQuery { to: Some(start + TimeDelta::minutes(1)), ..ListQuery::default() };
    let by_time = TrailQuery { patient: Some(world.asha()), list: early, ..TrailQuery::default() };
    assert_eq!(find(by_time).await, std::slice::from_ref(&viewed));
    let by_action = TrailQuery { action: Some("patient.view".into()), ..TrailQuery::default() };
    assert_eq!(find(by_action).await, [viewed]);
    let searches = TrailQuery { action: Some("audit.search".into()), ..of(&world.admin) };
    assert_eq!(find(searches).await.len(), 5);
    for actor in [world.patient, world.doctor, world.follower] {
        assert_eq!(trail(&world).search(&actor, &TrailQuery::default()).await, Err(Error::Forbidden));
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_and_wrong_codes_are_rows_with_the_address() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.post("/login", &[("phone", &app.phone_of(&app.world.patient))]).await;
    let right = app.code();
    let wrong = if right == "000000" { "111111" } else { "000000" };
    browser.post("/login/code", &[("code", wrong)]).await;
    browser.post("/login/code", &[("code", &right)]).await;
    let all = trail(&app.world).search(&app.world.admin, &TrailQuery::default()).await.unwrap().items;
    let find = |action: &str| all.iter().find(|line| line.action == action).unwrap();
    let (failed, started) = (find("session.refused"), find("session.start"));
    assert_eq!((failed.allowed, failed.reason.as_deref(), failed.actor), (false, Some("wrong-code"), None));
    assert_eq!(failed.object_id, Some(app.world.patient.user.0));
    assert_eq!((started.allowed, started.actor), (true, Some(app.world.patient.user)));
    for line in [failed, started] {
        assert_eq!(line.address.as_deref(), Some("127.0.0.1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_and_the_api_show_the_trail() {
    let app = TestApp::new().await;
    let world = &app.world;
    let doctor = app.browser_of(&world.doctor).await;
    assert_eq!(doctor.get(&format!("/doctor/patients/{}", world.asha())).await.status, StatusCode::OK);
    let patient = app.browser_of(&world.patient).await;
    let page = patient.get("/patient/access-log").await;
    assert!(page.body.contains("Dr. Rao") && page.body.contains("Looked at the data"), "{}", page.body);
    let api = app.patient().await.get("/me/access-log").await.json();
    let line = api["items"].as_array().unwrap().iter().find(|line| line["what"] == "VIEWED").unwrap();
    assert_eq!((&line["name"], &line["role"]), (&"Dr. Rao".into(), &"DOCTOR".into()));

    let admin = app.browser_of(&world.admin).await;
    let doctors: UserId = world.doctor.user;
    let page = admin.get(&format!("/admin/audit?actor={doctors}&action=patient.view")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("patient.view") && page.body.contains(&world.asha().to_string()), "{}", page.body);
    assert!(!page.body.contains("Asha") && !page.body.contains("Rao"), "ids only");
    assert!(!admin.get("/admin/audit?actor=nonsense").await.status.is_success());
}
