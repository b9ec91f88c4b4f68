//! Counts the statements that the database is asked.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{Event, Instrument, Subscriber, instrument::WithSubscriber, span::Id};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::{LookupSpan, Registry},
};

/// PostgreSQL's driver logs each statement in the task that asks. SQLite's runs each command on a thread of its own, where
/// it enters the span of the task that asks.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn on_enter(&self, _: &Id, _: Context<'_, S>) {
        if std::thread::current().name().is_some_and(|name| name.starts_with("sqlx-sqlite-worker")) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// The number of statements that a piece of work needs, and what it gives.
pub async fn statements<T>(work: impl Future<Output = T>) -> (usize, T) {
    let counter = Counter::default();
    let counted = async { work.instrument(tracing::info_span!("counted")).await };
    let result = counted.with_subscriber(Registry::default().with(counter.clone())).await;
    (counter.0.load(Ordering::SeqCst), result)
}
