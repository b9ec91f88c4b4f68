//! Browser sessions: a cookie with a random id, a record of ours behind it, and in the record our session's id. The role
//! and whether the session still lives are asked for each request.

use app::{
    context::{Anybody, PageContext, SignedIn},
    forms::Flash,
    routes,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Error, Result,
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    ids::{ChallengeId, SessionId},
    people::{Actor, Me, Role},
    ports::{Origin, Standing},
};
use serde::{Serialize, de::DeserializeOwned};
use tower_sessions::{Expiry, Session, SessionManagerLayer, cookie::SameSite};

use super::{identity, language, plain, under_way};
use crate::{auth::WebSessionStore, edge::ClientAddress, error::internal, state::AppState};

/// Our session.
const SESSION: &str = "session";
/// Where somebody wanted to go whose second factor is still missing.
const NEXT: &str = "next";
/// The code that was sent for a fresh proof.
const PROOF: &str = "proof";
/// What the last post did.
const FLASH: &str = "flash";

/// The layer that reads and writes the cookie. `__Host-` binds it to this host and to HTTPS.
pub fn layer(app: &AppState) -> SessionManagerLayer<WebSessionStore> {
    let production = app.config.service.is_production();
    SessionManagerLayer::new(WebSessionStore::new(app.store.clone(), app.clock.clone()))
        .with_name(if production { "__Host-procare" } else { "procare" })
        .with_path("/")
        .with_secure(production)
        .with_http_only(true)
        // Strict would sign out whoever comes from a link in a message.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::days(7)))
}

pub(super) async fn get<T: DeserializeOwned>(session: &Session, key: &str) -> Result<Option<T>> {
    session.get(key).await.map_err(|_| internal("a session record cannot be read"))
}

pub(super) async fn put(session: &Session, key: &str, value: impl Serialize) -> Result<()> {
    session.insert(key, value).await.map_err(|_| internal("a session record cannot be written"))
}

pub(super) async fn drop_value(session: &Session, key: &str) -> Result<()> {
    session.remove_value(key).await.map(|_| ()).map_err(|_| internal("a session record cannot be written"))
}

/// Signs this browser in. The cookie's id changes, so that one planted before is worth nothing.
pub async fn sign_browser_in(session: &Session, id: SessionId) -> Result<()> {
    session.cycle_id().await.map_err(|_| internal("a session record cannot be renewed"))?;
    under_way::forget_sign_in(session).await?;
    put(session, SESSION, id).await
}

/// Notes where somebody wanted to go.
pub async fn keep_next(session: &Session, next: &str) -> Result<()> {
    put(session, NEXT, next).await
}

/// Where somebody wanted to go, this once.
pub async fn take_next(session: &Session) -> Result<Option<String>> {
    session.remove(NEXT).await.map_err(|_| internal("a session record cannot be read"))
}

/// Notes the challenge of a code that was sent for a fresh proof.
pub async fn keep_proof(session: &Session, challenge: ChallengeId) -> Result<()> {
    put(session, PROOF, challenge).await
}

/// The challenge of that code.
pub async fn proof(session: &Session) -> Result<Option<ChallengeId>> {
    get(session, PROOF).await
}

/// After a proof the cookie's id changes: one that was copied before does not have the proof.
pub async fn renew(session: &Session) -> Result<()> {
    drop_value(session, PROOF).await?;
    session.cycle_id().await.map_err(|_| internal("a session record cannot be renewed"))
}

/// Forgets everything about this browser.
pub async fn forget(session: &Session) -> Result<()> {
    session.flush().await.map_err(|_| internal("a session record cannot be deleted"))
}

/// Notes what a post did, for the next page.
pub async fn flash(session: &Session, flash: &Flash) -> Result<()> {
    put(session, FLASH, flash).await
}

/// Finds out who asks and what their page needs to know, and turns away who may not see this part of the site.
pub async fn identify(State(app): State<AppState>, session: Session, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match look(&app, &session, &parts).await {
        Ok((who, mut page)) => {
            if let Some(answer) = turn_away(&parts, &who, &page) {
                return answer;
            }
            if let Err(error) = once(&session, &parts, &mut page).await {
                return plain::error(&error, page.language);
            }
            if let Err(error) = identity::look(&app, &session, &parts, who.any(), &mut page).await {
                return plain::error(&error, page.language);
            }
            parts.extensions.insert(SignedIn(who.full()));
            parts.extensions.insert(Anybody(who.any()));
            parts.extensions.insert(page);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => plain::error(&error, language::of(&parts.headers)),
    }
}

/// Who asks, and what their session may do.
#[derive(Debug, Clone, Copy)]
struct Who(Option<(Actor, Standing)>);

impl Who {
    /// Somebody who may do everything that is theirs.
    fn full(self) -> Option<Actor> {
        self.0.filter(|(_, standing)| *standing == Standing::Full).map(|(actor, _)| actor)
    }

    /// Somebody, even if all they may do is prove or set up their second factor.
    fn any(self) -> Option<Actor> {
        self.0.map(|(actor, _)| actor)
    }

    /// The one page that somebody gets who lacks something.
    fn only(self) -> Option<&'static str> {
        only(self.0?.1)
    }
}

/// The one page that a session gets which lacks something.
pub fn only(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Full => None,
        Standing::SecondFactor => Some(routes::SECOND_FACTOR),
        Standing::Enrol => Some(routes::SECOND_FACTOR_SETUP),
    }
}

async fn look(app: &AppState, session: &Session, request: &Parts) -> Result<(Who, PageContext)> {
    let (mut who, mut me): (Who, Option<Me>) = (Who(None), None);
    if let Some(id) = get::<SessionId>(session, SESSION).await? {
        match app.services.second_factor.standing(id).await {
            Ok((actor, standing)) => {
                who = Who(Some((actor, standing)));
                if standing == Standing::Full {
                    me = Some(app.services.accounts.me(&actor).await?);
                }
            }
            // Ended elsewhere, or too old: this browser is nobody's now.
            Err(Error::Unauthenticated | Error::NotFound | Error::Forbidden) => forget(session).await?,
            Err(error) => return Err(error),
        }
    }
    let zone = me.as_ref().and_then(|me| parse_zone(&me.time_zone).ok()).unwrap_or(DEFAULT_ZONE);
    let page = PageContext {
        language: me.as_ref().map_or_else(|| language::of(&request.headers), |me| me.language),
        me,
        now: Moment::new(app.now(), zone),
        form: None,
        flash: None,
        sign_in: None,
        new_phone: None,
        connection: None,
        identity: None,
        passkey_host: app.services.passkeys.host(),
        development: !app.config.service.is_production(),
    };
    Ok((who, page))
}

/// Adds what a page shows once, and a sign-in under way.
async fn once(session: &Session, request: &Parts, page: &mut PageContext) -> Result<()> {
    if request.method == Method::GET && is_page(request.uri.path()) {
        page.flash = session.remove::<Flash>(FLASH).await.map_err(|_| internal("a session record cannot be read"))?;
    }
    if page.me.is_none() {
        page.sign_in = under_way::sign_in(session).await?.map(|sign_in| sign_in.shown(page.now.at));
    }
    Ok(())
}

fn is_page(path: &str) -> bool {
    !path.starts_with("/fn/") && path != routes::DEV_OUTBOX
}

/// Which roles a part of the site is for.
fn roles(path: &str) -> Option<&'static [Role]> {
    let within = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if within(routes::PATIENT) {
        Some(&[Role::Patient])
    } else if within(routes::DOCTOR) {
        Some(&[Role::Doctor])
    } else if within(routes::CAREGIVER) {
        // A patient can follow somebody too, and agrees to an invitation there.
        Some(&[Role::Caregiver, Role::Patient])
    } else if within(routes::ADMIN) {
        Some(&[Role::Admin])
    } else if within(routes::SETTINGS)
        || within(routes::SECURITY)
        || within(routes::SECOND_FACTOR)
        || within(routes::STEP_UP)
    {
        Some(Role::ALL)
    } else {
        None
    }
}

/// What somebody gets instead who may not see this part of the site.
fn turn_away(request: &Parts, who: &Who, page: &PageContext) -> Option<Response> {
    let path = request.uri.path();
    if let Some(only) = who.only() {
        let kept_out = roles(path).is_some() && path != only;
        return kept_out.then(|| Redirect::to(only).into_response());
    }
    match (roles(path), who.full()) {
        (Some(_), None) => Some(to_login(request)),
        (Some(roles), Some(actor)) if !roles.contains(&actor.role) => {
            Some(plain::refused(StatusCode::NOT_FOUND, page.language))
        }
        (Some(_), Some(actor)) if path == routes::SECOND_FACTOR => {
            Some(Redirect::to(routes::home_of(actor.role)).into_response())
        }
        (None, Some(actor)) if request.method == Method::GET && matches!(path, routes::LOGIN | routes::LOGIN_CODE) => {
            Some(Redirect::to(routes::home_of(actor.role)).into_response())
        }
        _ => None,
    }
}

/// To the sign-in, and back afterwards if it was a page they asked for.
fn to_login(request: &Parts) -> Response {
    let wanted = request.uri.path_and_query().map(http::uri::PathAndQuery::as_str).filter(|path| is_local(path));
    match wanted {
        Some(path) if request.method == Method::GET => {
            Redirect::to(&format!("{}?next={}", routes::LOGIN, percent(path))).into_response()
        }
        _ => Redirect::to(routes::LOGIN).into_response(),
    }
}

/// To the page that asks for a proof of identity, and back to a page afterwards.
pub fn to_step_up(next: Option<&str>) -> Response {
    let next = next.map(|path| format!("?next={}", percent(path))).unwrap_or_default();
    Redirect::to(&format!("{}{next}", routes::STEP_UP)).into_response()
}

/// Whether a text is a path of this site: anything else after a sign-in would be somebody else's page.
pub fn is_local(path: &str) -> bool {
    path.len() <= 512
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// Percent-encodes everything that a query could misread.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// From where a request comes, for limits and the list of devices.
pub fn origin(address: Option<&ClientAddress>, headers: &HeaderMap) -> Origin {
    let device = headers
        .get(http::header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(device_name)
        .filter(|name| !name.is_empty());
    Origin { address: address.map(|address| address.0), device }
}

/// "Firefox on Android" says more in a list than the whole header, and less about the person.
fn device_name(agent: &str) -> String {
    let browser = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    .into_iter()
    .find(|(mark, _)| agent.contains(mark))
    .map(|(_, name)| name);
    let system = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find(|(mark, _)| agent.contains(mark))
    .map(|(_, name)| name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_only_to_pages_of_this_site() {
        for (path, local) in [
            ("/patient/log", true),
            ("/doctor/patients/7?days=14", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("patient", false),
            ("/a\nb", false),
            ("", false),
        ] {
            assert_eq!(is_local(path), local, "{path}");
        }
    }

    #[test]
    fn a_path_in_a_query_is_read_back_as_it_was() {
        assert_eq!(percent("/doctor?q=a&b=c#d"), "/doctor%3Fq%3Da%26b%3Dc%23d");
    }

    #[test]
    fn a_part_of_the_site_does_not_reach_beyond_its_name() {
        assert_eq!(roles("/patient/log"), Some(&[Role::Patient][..]));
        assert_eq!(roles("/patients"), None);
        assert_eq!(roles("/login"), None);
    }

    #[test]
    fn a_device_is_named_in_words() {
        let agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(device_name(agent), "Chrome, Android");
        assert_eq!(device_name("curl/8.5"), "");
    }
}
