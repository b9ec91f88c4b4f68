//! Another phone number for one's account.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use domain::{
    Error,
    contact::Phone,
    field::{FieldErrors, Problem},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::auth::{OtpAnswer, challenge_id};
use crate::{
    api::{
        bearer::{CallOrigin, SignedIn},
        error::{ApiError, ApiResult, Refusals},
        input::Body,
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(confirm))
}

/// The number to sign in with from now on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPhone {
    /// An Indian mobile number, however it is written.
    #[schema(example = "+919876543210")]
    phone_number: String,
}

/// Sends a code to the number that one wants to sign in with from now on. The answer is the same whosever it is. Needs a fresh proof.
#[utoipa::path(post, path = "/me/phone", tag = "me", security(("bearer" = [])), request_body = NewPhone,
    responses((status = 202, description = "Accepted.", body = OtpAnswer), Refusals))]
async fn begin(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    CallOrigin(origin): CallOrigin,
    Body(body): Body<NewPhone>,
) -> ApiResult<impl IntoResponse> {
    let phone = Phone::parse(&body.phone_number).map_err(|problem| ApiError::field("phoneNumber", problem))?;
    let challenge = app.services.accounts.begin_phone_change(&actor, &phone, &origin).await.map_err(|e| match e {
        Error::Invalid(errors) => Error::Invalid(renamed(errors)).into(),
        error => ApiError::from(error),
    })?;
    Ok((StatusCode::ACCEPTED, Json(OtpAnswer::from(challenge))))
}

/// The field's name in JSON.
fn renamed(errors: FieldErrors) -> FieldErrors {
    let mut renamed = FieldErrors::default();
    for error in errors.0 {
        let field = if error.field == "phone" { "phoneNumber".to_owned() } else { error.field };
        renamed.push(field, error.problem);
    }
    renamed
}

/// The code that was sent there.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPhoneCode {
    /// From the answer of `/me/phone`.
    #[schema(value_type = Uuid)]
    challenge_id: String,
    /// The same number.
    #[schema(example = "+919876543210")]
    phone_number: String,
    /// Six digits.
    #[schema(example = "123456")]
    otp: String,
}

/// Makes a number one's own: every other device is signed out, and the old number is told. A code works once, for the sign-in that
/// asked for it. A number that has an account of its own is a conflict.
#[utoipa::path(post, path = "/me/phone/confirm", tag = "me", security(("bearer" = [])), request_body = NewPhoneCode,
    responses((status = 204, description = "Changed."), Refusals))]
async fn confirm(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    CallOrigin(origin): CallOrigin,
    Body(body): Body<NewPhoneCode>,
) -> ApiResult<StatusCode> {
    let mut errors = FieldErrors::default();
    let challenge = errors.take("challengeId", challenge_id(&body.challenge_id));
    let phone = errors.take("phoneNumber", Phone::parse(&body.phone_number));
    let (challenge, phone) = errors.into_result(challenge.zip(phone))?;
    let done = app.services.accounts.change_phone(&actor, challenge, &phone, body.otp.trim(), &origin).await;
    match done {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        // The caller is signed in: it is the code that is wrong.
        Err(Error::Unauthenticated) => Err(ApiError::field("otp", Problem::Otp)),
        Err(error) => Err(error.into()),
    }
}
