//! How a request is read: strictly, and so that what is wrong is named.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Error,
    field::{FieldErrors, Problem},
    glucose::parse_instant,
    page::{Cursor, LIMIT},
    ports::ListQuery,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use utoipa::IntoParams;
use uuid::Uuid;

use super::error::ApiError;

/// Most characters of a field's name that are repeated in an answer.
const MAX_NAME: usize = 64;

/// Tells null (remove it) from absent (leave it): `#[serde(default, deserialize_with = "present")]`.
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(&request) {
            return Err(ApiError::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = bytes(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// A JSON body that may be absent.
pub struct MaybeBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = is_json(&request);
        let bytes = bytes(request, state).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(T::default()));
        }
        if !json {
            return Err(ApiError::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        parse(&bytes).map(Self)
    }
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| ApiError::of(rejection.status()))
}

fn is_json(request: &Request) -> bool {
    let Some(kind) = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refusal(&path, error.inner())
    })?;
    reader.end().map_err(|error| refusal("", &error))?;
    Ok(value)
}

/// Reads one item of a list by itself, so that a bad one does not spoil the rest.
pub fn item<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, FieldErrors> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let (field, problem) = wrong_field(&path, error.inner());
        FieldErrors::one(field, problem)
    })
}

fn refusal(path: &str, error: &serde_json::Error) -> ApiError {
    if error.is_data() {
        let (field, problem) = wrong_field(path, error);
        return ApiError::field(&field, problem);
    }
    ApiError::malformed(format!("The body is not well-formed JSON (line {}, column {}).", error.line(), error.column()))
}

/// serde tells a missing or unknown field's name only in its message, between backticks.
fn wrong_field(path: &str, error: &serde_json::Error) -> (String, Problem) {
    let message = error.to_string();
    let quoted = || message.split('`').nth(1).unwrap_or("").chars().take(MAX_NAME).collect::<String>();
    let path = if path == "." { "" } else { path };
    let below = |name: String| {
        // The path ends with the field for an unknown one and with its parent for a missing one.
        if path.is_empty() || path == name {
            name
        } else {
            format!("{}.{name}", path.trim_end_matches(&format!(".{name}")))
        }
    };
    if message.starts_with("unknown field") {
        (below(quoted()), Problem::UnknownField)
    } else if message.starts_with("missing field") {
        (below(quoted()), Problem::Required)
    } else if message.contains("expected f64") {
        (path.to_owned(), Problem::NotANumber)
    } else {
        (path.chars().take(2 * MAX_NAME).collect(), Problem::Malformed)
    }
}

/// The query of a path.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(_) => Err(ApiError::malformed("The query cannot be read.")),
        }
    }
}

/// An id in a path. One that is no id answers as an unknown one does.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: From<Uuid>> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        let id = Uuid::try_parse(&text).map_err(|_| Error::NotFound)?;
        Ok(Self(id.into()))
    }
}

/// Which entries of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// From this instant (RFC 3339), included.
    #[param(value_type = Option<DateTime<Utc>>)]
    from: Option<String>,
    /// To this instant (RFC 3339), not included.
    #[param(value_type = Option<DateTime<Utc>>)]
    to: Option<String>,
    /// 1 to 1000; 100 if absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl ListParams {
    /// Judges every parameter.
    pub fn parse(self) -> Result<ListQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let from = errors.take("from", instant(self.from));
        let to = errors.take("to", instant(self.to));
        let limit = errors.take("limit", limit(self.limit.as_deref(), LIMIT.1));
        let cursor = match self.cursor {
            Some(text) if Cursor::parse(&text).is_none() => errors.take("cursor", Err(Problem::Malformed)),
            cursor => Some(cursor),
        };
        let query = (|| Some(ListQuery { from: from?, to: to?, limit: limit?, cursor: cursor? }))();
        errors.into_result(query)
    }
}

/// An RFC 3339 instant of a query; a `+` that was not escaped arrives as a space.
pub fn instant(text: Option<String>) -> Result<Option<DateTime<Utc>>, Problem> {
    text.map(|text| parse_instant(Some(&text.trim().replace(' ', "+")))).transpose()
}

/// How many items, from 1 to a most.
pub fn limit(text: Option<&str>, most: u32) -> Result<Option<u32>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let limit: u32 = text.parse().map_err(|_| Problem::NotANumber)?;
    if (LIMIT.0..=most).contains(&limit) {
        Ok(Some(limit))
    } else {
        Err(Problem::OutOfRange { min: f64::from(LIMIT.0), max: f64::from(most), unit: String::new() })
    }
}

/// A day, or an instant whose day the caller's zone decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Day {
    /// Of the patient's calendar.
    Date(NaiveDate),
    /// RFC 3339.
    Instant(DateTime<Utc>),
}

impl Day {
    /// `2026-11-24` or an RFC 3339 instant.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if let Ok(date) = text.parse() {
            return Ok(Self::Date(date));
        }
        parse_instant(Some(&text.trim().replace(' ', "+"))).map(Self::Instant)
    }
}
