//! Connecting with a doctor by the code that they show.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    consent::{CONSENT_TEXT_VERSION, DataType},
    field::Problem,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiError, ApiResult, Refusals},
        input::Body,
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(whose)).routes(routes!(connect))
}

/// A doctor's code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TypedCode {
    /// Eight letters and digits, in any case, with or without a dash.
    #[schema(example = "ABCD-2345")]
    code: String,
}

/// Whose code it is, and to what one would agree.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CodeOwnerBody {
    /// The doctor's name.
    doctor: String,
    /// Their clinic.
    clinic: Option<String>,
    /// What they would see, beside the report and the record: `GLUCOSE`, `MEALS`, `ALERTS`.
    data_types: Vec<&'static str>,
    /// Version of the words to agree to, to be given back.
    text_version: &'static str,
}

/// Tells whose code it is. A wrong, used or old code, and every code after ten within an hour, is the same wrong field.
#[utoipa::path(post, path = "/care-team/codes", tag = "care team", security(("bearer" = [])), request_body = TypedCode,
    responses((status = 200, description = "The doctor.", body = CodeOwnerBody), Refusals))]
async fn whose(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<TypedCode>,
) -> ApiResult<Json<CodeOwnerBody>> {
    let owner = app.services.connections.whose(&actor, &body.code).await?;
    Ok(Json(CodeOwnerBody {
        doctor: owner.doctor,
        clinic: owner.clinic,
        data_types: DataType::ALL.iter().map(|data| data.as_str()).collect(),
        text_version: CONSENT_TEXT_VERSION,
    }))
}

/// Agreement to be treated by the doctor whose code it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Agreement {
    /// The same code.
    #[schema(example = "ABCD-2345")]
    code: String,
    /// Version of the words that the person has read, from `/care-team/codes`.
    text_version: String,
}

/// A link in force.
#[derive(Serialize, ToSchema)]
struct Connected {
    /// Its id.
    id: Uuid,
}

/// Agrees: the doctor sees the data from now on, until either side ends it. Uses the code up. Needs a fresh proof.
#[utoipa::path(post, path = "/care-team/connect", tag = "care team", security(("bearer" = [])), request_body = Agreement,
    responses((status = 201, description = "Connected.", body = Connected), Refusals))]
async fn connect(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<Agreement>,
) -> ApiResult<(StatusCode, Json<Connected>)> {
    // The ledger keeps the version: it has to be the one that was read.
    if body.text_version != CONSENT_TEXT_VERSION {
        return Err(ApiError::field("textVersion", Problem::UnknownChoice));
    }
    let link = app.services.connections.connect(&actor, &body.code).await?;
    Ok((StatusCode::CREATED, Json(Connected { id: link.0 })))
}
