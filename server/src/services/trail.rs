//! The audit trail as a patient and an admin read it.

use async_trait::async_trait;
use domain::{
    Result,
    access::Action,
    ids::{LinkId, PatientId},
    page::Page,
    people::{Actor, Role},
    ports::ListQuery,
    trail::{Access, AccessLine, Trail, TrailLine, TrailQuery},
};

use super::{
    Deps,
    access::{require_admin, require_own},
    care_team::label_place,
    paging::window,
    people, write,
};
use crate::{
    error::{StorageResult, internal},
    storage::{
        audit,
        trail::{self as rows, OfPatient},
    },
};

/// Implements [`Trail`].
pub struct TrailService {
    deps: Deps,
}

impl TrailService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// A doctor goes by their own name, a caregiver by the one that the patient gave them: an invitation does not tell
    /// whose phone it is. Of anybody else only the role is told.
    fn name(&self, patient: PatientId, row: &OfPatient) -> Result<Option<String>> {
        let label = |(link, sealed): &(LinkId, Vec<u8>)| {
            self.deps.keys.open_text(&label_place(*link, patient), sealed).map_err(internal)
        };
        match (row.role, &row.name_sealed) {
            (Some(Role::Doctor), Some(sealed)) => people::name(&self.deps.keys, row.actor, sealed).map(Some),
            (Some(Role::Caregiver | Role::Patient), _) => row.label.as_ref().map(label).transpose(),
            _ => Ok(None),
        }
    }
}

#[async_trait]
impl Trail for TrailService {
    async fn of_me(&self, actor: &Actor, query: &ListQuery) -> Result<Page<AccessLine>> {
        require_own(&self.deps, actor, Action::ManageCareTeam).await?;
        let (patient, window) = (PatientId::from(actor.user), window(query)?);
        let found =
            rows::of_patient(&self.deps.store, patient, window.from, window.before, window.rows()).await.stored()?;
        self.deps.ready(found.iter().map(|row| row.actor.0)).await?;
        window.page(
            found,
            |row| (row.at, row.id),
            |row| {
                let name = self.name(patient, &row)?;
                let what = Access::of(&row.action, row.allowed);
                let clinic = row.clinic.filter(|_| row.role == Some(Role::Doctor));
                Ok(AccessLine { id: row.id, at: row.at, role: row.role, name, clinic, what })
            },
        )
    }

    async fn search(&self, actor: &Actor, query: &TrailQuery) -> Result<Page<TrailLine>> {
        require_admin(&self.deps, actor).await?;
        let window = window(&query.list)?;
        let mut entry = audit::Entry::by(actor, "audit.search", self.deps.clock.now());
        if let Some(user) = query.actor {
            entry = entry.on("users", user.0);
        }
        if let Some(patient) = query.patient {
            entry = entry.of(patient);
        }
        write::trail(&self.deps, &[entry]).await?;
        let found = rows::search(&self.deps.store, query, window.from, window.before, window.rows()).await.stored()?;
        window.page(found, |line| (line.at, line.id), Ok)
    }
}
