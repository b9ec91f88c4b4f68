//! The end of somebody's data: asked for, taken back, done.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    consent::{DataType, LinkKind},
    contact::Phone,
    desk::Desks,
    glucose::NewReading,
    ids::ChallengeId,
    people::{Actor, Preset, Role},
    ports::{Accounts, CareTeam, Emergencies, Imports, Invitation, Meals, Origin, Panel, Readings},
    records::Records,
    rights::{ERASURE_GRACE, Rights},
};
use reqwest::StatusCode;
use server::{
    audit::{HeadFile, Sequencer, verify},
    crypto::Place,
    messages::NoticeKind,
    services::{
        accounts::AccountsService,
        care_team::CareTeamService,
        desk::DeskService,
        emergency::EmergencyService,
        people::name_place,
        rights::{RightsService, erase_due},
    },
    storage::{Store, erasures::ERASE, patient_keys, users},
};
use uuid::Uuid;

use super::readings::value;
use crate::support::{TestApp, TestDb, World, add_person, deps, eventually, on_both_engines, phone, prove};

/// Tables that an erasure leaves as they are, each with the reason.
const KEPT: &[(&str, &str)] = &[
    ("users", "emptied to a shell, which the trail's ids point to"),
    ("clinics", "nobody's"),
    ("tags", "a doctor's own words, sealed with the doctor's key; who bore them is erased"),
    ("saved_views", "a doctor's own, without anything of a patient"),
    ("purpose_keys", "the service's own"),
    ("web_sessions", "found by the cookie only, sealed, over after seven days"),
    ("audit", "ids and fixed words; the chain needs them, for a year"),
    ("audit_chain", "numbers and codes"),
    ("audit_unchained", "ids, for a second"),
    ("audit_heads", "numbers, codes and signatures"),
    ("audit_cuts", "numbers, codes and signatures"),
    ("outbox", "ids, for seven days"),
    ("inbox", "ids of events, for thirty days"),
    ("_sqlx_migrations", "the service's own"),
];

/// The tables that [`ERASE`] names.
pub fn erased_tables() -> BTreeSet<&'static str> {
    let table = |sql: &&'static str| {
        let mut words = sql.split(' ');
        match words.next() {
            Some("DELETE") => words.nth(1),
            _ => words.next(),
        }
    };
    ERASE.iter().filter_map(table).collect()
}

async fn strings(store: &Store, sqlite: &'static str, postgres: &'static str) -> Vec<(String, String)> {
    match store {
        Store::Sqlite { read, .. } => sqlx::query_as(sqlite).fetch_all(read).await.unwrap(),
        Store::Postgres(pool) => sqlx::query_as(postgres).fetch_all(pool).await.unwrap(),
    }
}

/// Every table, with every column that can hold an id.
async fn id_columns(store: &Store) -> Vec<(String, String)> {
    strings(
        store,
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND c.type = 'BLOB' ORDER BY 1, 2",
        "SELECT table_name::text, column_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'uuid' ORDER BY 1, 2",
    )
    .await
}

on_both_engines!(every_table_is_erased_or_kept_for_a_reason, |db| async {
    let tables = strings(
        &db.store,
        "SELECT name, '' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "SELECT table_name::text, '' FROM information_schema.tables WHERE table_schema = 'public'",
    )
    .await;
    let tables: BTreeSet<&str> = tables.iter().map(|(table, _)| table.as_str()).collect();
    let (erased, kept) = (erased_tables(), KEPT.iter().map(|(table, _)| *table).collect::<BTreeSet<_>>());
    assert_eq!(erased.intersection(&kept).collect::<Vec<_>>(), Vec::<&&str>::new());
    let named: BTreeSet<&str> = erased.union(&kept).copied().collect();
    assert_eq!(named, tables, "a table is missing in `storage::erasures::ERASE`, or here with the reason why it stays");
});

/// The same person, signed in just now: what is asked for here wants a fresh proof of who it is.
async fn fresh(world: &World, actor: &Actor) -> Actor {
    let accounts = AccountsService::new(world.deps.clone());
    let session = accounts.start_session(actor.user, &Origin::default()).await.unwrap();
    prove(&world.deps, session, world.clock.now()).await;
    Actor { session, ..*actor }
}

/// Asks, lets the seven days pass, and has it done.
async fn erase(world: &World, actor: &Actor) {
    RightsService::new(world.deps.clone()).ask_erasure(&fresh(world, actor).await).await.unwrap();
    world.clock.forward(ERASURE_GRACE);
    assert_eq!(erase_due(&world.deps).await, Ok(1));
}

async fn execute(store: &Store, sql: &'static str, ids: &[Uuid]) {
    let done = match store {
        Store::Sqlite { write, .. } => {
            let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
            query.execute(write).await.map(|done| done.rows_affected())
        }
        Store::Postgres(pool) => {
            let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
            query.execute(pool).await.map(|done| done.rows_affected())
        }
    };
    assert_eq!(done.unwrap(), 1, "{sql}");
}

async fn count(store: &Store, sql: String, id: Uuid) -> i64 {
    let sql = sqlx::AssertSqlSafe(sql);
    match store {
        Store::Sqlite { read, .. } => sqlx::query_scalar(sql).bind(id).fetch_one(read).await.unwrap(),
        Store::Postgres(pool) => sqlx::query_scalar(sql).bind(id).fetch_one(pool).await.unwrap(),
    }
}

/// The tables in which an id stands anywhere.
async fn naming(store: &Store, id: Uuid) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for (table, column) in id_columns(store).await {
        if count(store, format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1"), id).await > 0 {
            tables.insert(table);
        }
    }
    tables
}

/// Something of the patient's in every table that knows people.
async fn fill(world: &World, number: &Phone) {
    let (store, patient) = (&world.deps.store, &world.patient);
    let notes = Some("secret".into());
    world.readings.log(patient, NewReading { notes, ..value(world, 1, 120.0) }).await.unwrap();
    world.meals.log(patient, super::meals::lunch(world, 1)).await.unwrap();
    let (lab, _) = world.records.log(patient, super::records::lab(world, 10)).await.unwrap();
    world.records.attach(patient, lab.id, b"%PDF-1.7 my report".to_vec()).await.unwrap();
    world.imports.preview(patient, b"time,value,unit\n2026-10-01 08:00,110,mg/dL\n".to_vec()).await.unwrap();
    world.panel.review(&world.doctor, world.asha(), true).await.unwrap();
    world.panel.set_targets(&world.doctor, world.asha(), Preset::OlderHighRisk.into()).await.unwrap();
    let colleague = world.person(Role::Doctor, Some("Dr. Khan")).await;
    world.link(patient, &colleague, LinkKind::Care, DataType::ALL).await;
    let desk = DeskService::new(world.deps.clone());
    desk.tag(&world.doctor, world.asha(), "pump").await.unwrap();
    desk.hand_over(&world.doctor, world.asha(), colleague.user, Some("lows at night")).await.unwrap();
    let invitation =
        Invitation { phone: phone(77), name: "My son".into(), data_types: vec![DataType::Glucose], until: None };
    CareTeamService::new(world.deps.clone()).invite(patient, invitation).await.unwrap();
    let emergencies = EmergencyService::new(world.deps.clone());
    emergencies.open(&world.stranger, number, "Unconscious in casualty").await.unwrap();
    let accounts = AccountsService::new(world.deps.clone());
    accounts.start_tokens(patient.user, &Origin::default()).await.unwrap();
    accounts.request_otp(number, &Origin::default()).await.unwrap();
    let wrong = accounts.verify_otp(ChallengeId(Uuid::now_v7()), number, "000000", &Origin::default()).await;
    assert_eq!(wrong.err(), Some(Error::Unauthenticated));
    let (user, id) = (patient.user.0, Uuid::now_v7());
    for (sql, ids) in [
        (
            "INSERT INTO totp_factors (user_id, secret_sealed, created_at, last_step) \
             SELECT $1, phone_sealed, 1, 0 FROM users WHERE id = $1",
            vec![user],
        ),
        (
            "INSERT INTO recovery_codes (id, user_id, selector, hash, created_at) VALUES ($1, $2, 's', 'h', 1)",
            vec![id, user],
        ),
        (
            "INSERT INTO second_factor_guesses (user_id, window_start, in_window, in_a_row) VALUES ($1, 1, 1, 1)",
            vec![user],
        ),
        (
            "INSERT INTO passkeys (id, user_id, credential_id, credential, created_at) \
             SELECT $1, $2, phone_sealed, '{}', 1 FROM users WHERE id = $2",
            vec![id, user],
        ),
        (
            "INSERT INTO passkey_ceremonies (id, user_id, purpose, state, expires_at) VALUES ($1, $2, 'ADD', '{}', 2)",
            vec![id, user],
        ),
        (
            "INSERT INTO second_factor_challenges (id, user_id, created_at, expires_at) VALUES ($1, $2, 1, 2)",
            vec![id, user],
        ),
        (
            // A patient has none; should there ever be one, it goes.
            "INSERT INTO connection_codes (doctor_id, code_mac, expires_at) SELECT $1, phone_sealed, 1 FROM users WHERE id = $1",
            vec![user],
        ),
        ("INSERT INTO connection_guesses (patient_id, window_start, in_window) VALUES ($1, 1, 1)", vec![user]),
    ] {
        execute(store, sql, &ids).await;
    }
}

on_both_engines!(of_an_erased_person_only_ids_stay_that_nothing_leads_to, |db| async {
    let world = World::new(&db.store).await;
    let (store, id, number) = (&db.store, world.patient.user.0, phone(1_000));
    fill(&world, &number).await;
    world.readings.log(&world.other, value(&world, 1, 99.0)).await.unwrap();
    RightsService::new(world.deps.clone()).ask_erasure(&fresh(&world, &world.patient).await).await.unwrap();
    let mine: BTreeSet<String> = naming(store, id).await;
    // Found through the session or the phone number.
    let indirectly = ["refresh_tokens", "otp_challenges", "otp_failures"];
    let expected: BTreeSet<&str> = erased_tables().into_iter().filter(|table| !indirectly.contains(table)).collect();
    assert_eq!(expected.iter().filter(|table| !mine.contains(**table)).collect::<Vec<_>>(), Vec::<&&str>::new());
    let index = world.deps.purposes.phone_index(&number);
    let of_phone = async |table: &str| {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table} WHERE phone_index = $1"));
        let rows: i64 = match store {
            Store::Sqlite { read, .. } => sqlx::query_scalar(sql).bind(index.as_slice()).fetch_one(read).await.unwrap(),
            Store::Postgres(pool) => sqlx::query_scalar(sql).bind(index.as_slice()).fetch_one(pool).await.unwrap(),
        };
        rows
    };
    for table in ["users", "otp_challenges"] {
        assert_eq!(of_phone(table).await, 1, "{table}");
    }
    let tokens = "SELECT COUNT(*) FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1";
    assert_eq!(count(store, tokens.to_owned(), id).await, 1);

    world.clock.forward(ERASURE_GRACE);
    assert_eq!(erase_due(&world.deps).await, Ok(1));
    assert_eq!(erase_due(&world.deps).await, Ok(0), "once");
    let left: BTreeSet<String> = naming(store, id).await;
    let ids = ["audit", "outbox", "sessions", "users"];
    assert_eq!(left.iter().map(String::as_str).collect::<Vec<_>>(), ids);
    for table in ["users", "otp_challenges", "otp_failures"] {
        assert_eq!(of_phone(table).await, 0, "{table}");
    }
    assert_eq!(count(store, tokens.to_owned(), id).await, 0);
    let shell = users::get(store, world.patient.user).await.unwrap().unwrap();
    assert_eq!((shell.active, shell.phone_sealed, shell.name_sealed), (false, vec![], None));
    let devices =
        "SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND (device_sealed IS NOT NULL OR revoked_at IS NULL)";
    assert_eq!(count(store, devices.to_owned(), id).await, 0);
    let others = "SELECT COUNT(*) FROM readings WHERE patient_id = $1".to_owned();
    assert_eq!(count(store, others, world.other.user.0).await, 1, "nothing of anybody else");

    let folder = tempfile::tempdir().unwrap();
    let file = HeadFile(folder.path().join("heads"));
    let (purposes, clock) = (world.deps.purposes.clone(), world.deps.clock.clone());
    let chain = Sequencer::new(store.clone(), purposes, clock, file.clone());
    chain.step().await.unwrap();
    assert_eq!(verify(&world.deps, &file).await.unwrap().findings, [], "the trail is whole");
    let done = "SELECT COUNT(*) FROM audit WHERE action = 'user.erase' AND patient_id = $1";
    assert_eq!(count(store, done.to_owned(), id).await, 1, "the proof");
});

on_both_engines!(what_was_sealed_for_an_erased_person_opens_nowhere, |db| async {
    let world = World::new(&db.store).await;
    let other_process = deps(db.open_again().await, world.clock.clone()).await.0;
    let (user, keys) = (world.patient.user, &world.deps.keys);
    let name = users::get(&db.store, user).await.unwrap().unwrap().name_sealed.unwrap();
    let note = Place { table: "readings", column: "notes_sealed", row: Uuid::now_v7(), patient: user.0 };
    let sealed = keys.seal_text(&note, "secret").unwrap();
    let wrapped = patient_keys::of(&db.store, &[user.0]).await.unwrap().remove(0).wrapped;
    for keys in [keys, &other_process.keys] {
        assert_eq!(keys.open_text(&name_place(user), &name).as_deref(), Ok("Asha Verma"));
        assert_eq!(keys.open_text(&note, &sealed).as_deref(), Ok("secret"));
    }
    assert!(on_disk(db, &wrapped), "what is there is found");

    erase(&world, &world.patient).await;
    assert_eq!(erase_due(&other_process).await, Ok(0), "the other process finds nobody, and forgets the key");
    let later = crate::support::keyring();
    later.load(&db.store).await.unwrap().unwrap();
    for keys in [keys.as_ref(), other_process.keys.as_ref(), &later] {
        assert!(keys.open(&name_place(user), &name).is_err() && keys.open(&note, &sealed).is_err());
    }
    assert!(keys.open(&name_place(world.doctor.user), b"").is_err());
    assert_eq!(patient_keys::of(&db.store, &[user.0]).await.unwrap(), []);
    if db.url.starts_with("sqlite:") {
        assert!(!on_disk(db, &wrapped), "the wrapped key is gone from the file and from its log of writes");
    }
});

/// Whether bytes lie in a file of the database; PostgreSQL's files are not ours to look into.
fn on_disk(db: &TestDb, bytes: &[u8]) -> bool {
    let Some(path) = db.url.strip_prefix("sqlite:") else { return true };
    let folder = std::path::Path::new(path).parent().unwrap();
    std::fs::read_dir(folder).unwrap().any(|file| {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

on_both_engines!(an_erasure_can_be_taken_back_for_seven_days, |db| async {
    let world = World::new(&db.store).await;
    let (deps, rights) = (&world.deps, RightsService::new(world.deps.clone()));
    world.readings.log(&world.patient, value(&world, 1, 120.0)).await.unwrap();
    let due = rights.ask_erasure(&fresh(&world, &world.patient).await).await.unwrap();
    assert_eq!(due, world.clock.now() + ERASURE_GRACE);
    world.clock.forward(TimeDelta::days(1));
    assert_eq!(rights.ask_erasure(&fresh(&world, &world.patient).await).await, Ok(due), "the first one stands");
    assert_eq!(rights.erasure(&world.patient).await, Ok(Some(due)));
    rights.keep(&world.patient).await.expect("to keep one's data wants no proof");
    world.clock.forward(ERASURE_GRACE);
    assert_eq!((erase_due(deps).await, rights.erasure(&world.patient).await), (Ok(0), Ok(None)), "it was taken back");
    rights.ask_erasure(&fresh(&world, &world.patient).await).await.unwrap();
    world.clock.forward(ERASURE_GRACE - TimeDelta::milliseconds(1));
    assert_eq!(erase_due(deps).await, Ok(0));
    let readings = "SELECT COUNT(*) FROM readings WHERE patient_id = $1".to_owned();
    assert_eq!(count(&db.store, readings.clone(), world.patient.user.0).await, 1);
    world.clock.forward(TimeDelta::milliseconds(1));
    assert_eq!(erase_due(deps).await, Ok(1));
    assert_eq!(count(&db.store, readings, world.patient.user.0).await, 0);
});

on_both_engines!(an_erased_persons_sessions_end_everywhere_and_the_number_begins_anew, |db| async {
    let world = World::new(&db.store).await;
    let other_process = deps(db.open_again().await, world.clock.clone()).await.0;
    let asha = fresh(&world, &world.patient).await;
    assert_eq!(other_process.sessions.actor(asha.session).await, Ok(asha));
    RightsService::new(world.deps.clone()).ask_erasure(&asha).await.unwrap();
    world.clock.forward(ERASURE_GRACE - TimeDelta::hours(1));
    let last = fresh(&world, &world.patient).await;
    assert_eq!(other_process.sessions.actor(last.session).await, Ok(last));
    world.clock.forward(TimeDelta::hours(1));
    assert_eq!(erase_due(&world.deps).await, Ok(1));
    eventually("the other process lets nobody in", async || other_process.sessions.actor(last.session).await.is_err())
        .await;
    let anew = add_person(&world.deps, Role::Patient, &phone(1_000), None, world.clock.now()).await;
    assert_ne!(anew, world.patient.user, "the number is free for somebody new");
});

on_both_engines!(an_erased_caregiver_leaves_those_whom_they_followed, |db| async {
    let world = World::new(&db.store).await;
    let team = CareTeamService::new(world.deps.clone());
    let asha = fresh(&world, &world.other).await;
    let invitation =
        Invitation { phone: phone(1_004), name: "Rohan".into(), data_types: vec![DataType::Glucose], until: None };
    let link = team.invite(&asha, invitation).await.unwrap();
    team.accept(&world.follower, link).await.unwrap();
    erase(&world, &world.follower).await;
    assert_eq!(team.of_me(&asha).await.unwrap(), []);
    let told = RightsService::new(world.deps.clone()).consents(&asha, 10).await.unwrap();
    assert_eq!(
        told.iter().map(|line| (line.given, line.name.clone())).collect::<Vec<_>>(),
        [(false, None), (true, None)]
    );
});

on_both_engines!(staff_are_not_erased_by_themselves_and_a_stale_session_erases_nobody, |db| async {
    let world = World::new(&db.store).await;
    let rights = RightsService::new(world.deps.clone());
    for actor in [world.doctor, world.admin] {
        assert_eq!(rights.ask_erasure(&fresh(&world, &actor).await).await, Err(Error::Forbidden));
    }
    world.clock.forward(TimeDelta::minutes(6));
    for actor in [world.patient, world.follower] {
        assert_eq!(rights.ask_erasure(&actor).await, Err(Error::StepUp));
        assert_eq!(rights.erasure(&actor).await, Ok(None));
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn the_page_asks_for_the_erasure_tells_the_person_and_takes_it_back() {
    let app = TestApp::new().await;
    let (browser, caller) = (app.browser_of(&app.world.patient).await, app.patient().await);
    let keep = "Keep my data";
    assert!(!browser.get("/settings/data").await.body.contains(keep));
    let first_page = async || browser.get("/patient").await.body.contains("is going to be erased on");
    assert!(!first_page().await);
    assert_eq!(caller.get("/me").await.json()["eraseAt"], serde_json::Value::Null);
    assert_eq!(browser.post("/settings/data/erase", &[]).await.status, StatusCode::SEE_OTHER);
    let page = browser.get("/settings/data").await.body;
    assert!(first_page().await, "it is the first thing that the person sees");
    assert!(page.contains(keep) && page.contains("Your data is going to be erased in seven days."));
    assert!(caller.get("/me").await.json()["eraseAt"].is_string());
    let notices = app.state.outbox.as_ref().unwrap().notices();
    let told: Vec<_> = notices.iter().map(|notice| (notice.to.e164().to_owned(), notice.kind)).collect();
    assert_eq!(told, [(app.phone_of(&app.world.patient), NoticeKind::ErasureAsked)]);
    assert_eq!(browser.post("/settings/data/keep", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!first_page().await);
    assert!(!browser.get("/settings/data").await.body.contains(keep));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_erases_who_is_due_by_itself() {
    let app = TestApp::new().await;
    let (store, user) = (&app.world.deps.store, app.world.patient.user);
    execute(store, "INSERT INTO erasures (user_id, asked_at, due_at) VALUES ($1, 1, 2)", &[user.0]).await;
    let _second = TestApp::with(&[("DATABASE_URL", &app.database_url)]).await;
    eventually("the person is erased", async || !users::get(store, user).await.unwrap().unwrap().active).await;
}
