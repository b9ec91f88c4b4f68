//! The headers as MDN's HTTP Observatory grades them, over TLS, in production.

use std::{io::Write, process::Stdio};

use serde::Deserialize;
use serde_json::json;

use crate::support::{TOKEN_KEYS, TestApp, server_url};

#[derive(Debug, Deserialize)]
struct Graded {
    path: String,
    grade: String,
    score: i32,
    failed: Vec<String>,
}

/// Signs in on a development server, whose codes can be read, and grades what a production server over the same database
/// answers to that session.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_sign_in_and_every_portal_are_graded_a_plus() {
    let Some(scanner) = server_url("TEST_OBSERVATORY") else { return };
    let app = TestApp::new().await;
    let production =
        TestApp::with(&[("PROCARE_ENV", "production"), ("JWT_KEYS", TOKEN_KEYS), ("DATABASE_URL", &app.database_url)])
            .await;
    let mut pages = vec![json!({ "path": "/" }), json!({ "path": "/login" })];
    let world = &app.world;
    for (actor, path) in [
        (world.patient, "/patient"),
        (world.doctor, "/doctor"),
        (world.follower, "/caregiver"),
        (world.admin, "/admin"),
    ] {
        let signed_in = app.browser().sign_in(&app, &app.phone_of(&actor)).await;
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
        pages.push(json!({ "path": path, "cookie": format!("__Host-{cookie}") }));
    }
    let base = production.base.clone();
    let output = tokio::task::spawn_blocking(move || {
        let mut node = std::process::Command::new("node")
            .args([&scanner, &base])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        node.stdin.take().unwrap().write_all(json!(pages).to_string().as_bytes()).unwrap();
        node.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "the scanner failed (above)");
    let graded: Vec<Graded> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(graded.len(), 6);
    for page in graded {
        assert!(page.grade == "A+" && page.score >= 130 && page.failed.is_empty(), "{page:?}");
        eprintln!("{}: {} ({})", page.path, page.grade, page.score);
    }
}
