//! The cache shared through Redis. It may be down at any time: every call gives up after 200 ms, and after a failure
//! nothing is tried for a second, so that a dead Redis costs one wait a second and not one a request.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use redis::{AsyncCommands, Client, RedisError, aio::ConnectionManager, aio::ConnectionManagerConfig};
use tokio::sync::OwnedMutexGuard;

use super::memory::Turns;

const PATIENCE: Duration = Duration::from_millis(200);
const REST_MS: u64 = 1_000;
/// A version outlives every value under it by far.
const VERSION_LIFETIME_S: i64 = 30 * 24 * 3600;

/// See the module.
#[derive(Clone)]
pub struct RedisCache {
    connection: ConnectionManager,
    turns: Turns,
    started: Instant,
    rest_until_ms: Arc<AtomicU64>,
    /// Versions that could not be counted up while Redis was away: until they are, what lies under them is stale.
    missed: Arc<Mutex<HashSet<String>>>,
}

impl RedisCache {
    pub(super) fn new(url: &str) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?,
            turns: Turns::new(),
            started: Instant::now(),
            rest_until_ms: Arc::new(AtomicU64::new(0)),
            missed: Arc::default(),
        })
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn call<T>(&self, command: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        if self.now_ms() < self.rest_until_ms.load(Ordering::Relaxed) {
            return None;
        }
        match tokio::time::timeout(PATIENCE * 2, command).await {
            Ok(Ok(value)) => Some(value),
            failed => {
                self.rest_until_ms.store(self.now_ms() + REST_MS, Ordering::Relaxed);
                let reason = match failed {
                    Ok(Err(error)) => error.category().to_owned(),
                    _ => "no answer in time".to_owned(),
                };
                tracing::warn!(reason, "Redis cache does not answer; computing from the database");
                None
            }
        }
    }

    pub(super) async fn ping(&self) -> bool {
        let mut connection = self.connection.clone();
        self.call(async move { redis::cmd("PING").query_async::<String>(&mut connection).await }).await.is_some()
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let mut connection = self.connection.clone();
        self.call(async move { connection.get::<_, Option<Vec<u8>>>(key).await }).await.flatten()
    }

    pub(super) async fn set(&self, key: &str, value: Vec<u8>, lifetime: Duration) {
        let mut connection = self.connection.clone();
        let _: Option<()> = self.call(async move { connection.set_ex(key, value, lifetime.as_secs()).await }).await;
    }

    pub(super) async fn count(&self, key: &str) -> Option<i64> {
        if self.missed.lock().unwrap_or_else(PoisonError::into_inner).contains(key) {
            self.count_up(key).await?;
        }
        let mut connection = self.connection.clone();
        self.call(async move { connection.get::<_, Option<i64>>(key).await }).await.map(|count| count.unwrap_or(0))
    }

    /// None where Redis does not answer; it is then done before the next look under that version.
    pub(super) async fn count_up(&self, key: &str) -> Option<()> {
        let mut connection = self.connection.clone();
        let done: Option<()> = self
            .call(async move {
                redis::pipe()
                    .atomic()
                    .incr(key, 1)
                    .ignore()
                    .expire(key, VERSION_LIFETIME_S)
                    .ignore()
                    .query_async(&mut connection)
                    .await
            })
            .await;
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        if done.is_some() {
            missed.remove(key);
        } else {
            missed.insert(key.to_owned());
        }
        done
    }

    pub(super) async fn turn(&self, key: &str) -> OwnedMutexGuard<()> {
        self.turns.take(key).await
    }
}
