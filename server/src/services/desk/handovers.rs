//! Passing a patient to a colleague. Who treats the patient sees it; a colleague who does not is proposed to the patient first,
//! for it is the patient who decides who may see their data.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    clock::Moment,
    consent::{LinkKind, LinkStatus},
    desk::{Colleague, HandedOver, Handover},
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::{HandoverId, LinkId, PatientId, UserId},
    people::Actor,
};
use uuid::Uuid;

use crate::{
    crypto::Place,
    error::{StorageResult, internal},
    services::{
        Deps,
        care_team::{self, note_change, note_withdrawal, require_room},
        write::note as note_write,
    },
    storage::{
        Tx,
        handovers::{self as rows, NewHandover, OpenHandover, Party},
        links,
    },
};

/// Where what a doctor tells the colleague is sealed.
pub fn note_place(handover: HandoverId, patient: PatientId) -> Place {
    Place { table: "handovers", column: "note_sealed", row: handover.0, patient: patient.0 }
}

/// A patient who is passed on now.
pub(in crate::services) struct Passing(OpenHandover);

impl Passing {
    /// Whom.
    pub fn patient(&self) -> PatientId {
        self.0.patient
    }

    /// Whether it is this doctor who should look.
    pub fn is_to(&self, doctor: UserId) -> bool {
        self.0.to.id == doctor
    }

    /// As the reader sees it. The keys of the three have to be at hand.
    pub fn shown(&self, deps: &Deps, reader: UserId) -> Result<Handover> {
        let Self(row) = self;
        let note = row.note_sealed.as_ref().map(|note| deps.keys.open_text(&note_place(row.id, row.patient), note));
        Ok(Handover {
            from: name(deps, &row.from)?,
            to: name(deps, &row.to)?,
            to_me: row.to.id == reader,
            note: note.transpose().map_err(internal)?,
            at: Moment::new(row.at, row.zone),
        })
    }

    /// Whose keys [`Passing::shown`] needs.
    fn people(&self) -> [Uuid; 3] {
        [self.0.patient.0, self.0.from.id.0, self.0.to.id.0]
    }
}

fn name(deps: &Deps, party: &Party) -> Result<String> {
    let known =
        deps.memory.known(&deps.keys, party.id, party.updated_at, party.name_sealed.as_deref(), &party.phone_sealed)?;
    Ok(known.name.clone())
}

/// The patients of a doctor who are passed on now, in one statement, with the keys to show them.
pub(in crate::services) async fn of_panel(deps: &Deps, doctor: UserId, now: DateTime<Utc>) -> Result<Vec<Passing>> {
    let open: Vec<Passing> =
        rows::open_of_panel(&deps.store, doctor, now).await.stored()?.into_iter().map(Passing).collect();
    deps.ready(open.iter().flat_map(Passing::people)).await?;
    Ok(open)
}

/// To whom a patient is passed.
pub(super) async fn of_patient(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Option<Handover>> {
    let Some(open) = rows::open_of(&deps.store, patient).await.stored()?.map(Passing) else { return Ok(None) };
    deps.ready(open.people()).await?;
    open.shown(deps, actor.user).map(Some)
}

/// To whom the actor can pass a patient, those first who treat them, each group by name.
pub(super) async fn colleagues(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<Vec<Colleague>> {
    let found = rows::colleagues(&deps.store, actor.user, patient, deps.clock.now()).await.stored()?;
    deps.ready(found.iter().map(|row| row.party.id.0)).await?;
    let mut colleagues = found
        .iter()
        .map(|row| Ok(Colleague { id: row.party.id, name: name(deps, &row.party)?, treats: row.treats }))
        .collect::<Result<Vec<_>>>()?;
    colleagues.sort_by_cached_key(|colleague| (!colleague.treats, colleague.name.to_lowercase()));
    Ok(colleagues)
}

/// Passes a patient on.
pub(super) async fn hand_over(
    deps: &Deps,
    actor: &Actor,
    patient: PatientId,
    to: UserId,
    note: Option<&str>,
) -> Result<HandedOver> {
    let now = deps.clock.now();
    let found = rows::colleagues(&deps.store, actor.user, patient, now).await.stored()?;
    let colleague = found.iter().find(|row| row.party.id == to);
    let treats = colleague.ok_or_else(|| FieldErrors::one("to", Problem::UnknownChoice))?.treats;
    let id = HandoverId(Uuid::now_v7());
    let sealed = note.map(|note| deps.keys.seal_text(&note_place(id, patient), note)).transpose().map_err(internal)?;

    let mut tx = deps.store.begin().await.stored()?;
    end_open(&mut tx, actor, patient, now).await?;
    let link = if treats { None } else { propose(&mut tx, actor, patient, to, now).await? };
    let new = NewHandover { id, patient, from: actor.user, to, link, note_sealed: sealed.as_deref(), at: now };
    rows::add(&mut tx, &new).await.or_conflict()?;
    let on = ("handovers", id.0);
    note_write(&mut tx, actor, patient, "patient.hand-over", on, EventKind::HandoverChanged, now).await?;
    tx.commit().await.stored()?;
    Ok(if treats { HandedOver::Now } else { HandedOver::OnceAgreed })
}

/// Asks the patient whether the colleague may see their data; none if they are asked already.
async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    patient: PatientId,
    to: UserId,
    now: DateTime<Utc>,
) -> Result<Option<LinkId>> {
    require_room(tx, patient, "to", now).await?;
    if links::between(tx, patient, to, LinkKind::Care).await.stored()?.is_some() {
        return Ok(None);
    }
    care_team::propose(tx, actor, patient, to, now).await.map(Some)
}

/// Ends the passing that is open, and takes back what the patient was asked because of it and did not answer yet.
async fn end_open(tx: &mut Tx, actor: &Actor, patient: PatientId, now: DateTime<Utc>) -> Result<bool> {
    let (ended, link) = rows::end(tx, patient, now).await.stored()?;
    if let Some(link) = link {
        let sides = links::sides(tx, link).await.stored()?;
        if sides.is_some_and(|sides| sides.status == LinkStatus::Pending)
            && links::end(tx, link, now).await.stored()?.is_some()
        {
            note_withdrawal(tx, link, now).await?;
            note_change(tx, actor, "link.end", link, patient, now).await?;
        }
    }
    Ok(ended)
}

/// Ends a passing; none is fine too.
pub(super) async fn take_back(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<()> {
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    if end_open(&mut tx, actor, patient, now).await? {
        let on = ("patients", patient.0);
        note_write(&mut tx, actor, patient, "patient.take-back", on, EventKind::HandoverChanged, now).await?;
        tx.commit().await.stored()?;
    }
    Ok(())
}
