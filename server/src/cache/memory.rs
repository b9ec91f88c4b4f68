//! The cache in process.

use std::{sync::Arc, time::Duration};

use moka::future::Cache as Moka;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// At most 64 MiB of values; the least used go first.
#[derive(Clone)]
pub struct MemoryCache {
    values: Moka<String, (Arc<Vec<u8>>, Duration)>,
    counts: Moka<String, i64>,
    turns: Turns,
}

struct ByOwnLifetime;

impl moka::Expiry<String, (Arc<Vec<u8>>, Duration)> for ByOwnLifetime {
    fn expire_after_create(
        &self,
        _: &String,
        value: &(Arc<Vec<u8>>, Duration),
        _: std::time::Instant,
    ) -> Option<Duration> {
        Some(value.1)
    }
}

impl MemoryCache {
    pub(super) fn new() -> Self {
        Self {
            values: Moka::builder()
                .max_capacity(64 << 20)
                .weigher(|key: &String, value: &(Arc<Vec<u8>>, Duration)| {
                    u32::try_from(key.len() + value.0.len()).unwrap_or(u32::MAX)
                })
                .expire_after(ByOwnLifetime)
                .build(),
            // A count that is dropped starts again at zero: it has to outlive every value under it, hence twice as long.
            counts: Moka::builder().max_capacity(1_000_000).time_to_idle(Duration::from_hours(48)).build(),
            turns: Turns::new(),
        }
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.values.get(key).await.map(|v| v.0.to_vec())
    }

    pub(super) async fn set(&self, key: &str, value: Vec<u8>, lifetime: Duration) {
        self.values.insert(key.to_owned(), (Arc::new(value), lifetime)).await;
    }

    pub(super) async fn count(&self, key: &str) -> i64 {
        self.counts.get(key).await.unwrap_or(0)
    }

    pub(super) async fn count_up(&self, key: &str) {
        self.counts
            .entry(key.to_owned())
            .and_upsert_with(|old| std::future::ready(old.map_or(1, |old| old.into_value() + 1)))
            .await;
    }

    pub(super) async fn turn(&self, key: &str) -> OwnedMutexGuard<()> {
        self.turns.take(key).await
    }
}

/// One lock per key: who waits finds the value that the one before computed.
#[derive(Clone)]
pub(super) struct Turns(Moka<String, Arc<Mutex<()>>>);

impl Turns {
    pub(super) fn new() -> Self {
        Self(Moka::builder().max_capacity(10_000).time_to_idle(Duration::from_mins(1)).build())
    }

    pub(super) async fn take(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = self.0.get_with_by_ref(key, async { Arc::new(Mutex::new(())) }).await;
        lock.lock_owned().await
    }
}
