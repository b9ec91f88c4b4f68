//! The cache shared through Redis.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{RedisError, pipe};
use tokio::sync::OwnedMutexGuard;

use super::memory::Turns;
use crate::redis_link::RedisLink;

/// A version outlives every value under it by far.
const VERSION_LIFETIME_S: i64 = 30 * 24 * 3600;

/// See the module.
#[derive(Clone)]
pub struct RedisCache {
    link: RedisLink,
    turns: Turns,
    /// Versions that could not be counted up while Redis was away: until they are, what lies under them is stale.
    missed: Arc<Mutex<HashSet<String>>>,
}

impl RedisCache {
    pub(super) fn new(url: &str) -> Result<Self, RedisError> {
        Ok(Self { link: RedisLink::new(url, "cache")?, turns: Turns::new(), missed: Arc::default() })
    }

    pub(super) async fn ping(&self) -> bool {
        self.link.ping().await
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.link.call::<(Option<Vec<u8>>,)>(pipe().get(key)).await.and_then(|(value,)| value)
    }

    pub(super) async fn set(&self, key: &str, value: Vec<u8>, lifetime: Duration) {
        let _: Option<()> = self.link.call(pipe().set_ex(key, value, lifetime.as_secs()).ignore()).await;
    }

    pub(super) async fn count(&self, key: &str) -> Option<i64> {
        if self.missed.lock().unwrap_or_else(PoisonError::into_inner).contains(key) {
            self.count_up(key).await?;
        }
        self.link.call::<(Option<i64>,)>(pipe().get(key)).await.map(|(count,)| count.unwrap_or(0))
    }

    /// None where Redis does not answer; it is then done before the next look under that version.
    pub(super) async fn count_up(&self, key: &str) -> Option<()> {
        let commands = pipe().atomic().incr(key, 1).ignore().expire(key, VERSION_LIFETIME_S).ignore().clone();
        let done: Option<()> = self.link.call(&commands).await;
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
