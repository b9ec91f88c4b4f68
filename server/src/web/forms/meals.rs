//! Meals: log, change, delete, restore.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use domain::{
    clock::from_local,
    field::{FieldErrors, Problem},
    forms::{Fields, meal},
    glucose::not_in_future,
    ids::MealId,
    meal::NewMeal,
};

use super::{Answer, Post};
use crate::state::AppState;

/// Meals are in the history under this query.
const HISTORY: &str = "/patient/history?kind=meals";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::PATIENT_MEAL_NEW, post(log))
        .route("/patient/meals/{id}", post(change))
        .route("/patient/meals/{id}/delete", post(delete))
        .route("/patient/meals/{id}/restore", post(restore))
}

async fn log(post: Post) -> Answer {
    let actor = post.actor()?;
    let (new, local) = match meal(&post.fields, post.app.now()) {
        Ok(typed) => typed,
        Err(errors) => return Err(post.again(routes::PATIENT_MEAL_NEW, names::MEAL, post.shown(&[]), errors).await),
    };
    match post.services().meals.log_typed(&actor, new, local).await {
        Ok(stored) => {
            let undo = routes::meal_delete(stored.id);
            post.done_with_undo(routes::PATIENT, FlashMessage::MealSaved, Some(undo)).await
        }
        Err(error) => Err(post.wrong(routes::PATIENT_MEAL_NEW, names::MEAL, error).await),
    }
}

async fn change(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: MealId = post.id().await?;
    let page = routes::meal(id);
    let (new, version) = match parse_change(&post) {
        Ok(change) => change,
        Err(errors) => return Err(post.again(&page, names::MEAL, post.shown(&[]), errors).await),
    };
    match post.services().meals.change(&actor, id, new, version).await {
        Ok(_) => post.done(HISTORY, FlashMessage::MealChanged).await,
        Err(error) => Err(post.wrong(&page, names::MEAL, error).await),
    }
}

/// The whole meal, its wall-clock time turned into an instant of the patient's zone.
fn parse_change(post: &Post) -> Result<(NewMeal, Option<i64>), FieldErrors> {
    let now = post.app.now();
    let (new, local) = meal(&post.fields, now)?;
    let mut errors = FieldErrors::default();
    let at = errors.take("recordedAt", from_local(local, post.zone()).and_then(|at| not_in_future(at, now)));
    let version = errors.take("version", version(&post.fields));
    errors.into_result(at.zip(version).map(|(recorded_at, version)| (NewMeal { recorded_at, ..new }, version)))
}

fn version(fields: &Fields) -> Result<Option<i64>, Problem> {
    fields.get("version").map(|text| text.parse().map_err(|_| Problem::Malformed)).transpose()
}

async fn delete(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: MealId = post.id().await?;
    match post.services().meals.delete(&actor, id).await {
        Ok(()) => post.done_with_undo(HISTORY, FlashMessage::MealDeleted, Some(routes::meal_restore(id))).await,
        Err(error) => Err(post.refused(HISTORY, error).await),
    }
}

async fn restore(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: MealId = post.id().await?;
    match post.services().meals.restore(&actor, id).await {
        Ok(()) => post.done(HISTORY, FlashMessage::MealRestored).await,
        Err(error) => Err(post.refused(HISTORY, error).await),
    }
}
