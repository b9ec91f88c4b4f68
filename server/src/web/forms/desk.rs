//! A doctor's tags, saved views and hand-overs.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use domain::{
    Error,
    desk::{self, HandedOver},
    field::{FieldErrors, Problem},
    ids::{PatientId, TagId, ViewId},
};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::DOCTOR_VIEWS, post(save_view))
        .route("/doctor/views/{id}/remove", post(remove_view))
        .route("/doctor/views/{id}/restore", post(restore_view))
        .route("/doctor/patients/{id}/desk", post(desk_of_patient))
}

async fn save_view(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::DOCTOR_VIEWS;
    let (name, query) = match desk::view_form(&post.fields) {
        Ok(parsed) => parsed,
        Err(errors) => return Err(post.again(page, names::VIEW, post.shown(&[]), errors).await),
    };
    match post.services().desks.save_view(&actor, &name, query).await {
        Ok(_) => post.done(page, FlashMessage::Saved).await,
        Err(error) => Err(post.wrong(page, names::VIEW, error).await),
    }
}

async fn remove_view(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ViewId = post.id().await?;
    let page = routes::DOCTOR_VIEWS;
    match post.services().desks.set_view_removed(&actor, id, true).await {
        Ok(()) => post.done_with_undo(page, FlashMessage::Removed, Some(routes::doctor_view_restore(id))).await,
        Err(error) => Err(post.refused(page, error).await),
    }
}

async fn restore_view(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ViewId = post.id().await?;
    let page = routes::DOCTOR_VIEWS;
    match post.services().desks.set_view_removed(&actor, id, false).await {
        Ok(()) => post.done(page, FlashMessage::Saved).await,
        Err(error) => Err(post.refused(page, error).await),
    }
}

/// One page, several buttons: a tag on (`tag` by name, `on` by id) or `off`, a hand-over (`to`, `note`) or its end (`back`).
async fn desk_of_patient(post: Post) -> Answer {
    let id: PatientId = post.id().await?;
    let tag = |name| post.field_or_query(name).map(|tag| tag.parse::<TagId>().map_err(|_| Error::NotFound));
    if let Some(name) = post.fields.get("tag") {
        add_tag(&post, id, name).await
    } else if let Some(tag) = tag("on") {
        put_tag(&post, id, tag, true).await
    } else if let Some(tag) = tag("off") {
        put_tag(&post, id, tag, false).await
    } else if post.field_or_query("back").is_some() {
        take_back(&post, id).await
    } else if post.fields.0.contains_key("to") {
        hand_over(&post, id).await
    } else {
        let errors = FieldErrors::one("tag", Problem::Required);
        let actor = post.actor()?;
        // Whoever may not see the page must not be told what it holds.
        match post.services().desks.of_patient(&actor, id).await {
            Ok(_) => Err(post.again(&routes::doctor_desk(id), names::TAG, post.shown(&[]), errors).await),
            Err(error) => Err(post.failed(&error)),
        }
    }
}

async fn add_tag(post: &Post, id: PatientId, name: &str) -> Answer {
    let actor = post.actor()?;
    let page = routes::doctor_desk(id);
    match post.services().desks.tag(&actor, id, name).await {
        Ok(tag) => post.done_with_undo(&page, FlashMessage::Saved, Some(format!("{page}?off={tag}"))).await,
        Err(error) => Err(post.wrong(&page, names::TAG, error).await),
    }
}

async fn put_tag(post: &Post, id: PatientId, tag: domain::Result<TagId>, on: bool) -> Answer {
    let actor = post.actor()?;
    let page = routes::doctor_desk(id);
    let desks = &post.services().desks;
    let done = match tag {
        Ok(tag) if on => desks.retag(&actor, id, tag).await.map(|()| tag),
        Ok(tag) => desks.untag(&actor, id, tag).await.map(|()| tag),
        Err(error) => Err(error),
    };
    match done {
        Ok(tag) => {
            let (message, back) = if on { (FlashMessage::Saved, "off") } else { (FlashMessage::Removed, "on") };
            post.done_with_undo(&page, message, Some(format!("{page}?{back}={tag}"))).await
        }
        Err(error) => Err(post.refused(&page, error).await),
    }
}

async fn hand_over(post: &Post, id: PatientId) -> Answer {
    let actor = post.actor()?;
    let page = routes::doctor_desk(id);
    let (to, note) = match desk::hand_over_form(&post.fields) {
        Ok(parsed) => parsed,
        Err(errors) => return Err(post.again(&page, names::HANDOVER, post.shown(&[]), errors).await),
    };
    match post.services().desks.hand_over(&actor, id, to, note.as_deref()).await {
        Ok(done) => {
            let message = match done {
                HandedOver::Now => FlashMessage::HandedOver,
                HandedOver::OnceAgreed => FlashMessage::HandedOverAsked,
            };
            post.done_with_undo(&page, message, Some(format!("{page}?back=yes"))).await
        }
        Err(error) => Err(post.wrong(&page, names::HANDOVER, error).await),
    }
}

async fn take_back(post: &Post, id: PatientId) -> Answer {
    let actor = post.actor()?;
    let page = routes::doctor_desk(id);
    match post.services().desks.take_back(&actor, id).await {
        Ok(()) => post.done(&page, FlashMessage::Saved).await,
        Err(error) => Err(post.refused(&page, error).await),
    }
}
