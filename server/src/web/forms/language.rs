//! The quick switch of language, for everybody.

use app::routes;
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Redirect},
    routing::post,
};
use domain::{people::Language, ports::MeChange};

use super::{Answer, Post};
use crate::{state::AppState, web::language::set_cookie};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::LANGUAGE, post(switch))
}

/// Keeps the choice in the account and in a cookie, for when nobody is signed in.
async fn switch(post: Post) -> Answer {
    let back = Redirect::to(&post.back_to(routes::HOME));
    let Some(language) = post.fields.get("language").and_then(|text| Language::parse(text).ok()) else {
        return Ok(back.into_response());
    };
    if let Ok(actor) = post.actor() {
        let change = MeChange { language: Some(language), ..MeChange::default() };
        post.services().accounts.change_me(&actor, change).await.map_err(|error| post.failed(&error))?;
    }
    let cookie = set_cookie(language, post.app.config.service.is_production());
    Ok(([(header::SET_COOKIE, cookie)], back).into_response())
}
