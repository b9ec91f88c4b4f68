//! A patient's targets: read with their history, set by a doctor who treats them.

use domain::{
    Error, Result,
    access::Action,
    clock::Moment,
    events::EventKind,
    ids::{PatientId, UserId},
    people::Actor,
    ports::PatientTargets,
    targets::{Goals, GoalsChange},
};
use uuid::Uuid;

use super::{
    Deps,
    access::{require, require_look},
    standing,
    write::note,
};
use crate::{
    error::StorageResult,
    storage::{panel, standing as terms, targets as rows},
};

/// Which targets are in force, and who set which before.
pub(super) async fn read(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<PatientTargets> {
    require_look(deps, actor, patient, Action::SetTargets).await?;
    let entry = panel::one(&deps.store, patient).await.stored()?.ok_or(Error::NotFound)?;
    let known = |user, updated, name: Option<&[u8]>, phone: &[u8]| {
        deps.memory.known(&deps.keys, user, updated, name, phone).map(|known| known.name.clone())
    };
    let changes = rows::history(&deps.store, patient).await.stored()?;
    deps.ready(changes.iter().map(|change| change.by.0)).await?;
    let history = changes.into_iter().map(|change| {
        Ok(GoalsChange {
            goals: change.goals,
            by: known(change.by, change.updated_at, change.name_sealed.as_deref(), &change.phone_sealed)?,
            at: Moment::new(change.at, entry.zone),
        })
    });
    Ok(PatientTargets {
        id: patient,
        name: known(UserId::from(patient), entry.updated_at, entry.name_sealed.as_deref(), &entry.phone_sealed)?,
        goals: entry.goals,
        history: history.collect::<Result<_>>()?,
        now: Moment::new(deps.clock.now(), entry.zone),
    })
}

/// Sets targets and judges the patient anew. Those that are in force already are not a change.
pub(super) async fn set(deps: &Deps, actor: &Actor, patient: PatientId, goals: Goals) -> Result<()> {
    require(deps, actor, patient, Action::SetTargets).await?;
    let before = terms::terms(&deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.goals;
    if before == goals {
        return Ok(());
    }
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    if !rows::set(&mut tx, patient, &goals).await.stored()? {
        return Err(Error::NotFound);
    }
    rows::note(&mut tx, Uuid::now_v7(), patient, actor.user, &goals, now).await.stored()?;
    // Everything made from the readings is judged anew: for those who react it is as if the readings had changed.
    let on = ("patients", patient.0);
    note(&mut tx, actor, patient, "patient.set-targets", on, EventKind::ReadingsChanged, now).await?;
    tx.commit().await.stored()?;
    standing::recompute(deps, patient).await
}
