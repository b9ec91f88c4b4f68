//! A whole server on a free port, and those who call it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{clock::Clock, people::Actor, ports::Origin};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde_json::Value;
use server::{clock::SystemClock, config::Config, startup::Application, state::AppState, storage::sessions};
use tokio::{sync::oneshot, task::JoinHandle};

use super::{TestClock, TestDb, World, prove};

/// A server over a database of its own.
pub struct TestApp {
    /// The people, and the use cases behind the server's back.
    pub world: World,
    /// What the server's doors share.
    pub state: AppState,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// Where it listens.
    pub address: std::net::SocketAddr,
    /// Where the metrics are, if they were asked for.
    pub metrics: Option<std::net::SocketAddr>,
    /// For another server over the same database.
    pub database_url: String,
    server: JoinHandle<usize>,
    stop: oneshot::Sender<()>,
    _db: TestDb,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// With the usual settings.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With some settings changed.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let db = TestDb::sqlite().await;
        // The present instant, standing still: the cookie's own end is told by the system's clock.
        let clock = TestClock::at(&SystemClock.now().to_rfc3339());
        let world = World::on(&db.store, clock.clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let mut env = vec![
            ("LISTEN_ADDR".to_owned(), "127.0.0.1:0".to_owned()),
            ("DATABASE_URL".to_owned(), db.url.clone()),
            ("PROCARE_DATA_DIR".to_owned(), folder.path().display().to_string()),
            ("PROCARE_SITE_DIR".to_owned(), folder.path().join("site").display().to_string()),
            ("JWT_KEYS".to_owned(), format!("a:{}", STANDARD.encode([9; 32]))),
            ("ENCRYPTION_KEYS".to_owned(), super::KEYS.to_owned()),
        ];
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_env(env).unwrap();
        site(&config.service.site_dir);
        let clock: Arc<dyn Clock> = clock;
        let application = Application::build_with(config, clock).await.unwrap();
        let (address, metrics, state) = (application.address, application.metrics_address, application.state.clone());
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(application.run_until(async move {
            let _ = stopped.await;
        }));
        Self {
            world,
            state,
            base: format!("http://{address}"),
            address,
            metrics,
            database_url: db.url.clone(),
            server,
            stop,
            _db: db,
            _folder: folder,
        }
    }

    /// Tells the server to stop and waits until it has; gives the number of connections that were cut.
    pub async fn stop(self) -> usize {
        let _ = self.stop.send(());
        self.server.await.unwrap()
    }

    /// Nobody.
    pub fn anonymous(&self) -> Caller {
        Caller { http: http(false), base: self.base.clone(), token: None }
    }

    /// Somebody with an access token.
    pub async fn caller(&self, actor: &Actor) -> Caller {
        let tokens = self.state.services.accounts.start_tokens(actor.user, &Origin::default()).await.unwrap();
        self.finish(actor).await;
        self.anonymous().with_token(&tokens.access_token)
    }

    /// The patient.
    pub async fn patient(&self) -> Caller {
        self.caller(&self.world.patient).await
    }

    /// A patient linked with nobody.
    pub async fn other(&self) -> Caller {
        self.caller(&self.world.other).await
    }

    /// The doctor who treats the patient.
    pub async fn doctor(&self) -> Caller {
        self.caller(&self.world.doctor).await
    }

    /// A browser that nobody is signed in with.
    pub fn browser(&self) -> Browser {
        Browser { http: http(true), base: self.base.clone() }
    }

    /// A browser in which somebody is signed in, by a code.
    pub async fn browser_of(&self, actor: &Actor) -> Browser {
        let browser = self.browser();
        let session = browser.sign_in(self, &self.phone_of(actor)).await;
        assert_eq!(session.status, StatusCode::SEE_OTHER, "{}", session.body);
        self.finish(actor).await;
        browser
    }

    /// Staff's newest session proves its second factor, past the doors: `web::second_factor` tests the way through them.
    async fn finish(&self, actor: &Actor) {
        if actor.role.is_staff() {
            let (deps, now) = (&self.world.deps, self.world.clock.now());
            let newest = sessions::devices(&deps.store, actor.user, now).await.unwrap();
            prove(deps, newest.first().expect("a session").id, now).await;
        }
    }

    /// The number that one of the world's people signs in with: they were made in this order.
    pub fn phone_of(&self, actor: &Actor) -> String {
        let world = &self.world;
        let order = [
            world.patient,
            world.other,
            world.doctor,
            world.stranger,
            world.follower,
            world.limited,
            world.admin,
            world.former,
        ];
        let place = order.iter().position(|other| other.user == actor.user).expect("one of the world's people");
        super::phone(1_000 + u32::try_from(place).unwrap()).e164().to_owned()
    }

    /// The newest code that was sent.
    pub fn code(&self) -> String {
        self.state.outbox.as_ref().unwrap().messages().first().expect("a code was sent").code.clone()
    }
}

/// What `cargo leptos build` leaves, in small.
fn site(folder: &std::path::Path) {
    let pkg = folder.join("pkg");
    std::fs::create_dir_all(&pkg).unwrap();
    for (name, content) in [
        ("pkg/procare.css", "body{}"),
        ("pkg/procare.wasm", "wasm"),
        ("pkg/procare.wasm.br", "brotli"),
        ("pkg/procare.wasm.gz", "gzip"),
        ("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
    std::fs::write(folder.parent().unwrap().join("secret.txt"), "outside").unwrap();
}

fn http(cookies: bool) -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).cookie_store(cookies).no_gzip().no_brotli().build().unwrap()
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.body))
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A refusal in the API's form: its status, and its wrong fields with their codes.
    pub fn problem(&self) -> (u16, Vec<(String, String)>) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.body);
        let body = self.json();
        for field in ["type", "title", "detail"] {
            assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {body}");
        }
        assert_eq!(body["status"], self.status.as_u16());
        let errors = body["errors"].as_array().expect("errors").iter();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
        (self.status.as_u16(), errors.map(|error| (text(error, "field"), text(error, "code"))).collect())
    }
}

/// A program that calls the API.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Caller {
    /// The same program with a token.
    pub fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// The same caller at another server.
    pub fn at(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// A request to a path below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends, with a JSON body if there is one.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        Answer::read(request.send().await.unwrap()).await
    }

    /// Sends a request that was made by hand.
    pub async fn fetch(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PATCH of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// POST of a file.
    pub async fn upload(&self, path: &str, file: &str) -> Answer {
        self.send_file(Method::POST, path, file.as_bytes()).await
    }

    /// The same of any bytes, by any method.
    pub async fn send_file(&self, method: Method, path: &str, file: &[u8]) -> Answer {
        let part = reqwest::multipart::Part::bytes(file.to_vec()).file_name("readings.csv");
        let form = reqwest::multipart::Form::new().part("file", part);
        self.fetch(self.request(method, path).multipart(form)).await
    }
}

/// A browser: it keeps cookies and says from where a form comes.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    base: String,
}

impl Browser {
    /// The same browser at another server of the same host: cookies know no ports.
    pub fn at(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// A request to a path.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Posts a form from a page of the site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Posts a form with other headers.
    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(Method::POST, path).form(fields);
        for (name, value) in headers {
            let (name, value): (HeaderName, HeaderValue) = (name.parse().unwrap(), value.parse().unwrap());
            request = request.header(name, value);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Posts a file from a page of the site.
    pub async fn upload(&self, path: &str, file: &str) -> Answer {
        let part = reqwest::multipart::Part::text(file.to_owned()).file_name("readings.csv");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin").multipart(form);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Signs in by the code; gives the answer to it.
    pub async fn sign_in(&self, app: &TestApp, phone: &str) -> Answer {
        let asked = self.post("/login", &[("phone", phone)]).await;
        assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, "/login/code"), "{}", asked.body);
        self.post("/login/code", &[("code", &app.code())]).await
    }
}
