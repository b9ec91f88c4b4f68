//! Marking a patient as reviewed, until the next reading or until a day.

use chrono::NaiveDate;
use domain::{
    Error, Result,
    access::Action,
    clock::local_date,
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::PatientId,
    people::Actor,
};
use uuid::Uuid;

use super::{Deps, access::require, write::note};
use crate::{
    error::StorageResult,
    storage::{reviews as rows, standing::terms},
};

/// The farthest day on which a patient is to be looked at again, days from today.
const FARTHEST: i64 = 366;

/// Marks a patient as reviewed now; with a day, they are due on it.
pub(super) async fn add(deps: &Deps, actor: &Actor, patient: PatientId, due_on: Option<NaiveDate>) -> Result<()> {
    require(deps, actor, patient, Action::Review).await?;
    let now = deps.clock.now();
    if let Some(due) = due_on {
        let zone = terms(&deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.zone;
        if !(1..=FARTHEST).contains(&(due - local_date(now, zone)).num_days()) {
            let problem = Problem::OutOfRange { min: 1.0, max: FARTHEST as f64, unit: String::new() };
            return Err(FieldErrors::one("due", problem).into());
        }
    }
    let mut tx = deps.store.begin().await.stored()?;
    rows::add(&mut tx, Uuid::now_v7(), patient, actor.user, due_on, now).await.stored()?;
    let on = ("patients", patient.0);
    note(&mut tx, actor, patient, "patient.review", on, EventKind::PatientReviewed, now).await?;
    tx.commit().await.stored()
}

/// Takes the actor's newest review back, and with it the day it named; the one before it counts again.
pub(super) async fn undo(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<()> {
    require(deps, actor, patient, Action::Review).await?;
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    if rows::undo_newest(&mut tx, patient, actor.user, now).await.stored()? {
        let on = ("patients", patient.0);
        note(&mut tx, actor, patient, "patient.review-undo", on, EventKind::PatientReviewed, now).await?;
        tx.commit().await.stored()?;
    }
    Ok(())
}
