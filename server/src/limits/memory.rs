//! Counters in the process: a fixed window per caller that begins with the first call in it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use super::{Caller, Verdict, WINDOW_S};

/// Callers remembered at once, over all shards. Above it new ones share a counter until windows end, so that an
/// attacker with many addresses cannot fill the memory.
const MOST_CALLERS: usize = 262_144;
const SHARDS: usize = 64;
const WINDOW_MS: i64 = WINDOW_S as i64 * 1000;

#[derive(Debug, Clone, Copy)]
struct Window {
    from_ms: i64,
    count: u32,
}

#[derive(Default)]
struct Shard {
    windows: HashMap<Caller, Window>,
    crowd: Option<Window>,
}

/// See the module.
pub struct MemoryLimiter {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    most_per_shard: usize,
}

impl Default for MemoryLimiter {
    fn default() -> Self {
        Self::with_capacity(MOST_CALLERS)
    }
}

impl MemoryLimiter {
    fn with_capacity(most: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
            most_per_shard: most.div_ceil(SHARDS),
        }
    }

    /// Counts a call and judges it; takes about a microsecond.
    pub(super) fn hit(&self, caller: Caller, limit: u32, now_ms: i64) -> Verdict {
        let place = usize::try_from(self.hasher.hash_one(caller) >> 32).unwrap_or(0) % SHARDS;
        let Some(shard) = self.shards.get(place) else {
            return Verdict { allowed: true, remaining: limit, reset_s: WINDOW_S };
        };
        // A panic while the lock was held cannot leave a counter half written.
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let shard = &mut *shard;
        let fresh = Window { from_ms: now_ms, count: 0 };
        if shard.windows.len() >= self.most_per_shard && !shard.windows.contains_key(&caller) {
            shard.windows.retain(|_, window| is_open(*window, now_ms));
        }
        let window = if shard.windows.len() >= self.most_per_shard && !shard.windows.contains_key(&caller) {
            shard.crowd.get_or_insert(fresh)
        } else {
            shard.windows.entry(caller).or_insert(fresh)
        };
        if !is_open(*window, now_ms) {
            *window = fresh;
        }
        window.count = window.count.saturating_add(1);
        Verdict::of(window.count, limit, window.from_ms + WINDOW_MS - now_ms)
    }
}

/// A window from the future (the clock was set back) is over too.
fn is_open(window: Window, now_ms: i64) -> bool {
    (0..WINDOW_MS).contains(&(now_ms - window.from_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    fn from(address: &str) -> Caller {
        Caller::address(address.parse().unwrap())
    }

    #[test]
    fn the_limit_is_reached_exactly_and_the_next_window_is_new() {
        let limiter = MemoryLimiter::default();
        for call in 1..=100 {
            let verdict = limiter.hit(from("203.0.113.7"), 100, NOW + call);
            assert!(verdict.allowed && i64::from(verdict.remaining) == 100 - call);
        }
        let refused = limiter.hit(from("203.0.113.7"), 100, NOW + 60_001);
        assert_eq!(refused, Verdict { allowed: false, remaining: 0, reset_s: 840 });
        assert!(limiter.hit(from("203.0.113.8"), 100, NOW + 60_001).allowed);
        assert!(!limiter.hit(from("203.0.113.7"), 100, NOW + WINDOW_MS).allowed);
        assert!(limiter.hit(from("203.0.113.7"), 100, NOW + WINDOW_MS + 1).allowed);
    }

    #[test]
    fn one_network_of_ipv6_is_one_caller_and_a_mapped_address_is_its_ipv4_one() {
        assert_eq!(from("2001:db8::1"), from("2001:db8::ffff:2"));
        assert_ne!(from("2001:db8::1"), from("2001:db8:0:1::1"));
        assert_eq!(from("::ffff:203.0.113.7"), from("203.0.113.7"));
    }

    #[test]
    fn many_addresses_cannot_fill_the_memory_and_share_a_limit_instead() {
        let limiter = MemoryLimiter::with_capacity(SHARDS);
        let allowed = (0..10_000).filter(|n| limiter.hit(Caller::Address(*n), 5, NOW).allowed).count();
        assert!(allowed <= SHARDS * 6, "{allowed}");
        let kept: usize = limiter.shards.iter().map(|s| s.lock().unwrap().windows.len()).sum();
        assert!(kept <= SHARDS);
        assert!(limiter.hit(Caller::Address(123), 5, NOW + WINDOW_MS).allowed, "the next window has room again");
    }

    #[test]
    fn a_clock_set_back_does_not_lock_anybody_out() {
        let limiter = MemoryLimiter::default();
        assert!(limiter.hit(from("203.0.113.7"), 1, NOW).allowed);
        assert!(limiter.hit(from("203.0.113.7"), 1, NOW - 3_600_000).allowed);
    }
}
