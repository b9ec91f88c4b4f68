//! Whether this caller may do this to this patient's data: decided for each request from the database, never from a token.

use domain::{
    Error, Result,
    access::{Action, Relation, may},
    consent::LinkKind,
    ids::PatientId,
    people::{Actor, Role},
};

use super::{Deps, memory::looked, write};
use crate::{
    error::StorageResult,
    storage::{audit::Entry, emergency, links},
};

/// What the actor is to the patient: one statement (two for a doctor who does not treat them), none for one's own data. Links that are over do not count.
pub async fn relation(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Relation> {
    if PatientId::from(actor.user) == patient {
        return Ok(if actor.role == Role::Patient { Relation::Own } else { Relation::None });
    }
    let now = deps.clock.now();
    let granted = links::in_force(&deps.store, patient, actor.user, now).await.stored()?;
    if actor.role == Role::Doctor {
        let treats = granted.iter().any(|(kind, _)| *kind == LinkKind::Care);
        if treats {
            return Ok(Relation::Treats);
        }
        let urgent = emergency::in_force(&deps.store, patient, actor.user, now).await.stored()?;
        return Ok(if urgent { Relation::Emergency } else { Relation::None });
    }
    Ok(granted
        .into_iter()
        .find(|(kind, _)| *kind == LinkKind::Family)
        .map_or(Relation::None, |(_, types)| Relation::Follows(types)))
}

/// Goes on only if the table allows it. A patient with whom the actor has nothing to do answers as an unknown one does:
/// [`Error::NotFound`]; something that a link does not cover is [`Error::Forbidden`].
pub async fn require(deps: &Deps, actor: &Actor, patient: PatientId, action: Action) -> Result<()> {
    deps.ready([actor.user.0, patient.0]).await?;
    let relation = relation(deps, actor, patient).await?;
    if may(actor.role, &relation, action) {
        return Ok(());
    }
    refused(deps, actor, Some(patient), action).await;
    Err(if relation == Relation::None { Error::NotFound } else { Error::Forbidden })
}

/// Notes in the audit trail that something was refused. The refusal stands whether or not that can be written.
pub async fn refused(deps: &Deps, actor: &Actor, patient: Option<PatientId>, action: Action) {
    let entry = Entry::by(actor, "access.refused", deps.clock.now()).refused(action.name());
    let entry = patient.map_or(entry, |patient| entry.of(patient));
    if let Err(error) = write::trail(deps, &[entry]).await {
        tracing::warn!(error.cause = %error, "a refusal was not written to the audit trail");
    }
}

/// Goes on only if the actor may do this to their own data.
pub async fn require_own(deps: &Deps, actor: &Actor, action: Action) -> Result<()> {
    let relation = if actor.role == Role::Patient { Relation::Own } else { Relation::None };
    allow(deps, actor, &relation, action).await
}

/// [`require`], and the look is noted before anything is read.
pub async fn require_look(deps: &Deps, actor: &Actor, patient: PatientId, action: Action) -> Result<()> {
    require(deps, actor, patient, action).await?;
    looked(deps, actor, patient).await
}

/// [`require_own`], and the look is noted before anything is read.
pub async fn require_own_look(deps: &Deps, actor: &Actor, action: Action) -> Result<()> {
    require_own(deps, actor, action).await?;
    looked(deps, actor, actor.user.into()).await
}

/// Goes on only for those who run the service.
pub async fn require_admin(deps: &Deps, actor: &Actor) -> Result<()> {
    allow(deps, actor, &Relation::None, Action::Administer).await
}

/// Goes on if the table allows it to this relation.
pub async fn allow(deps: &Deps, actor: &Actor, relation: &Relation, action: Action) -> Result<()> {
    deps.ready([actor.user.0]).await?;
    if may(actor.role, relation, action) {
        return Ok(());
    }
    refused(deps, actor, None, action).await;
    Err(Error::Forbidden)
}
