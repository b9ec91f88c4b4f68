//! What is worth computing once: in process, or shared through Redis.
//!
//! Nothing here is needed: a miss, an unreachable Redis or a value that does not open is computed anew from the database.
//! What is cached about a patient is sealed. Keys carry a version that is counted up to drop everything under it; keys
//! are never searched for.

mod memory;
mod redis;

use std::{sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::crypto::{Keyring, Place};

pub use self::{memory::MemoryCache, redis::RedisCache};

/// What is cached. The name is part of the key and of what the sealed value is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A patient's weekly sentences: an hour, dropped when their data changes.
    Insights,
    /// A doctor's panel in figures: half an hour, dropped when the data of a patient in it changes.
    Analytics,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Insights, Self::Analytics];

    fn name(self) -> &'static str {
        match self {
            Self::Insights => "insights",
            Self::Analytics => "analytics",
        }
    }

    fn lifetime(self) -> Duration {
        match self {
            Self::Insights => Duration::from_hours(1),
            Self::Analytics => Duration::from_mins(30),
        }
    }
}

/// A cache of either kind.
#[derive(Clone)]
pub struct Cache {
    backend: Backend,
    keys: Arc<Keyring>,
}

#[derive(Clone)]
enum Backend {
    Memory(MemoryCache),
    Redis(RedisCache),
}

impl Cache {
    /// In this process: lost when it ends, not seen by others.
    pub fn memory(keys: Arc<Keyring>) -> Self {
        Self { backend: Backend::Memory(MemoryCache::new()), keys }
    }

    /// Shared through Redis. Does not fail where Redis is down: it is tried again later.
    pub fn redis(url: &str, keys: Arc<Keyring>) -> Result<Self, ::redis::RedisError> {
        Ok(Self { backend: Backend::Redis(RedisCache::new(url)?), keys })
    }

    /// Whether the shared half answers; always for the one in process.
    pub async fn ping(&self) -> bool {
        match &self.backend {
            Backend::Memory(_) => true,
            Backend::Redis(redis) => redis.ping().await,
        }
    }

    /// Drops everything of a kind about a person: a patient's insights, a doctor's analytics.
    pub async fn drop_person(&self, kind: Kind, patient: Uuid) {
        let key = version_key(kind, patient);
        match &self.backend {
            Backend::Memory(memory) => memory.count_up(&key).await,
            Backend::Redis(redis) => {
                redis.count_up(&key).await;
            }
        }
    }

    /// The cached value, or the computed one, which is then cached. `scope` is all that decides what the viewer may
    /// see (their relation, unit, language): a doctor's view must not reach a caregiver.
    ///
    /// In one process, concurrent misses of a key compute once.
    pub async fn get_or_compute<T, E, F>(&self, kind: Kind, patient: Uuid, scope: &str, compute: F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, E>>,
    {
        let Some(version) = self.version(kind, patient).await else { return compute.await };
        let key = format!("procare:{}:{patient}:{version}:{scope}", kind.name());
        let _once = match &self.backend {
            Backend::Memory(memory) => memory.turn(&key).await,
            Backend::Redis(redis) => redis.turn(&key).await,
        };
        let place = Place { table: "cache", column: kind.name(), row: patient, patient };
        let sealed = match &self.backend {
            Backend::Memory(memory) => memory.get(&key).await,
            Backend::Redis(redis) => redis.get(&key).await,
        };
        let cached = sealed.and_then(|s| self.keys.open(&place, &s).ok()).and_then(|b| serde_json::from_slice(&b).ok());
        if let Some(value) = cached {
            return Ok(value);
        }
        let value = compute.await?;
        if let Some(sealed) = serde_json::to_vec(&value).ok().and_then(|b| self.keys.seal(&place, &b).ok()) {
            match &self.backend {
                Backend::Memory(memory) => memory.set(&key, sealed, kind.lifetime()).await,
                Backend::Redis(redis) => redis.set(&key, sealed, kind.lifetime()).await,
            }
        }
        Ok(value)
    }

    /// None where the shared half does not answer: without the version a stale value could be read.
    async fn version(&self, kind: Kind, patient: Uuid) -> Option<i64> {
        let key = version_key(kind, patient);
        match &self.backend {
            Backend::Memory(memory) => Some(memory.count(&key).await),
            Backend::Redis(redis) => redis.count(&key).await,
        }
    }
}

fn version_key(kind: Kind, patient: Uuid) -> String {
    format!("procare:v:{}:{patient}", kind.name())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn cache() -> Cache {
        Cache::memory(Arc::new(Keyring::parse("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("key")))
    }

    #[tokio::test]
    async fn a_value_is_computed_once_for_all_who_ask_at_the_same_time() {
        let (cache, calls) = (cache(), Arc::new(AtomicU32::new(0)));
        let patient = Uuid::from_u128(1);
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (cache, calls) = (cache.clone(), calls.clone());
                tokio::spawn(async move {
                    cache
                        .get_or_compute(Kind::Insights, patient, "own", async {
                            tokio::task::yield_now().await;
                            calls.fetch_add(1, Ordering::SeqCst);
                            Ok::<_, ()>(7)
                        })
                        .await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("task"), Ok(7));
        }
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_change_drops_one_patient_and_leaves_the_others_and_scopes_do_not_mix() {
        let cache = cache();
        let (asha, ravi) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let get = |patient, scope: &'static str, fresh: i32| {
            let cache = cache.clone();
            async move { cache.get_or_compute(Kind::Insights, patient, scope, async { Ok::<_, ()>(fresh) }).await }
        };
        assert_eq!(get(asha, "own", 1).await, Ok(1));
        assert_eq!(get(ravi, "own", 1).await, Ok(1));
        assert_eq!(get(asha, "doctor", 5).await, Ok(5));
        cache.drop_person(Kind::Insights, asha).await;
        assert_eq!(get(asha, "own", 2).await, Ok(2));
        assert_eq!(get(asha, "doctor", 6).await, Ok(6));
        assert_eq!(get(ravi, "own", 2).await, Ok(1));
    }
}
