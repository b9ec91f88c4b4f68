//! Signing in and out.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use domain::{
    Error,
    contact::Phone,
    field::FieldErrors,
    ids::ChallengeId,
    ports::{Challenge, NextStep, Tokens},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    api::{
        bearer::{CallOrigin, SignedIn},
        error::{ApiError, ApiResult, Refusals},
        input::Body,
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(otp))
        .routes(routes!(verify))
        .routes(routes!(second_factor))
        .routes(routes!(refresh))
        .routes(routes!(logout))
}

/// Whom to send a code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OtpRequest {
    /// An Indian mobile number, however it is written.
    #[schema(example = "+919876543210")]
    phone_number: String,
}

/// A code is on its way (or would be).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OtpAnswer {
    /// To be given back with the code.
    challenge_id: Uuid,
    /// Seconds until the code is too old.
    expires_in: u32,
    /// Seconds until another code can be sent.
    resend_in: u32,
}

impl From<Challenge> for OtpAnswer {
    fn from(challenge: Challenge) -> Self {
        Self {
            challenge_id: challenge.challenge_id.0,
            expires_in: challenge.expires_in,
            resend_in: challenge.resend_in,
        }
    }
}

/// Sends a one-time password. The answer is the same for known and unknown phones.
#[utoipa::path(post, path = "/auth/otp", tag = "auth", request_body = OtpRequest,
    responses((status = 202, description = "Accepted.", body = OtpAnswer), Refusals))]
async fn otp(
    State(app): State<AppState>,
    CallOrigin(origin): CallOrigin,
    Body(body): Body<OtpRequest>,
) -> ApiResult<impl IntoResponse> {
    let phone = phone(&body.phone_number)?;
    let challenge = app.services.accounts.request_otp(&phone, &origin).await?;
    Ok((StatusCode::ACCEPTED, Json(OtpAnswer::from(challenge))))
}

/// A code to be checked.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VerifyRequest {
    /// From the answer of `/auth/otp`.
    #[schema(value_type = Uuid)]
    challenge_id: String,
    /// The same number.
    #[schema(example = "+919876543210")]
    phone_number: String,
    /// Six digits.
    #[schema(example = "123456")]
    otp: String,
    /// What the device calls itself, at most 120 characters.
    device: Option<String>,
}

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenPair {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Seconds that the access token is good for.
    expires_in: u32,
    /// Good once, for the next pair.
    refresh_token: String,
    /// Who signed in.
    user: TokenOwner,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
struct TokenOwner {
    /// Their id.
    id: Uuid,
    /// `PATIENT`, `DOCTOR`, `CAREGIVER` or `ADMIN`.
    role: &'static str,
}

impl From<Tokens> for TokenPair {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            user: TokenOwner { id: tokens.user.id.0, role: tokens.user.role.as_str() },
        }
    }
}

/// What the right code answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum VerifyAnswer {
    /// Signed in.
    SignedIn(TokenPair),
    /// Somebody with a second factor is not signed in before they give it.
    Pending(PendingAnswer),
}

/// A sign-in that waits for its second factor.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PendingAnswer {
    /// What is missing.
    second_factor: PendingFactor,
}

/// What is missing: a code of the authenticator app, or a recovery code, to `/auth/second-factor`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PendingFactor {
    /// To be given back with the code.
    challenge_id: Uuid,
    /// Seconds until it is too late.
    expires_in: u32,
}

/// Checks a code and signs in, or asks for the second factor of somebody who has one. A code works once; an unknown phone
/// becomes a patient.
#[utoipa::path(post, path = "/auth/verify", tag = "auth", request_body = VerifyRequest,
    responses((status = 200, description = "Signed in, or half way.", body = VerifyAnswer), Refusals))]
async fn verify(
    State(app): State<AppState>,
    CallOrigin(mut origin): CallOrigin,
    Body(body): Body<VerifyRequest>,
) -> ApiResult<Json<VerifyAnswer>> {
    let mut errors = FieldErrors::default();
    let challenge = errors.take("challengeId", challenge_id(&body.challenge_id));
    let phone = errors.take("phoneNumber", Phone::parse(&body.phone_number));
    origin.device = errors.take("device", device(body.device)).flatten();
    let (challenge, phone) = errors.into_result(challenge.zip(phone))?;
    let accounts = &app.services.accounts;
    let signed_in = accounts.verify_otp(challenge, &phone, body.otp.trim(), &origin).await.map_err(not_signed_in)?;
    match app.services.second_factor.next_step(&signed_in).await? {
        NextStep::Done => {
            Ok(Json(VerifyAnswer::SignedIn(accounts.start_tokens(signed_in.user, &origin).await?.into())))
        }
        NextStep::SecondFactor { challenge, expires_in } => {
            let second_factor = PendingFactor { challenge_id: challenge.0, expires_in };
            Ok(Json(VerifyAnswer::Pending(PendingAnswer { second_factor })))
        }
        NextStep::Enrol => Err(ApiError::enrol_first()),
    }
}

/// The second factor of a sign-in that waits for it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SecondFactorRequest {
    /// From the answer to `/auth/verify`.
    challenge_id: String,
    /// Six digits of the authenticator app, or a recovery code.
    code: String,
    /// What the device calls itself, at most 120 characters.
    device: Option<String>,
}

/// Ends a sign-in that waits for its second factor. A code works once.
#[utoipa::path(post, path = "/auth/second-factor", tag = "auth", request_body = SecondFactorRequest,
    responses((status = 200, description = "Signed in.", body = TokenPair), Refusals))]
async fn second_factor(
    State(app): State<AppState>,
    CallOrigin(mut origin): CallOrigin,
    Body(body): Body<SecondFactorRequest>,
) -> ApiResult<Json<TokenPair>> {
    let mut errors = FieldErrors::default();
    let challenge = errors.take("challengeId", challenge_id(&body.challenge_id));
    origin.device = errors.take("device", device(body.device)).flatten();
    let challenge = errors.into_result(challenge)?;
    let tokens = app.services.second_factor.finish_tokens(challenge, body.code.trim(), &origin).await;
    Ok(Json(tokens.map_err(not_signed_in)?.into()))
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RefreshRequest {
    /// From the last pair.
    refresh_token: String,
}

/// Exchanges a refresh token for a new pair. One that was used before ends the whole sign-in.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", request_body = RefreshRequest,
    responses((status = 200, description = "A new pair.", body = TokenPair), Refusals))]
async fn refresh(State(app): State<AppState>, Body(body): Body<RefreshRequest>) -> ApiResult<Json<TokenPair>> {
    let tokens = app.services.accounts.refresh(&body.refresh_token).await.map_err(not_signed_in)?;
    Ok(Json(tokens.into()))
}

/// Signs this device out: its tokens stop working everywhere within a second.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", security(("bearer" = [])),
    responses((status = 204, description = "Signed out."), Refusals))]
async fn logout(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<StatusCode> {
    app.services.accounts.end_session(&actor, actor.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn phone(text: &str) -> ApiResult<Phone> {
    Phone::parse(text).map_err(|problem| ApiError::field("phoneNumber", problem))
}

pub(super) fn challenge_id(text: &str) -> Result<ChallengeId, domain::field::Problem> {
    Uuid::try_parse(text).map(ChallengeId).map_err(|_| domain::field::Problem::Malformed)
}

fn device(text: Option<String>) -> Result<Option<String>, domain::field::Problem> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    if text.chars().count() > 120 {
        return Err(domain::field::Problem::TooLong { max: 120 });
    }
    if text.chars().any(char::is_control) {
        return Err(domain::field::Problem::Malformed);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A code or token that does not fit signs nobody in: 401, whatever is wrong with it.
fn not_signed_in(error: Error) -> ApiError {
    match error {
        Error::Invalid(errors) => ApiError::not_signed_in(errors),
        Error::NotFound | Error::Forbidden => Error::Unauthenticated.into(),
        error => error.into(),
    }
}
