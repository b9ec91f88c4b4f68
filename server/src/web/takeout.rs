//! The file of everything, for a browser.

use app::{
    context::{PageContext, SignedIn},
    routes,
};
use axum::{
    Extension, Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::Error;

use super::{plain, session};
use crate::{state::AppState, takeout};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::DATA_EXPORT, get(whole))
}

async fn whole(
    State(app): State<AppState>,
    Extension(SignedIn(signed_in)): Extension<SignedIn>,
    Extension(page): Extension<PageContext>,
) -> Response {
    let Some(actor) = signed_in else { return Redirect::to(routes::LOGIN).into_response() };
    match app.services.rights.begin_export(&actor).await {
        Ok(profile) => takeout::answer(app.services.clone(), actor, profile),
        Err(Error::StepUp) => session::to_step_up(Some(routes::DATA)),
        Err(error) => plain::error(&error, page.language),
    }
}
