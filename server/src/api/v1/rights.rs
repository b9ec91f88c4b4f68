//! What one may ask about one's own data: all of it in one file, what one agreed to, its erasure.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use domain::consent::{ConsentLine, DataType};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(erase)).routes(routes!(export)).routes(routes!(keep)).routes(routes!(consents))
}

/// When everything is going to be erased.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ErasureBody {
    /// Until then it can be taken back.
    erase_at: DateTime<Utc>,
}

/// Asks for everything of oneself to be erased, in seven days.
///
/// Wants a proof of identity from the last five minutes, else 403 `urn:procare:problem:step-up-required`.
#[utoipa::path(delete, path = "/me", tag = "me", security(("bearer" = [])),
    responses((status = 202, description = "It is going to be erased.", body = ErasureBody), Refusals))]
async fn erase(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<(StatusCode, Json<ErasureBody>)> {
    let erase_at = app.services.rights.ask_erasure(&actor).await?;
    Ok((StatusCode::ACCEPTED, Json(ErasureBody { erase_at })))
}

/// Takes an erasure back.
#[utoipa::path(post, path = "/me/keep", tag = "me", security(("bearer" = [])),
    responses((status = 204, description = "Nothing is going to be erased."), Refusals))]
async fn keep(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<StatusCode> {
    app.services.rights.keep(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything of oneself as a zip of JSON and CSV files.
///
/// Wants a proof of identity from the last five minutes, else 403 `urn:procare:problem:step-up-required`.
#[utoipa::path(get, path = "/me/export", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The zip.", content_type = "application/zip", body = [u8]), Refusals))]
async fn export(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<Response> {
    let profile = app.services.rights.begin_export(&actor).await?;
    Ok(crate::takeout::answer(app.services.clone(), actor, profile))
}

/// Consent that was given or withdrawn.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConsentBody {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Given, or withdrawn.
    given: bool,
    /// `CARE` or `FAMILY`.
    purpose: &'static str,
    /// Who was let in, as far as one knows their name.
    name: Option<String>,
    /// `GLUCOSE`, `MEALS`, `ALERTS`.
    data_types: Vec<&'static str>,
    /// Version of the words that were agreed to.
    text_version: String,
    /// Their language.
    language: &'static str,
    /// Until when.
    until: Option<DateTime<Utc>>,
}

/// Lines of the ledger that are given at once.
const MOST_CONSENTS: u32 = 500;

/// The consent ledger.
#[derive(Serialize, ToSchema)]
struct Consents {
    /// Newest first.
    items: Vec<ConsentBody>,
}

/// What one agreed to and took back, newest first.
#[utoipa::path(get, path = "/me/consents", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The consents.", body = Consents), Refusals))]
async fn consents(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<Json<Consents>> {
    let body = |line: ConsentLine| ConsentBody {
        id: line.id,
        at: line.at,
        given: line.given,
        purpose: line.purpose.as_str(),
        name: line.name,
        data_types: line.data_types.into_iter().map(DataType::as_str).collect(),
        text_version: line.text_version,
        language: line.language.as_str(),
        until: line.until,
    };
    let items = app.services.rights.consents(&actor, MOST_CONSENTS).await?.into_iter().map(body).collect();
    Ok(Json(Consents { items }))
}
