//! Keeps every patient's place on the work list up to date with their readings, and drops what was cached about them.
//!
//! Computing twice gives the same, so repetitions need no memory.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    events::{Event, EventKind},
    ids::PatientId,
};

use crate::{
    cache,
    error::StorageResult,
    messaging::Consumer,
    services::{Deps, standing},
    storage::links,
};

/// Reacts to changed readings.
pub(super) struct StandingConsumer {
    deps: Deps,
}

impl StandingConsumer {
    pub(super) fn new(deps: Deps) -> Self {
        Self { deps }
    }
}

#[async_trait]
impl Consumer for StandingConsumer {
    fn name(&self) -> &'static str {
        "standing"
    }

    fn wants(&self, kind: EventKind) -> bool {
        matches!(kind, EventKind::ReadingsChanged | EventKind::MealsChanged | EventKind::LinksChanged)
    }

    async fn handle(&self, events: &[Event]) -> domain::Result<()> {
        let changed: BTreeSet<PatientId> = events.iter().map(|event| event.patient).collect();
        for patient in &changed {
            self.deps.cache.drop_person(cache::Kind::Insights, patient.0).await;
        }
        let readings: BTreeSet<PatientId> =
            events.iter().filter(|event| event.kind == EventKind::ReadingsChanged).map(|event| event.patient).collect();
        for patient in readings {
            standing::recompute(&self.deps, patient).await?;
        }
        // After the standings, or figures made of the old ones would be kept. Also of doctors whose link just ended.
        let patients: Vec<PatientId> = changed.into_iter().collect();
        for doctor in links::doctors_of(&self.deps.store, &patients).await.stored()? {
            self.deps.cache.drop_person(cache::Kind::Analytics, doctor.0).await;
        }
        Ok(())
    }
}
