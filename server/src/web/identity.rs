//! What the pages of the second factor, of a fresh proof, of a new phone number and of a doctor's code need to know.

use app::{
    context::{IdentityView, PageContext},
    routes,
};
use axum::http::{Method, request::Parts};
use domain::{Result, people::Actor};
use tower_sessions::Session;

use super::{session, under_way};
use crate::state::AppState;

/// Adds it to the context of these pages; of no other.
pub async fn look(
    app: &AppState,
    session: &Session,
    request: &Parts,
    actor: Option<Actor>,
    page: &mut PageContext,
) -> Result<()> {
    let Some(actor) = actor else { return Ok(()) };
    let second_factor = &app.services.second_factor;
    let path = request.uri.path();
    if path == routes::SECURITY_PHONE_CODE {
        page.new_phone = under_way::new_phone(session).await?.map(|under_way| under_way.shown(page.now.at));
    } else if path == routes::PATIENT_CONNECT {
        page.connection = under_way::connection(session, page.now.at).await?.map(|typed| typed.owner);
    } else if path == routes::SECOND_FACTOR_SETUP {
        page.identity = Some(IdentityView::State(second_factor.state(&actor).await?));
    } else if path == routes::STEP_UP || path == routes::SECOND_FACTOR {
        let by_app = path == routes::SECOND_FACTOR || second_factor.proves_by_app(&actor).await?;
        // A page that asks for the code has one to be found in the development outbox.
        if by_app && request.method == Method::GET {
            second_factor.show_demo_code(actor.user).await?;
        }
        let passkey = app.services.passkeys.has_any(actor.user).await?;
        page.identity = Some(if by_app {
            IdentityView::ByApp { passkey }
        } else {
            let phone_masked = page.me.as_ref().map(|me| me.phone_masked.clone()).unwrap_or_default();
            IdentityView::ByPhone { phone_masked, sent: session::proof(session).await?.is_some(), passkey }
        });
    }
    Ok(())
}
