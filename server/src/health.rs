//! Whether the process lives, and whether it can serve.

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use serde_json::json;

use crate::state::AppState;

/// Whether the process lives; answered under any load.
pub const ALIVE: &str = "/healthz";

/// [`ALIVE`] and `/readyz`.
pub fn router() -> Router<AppState> {
    Router::new().route(ALIVE, get(alive)).route("/readyz", get(ready))
}

async fn alive() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// What we depend on, by name; 503 if one does not answer or the server is about to end.
async fn ready(State(app): State<AppState>) -> impl IntoResponse {
    let database = app.store.ping().await.is_ok();
    let ready = database && !app.is_stopping();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |ok: bool| if ok { "ok" } else { "unavailable" };
    (
        status,
        Json(json!({
            "status": if app.is_stopping() { "stopping" } else { word(ready) },
            "database": word(database),
        })),
    )
}
