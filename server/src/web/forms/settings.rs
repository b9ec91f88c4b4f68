//! One's own settings.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use domain::{
    clock::parse_zone, contact::parse_name, field::FieldErrors, forms::Fields, glucose::Unit, people::Language,
    ports::MeChange,
};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::SETTINGS, post(save))
}

async fn save(post: Post) -> Answer {
    let actor = post.actor()?;
    let change = match parse(&post.fields) {
        Ok(change) => change,
        Err(errors) => return Err(post.again(routes::SETTINGS, names::SETTINGS, post.shown(&[]), errors).await),
    };
    match post.services().accounts.change_me(&actor, change).await {
        Ok(_) => post.done(routes::SETTINGS, FlashMessage::SettingsSaved).await,
        Err(error) => Err(post.wrong(routes::SETTINGS, names::SETTINGS, error).await),
    }
}

/// Absent and empty fields stay as they are.
fn parse(fields: &Fields) -> Result<MeChange, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", fields.get("name").map(parse_name).transpose());
    let unit = errors.take("unit", fields.get("unit").map(Unit::parse).transpose());
    let time_zone = errors.take("timeZone", fields.get("timeZone").map(parse_zone).transpose());
    let language = errors.take("language", fields.get("language").map(Language::parse).transpose());
    let change = (|| Some(MeChange { name: name?, unit: unit?, time_zone: time_zone?, language: language? }))();
    errors.into_result(change)
}
