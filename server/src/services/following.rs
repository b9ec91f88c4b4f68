//! What a caregiver sees of the people they follow. Three statements, however many they are.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    clock::{Moment, local_date},
    consent::DataType,
    glucose::Sample,
    ids::{PatientId, UserId},
    metrics::{days, range::Thresholds, today},
    people::{Actor, Role},
    ports::Followed,
};

use super::{Deps, memory::looked_at, reports::shown};
use crate::{
    error::{StorageResult, internal},
    storage::{
        panel::{self as rows, FollowedEntry},
        readings::StoredReading,
    },
};

/// How much of the curve is shown.
const RECENT: TimeDelta = TimeDelta::hours(3);

/// The people whom the actor follows, by links in force; oldest link first. Only roles that the permission table lets
/// follow have any.
pub async fn followed(deps: &Deps, actor: &Actor) -> Result<Vec<Followed>> {
    if !matches!(actor.role, Role::Caregiver | Role::Patient) {
        return Ok(Vec::new());
    }
    let now = deps.clock.now();
    let entries = rows::followed_by(&deps.store, actor.user, now).await.stored()?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let patients: Vec<PatientId> = entries.iter().map(|entry| entry.patient).collect();
    deps.ready(patients.iter().map(|patient| patient.0)).await?;
    looked_at(deps, actor, &patients, "patient.view").await?;
    let newest = rows::newest_of_followed(&deps.store, actor.user, now).await.stored()?;
    let mut newest: HashMap<PatientId, StoredReading> = newest.into_iter().collect();
    let mut recent: HashMap<PatientId, Vec<Sample>> = HashMap::new();
    for (patient, sample) in rows::recent_of_followed(&deps.store, actor.user, now - RECENT, now).await.stored()? {
        recent.entry(patient).or_default().push(sample);
    }
    entries
        .into_iter()
        .map(|entry| {
            let (last, recent) = (newest.remove(&entry.patient), recent.remove(&entry.patient).unwrap_or_default());
            one(deps, entry, last, &recent, now)
        })
        .collect()
}

/// One of them; [`Error::NotFound`] for anybody whom the actor does not follow.
pub async fn follow(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Followed> {
    followed(deps, actor).await?.into_iter().find(|followed| followed.patient == patient).ok_or(Error::NotFound)
}

fn one(
    deps: &Deps,
    entry: FollowedEntry,
    last: Option<StoredReading>,
    recent: &[Sample],
    now: DateTime<Utc>,
) -> Result<Followed> {
    let user = UserId::from(entry.patient);
    let (name, phone) = (entry.name_sealed.as_deref(), entry.phone_sealed.as_slice());
    let known = deps.memory.known(&deps.keys, user, entry.updated_at, name, phone)?;
    let data_types: Vec<DataType> =
        serde_json::from_str(&entry.data_types).map_err(|_| internal("a link's data types do not read"))?;
    let thresholds = Thresholds::of(entry.goals);
    let (from, to) = (local_date(now - RECENT, entry.zone), local_date(now, entry.zone));
    Ok(Followed {
        patient: entry.patient,
        name: known.name.clone(),
        now: Moment::new(now, entry.zone),
        last: last.map(|row| shown(&deps.keys, entry.patient, row, entry.zone, &thresholds)).transpose()?,
        trend: today::trend(recent, now),
        recent: days::curve(recent, from, to, entry.zone, entry.goals).points,
        data_types,
        thresholds,
    })
}
