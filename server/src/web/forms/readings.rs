//! Readings: log, change, delete, restore.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use domain::{forms::reading, ids::ReadingId};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    let one = format!("{}/{{id}}", routes::PATIENT_HISTORY);
    Router::new()
        .route(routes::PATIENT_LOG, post(log))
        .route(&one, post(change))
        .route(&format!("{one}/delete"), post(delete))
        .route(&format!("{one}/restore"), post(restore))
}

async fn log(post: Post) -> Answer {
    let actor = post.actor()?;
    let typed = match reading(&post.fields) {
        Ok(typed) => typed,
        Err(errors) => return Err(post.again(routes::PATIENT_LOG, names::READING, post.shown(&[]), errors).await),
    };
    match post.services().readings.log_typed(&actor, typed).await {
        Ok(stored) => {
            let unit = stored.glucose.unit();
            let shown = format!("{} {}", stored.glucose.shown(unit), unit.as_str());
            let undo = routes::reading_delete(stored.id);
            post.done_with_undo(routes::PATIENT, FlashMessage::ReadingSaved(shown), Some(undo)).await
        }
        Err(error) => Err(post.wrong(routes::PATIENT_LOG, names::READING, error).await),
    }
}

async fn change(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ReadingId = post.id().await?;
    let page = routes::reading(id);
    let typed = match reading(&post.fields) {
        Ok(typed) => typed,
        Err(errors) => return Err(post.again(&page, names::READING, post.shown(&[]), errors).await),
    };
    match post.services().readings.change_typed(&actor, id, typed).await {
        Ok(_) => post.done(routes::PATIENT_HISTORY, FlashMessage::ReadingChanged).await,
        Err(error) => Err(post.wrong(&page, names::READING, error).await),
    }
}

async fn delete(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ReadingId = post.id().await?;
    match post.services().readings.delete(&actor, id).await {
        Ok(()) => {
            let undo = routes::reading_restore(id);
            post.done_with_undo(routes::PATIENT_HISTORY, FlashMessage::ReadingDeleted, Some(undo)).await
        }
        Err(error) => Err(post.refused(routes::PATIENT_HISTORY, error).await),
    }
}

async fn restore(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ReadingId = post.id().await?;
    match post.services().readings.restore(&actor, id).await {
        Ok(()) => post.done(routes::PATIENT_HISTORY, FlashMessage::ReadingRestored).await,
        Err(error) => Err(post.refused(routes::PATIENT_HISTORY, error).await),
    }
}
