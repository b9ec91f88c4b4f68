//! Pages and server functions, both with the same context around them.

use std::sync::LazyLock;

use app::context::{Anybody, PageContext, SignedIn};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use leptos::{
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::limit::RequestBodyLimitLayer;

use super::headers;
use crate::{request_id, state::AppState};

/// Most bytes of a server function's input.
const MAX_INPUT: usize = 256 * 1024;

/// The pages' addresses, listed once a process and before any page is rendered: while Leptos lists routes it suppresses
/// the loading of resources everywhere in the process, and a page that begins then waits for ever (leptos#4773).
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    request_id::inherit();
    generate_route_list(app::App)
});

/// The pages' addresses.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(AxumRouteListing::path)
}

/// What pages and server functions find around them. At start-up the routes are listed without any request: there is
/// nobody then.
fn context(app: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = app.services.clone();
    move || {
        provide_context(services.clone());
        let (page, signed_in, anybody) = use_context::<Parts>().map_or((None, None, None), |parts| {
            let found = &parts.extensions;
            (found.get::<PageContext>().cloned(), found.get::<SignedIn>().copied(), found.get::<Anybody>().copied())
        });
        provide_context(page.unwrap_or_else(PageContext::nobody));
        provide_context(signed_in.unwrap_or(SignedIn(None)));
        provide_context(anybody.unwrap_or(Anybody(None)));
        // The nonce is of this rendering; the policy that names it goes into the same answer.
        if let (Some(options), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce())
            && let Some(policy) = headers::page_policy(&nonce)
        {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Renders the page that a request's path names. Waits for its data, so that its status is right.
pub async fn render(app: &AppState, request: Request) -> Response {
    let options = app.leptos.clone();
    let render = leptos_axum::render_app_async_with_context(context(app), move || app::shell(options.clone()));
    render(request).await
}

/// Adds every page, the server functions, and the page for what does not exist.
pub fn mount(router: Router<AppState>, app: &AppState) -> Router<AppState> {
    let options = app.leptos.clone();
    // Leptos adds the server functions' routes beside the pages'. A page has no body, so the limit is theirs.
    let pages = Router::new()
        .leptos_routes_with_context(app, ROUTES.clone(), context(app), move || app::shell(options.clone()))
        .layer(middleware::from_fn(functions_answer_data))
        .layer(RequestBodyLimitLayer::new(MAX_INPUT));
    router.merge(pages).fallback(missing)
}

async fn missing(State(app): State<AppState>, request: Request) -> Response {
    render(&app, request).await
}

/// An address that only takes forms, opened as a page.
pub async fn no_such_method(State(app): State<AppState>, request: Request) -> Response {
    let allowed_to_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if allowed_to_read { render(&app, request).await } else { StatusCode::METHOD_NOT_ALLOWED.into_response() }
}

/// A server function called by a plain form would send its caller to whatever the `Referer` says: it never is one here.
async fn functions_answer_data(mut request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    }
    next.run(request).await
}
