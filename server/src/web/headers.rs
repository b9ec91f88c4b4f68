//! Headers of every answer. A header that a handler set stays: no directive is ever sent twice.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Of everything but pages: nothing may be loaded or run.
const STRICT_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Two years.
const HSTS: &str = "max-age=63072000; includeSubDomains";

const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, STRICT_POLICY),
    // Nothing is kept unless its handler says that it is nobody's.
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // `no-referrer` would make browsers send `Origin: null` with forms.
    (header::REFERRER_POLICY, "same-origin"),
    (COOP, "same-origin"),
    (COEP, "require-corp"),
    (CORP, "same-origin"),
    (PERMISSIONS, "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"),
];

/// Adds what is missing.
pub fn complete(response: &mut Response, production: bool) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        default(headers, name, value);
    }
    if production {
        default(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// Of a page rendered by Leptos: only scripts with this rendering's nonce, and what they load.
///
/// `'wasm-unsafe-eval'` compiles WebAssembly and nothing else.
pub fn page_policy(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ))
    .ok()
}

/// Of a page without scripts.
pub const PLAIN_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
