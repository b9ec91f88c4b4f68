//! No other site makes a signed-in browser change anything.
//!
//! Browsers say with every request from where it comes (`Sec-Fetch-Site`, which no script can set; older ones `Origin` with
//! a post). One that says neither but sends a cookie is not let through. The API has no need of it: it ignores cookies.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{language, plain};
use crate::state::AppState;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site sends.
pub async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_ours(request.headers(), request.uri(), app.config.service.is_production()) {
        next.run(request).await
    } else {
        plain::refused(StatusCode::FORBIDDEN, language::of(request.headers())).into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// `secure`: our pages are only ever opened over TLS, so an origin without it is somebody on the line.
fn is_ours(headers: &HeaderMap, uri: &Uri, secure: bool) -> bool {
    let one = |name: HeaderName| {
        let mut values = headers.get_all(name).into_iter();
        match (values.next(), values.next()) {
            (None, _) => None,
            // Two are never right: no value fits.
            (Some(_), Some(_)) => Some(""),
            (Some(value), None) => Some(value.to_str().unwrap_or("")),
        }
    };
    if let Some(site) = one(SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    if let Some(origin) = one(header::ORIGIN) {
        let host = one(header::HOST).or_else(|| uri.authority().map(http::uri::Authority::as_str)).unwrap_or("");
        let (scheme, theirs) = origin.split_once("://").unwrap_or_default();
        let scheme_fits = scheme == "https" || (scheme == "http" && !secure);
        return scheme_fits && !host.is_empty() && theirs.eq_ignore_ascii_case(host);
    }
    !headers.contains_key(header::COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(headers: &[(&'static str, &'static str)], secure: bool) -> bool {
        let mut map = HeaderMap::new();
        map.insert(header::HOST, "care.example:3000".parse().unwrap());
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        is_ours(&map, &Uri::from_static("/patient/log"), secure)
    }

    #[test]
    fn only_our_own_pages_may_post_with_a_cookie() {
        let cookie = ("cookie", "procare=1");
        for (headers, expected) in [
            (vec![("sec-fetch-site", "same-origin"), cookie], true),
            (vec![("sec-fetch-site", "none"), cookie], true),
            (vec![("sec-fetch-site", "same-site"), cookie], false),
            (vec![("sec-fetch-site", "cross-site"), cookie], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "http://care.example:3000"), cookie], false),
            (vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin"), cookie], false),
            (vec![("origin", "http://care.example:3000"), cookie], true),
            (vec![("origin", "https://CARE.example:3000"), cookie], true),
            (vec![("origin", "http://care.example"), cookie], false),
            (vec![("origin", "http://evil.example:3000"), cookie], false),
            (vec![("origin", "http://care.example:3000.evil.example"), cookie], false),
            (vec![("origin", "null"), cookie], false),
            (vec![("origin", ""), cookie], false),
            (vec![cookie], false),
            (vec![], true),
        ] {
            assert_eq!(ours(&headers, false), expected, "{headers:?}");
        }
    }

    #[test]
    fn in_production_a_page_without_tls_is_not_ours() {
        for (origin, development, production) in [
            ("https://care.example:3000", true, true),
            ("http://care.example:3000", true, false),
            ("ftp://care.example:3000", false, false),
            ("care.example:3000", false, false),
        ] {
            let headers = [("origin", origin), ("cookie", "__Host-procare=1")];
            assert_eq!((ours(&headers, false), ours(&headers, true)), (development, production), "{origin}");
        }
    }
}
