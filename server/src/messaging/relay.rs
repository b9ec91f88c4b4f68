//! Empties the outbox onto the bus.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{clock::Clock, events::Event, ids::EventId};
use tokio_util::sync::CancellationToken;

use super::Bus;
use crate::{
    error::StorageResult,
    storage::{Store, outbox},
};

/// How often the outbox is looked at. Freshness of the work list after a reading rests on it (at most 5 s).
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Events carried at once.
const BATCH: i64 = 200;
/// Tries of one event before it is put aside, as on the queue (`x-delivery-limit`).
const TRIES: u32 = 5;
/// Longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The relay of one process.
pub struct Relay {
    store: Store,
    bus: Bus,
    clock: Arc<dyn Clock>,
    failed: HashMap<EventId, u32>,
}

impl Relay {
    /// A relay from a store's outbox to a bus.
    pub fn new(store: Store, bus: Bus, clock: Arc<dyn Clock>) -> Self {
        Self { store, bus, clock, failed: HashMap::new() }
    }

    /// Runs until it is told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut failures: u32 = 0;
        loop {
            let wait = match self.step().await {
                Ok(0) => {
                    failures = 0;
                    LOOK_EVERY
                }
                Ok(_) => {
                    failures = 0;
                    Duration::ZERO
                }
                Err(_) => {
                    failures = (failures + 1).min(7);
                    (LOOK_EVERY * 2u32.pow(failures)).min(LONGEST_WAIT)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Carries one batch; gives how many events went.
    pub async fn step(&mut self) -> domain::Result<usize> {
        if !outbox::any_waiting(&self.store).await.stored()? {
            return Ok(0);
        }
        let mut tx = self.store.begin().await.stored()?;
        let events = outbox::waiting(&mut tx, BATCH).await.stored()?;
        // On SQLite this is the only transaction that may write, and the consumers need one: let it go first. Nobody
        // else relays from the file.
        let held = match &self.store {
            Store::Sqlite { .. } => {
                tx.commit().await.stored()?;
                None
            }
            Store::Postgres(_) => Some(tx),
        };
        let carried = self.bus.carry(&events).await;
        let done = match &carried {
            Ok(()) => events,
            Err(_) => self.given_up(&events),
        };
        let mut tx = match held {
            Some(tx) => tx,
            None => self.store.begin().await.stored()?,
        };
        for event in &done {
            outbox::mark_sent(&mut tx, event.id, self.clock.now()).await.stored()?;
            self.failed.remove(&event.id);
        }
        tx.commit().await.stored()?;
        carried.map(|()| done.len())
    }

    /// Counts a failed try of each event; gives those that had their last. Only the bus in process gives up: one broken
    /// event must not hold up all others. What RabbitMQ does not take waits.
    fn given_up(&mut self, events: &[Event]) -> Vec<Event> {
        if matches!(self.bus, Bus::Rabbit(_)) {
            return Vec::new();
        }
        let mut last = Vec::new();
        for event in events {
            let tries = self.failed.entry(event.id).or_insert(0);
            *tries += 1;
            if *tries >= TRIES {
                tracing::error!(event.id = %event.id, event.kind = event.kind.as_str(), "an event was put aside after {TRIES} tries");
                last.push(*event);
            }
        }
        last
    }
}
