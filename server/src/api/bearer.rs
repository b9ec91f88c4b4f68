//! Who calls: the bearer token, and how often they may. Cookies are not looked at, so no other site can make a browser call.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Error, people::Actor};

use super::error::ApiError;
use crate::{
    edge::ClientAddress,
    limits::{Caller, Verdict, WINDOW_S},
    state::AppState,
};

/// Header of what is left.
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// Header of the rule.
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The call that renews an access token, below the API's prefix.
const RENEWAL: &str = "/auth/refresh";

/// What the token said.
#[derive(Debug, Clone)]
enum Bearer {
    Nobody,
    Known(Actor),
    Refused(Error),
}

/// Reads the token once, counts the call, and answers 429 when a limit is used up.
pub async fn door(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let bearer = match token(request.headers()) {
        None => Bearer::Nobody,
        Some(token) => match app.services.accounts.bearer(token).await {
            Ok(actor) => Bearer::Known(actor),
            Err(error) => Bearer::Refused(error),
        },
    };
    let limits = &app.config.limits;
    let (caller, policy, limit) = match &bearer {
        Bearer::Known(actor) => (Caller::User(actor.user), "user", limits.user_15min),
        _ if request.uri().path() == RENEWAL => {
            (address(&request, Caller::renewing), "renewals", limits.renewals_15min)
        }
        _ => (address(&request, Caller::address), "anonymous", limits.anonymous_15min),
    };
    let verdict = app.limiter.hit(caller, limit, app.now().timestamp_millis()).await;
    let mut response = if verdict.allowed {
        request.extensions_mut().insert(bearer);
        next.run(request).await
    } else {
        ApiError::from(Error::TooMany { retry_after_s: verdict.reset_s }).into_response()
    };
    tell(response.headers_mut(), policy, limit, verdict);
    response
}

/// Without a peer (a request that did not come through a socket) all share one counter.
fn address(request: &Request, counted: impl Fn(IpAddr) -> Caller) -> Caller {
    let address = request.extensions().get::<ClientAddress>().map_or(IpAddr::from([0; 4]), |address| address.0);
    counted(address)
}

/// draft-ietf-httpapi-ratelimit-headers-10.
fn tell(headers: &mut HeaderMap, policy: &str, limit: u32, verdict: Verdict) {
    let left = format!("\"{policy}\";r={};t={}", verdict.remaining, verdict.reset_s);
    let rule = format!("\"{policy}\";q={limit};w={WINDOW_S}");
    for (name, text) in [(RATE_LIMIT, left), (RATE_LIMIT_POLICY, rule)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
}

/// The token of `Authorization: Bearer ...`; anything else under that header is a token that is refused.
fn token(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("");
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// The signed-in caller; without one the call is refused.
pub struct SignedIn(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match parts.extensions.get::<Bearer>() {
            Some(Bearer::Known(actor)) => Ok(Self(*actor)),
            Some(Bearer::Refused(error)) => Err(error.clone().into()),
            Some(Bearer::Nobody) | None => Err(Error::Unauthenticated.into()),
        }
    }
}

/// From where the call comes, for limits of codes and the list of devices.
pub struct CallOrigin(pub domain::ports::Origin);

impl<S: Send + Sync> FromRequestParts<S> for CallOrigin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ClientAddress>().map(|address| address.0);
        Ok(Self(domain::ports::Origin { address, device: None }))
    }
}
