//! What a caregiver sees of the people they follow: the links. Readings are added where readings are stored.

use domain::{
    Error, Result,
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    consent::{LinkKind, LinkStatus},
    ids::PatientId,
    metrics::range::Thresholds,
    people::{Actor, Preset, Role},
    ports::Followed,
};

use super::{Deps, people};
use crate::{
    error::StorageResult,
    storage::{links, users},
};

/// Whom the actor follows: by links in force, and only those roles that the permission table lets follow.
async fn links_of(deps: &Deps, actor: &Actor) -> Result<Vec<links::WithOther>> {
    if !matches!(actor.role, Role::Caregiver | Role::Patient) {
        return Ok(Vec::new());
    }
    let rows = links::of_viewer(&deps.store, actor.user, deps.clock.now()).await.stored()?;
    Ok(rows.into_iter().filter(|row| row.kind == LinkKind::Family && row.status == LinkStatus::Active).collect())
}

/// The people whom the actor follows.
pub async fn followed(deps: &Deps, actor: &Actor) -> Result<Vec<Followed>> {
    let mut all = Vec::new();
    for link in links_of(deps, actor).await? {
        all.push(one(deps, link).await?);
    }
    Ok(all)
}

/// One of them; [`Error::NotFound`] for anybody whom the actor does not follow.
pub async fn follow(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Followed> {
    let mut links = links_of(deps, actor).await?.into_iter();
    let link = links.find(|link| link.patient == patient).ok_or(Error::NotFound)?;
    one(deps, link).await
}

async fn one(deps: &Deps, link: links::WithOther) -> Result<Followed> {
    let name = people::shown_name(
        &deps.keys,
        link.patient.into(),
        link.other_name_sealed.as_deref(),
        &link.other_phone_sealed,
    )?;
    let user = users::get(&deps.store, link.patient.into()).await.stored()?.ok_or(Error::NotFound)?;
    Ok(Followed {
        patient: link.patient,
        name,
        now: Moment::new(deps.clock.now(), parse_zone(&user.time_zone).unwrap_or(DEFAULT_ZONE)),
        last: None,
        trend: None,
        recent: Vec::new(),
        data_types: link.data_types,
        thresholds: Thresholds::of(Preset::Adult),
    })
}
