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
    messaging::Consumer,
    services::{Deps, standing},
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
        matches!(kind, EventKind::ReadingsChanged | EventKind::MealsChanged)
    }

    async fn handle(&self, events: &[Event]) -> domain::Result<()> {
        let changed: BTreeSet<PatientId> = events.iter().map(|event| event.patient).collect();
        for patient in changed {
            self.deps.cache.drop_patient(cache::Kind::Insights, patient.0).await;
        }
        let readings: BTreeSet<PatientId> =
            events.iter().filter(|event| event.kind == EventKind::ReadingsChanged).map(|event| event.patient).collect();
        for patient in readings {
            standing::recompute(&self.deps, patient).await?;
        }
        Ok(())
    }
}
