//! What goes with every change of a patient's data, in the same transaction: a line in the audit trail and an event. And lines
//! of the trail that go with no change.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    events::{Event, EventKind},
    ids::{EventId, PatientId, UserId},
    people::Actor,
};
use uuid::Uuid;

use super::Deps;
use crate::{
    error::StorageResult,
    storage::{Tx, audit, outbox},
};

/// Notes that the actor changed a patient's data, and tells those who react to it.
pub(super) async fn note(
    tx: &mut Tx,
    actor: &Actor,
    patient: PatientId,
    action: &'static str,
    on: (&'static str, Uuid),
    kind: EventKind,
    now: DateTime<Utc>,
) -> Result<()> {
    audit::add(tx, audit::Entry::by(actor, action, now).on(on.0, on.1).of(patient)).await.stored()?;
    tell(tx, patient, kind, now).await
}

/// Writes lines of the audit trail that go with no change: looks, refusals, files taken out.
pub(super) async fn trail(deps: &Deps, entries: &[audit::Entry]) -> Result<()> {
    let mut tx = deps.store.begin().await.stored()?;
    audit::add_all(&mut tx, entries).await.stored()?;
    tx.commit().await.stored()
}

/// Notes a wrong proof of who somebody is: by the session that lacks it, or by nobody signed in.
pub(super) async fn wrong_proof(
    deps: &Deps,
    actor: Option<&Actor>,
    user: UserId,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let entry = match actor {
        Some(actor) => audit::Entry::by(actor, action, now),
        None => audit::Entry::by_nobody(action, now),
    };
    trail(deps, &[audit::Entry { allowed: false, ..entry.on("users", user.0) }]).await
}

/// Tells those who react to a change of a patient's data.
pub(super) async fn tell(tx: &mut Tx, patient: PatientId, kind: EventKind, now: DateTime<Utc>) -> Result<()> {
    outbox::add(tx, Event { id: EventId(Uuid::now_v7()), kind, patient, at: now }).await.stored()
}
