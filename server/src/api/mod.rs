//! The mobile app's door: JSON under `/api/v1`, signed in by a bearer token, cookies ignored.
//!
//! A handler reads its input into parsed types, calls one use case and writes the answer. [`error`] is the only place
//! where a refusal becomes a status.

pub mod bearer;
mod cors;
mod docs;
pub mod error;
mod input;
pub mod openapi;
pub mod v1;
mod words;

pub(crate) use v1::{file_answer, record_file_answer};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    response::Redirect,
    routing::{any, get},
};

use crate::state::AppState;

/// Where the API is.
pub const PREFIX: &str = "/api/v1";
/// Most bytes of a body, where a call does not say otherwise: one reading or meal with the longest texts fits several times.
pub const MAX_BODY: usize = 64 * 1024;
/// Of a batch: 1,000 readings with the longest notes fit.
pub const MAX_BATCH_BODY: usize = 4 * 1024 * 1024;
/// Of what nobody who is signed in sends.
pub const MAX_SIGN_IN_BODY: usize = 16 * 1024;

/// The API, its description, and an answer in its own form to every path below `/api`.
pub fn router(app: &AppState) -> Router<AppState> {
    let v1 = v1::router()
        .merge(openapi::router())
        .fallback(error::no_such_path)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), bearer::door));
    let v1 = match cors::layer(&app.config.http.cors_origins) {
        Some(layer) => v1.layer(layer),
        None => v1,
    };
    Router::new()
        .nest(PREFIX, v1)
        .route("/api", any(error::no_such_path))
        .route("/api/", any(error::no_such_path))
        .route("/api/{*rest}", any(error::no_such_path))
        .route("/openapi.json", get(|| async { Redirect::permanent("/api/v1/openapi.json") }))
        .route("/docs", get(|| async { Redirect::permanent("/api/v1/docs") }))
}
