//! A doctor's marks: reviewed, targets.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use chrono::NaiveDate;
use domain::{
    field::{FieldErrors, Problem},
    forms,
    ids::PatientId,
    targets,
};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::DOCTOR, post(search))
        .route(routes::DOCTOR_EMERGENCY, post(emergency))
        .route("/doctor/patients/{id}/review", post(review))
        .route("/doctor/patients/{id}/targets", post(set_targets))
}

/// The work list with what was searched for. Posted, because names do not belong into addresses and logs.
async fn search(post: Post) -> Answer {
    post.actor()?;
    Ok(post.with_form(routes::DOCTOR, names::PANEL_SEARCH, post.shown(&[]), FieldErrors::default()).await)
}

async fn emergency(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::DOCTOR_EMERGENCY;
    let (phone, reason) = match forms::emergency(&post.fields) {
        Ok(parsed) => parsed,
        Err(errors) => return Err(post.again(page, names::EMERGENCY, post.shown(&[]), errors).await),
    };
    match post.services().emergencies.open(&actor, &phone, &reason).await {
        Ok(patient) => post.done(&routes::doctor_patient(patient), FlashMessage::EmergencyOpened).await,
        Err(error) => Err(post.wrong(page, names::EMERGENCY, error).await),
    }
}

async fn review(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: PatientId = post.id().await?;
    let reviewed = post.field_or_query("reviewed").as_deref() != Some("no");
    let page = post.back_to(&routes::doctor_patient(id));
    let due = post.field_or_query("due").map(|day| day.parse::<NaiveDate>());
    let panel = &post.services().panel;
    let done = match due.filter(|_| reviewed) {
        None => panel.review(&actor, id, reviewed).await,
        Some(Ok(day)) => panel.review_until(&actor, id, day).await,
        Some(Err(_)) => Err(FieldErrors::one("due", Problem::Malformed).into()),
    };
    match done {
        Ok(()) if reviewed => {
            let undo = format!("{}?reviewed=no", routes::doctor_review(id));
            post.done_with_undo(&page, FlashMessage::Reviewed, Some(undo)).await
        }
        Ok(()) => post.done(&page, FlashMessage::ReviewUndone).await,
        Err(error) => Err(post.refused(&page, error).await),
    }
}

async fn set_targets(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: PatientId = post.id().await?;
    let back = routes::doctor_patient(id);
    let page = routes::doctor_targets(id);
    let goals = match targets::form(&post.fields) {
        Ok(goals) => goals,
        Err(errors) => return Err(post.again(&page, names::TARGETS, post.shown(&[]), errors).await),
    };
    match post.services().panel.set_targets(&actor, id, goals).await {
        Ok(()) => post.done(&back, FlashMessage::TargetsSaved).await,
        Err(error) => Err(post.wrong(&page, names::TARGETS, error).await),
    }
}
