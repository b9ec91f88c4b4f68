//! Pages that need no application: what is said when something fails, and the development outbox.

use app::{
    routes,
    words::{self, Failing},
};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use domain::people::Language;

use super::headers::PLAIN_POLICY;
use crate::request_id::RequestId;

/// Makes text safe inside HTML text and attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A page: `title` is escaped, `body` is HTML.
pub fn page(language: Language, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title></head>\
         <body><main id=\"content\"><h1>{title}</h1>{body}</main></body></html>",
        language = language.as_str(),
    );
    ([(header::CONTENT_SECURITY_POLICY, PLAIN_POLICY)], Html(html)).into_response()
}

fn message(status: StatusCode, language: Language, reference: Option<&str>) -> Response {
    let (title, text) = words::failing(
        language,
        match status {
            StatusCode::NOT_FOUND => Failing::NotFound,
            StatusCode::FORBIDDEN => Failing::Refused,
            StatusCode::TOO_MANY_REQUESTS => Failing::TooMany,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Failing::Unavailable,
            _ => Failing::Failed,
        },
    );
    let reference = reference
        .map(|id| format!("<p>{} <code>{}</code></p>", escape(words::reference(language)), escape(id)))
        .unwrap_or_default();
    let body = format!(
        "<p>{}</p>{reference}<p><a href=\"{}\">{}</a></p>",
        escape(text),
        routes::HOME,
        escape(words::back_home(language)),
    );
    (status, page(language, title, &body)).into_response()
}

/// Why a request was not served.
pub fn refused(status: StatusCode, language: Language) -> Response {
    message(status, language, None)
}

/// A use case that refused or failed, outside any form.
pub fn error(error: &domain::Error, language: Language) -> Response {
    use domain::Error;
    match error {
        Error::NotFound | Error::Forbidden => message(StatusCode::NOT_FOUND, language, None),
        Error::Unauthenticated | Error::StepUp => message(StatusCode::FORBIDDEN, language, None),
        Error::Invalid(_) => message(StatusCode::UNPROCESSABLE_ENTITY, language, None),
        Error::Conflict => message(StatusCode::CONFLICT, language, None),
        Error::TooMany { retry_after_s } => {
            let retry = [(header::RETRY_AFTER, (*retry_after_s).max(1).to_string())];
            (retry, message(StatusCode::TOO_MANY_REQUESTS, language, None)).into_response()
        }
        Error::Unavailable => message(StatusCode::SERVICE_UNAVAILABLE, language, None),
        Error::Internal { reference } => message(StatusCode::INTERNAL_SERVER_ERROR, language, Some(reference)),
    }
}

/// A failure around a page: a panic, or a request that took too long. The language is not known there.
pub fn failure(status: StatusCode, id: RequestId) -> Response {
    message(status, Language::English, Some(&id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_markup() {
        assert_eq!(escape("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    }
}
