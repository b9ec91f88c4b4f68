//! A connection to Redis, which may be away at any time: every call gives up after 200 ms, and after a failure nothing is
//! tried for a second, so that a dead Redis costs one wait a second and not one a request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use redis::{
    Client, FromRedisValue, Pipeline, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

const PATIENCE: Duration = Duration::from_millis(200);
const REST_MS: u64 = 1_000;

/// See the module. Cheap to clone; clones share the connection.
#[derive(Clone)]
pub struct RedisLink {
    connection: ConnectionManager,
    /// Who uses it, for the log.
    purpose: &'static str,
    started: Instant,
    rest_until_ms: Arc<AtomicU64>,
}

impl RedisLink {
    /// To the server of a URL; connects at the first call.
    pub fn new(url: &str, purpose: &'static str) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?,
            purpose,
            started: Instant::now(),
            rest_until_ms: Arc::new(AtomicU64::new(0)),
        })
    }

    /// Sends commands and gives their answer; None where Redis does not answer.
    pub async fn call<T: FromRedisValue>(&self, commands: &Pipeline) -> Option<T> {
        if self.now_ms() < self.rest_until_ms.load(Ordering::Relaxed) {
            return None;
        }
        let mut connection = self.connection.clone();
        match tokio::time::timeout(PATIENCE * 2, commands.query_async(&mut connection)).await {
            Ok(Ok(value)) => Some(value),
            failed => {
                self.rest_until_ms.store(self.now_ms() + REST_MS, Ordering::Relaxed);
                let reason = match failed {
                    Ok(Err(error)) => error.category().to_owned(),
                    _ => "no answer in time".to_owned(),
                };
                tracing::warn!(reason, purpose = self.purpose, "Redis does not answer; going on without it");
                None
            }
        }
    }

    /// Whether it answers.
    pub async fn ping(&self) -> bool {
        self.call::<(String,)>(redis::pipe().ping()).await.is_some()
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
