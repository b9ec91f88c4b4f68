//! The calls, by subject.

mod auth;
mod batch;
mod care_team;
mod doctor;
mod export;
mod glucose;
mod imports;
mod insights;
mod me;
mod meals;
mod phone;
mod records;
mod report;
mod rights;
mod targets;

use axum::{Router, extract::DefaultBodyLimit};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use export::answer as file_answer;
pub(crate) use records::file_answer as record_file_answer;

use super::{MAX_SIGN_IN_BODY, PREFIX, openapi::Description};
use crate::state::AppState;

fn calls() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(auth::router().layer(DefaultBodyLimit::max(MAX_SIGN_IN_BODY)))
        .merge(me::router())
        .merge(phone::router())
        .merge(rights::router())
        .merge(care_team::router())
        .merge(glucose::router())
        .merge(meals::router())
        .merge(records::router())
        .merge(imports::router())
        .merge(report::router())
        .merge(insights::router())
        .merge(doctor::router())
        .merge(targets::router())
        .merge(export::router())
}

/// The calls, below [`PREFIX`].
pub fn router() -> Router<AppState> {
    calls().into()
}

/// Their description, with full paths.
pub fn description() -> utoipa::openapi::OpenApi {
    OpenApiRouter::with_openapi(Description::openapi()).nest(PREFIX, calls()).into_openapi()
}
