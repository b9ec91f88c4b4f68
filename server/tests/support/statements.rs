//! Counts the statements that the database is asked, by what sqlx logs of each.

use std::sync::{
    Arc, Once,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{Event, Instrument, Level, Subscriber};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
    registry::{LookupSpan, Registry},
};

/// Kept with the span whose statements are counted: other tests run at the same time. SQLite's thread enters the span of
/// the task that asks, so that its statements are told apart as well.
struct Count(Arc<AtomicUsize>);

struct Counter;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counter {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Count(count)) = span.extensions().get() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// The number of statements that a piece of work needs, and what it gives.
pub async fn statements<T>(work: impl Future<Output = T>) -> (usize, T) {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| {
        let heard = Targets::new().with_target("sqlx::query", Level::DEBUG).with_target(module_path!(), Level::INFO);
        let subscriber = Registry::default().with(Counter.with_filter(heard));
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens to the tests' events");
    });
    let count = Arc::new(AtomicUsize::new(0));
    let span = tracing::info_span!("counted");
    span.with_subscriber(|(id, dispatch)| {
        let registry = dispatch.downcast_ref::<Registry>().expect("the registry");
        registry.span(id).expect("the span").extensions_mut().insert(Count(count.clone()));
    });
    let result = work.instrument(span).await;
    (count.load(Ordering::SeqCst), result)
}
