//! Connections that misbehave, requests that fail inside, and the end of a server.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::{
    Result,
    ids::PatientId,
    people::Actor,
    ports::{PanelPage, PanelQuery, PatientHead, PatientTargets, Services},
    targets::Goals,
};
use reqwest::StatusCode;
use server::{
    config::Config,
    limits::Limiter,
    router, serve,
    state::{AppState, Shared},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use crate::support::{Caller, TestApp, eventually};

/// Long enough for a loaded machine, far from the minutes that an open connection would last.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends something, then waits until the server closes; gives what it said.
async fn until_closed(address: SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut said = Vec::new();
    // A reset is an end too; a connection that is closed at once may be gone before it is written to.
    let _ = stream.write_all(sent).await;
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("the connection is closed");
    String::from_utf8_lossy(&said).into_owned()
}

async fn impatient() -> TestApp {
    TestApp::with(&[
        ("HTTP_FIRST_BYTE_MS", "200"),
        ("HTTP_HEADER_MS", "400"),
        ("HTTP_REQUEST_MS", "1500"),
        ("HTTP_DRAIN_MS", "500"),
    ])
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_say_nothing_or_never_finish_a_head_are_closed() {
    let app = impatient().await;
    for sent in
        [&b""[..], b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"PRI * HT", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
    {
        let said = until_closed(app.address, sent).await;
        assert!(!said.contains("200 OK"), "{said}");
    }
    let kept = until_closed(app.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(kept.starts_with("HTTP/1.1 200"), "an idle connection is closed after its answer: {kept}");
    assert_eq!(app.browser().get("/healthz").await.status, StatusCode::OK);
}

/// With the times that are the default: this test takes as long as they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_silent_and_half_open_connections_are_closed_within_fifteen_seconds_while_others_are_served() {
    const KINDS: [&[u8]; 4] = [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"PRI * HT"];
    let app = TestApp::new().await;
    let started = Instant::now();
    let mut held = JoinSet::new();
    for kind in KINDS.into_iter().cycle().take(100) {
        let address = app.address;
        held.spawn(async move {
            let said = until_closed(address, kind).await;
            assert!(!said.contains("200 OK"), "{said}");
            started.elapsed()
        });
    }
    let browser = app.browser();
    let mut served = 0;
    while !held.is_empty() {
        let page = timeout(Duration::from_secs(5), browser.get("/login")).await.expect("others are served");
        assert_eq!(page.status, StatusCode::OK);
        served += 1;
        while let Some(closed) = held.try_join_next() {
            let after = closed.expect("closed");
            assert!(after < Duration::from_secs(15), "closed after {after:?}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(started.elapsed() > Duration::from_secs(4) && served > 10, "they were held open meanwhile: {served}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_comes_is_given_up() {
    let app = impatient().await;
    let head =
        b"POST /api/v1/auth/otp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    let said = until_closed(app.address, head).await;
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("urn:procare:problem:timeout"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_for_answers_but_not_for_those_who_hold_a_connection() {
    let app = impatient().await;
    let mut held = TcpStream::connect(app.address).await.unwrap();
    held.write_all(
        b"POST /api/v1/auth/otp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
    )
    .await
    .unwrap();
    let mut idle = TcpStream::connect(app.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    let (address, started) = (app.address, Instant::now());
    let cut = timeout(PATIENCE, app.stop()).await.expect("the server ends");
    assert_eq!(cut, 1, "only the one that held on was cut");
    assert!(started.elapsed() >= Duration::from_millis(400), "it was given its time");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn above_the_cap_a_connection_waits_for_another_to_end() {
    let app = TestApp::with(&[("HTTP_CONNECTIONS", "1"), ("HTTP_FIRST_BYTE_MS", "500")]).await;
    let silent = TcpStream::connect(app.address).await.unwrap();
    let said = until_closed(app.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    drop(silent);
}

/// Whether a connection is served: `false` if it is closed without a word.
async fn is_served(address: SocketAddr) -> bool {
    until_closed(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .starts_with("HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_only_so_many_connections_and_a_proxy_as_many_as_it_likes() {
    let few = ("HTTP_CONNECTIONS_PER_ADDRESS", "2");
    let app = TestApp::with(&[few]).await;
    let held = [TcpStream::connect(app.address).await.unwrap(), TcpStream::connect(app.address).await.unwrap()];
    assert!(!is_served(app.address).await, "a third is closed");
    drop(held);
    eventually("there is room again", async || is_served(app.address).await).await;

    let behind = TestApp::with(&[few, ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(TcpStream::connect(behind.address).await.unwrap());
    }
    assert!(is_served(behind.address).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn above_what_it_can_work_on_a_server_says_so_at_once_and_still_lives() {
    let app = TestApp::with(&[("HTTP_REQUESTS", "1")]).await;
    let browser = app.browser();
    assert_eq!(browser.get("/login").await.status, StatusCode::OK);
    let mut held = TcpStream::connect(app.address).await.unwrap();
    let request =
        b"POST /api/v1/auth/otp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    held.write_all(request).await.unwrap();
    eventually("the one place is taken", async || {
        let page = browser.get("/login").await;
        page.status == StatusCode::SERVICE_UNAVAILABLE && page.header("retry-after") == "1"
    })
    .await;
    let call = app.anonymous().get("/me").await;
    assert_eq!((call.problem().0, call.header("retry-after")), (503, "1"));
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    drop(held);
    eventually("there is room again", async || browser.get("/login").await.status == StatusCode::OK).await;
}

/// A use case with a fault.
struct Exploding;

#[async_trait]
impl domain::ports::Panel for Exploding {
    async fn list(&self, _: &Actor, _: &PanelQuery) -> Result<PanelPage> {
        panic!("a fault that quotes +919876543210")
    }
    async fn patient(&self, _: &Actor, _: PatientId) -> Result<PatientHead> {
        panic!("a fault")
    }
    async fn review(&self, _: &Actor, _: PatientId, _: bool) -> Result<()> {
        panic!("a fault")
    }
    async fn review_until(&self, _: &Actor, _: PatientId, _: chrono::NaiveDate) -> Result<()> {
        panic!("a fault")
    }
    async fn targets(&self, _: &Actor, _: PatientId) -> Result<PatientTargets> {
        panic!("a fault")
    }
    async fn analytics(
        &self,
        _: &Actor,
        _: Option<domain::analytics::Group>,
    ) -> Result<domain::analytics::AnalyticsPage> {
        panic!("a fault")
    }
    async fn analytics_file(&self, _: &Actor) -> Result<domain::ports::ExportFile> {
        panic!("a fault")
    }
    async fn set_targets(&self, _: &Actor, _: PatientId, _: Goals) -> Result<()> {
        panic!("a fault")
    }
}

/// The same server with the faulty use case.
async fn faulty(app: &TestApp) -> String {
    let state = &app.state;
    let services = Services { panel: Arc::new(Exploding), ..state.services.clone() };
    let config: Config = state.config.clone();
    let http = config.http.clone();
    let state = AppState::new(Shared::new(
        services,
        state.clock.clone(),
        config,
        Limiter::memory(),
        state.store.clone(),
        state.outbox.clone(),
        None,
        state.leptos.clone(),
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve::serve(listener, router::router(&state), &http, std::future::pending()).await });
    base
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_an_answer_with_a_reference_and_nothing_else() {
    let app = TestApp::new().await;
    let base = faulty(&app).await;
    let doctor: Caller = app.doctor().await.at(&base);
    let answer = doctor.get("/doctor/patients").await;
    assert_eq!(answer.problem(), (500, vec![]));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains(answer.header("x-request-id")) && !answer.body.contains("98765"), "{}", answer.body);
    assert_eq!(doctor.get("/me").await.status, StatusCode::OK, "the server goes on");

    let browser = app.browser_of(&app.world.doctor).await.at(&base);
    let page = browser.post(&format!("/doctor/patients/{}/review", app.world.asha()), &[]).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8")
    );
    assert!(page.body.contains(page.header("x-request-id")));
}
