//! Whether this caller may do this to this patient's data: decided for each request from the database, never from a token.

use domain::{
    Error, Result,
    access::{Action, Relation, may},
    consent::LinkKind,
    ids::PatientId,
    people::{Actor, Role},
};

use super::Deps;
use crate::{error::StorageResult, storage::links};

/// What the actor is to the patient: one statement, none for one's own data. Links that are over do not count.
pub async fn relation(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Relation> {
    if PatientId::from(actor.user) == patient {
        return Ok(if actor.role == Role::Patient { Relation::Own } else { Relation::None });
    }
    let granted = links::in_force(&deps.store, patient, actor.user, deps.clock.now()).await.stored()?;
    if actor.role == Role::Doctor {
        let treats = granted.iter().any(|(kind, _)| *kind == LinkKind::Care);
        return Ok(if treats { Relation::Treats } else { Relation::None });
    }
    Ok(granted
        .into_iter()
        .find(|(kind, _)| *kind == LinkKind::Family)
        .map_or(Relation::None, |(_, types)| Relation::Follows(types)))
}

/// Goes on only if the table allows it. A patient with whom the actor has nothing to do answers as an unknown one does:
/// [`Error::NotFound`]; something that a link does not cover is [`Error::Forbidden`].
pub async fn require(deps: &Deps, actor: &Actor, patient: PatientId, action: Action) -> Result<()> {
    let relation = relation(deps, actor, patient).await?;
    if may(actor.role, &relation, action) {
        Ok(())
    } else if relation == Relation::None {
        Err(Error::NotFound)
    } else {
        Err(Error::Forbidden)
    }
}

/// Goes on only if the actor may do this to their own data.
pub fn require_own(actor: &Actor, action: Action) -> Result<()> {
    let relation = if actor.role == Role::Patient { Relation::Own } else { Relation::None };
    if may(actor.role, &relation, action) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Goes on only for those who run the service.
pub fn require_admin(actor: &Actor) -> Result<()> {
    if may(actor.role, &Relation::None, Action::Administer) { Ok(()) } else { Err(Error::Forbidden) }
}
