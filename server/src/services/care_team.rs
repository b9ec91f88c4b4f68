//! Who may see whose data: invitations, consent, and its end.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Error, Result,
    access::Action,
    consent::{CONSENT_TEXT_VERSION, DataType, Link, LinkKind, LinkStatus},
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::{LinkId, PatientId, UserId},
    people::{Actor, Language, Role},
    ports::{CareTeam, Followed, Invitation},
};
use uuid::Uuid;

use super::{Deps, access, following, otp, people, step_up, write};
use crate::{
    crypto::Place,
    error::{StorageResult, internal},
    storage::{
        Tx,
        consents::{self, Consent},
        links, users,
    },
};

/// People who may see one patient's data, or are asked to, at most.
pub const MOST_LINKS: u32 = 20;

/// Implements [`CareTeam`].
pub struct CareTeamService {
    deps: Deps,
}

impl CareTeamService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }

    /// The two sides of a link that the actor is one of; a foreign one is unknown.
    async fn sides(&self, actor: &Actor, link: LinkId) -> Result<links::Sides> {
        let mut tx = self.deps.store.begin().await.stored()?;
        let sides = links::sides(&mut tx, link).await.stored()?.ok_or(Error::NotFound)?;
        let mine = sides.patient == PatientId::from(actor.user) || sides.viewer == actor.user;
        if mine { Ok(sides) } else { Err(Error::NotFound) }
    }

    fn shown(&self, row: links::WithOther, reader: UserId) -> Result<Link> {
        let keys = &self.deps.keys;
        let reader_is_patient = row.patient == PatientId::from(reader);
        let other = if reader_is_patient { row.viewer } else { row.patient.into() };
        // A patient sees a caregiver by the name that they gave them: an invitation does not tell whose phone it is.
        let name = match &row.label_sealed {
            Some(label) if reader_is_patient => {
                keys.open_text(&label_place(row.id, row.patient), label).map_err(internal)?
            }
            _ => people::shown_name(keys, other, row.other_name_sealed.as_deref(), &row.other_phone_sealed)?,
        };
        Ok(Link {
            id: row.id,
            kind: row.kind,
            status: row.status,
            patient: row.patient,
            viewer: row.viewer,
            name,
            clinic: row.other_clinic,
            data_types: row.data_types,
            awaits_me: row.awaits == Some(reader),
            since: row.since,
            until: row.until,
        })
    }
}

/// Where the name that a patient gives a caregiver is sealed.
pub fn label_place(link: LinkId, patient: PatientId) -> Place {
    Place { table: "links", column: "label_sealed", row: link.0, patient: patient.0 }
}

/// What every change of a link leaves behind: a line in the audit trail and an event.
pub(super) async fn note_change(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    link: LinkId,
    patient: PatientId,
    now: DateTime<Utc>,
) -> Result<()> {
    write::note(tx, actor, patient, action, ("links", link.0), EventKind::LinksChanged, now).await
}

/// Writes a patient's consent, given now, into the ledger.
pub(super) async fn note_consent(
    tx: &mut Tx,
    sides: (PatientId, UserId, LinkId, LinkKind),
    data_types: &[DataType],
    language: Language,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (patient, viewer, link, purpose) = sides;
    let consent = Consent {
        id: Uuid::now_v7(),
        patient,
        viewer,
        link,
        given: true,
        purpose,
        data_types: data_types.to_vec(),
        text_version: CONSENT_TEXT_VERSION.to_owned(),
        language,
        at: now,
        until,
    };
    consents::add(tx, &consent).await.stored()
}

/// Writes into the ledger that the consent which a link rested on is over.
pub(super) async fn note_withdrawal(tx: &mut Tx, link: LinkId, now: DateTime<Utc>) -> Result<()> {
    let Some(given) = consents::standing(tx, link).await.stored()? else { return Ok(()) };
    let withdrawn = Consent { id: Uuid::now_v7(), given: false, at: now, ..given };
    consents::add(tx, &withdrawn).await.stored()
}

/// Makes room for one more link, or refuses by the name of the field that asks for it: counts those of one patient one after
/// the other.
pub(super) async fn require_room(tx: &mut Tx, patient: PatientId, field: &str, now: DateTime<Utc>) -> Result<()> {
    users::lock_patient(tx, patient).await.stored()?;
    links::end_overdue(tx, patient, now).await.stored()?;
    if links::count_live(tx, patient).await.stored()? >= i64::from(MOST_LINKS) {
        return Err(FieldErrors::one(field, Problem::ItemCount { min: 0, max: MOST_LINKS }).into());
    }
    Ok(())
}

/// Adds a link with a doctor that awaits the patient; a conflict if they are asked or linked already.
pub(super) async fn add_pending(tx: &mut Tx, patient: PatientId, doctor: UserId, now: DateTime<Utc>) -> Result<LinkId> {
    let id = LinkId(Uuid::now_v7());
    let new = links::NewLink {
        id,
        kind: LinkKind::Care,
        patient,
        viewer: doctor,
        awaits: patient.into(),
        label_sealed: None,
        data_types: DataType::ALL,
        consent: None,
        at: now,
        until: None,
    };
    links::add(tx, &new).await.or_conflict()?;
    Ok(id)
}

/// Asks a patient whether a doctor may treat them with their data: somebody else's wish.
pub(super) async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    patient: PatientId,
    doctor: UserId,
    now: DateTime<Utc>,
) -> Result<LinkId> {
    let id = add_pending(tx, patient, doctor, now).await?;
    note_change(tx, actor, "link.propose", id, patient, now).await?;
    Ok(id)
}

/// What is wrong with an invitation that the parsed types do not rule out.
fn check(invitation: &Invitation, now: DateTime<Utc>) -> Result<Vec<DataType>> {
    let mut errors = FieldErrors::default();
    let mut data_types = invitation.data_types.clone();
    data_types.sort_unstable();
    data_types.dedup();
    if data_types.is_empty() {
        errors.push("dataTypes", Problem::Required);
    }
    if invitation.until.is_some_and(|until| until <= now) {
        errors.push("until", Problem::Time);
    }
    errors.take("name", domain::contact::parse_name(&invitation.name));
    if errors.is_empty() { Ok(data_types) } else { Err(errors.into()) }
}

#[async_trait]
impl CareTeam for CareTeamService {
    async fn of_me(&self, actor: &Actor) -> Result<Vec<Link>> {
        access::require_own(&self.deps, actor, Action::ManageCareTeam).await?;
        let rows = links::of_patient(&self.deps.store, actor.user.into(), self.deps.clock.now()).await.stored()?;
        self.deps.ready(rows.iter().flat_map(|row| [row.patient.0, row.viewer.0])).await?;
        rows.into_iter().map(|row| self.shown(row, actor.user)).collect()
    }

    async fn awaiting_me(&self, actor: &Actor) -> Result<Vec<Link>> {
        let rows = links::of_viewer(&self.deps.store, actor.user, self.deps.clock.now()).await.stored()?;
        self.deps.ready(rows.iter().flat_map(|row| [row.patient.0, row.viewer.0])).await?;
        rows.into_iter().map(|row| self.shown(row, actor.user)).collect()
    }

    async fn invite(&self, actor: &Actor, invitation: Invitation) -> Result<LinkId> {
        access::require_own(&self.deps, actor, Action::ManageCareTeam).await?;
        let deps = &self.deps;
        let now = deps.clock.now();
        let data_types = check(&invitation, now)?;
        step_up::require(deps, actor).await?;
        let patient = PatientId::from(actor.user);
        let id = LinkId(Uuid::now_v7());
        let label = deps.keys.seal_text(&label_place(id, patient), &invitation.name).map_err(internal)?;

        let mut tx = deps.store.begin().await.stored()?;
        require_room(&mut tx, patient, "phone", now).await?;
        let me = users::get_in(&mut tx, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let (viewer, _, _) = otp::find_or_add(deps, &mut tx, &invitation.phone, Role::Caregiver, now).await?;
        if viewer == actor.user {
            return Err(FieldErrors::one("phone", Problem::Phone).into());
        }
        let new = links::NewLink {
            id,
            kind: LinkKind::Family,
            patient,
            viewer,
            awaits: viewer,
            label_sealed: Some(label),
            data_types: &data_types,
            consent: Some((CONSENT_TEXT_VERSION, me.language)),
            at: now,
            until: invitation.until,
        };
        links::add(&mut tx, &new).await.or_conflict()?;
        let sides = (patient, viewer, id, LinkKind::Family);
        note_consent(&mut tx, sides, &data_types, me.language, invitation.until, now).await?;
        note_change(&mut tx, actor, "link.invite", id, patient, now).await?;
        tx.commit().await.stored()?;
        Ok(id)
    }

    async fn accept(&self, actor: &Actor, link: LinkId) -> Result<()> {
        let deps = &self.deps;
        let sides = self.sides(actor, link).await?;
        let is_patient = sides.patient == PatientId::from(actor.user);
        // Only the patient's agreement is consent to show their data.
        if is_patient {
            access::require_own(deps, actor, Action::ManageCareTeam).await?;
            if sides.status == LinkStatus::Pending {
                step_up::require(deps, actor).await?;
            }
        }
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        let consent = if is_patient {
            let me = users::get_in(&mut tx, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
            Some((CONSENT_TEXT_VERSION, me.language))
        } else {
            None
        };
        match links::accept(&mut tx, link, actor.user, consent, now).await.stored()? {
            Some(patient) => {
                if let Some((_, language)) = consent {
                    // A doctor's link has no end of its own and covers all data.
                    let sides = (patient, sides.viewer, link, sides.kind);
                    note_consent(&mut tx, sides, DataType::ALL, language, None, now).await?;
                }
                note_change(&mut tx, actor, "link.accept", link, patient, now).await?;
                tx.commit().await.stored()
            }
            // Twice is once.
            None if sides.status == LinkStatus::Active => Ok(()),
            None => Err(Error::Conflict),
        }
    }

    async fn end(&self, actor: &Actor, link: LinkId) -> Result<()> {
        let sides = self.sides(actor, link).await?;
        // What a doctor asks for and did not get yet was never agreed to; and who looks may stop at any time.
        let agreed = match sides.status {
            LinkStatus::Active => true,
            LinkStatus::Pending => sides.kind == LinkKind::Family,
            LinkStatus::Ended => false,
        };
        if agreed && sides.patient == PatientId::from(actor.user) {
            step_up::require(&self.deps, actor).await?;
        }
        let now = self.deps.clock.now();
        let mut tx = self.deps.store.begin().await.stored()?;
        if let Some(patient) = links::end(&mut tx, link, now).await.stored()? {
            note_withdrawal(&mut tx, link, now).await?;
            note_change(&mut tx, actor, "link.end", link, patient, now).await?;
            tx.commit().await.stored()?;
        }
        Ok(())
    }

    async fn followed(&self, actor: &Actor) -> Result<Vec<Followed>> {
        following::followed(&self.deps, actor).await
    }

    async fn follow(&self, actor: &Actor, patient: PatientId) -> Result<Followed> {
        following::follow(&self.deps, actor, patient).await
    }
}
