//! Pages and server functions, both with the same context around them.

use app::context::{PageContext, SignedIn};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::post,
};
use leptos::{
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::limit::RequestBodyLimitLayer;

use super::headers;
use crate::state::AppState;

/// Most bytes of a server function's input.
const MAX_INPUT: usize = 256 * 1024;

/// What pages and server functions find around them. At start-up the routes are listed without any request: there is
/// nobody then.
fn context(app: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = app.services.clone();
    move || {
        provide_context(services.clone());
        let (page, signed_in) = use_context::<Parts>().map_or((None, None), |parts| {
            (parts.extensions.get::<PageContext>().cloned(), parts.extensions.get::<SignedIn>().copied())
        });
        provide_context(page.unwrap_or_else(PageContext::nobody));
        provide_context(signed_in.unwrap_or(SignedIn(None)));
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
    let paths = generate_route_list(app::App);
    let options = app.leptos.clone();
    let functions = Router::new()
        .route("/fn/{*name}", post(function))
        .layer(DefaultBodyLimit::max(MAX_INPUT))
        .layer(RequestBodyLimitLayer::new(MAX_INPUT));
    router
        .leptos_routes_with_context(app, paths, context(app), move || app::shell(options.clone()))
        .merge(functions)
        .fallback(missing)
}

async fn missing(State(app): State<AppState>, request: Request) -> Response {
    render(&app, request).await
}

/// An address that only takes forms, opened as a page.
pub async fn no_such_method(State(app): State<AppState>, request: Request) -> Response {
    let allowed_to_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if allowed_to_read { render(&app, request).await } else { StatusCode::METHOD_NOT_ALLOWED.into_response() }
}

async fn function(State(app): State<AppState>, mut request: Request) -> Response {
    // A caller that takes HTML would be sent to whatever its `Referer` says.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let request = request.map(Body::new);
    leptos_axum::handle_server_fns_with_context(context(&app), request).await.into_response()
}
