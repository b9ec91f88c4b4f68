//! Erasing one's own data, and keeping it after all.

use app::{forms::FlashMessage, routes};
use axum::{Router, routing::post};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::DATA_ERASE, post(erase)).route(routes::DATA_KEEP, post(keep))
}

async fn erase(post: Post) -> Answer {
    let actor = post.actor()?;
    match post.services().rights.ask_erasure(&actor).await {
        Ok(_) => post.done(routes::DATA, FlashMessage::ErasureAsked).await,
        Err(error) => Err(post.refused(routes::DATA, error).await),
    }
}

async fn keep(post: Post) -> Answer {
    let actor = post.actor()?;
    match post.services().rights.keep(&actor).await {
        Ok(()) => post.done(routes::DATA, FlashMessage::ErasureEnded).await,
        Err(error) => Err(post.refused(routes::DATA, error).await),
    }
}
