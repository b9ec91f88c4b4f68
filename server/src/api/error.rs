//! Refusals as `application/problem+json` (RFC 9457): the only mapping from [`domain::Error`] to a status in the API.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    Error,
    field::{FieldError, FieldErrors, Problem},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::request_id::RequestId;

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Name of the field, as in the request; empty for the request as a whole.
    field: String,
    /// What is wrong, for programs: `required`, `outOfRange`, `unknownField` ...
    code: String,
    /// What is wrong, for people.
    message: String,
    /// Bounds and the like, by code.
    #[serde(flatten)]
    #[schema(additional_properties)]
    more: serde_json::Map<String, serde_json::Value>,
}

impl From<FieldError> for FieldProblem {
    fn from(error: FieldError) -> Self {
        let message = message(&error.problem);
        let mut more = match serde_json::to_value(&error.problem) {
            Ok(serde_json::Value::Object(map)) => map,
            _ => serde_json::Map::new(),
        };
        let code = match more.remove("code") {
            Some(serde_json::Value::String(code)) => code,
            _ => String::new(),
        };
        Self { field: error.field, code, message, more }
    }
}

/// A refusal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Which kind of refusal: a URN that does not change.
    r#type: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// This refusal in words.
    detail: String,
    /// Where we failed: the request, to quote to support; as in the header `x-request-id` of every answer.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// What is wrong, field by field.
    errors: Vec<FieldProblem>,
}

/// What every call can answer instead of its own answer.
#[derive(IntoResponses)]
pub enum Refusals {
    /// The request cannot be read, or a field is wrong.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(ProblemBody),
    /// No valid access token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemBody),
    /// Not this role's to do.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody),
    /// No such thing, or none that the caller may see.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemBody),
    /// It changed meanwhile.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemBody),
    /// A limit is used up; `Retry-After` says for how long.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(ProblemBody),
    /// Something inside does not answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemBody),
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldProblem>,
    retry_after_s: Option<u32>,
}

/// What handlers answer.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, title, detail: detail.into(), errors: Vec::new(), retry_after_s: None }
    }

    /// One field is wrong.
    pub fn field(name: &str, problem: Problem) -> Self {
        Error::Invalid(FieldErrors::one(name, problem)).into()
    }

    /// The code, the challenge or the token does not sign anybody in.
    pub fn not_signed_in(errors: FieldErrors) -> Self {
        let mut refusal = Self::from(Error::Unauthenticated);
        refusal.errors = errors.0.into_iter().map(Into::into).collect();
        refusal
    }

    /// Staff without a second factor: it is set up in the browser.
    pub(super) fn enrol_first() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "second-factor-missing",
            "A second factor is needed",
            "Sign in with a browser once and set up your authenticator app.",
        )
    }

    /// The body is not JSON.
    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed-request", "The request cannot be read", detail)
    }

    /// A status of the transport.
    pub(super) fn of(status: StatusCode) -> Self {
        let (kind, title, detail) = match status {
            StatusCode::NOT_FOUND => ("not-found", "Not found", "There is nothing here, or nothing that you may see."),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method-not-allowed", "Method not allowed", "This address does not take this method.")
            }
            StatusCode::REQUEST_TIMEOUT => ("timeout", "Request timed out", "The request took too long."),
            StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "Request too large", "The body is larger than allowed."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("unsupported-media-type", "Unsupported media type", "The body must be application/json.")
            }
            StatusCode::INTERNAL_SERVER_ERROR => ("internal", "Internal error", "Something went wrong on our side."),
            _ => ("malformed-request", "The request cannot be read", "The request cannot be read."),
        };
        Self::new(status, kind, title, detail)
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::of(StatusCode::NOT_FOUND),
            Error::Unauthenticated => Self::new(
                StatusCode::UNAUTHORIZED,
                "not-signed-in",
                "Not signed in",
                "A valid sign-in is needed: the token or code is missing, wrong, used, or too old.",
            ),
            Error::Forbidden => Self::new(
                StatusCode::FORBIDDEN,
                "not-allowed",
                "Not allowed",
                "You are signed in, but this is not yours to do.",
            ),
            Error::StepUp => Self::new(
                StatusCode::FORBIDDEN,
                "step-up-required",
                "Prove again who you are",
                "This needs a proof of identity from the last five minutes: sign in again, then try again.",
            ),
            Error::Invalid(errors) => Self {
                errors: errors.0.into_iter().map(Into::into).collect(),
                ..Self::new(
                    StatusCode::BAD_REQUEST,
                    "invalid-input",
                    "The input is not valid",
                    "One or more fields are wrong; see errors.",
                )
            },
            Error::Conflict => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Conflict",
                "It changed meanwhile, or exists already. Read it again and retry.",
            ),
            Error::TooMany { retry_after_s } => Self {
                retry_after_s: Some(retry_after_s),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too-many-requests",
                    "Too many requests",
                    format!("A limit is used up. Try again in {retry_after_s} seconds."),
                )
            },
            Error::Unavailable => Self {
                retry_after_s: Some(5),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "Temporarily unavailable",
                    "Something that we depend on does not answer. Try again soon.",
                )
            },
            Error::Internal { reference } => Self {
                detail: format!("Something went wrong on our side. Quote {reference} to support."),
                ..Self::of(StatusCode::INTERNAL_SERVER_ERROR)
            },
        }
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Error::Invalid(errors).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // Only of our own failures: a foreign thing has to answer exactly as an unknown one does.
        let ours = self.status.is_server_error() || self.status == StatusCode::REQUEST_TIMEOUT;
        let request_id = RequestId::current().filter(|_| ours).map(|id| id.to_string());
        let body = ProblemBody {
            r#type: format!("urn:procare:problem:{}", self.kind),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            request_id,
            errors: self.errors,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Every path of the API that does not exist.
pub async fn no_such_path() -> ApiError {
    ApiError::of(StatusCode::NOT_FOUND)
}

/// Every method that a path does not take.
pub async fn no_such_method() -> ApiError {
    ApiError::of(StatusCode::METHOD_NOT_ALLOWED)
}

/// A failure around a handler: a panic or a request that took too long.
pub fn failure(status: StatusCode, id: RequestId) -> Response {
    let mut refusal = ApiError::of(status);
    if status.is_server_error() {
        refusal.detail = format!("Something went wrong on our side. Quote {id} to support.");
    }
    refusal.into_response()
}

fn message(problem: &Problem) -> String {
    match problem {
        Problem::Required => "is required".into(),
        Problem::NotANumber => "is not a number".into(),
        Problem::OutOfRange { min, max, unit } => {
            let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
            format!("must be between {min} and {max}{unit}")
        }
        Problem::FitsOtherUnit { unit } => format!("is out of range in this unit, but not in {unit}"),
        Problem::InsulinInUnits => "is not the unit of insulin: U".into(),
        Problem::NotBelowSystolic => "must be lower than the systolic pressure".into(),
        Problem::BeforeStart => "lies before the first day".into(),
        Problem::ConfirmUnusual => "is unusual: confirm it".into(),
        Problem::TooLong { max } => format!("must have at most {max} characters"),
        Problem::TooShort { min } => format!("must have at least {min} characters"),
        Problem::ItemCount { min, max } => format!("must have between {min} and {max} items"),
        Problem::UnknownChoice => "is not one of the values that exist".into(),
        Problem::Phone => "is not an Indian mobile number".into(),
        Problem::Time => "is not a time that can be read".into(),
        Problem::InFuture => "lies in the future".into(),
        Problem::NoSuchLocalTime => "does not exist in the time zone".into(),
        Problem::TimeZone => "is not an IANA time zone".into(),
        Problem::NoSuchPerson => "belongs to nobody who is known here".into(),
        Problem::Exists => "is there already".into(),
        Problem::Otp => "is wrong, used, or too old".into(),
        Problem::UnknownField => "is not a field of this call".into(),
        Problem::FileFormat => "is not a file that can be read".into(),
        Problem::FileTooLarge { max_mib } => format!("is larger than {max_mib} MiB"),
        Problem::Malformed => "is not well-formed".into(),
    }
}
