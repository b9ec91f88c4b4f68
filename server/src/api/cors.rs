//! Which other sites' scripts may call the API: the configured ones, with a token, never with cookies.

use std::time::Duration;

use axum::http::{Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::bearer::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::{config::Origins, edge::REQUEST_ID};

/// How long a browser may keep the answer to its preflight request.
const KEEP: Duration = Duration::from_mins(10);

/// The layer; none without a configured site, so that no answer says anything about other sites.
///
/// It lies outside of the counting of calls: a preflight carries no token, and would use up the address's share.
pub fn layer(origins: &Origins) -> Option<CorsLayer> {
    if origins.0.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.0.iter().cloned()))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, RATE_LIMIT, RATE_LIMIT_POLICY, REQUEST_ID])
        .max_age(KEEP);
    Some(layer)
}
