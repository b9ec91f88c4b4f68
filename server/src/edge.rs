//! What surrounds every request, whichever door it takes: its id, the client's address, room and time for it, a panic
//! caught, the headers of every answer, a metric and a log line.

use std::{net::IpAddr, panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{self, HeaderName},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;

use crate::{
    api, config::setting::Networks, health, request_id::RequestId, serve::Peer, state::AppState, telemetry, web,
};

/// Header of the request's id, in answers and log lines.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the socket's, or what a trusted proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Of a request through proxies: the right-most hop that is not one of ours. What stands left of it can be made up.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    let mut address = peer.to_canonical();
    if !trusted.contains(address) {
        return address;
    }
    let hops = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.into_iter().rev() {
        // Something unreadable from a trusted proxy: the last hop known is the best that is known.
        let Some(hop) = parse_hop(hop) else { return address };
        address = hop;
        if !trusted.contains(address) {
            return address;
        }
    }
    address
}

/// An address, with or without a port.
fn parse_hop(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .or_else(|_| text.parse::<std::net::SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

/// Which door a path leads to: decides the form of errors.
fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Paths that take files.
fn is_upload(method: &Method, path: &str) -> bool {
    method == Method::POST && matches!(path, "/api/v1/imports" | app::routes::PATIENT_IMPORT)
}

/// See the module. The outermost layer.
pub async fn edge(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::random();
    let address = request
        .extensions()
        .get::<Peer>()
        .map(|peer| client_address(peer.0.ip(), request.headers(), &app.config.http.trusted_proxies));
    if let Some(address) = address {
        request.extensions_mut().insert(ClientAddress(address));
    }
    let api = is_api(request.uri().path());
    let limit = if is_upload(request.method(), request.uri().path()) {
        app.config.http.upload
    } else {
        app.config.http.request
    };
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();

    // An answer that comes too late helps nobody: above what can be worked on, say so at once.
    let mut response = match app.requests.try_acquire() {
        Err(_) if request.uri().path() != health::ALIVE => {
            let headers = request.headers().clone();
            id.of(async { overloaded(api, &headers) }).await
        }
        _permit => {
            let work = id.of(AssertUnwindSafe(next.run(request)).catch_unwind());
            match tokio::time::timeout(limit, work).await {
                Ok(Ok(response)) => response,
                Ok(Err(_panic)) => {
                    // The panic's message may quote data: the hook has written where it happened, the id connects the two.
                    tracing::error!(request.id = %id, "a request panicked");
                    failure(api, StatusCode::INTERNAL_SERVER_ERROR, id).await
                }
                Err(_elapsed) => failure(api, StatusCode::REQUEST_TIMEOUT, id).await,
            }
        }
    };
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    web::headers::complete(&mut response, app.config.service.is_production());
    record(&app, id, &method, route.as_ref(), response.status(), started);
    response
}

fn overloaded(api: bool, headers: &HeaderMap) -> Response {
    let mut response = if api {
        api::error::ApiError::from(domain::Error::Unavailable).into_response()
    } else {
        web::plain::refused(StatusCode::SERVICE_UNAVAILABLE, web::language::of(headers))
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

async fn failure(api: bool, status: StatusCode, id: RequestId) -> Response {
    id.of(async { if api { api::error::failure(status, id) } else { web::plain::failure(status, id) } }).await
}

/// The route's pattern, never the path: paths hold ids.
fn record(
    app: &AppState,
    id: RequestId,
    method: &Method,
    route: Option<&MatchedPath>,
    status: StatusCode,
    started: Instant,
) {
    let elapsed = started.elapsed();
    let route = route.map_or("none", MatchedPath::as_str);
    if app.metrics.is_some() {
        metrics::histogram!(
            telemetry::REQUESTS,
            "method" => known(method),
            "route" => route.to_owned(),
            "status" => status.as_u16().to_string(),
        )
        .record(elapsed.as_secs_f64());
    }
    let duration_ms = elapsed.as_secs_f64() * 1000.0;
    let status = status.as_u16();
    if status >= 500 {
        tracing::warn!(request.id = %id, %method, route, status, duration_ms, "a request failed");
    } else {
        tracing::debug!(request.id = %id, %method, route, status, duration_ms, "a request was answered");
    }
}

/// Methods are a closed set in the metrics: a client cannot make new series.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::setting::Setting;

    fn seen(peer: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        client_address(peer.parse().unwrap(), &headers, &Networks::parse(trusted).unwrap()).to_string()
    }

    #[test]
    fn nobody_can_choose_their_own_address() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], ""), "203.0.113.7");
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], "10.0.0.0/8"), "203.0.113.7");
        assert_eq!(seen("10.0.0.2", &["1.1.1.1, 198.51.100.1"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(seen("10.0.0.2", &["1.1.1.1", "198.51.100.1, 10.0.0.9"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(seen("10.0.0.2", &["198.51.100.1:4711"], "10.0.0.0/8"), "198.51.100.1");
        assert_eq!(seen("10.0.0.2", &["[2001:db8::1]:4711"], "10.0.0.0/8"), "2001:db8::1");
        assert_eq!(seen("10.0.0.2", &["1.1.1.1, unknown"], "10.0.0.0/8"), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &[], "10.0.0.0/8"), "10.0.0.2");
        assert_eq!(seen("::ffff:10.0.0.2", &["198.51.100.1"], "10.0.0.0/8"), "198.51.100.1");
    }
}
