//! The browser's door: pages rendered by `app`, forms posted to them, server functions, files.
//!
//! A request passes, outermost first: [`assets`] (files need no session), [`csrf`], the session, [`session::identify`]
//! (who, in which language), then a page, a form or a server function.

pub mod assets;
pub mod csrf;
mod dev;
mod files;
pub mod forms;
pub mod headers;
mod identity;
pub mod language;
pub mod pages;
pub mod plain;
pub mod session;
mod takeout;
pub mod under_way;
pub mod upload;

use axum::{Router, extract::DefaultBodyLimit, middleware};

use crate::state::AppState;

/// Most bytes of a form.
const MAX_FORM: usize = 64 * 1024;

/// Everything but the API.
pub fn router(app: &AppState) -> Router<AppState> {
    let mut router =
        forms::router().layer(DefaultBodyLimit::max(MAX_FORM)).merge(forms::uploads()).merge(files::router());
    router = router.merge(takeout::router());
    if app.outbox.is_some() {
        router = router.merge(dev::router());
    }
    pages::mount(router, app)
        .method_not_allowed_fallback(pages::no_such_method)
        .layer(middleware::from_fn_with_state(app.clone(), session::identify))
        .layer(session::layer(app))
        .layer(middleware::from_fn_with_state(app.clone(), csrf::guard))
        .layer(middleware::from_fn_with_state(app.clone(), assets::serve))
}
