//! What doctors keep beside their work list: tags, saved views, hand-overs.

mod handovers;
mod tags;
mod views;

use async_trait::async_trait;
use domain::{
    Error, Result,
    access::{Action, Relation},
    desk::{Desk, Desks, HandedOver, Handover, PatientDesk, Tag, ViewQuery},
    ids::{PatientId, TagId, UserId, ViewId},
    people::{Actor, Role},
};

pub use handovers::note_place;
pub(super) use handovers::{Passing, of_panel};
use tags::TagBook;
pub(super) use tags::TagsOfPanel;

use super::{
    Deps,
    access::{refused, relation, require},
};

/// The actor's tags on a patient and to whom the patient is passed; nothing for those who do not treat them.
pub(super) async fn head(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<(Vec<Tag>, Option<Handover>)> {
    if relation(deps, actor, patient).await? != Relation::Treats {
        return Ok((Vec::new(), None));
    }
    let tags = TagsOfPanel::of(deps, actor.user).await?.on(patient);
    Ok((tags, handovers::of_patient(deps, actor, patient).await?))
}

/// Implements [`Desks`].
pub struct DeskService {
    deps: Deps,
}

impl DeskService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Goes on only for doctors, with their key at hand.
    async fn doctor(&self, actor: &Actor) -> Result<()> {
        if actor.role != Role::Doctor {
            refused(&self.deps, actor, None, Action::Review).await;
            return Err(Error::Forbidden);
        }
        self.deps.ready([actor.user.0]).await
    }
}

#[async_trait]
impl Desks for DeskService {
    async fn mine(&self, actor: &Actor) -> Result<Desk> {
        self.doctor(actor).await?;
        Ok(Desk { tags: TagBook::of(&self.deps, actor.user).await?.tags, views: views::all(&self.deps, actor).await? })
    }

    async fn of_patient(&self, actor: &Actor, patient: PatientId) -> Result<PatientDesk> {
        require(&self.deps, actor, patient, Action::Review).await?;
        let book = TagsOfPanel::of(&self.deps, actor.user).await?;
        Ok(PatientDesk {
            tags: book.on(patient),
            other_tags: book.not_on(patient),
            handover: handovers::of_patient(&self.deps, actor, patient).await?,
            colleagues: handovers::colleagues(&self.deps, actor, patient).await?,
        })
    }

    async fn tag(&self, actor: &Actor, patient: PatientId, name: &str) -> Result<TagId> {
        require(&self.deps, actor, patient, Action::Review).await?;
        tags::put_named(&self.deps, actor, patient, name).await
    }

    async fn retag(&self, actor: &Actor, patient: PatientId, tag: TagId) -> Result<()> {
        require(&self.deps, actor, patient, Action::Review).await?;
        tags::put(&self.deps, actor, patient, tag).await
    }

    async fn untag(&self, actor: &Actor, patient: PatientId, tag: TagId) -> Result<()> {
        require(&self.deps, actor, patient, Action::Review).await?;
        tags::take(&self.deps, actor, patient, tag).await
    }

    async fn save_view(&self, actor: &Actor, name: &str, query: ViewQuery) -> Result<ViewId> {
        self.doctor(actor).await?;
        views::save(&self.deps, actor, name, query).await
    }

    async fn set_view_removed(&self, actor: &Actor, view: ViewId, removed: bool) -> Result<()> {
        self.doctor(actor).await?;
        views::set_removed(&self.deps, actor, view, removed).await
    }

    async fn hand_over(&self, actor: &Actor, patient: PatientId, to: UserId, note: Option<&str>) -> Result<HandedOver> {
        require(&self.deps, actor, patient, Action::Review).await?;
        handovers::hand_over(&self.deps, actor, patient, to, note).await
    }

    async fn take_back(&self, actor: &Actor, patient: PatientId) -> Result<()> {
        require(&self.deps, actor, patient, Action::Review).await?;
        handovers::take_back(&self.deps, actor, patient).await
    }
}
