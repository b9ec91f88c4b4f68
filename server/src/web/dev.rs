//! `/dev/outbox`: the sign-in codes that would have been sent. Development only; production does not have the route.

use std::fmt::Write;

use app::routes;
use axum::{Router, extract::State, response::Response, routing::get};
use domain::people::Language;

use super::plain::{escape, page};
use crate::{messages::Template, state::AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::DEV_OUTBOX, get(outbox))
}

async fn outbox(State(app): State<AppState>) -> Response {
    let messages = app.outbox.as_ref().map(|outbox| outbox.messages()).unwrap_or_default();
    let mut body = String::from(
        "<p>Sign-in codes of this development server, newest first. The demonstration's doctor and admin \
         have an authenticator app that does not exist: its codes are here too, when a page asks for one.</p>",
    );
    if messages.is_empty() {
        body.push_str("<p>Nothing was sent yet.</p>");
    } else {
        body.push_str(
            "<table><thead><tr><th scope=\"col\">To</th><th scope=\"col\">By</th><th scope=\"col\">Code</th><th scope=\"col\">At</th></tr></thead><tbody>",
        );
        for message in messages {
            // Writing to a String cannot fail.
            let _ = write!(
                body,
                "<tr><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
                escape(message.to.e164()),
                match message.template {
                    Template::Otp | Template::NewPhone => "message",
                    Template::Authenticator => "authenticator app",
                },
                escape(&message.code),
                message.at.format("%Y-%m-%d %H:%M:%S UTC"),
            );
        }
        body.push_str("</tbody></table>");
    }
    let _ = write!(body, "<p><a href=\"{}\">Sign in</a></p>", routes::LOGIN);
    page(Language::English, "Development outbox", &body)
}
