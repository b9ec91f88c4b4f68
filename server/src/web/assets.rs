//! Files of the built site: style, WebAssembly, fonts, icons. They are nobody's, so they need no session and are kept by
//! browsers.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::state::AppState;

/// A year, and never asked again: the name changes when the content does.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Asked each time, answered 304.
const ASK: &str = "no-cache";
/// A day.
const DAY: &str = "public, max-age=86400";
/// Folders in which nothing but files is: a missing one is not a page.
const FOLDERS: [&str; 3] = ["/pkg/", "/fonts/", "/icons/"];

/// Serves a file if the path names one, precompressed if the browser takes it; else lets the request go on.
pub async fn serve(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let in_folder = FOLDERS.iter().any(|folder| path.starts_with(folder));
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if !reads || !(in_folder || is_file) {
        return next.run(request).await;
    }
    let lifetime = lifetime(path, app.leptos.hash_files);
    // Only what selects the file's form goes on: the service needs nothing else of the request.
    let mut lookup = Request::new(axum::body::Body::empty());
    *lookup.method_mut() = request.method().clone();
    *lookup.uri_mut() = request.uri().clone();
    *lookup.headers_mut() = request.headers().clone();
    let files = ServeDir::new(&app.config.service.site_dir)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let Ok(answer) = files.oneshot(lookup).await;
    let status = answer.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED || status == StatusCode::RANGE_NOT_SATISFIABLE {
        let mut response = answer.map(axum::body::Body::new);
        let headers = response.headers_mut();
        name_charset(headers);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime));
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        return response;
    }
    if in_folder { StatusCode::NOT_FOUND.into_response() } else { next.run(request).await }
}

/// All our texts are UTF-8; a browser that has to guess can guess wrong.
fn name_charset(headers: &mut HeaderMap) {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else { return };
    let is_text = kind.starts_with("text/") || kind.ends_with("+xml") || kind.ends_with("javascript");
    if is_text
        && !kind.contains("charset")
        && let Ok(named) = HeaderValue::try_from(format!("{kind}; charset=utf-8"))
    {
        headers.insert(header::CONTENT_TYPE, named);
    }
}

/// The loader of the split WebAssembly and its manifest keep their names while their content changes.
fn lifetime(path: &str, hashed: bool) -> &'static str {
    let Some(name) = path.strip_prefix("/pkg/") else {
        return if path.starts_with("/fonts/") { FOREVER } else { DAY };
    };
    let keeps_its_name = name.starts_with("__wasm_split") || name.contains("manifest");
    if hashed && !keeps_its_name { FOREVER } else { ASK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_its_name_with_its_content_is_kept_for_a_year() {
        for (path, hashed, expected) in [
            ("/pkg/procare.3f2a.wasm", true, FOREVER),
            ("/pkg/chunk_report.77aa.wasm", true, FOREVER),
            ("/pkg/procare.wasm", false, ASK),
            ("/pkg/__wasm_split.js", true, ASK),
            ("/pkg/__wasm_split_manifest.json", true, ASK),
            ("/fonts/mukta-400.woff2", true, FOREVER),
            ("/favicon.svg", true, DAY),
        ] {
            assert_eq!(lifetime(path, hashed), expected, "{path}");
        }
    }
}
