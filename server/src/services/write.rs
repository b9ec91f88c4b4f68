//! What goes with every change of a patient's data, in the same transaction: a line in the audit trail and an event.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    events::{Event, EventKind},
    ids::{EventId, PatientId},
    people::Actor,
};
use uuid::Uuid;

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

/// Tells those who react to a change of a patient's data.
pub(super) async fn tell(tx: &mut Tx, patient: PatientId, kind: EventKind, now: DateTime<Utc>) -> Result<()> {
    outbox::add(tx, Event { id: EventId(Uuid::now_v7()), kind, patient, at: now }).await.stored()
}
