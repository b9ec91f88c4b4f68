//! How often one caller may call.

mod memory;
mod redis;

use std::net::IpAddr;

use domain::ids::UserId;

pub use self::redis::RedisLimiter;
pub use memory::MemoryLimiter;

/// Length of the window, s.
pub const WINDOW_S: u32 = 900;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody known, from an address: IPv4, or the first 64 bits of IPv6 (one household or phone has all of them).
    Address(u64),
    /// A signed-in user, from wherever.
    User(UserId),
    /// Somebody from an address who renews tokens.
    Renewing(u64),
}

impl Caller {
    /// Counts an address.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(subscriber(address))
    }

    /// Counts an address's renewals of tokens apart: all patients behind a carrier's address renew theirs every ten
    /// minutes, and who does so is as good as signed in.
    pub fn renewing(address: IpAddr) -> Self {
        Self::Renewing(subscriber(address))
    }
}

fn subscriber(address: IpAddr) -> u64 {
    match address.to_canonical() {
        // No /64 that is routed begins with 32 zero bits.
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX),
    }
}

/// Whether a call may go on, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may.
    pub allowed: bool,
    /// Calls left in the window.
    pub remaining: u32,
    /// Seconds until the window ends, at least 1.
    pub reset_s: u32,
}

impl Verdict {
    /// Of the `count`th call in a window that ends in `left_ms`.
    fn of(count: u32, limit: u32, left_ms: i64) -> Self {
        Self {
            allowed: count <= limit,
            remaining: limit.saturating_sub(count),
            reset_s: u32::try_from((left_ms.max(1) + 999) / 1000).unwrap_or(WINDOW_S),
        }
    }
}

/// Counts calls in windows of [`WINDOW_S`].
pub enum Limiter {
    /// In this process.
    Memory(MemoryLimiter),
    /// Shared by all processes.
    Redis(RedisLimiter),
}

impl Limiter {
    /// In this process.
    pub fn memory() -> Self {
        Self::Memory(MemoryLimiter::default())
    }

    /// Shared through Redis; does not fail where it is down.
    pub fn redis(url: &str) -> Result<Self, ::redis::RedisError> {
        Ok(Self::Redis(RedisLimiter::new(url)?))
    }

    /// Counts a call at `now_ms` (UTC, ms since 1970; Redis goes by its own clock) and judges it.
    pub async fn hit(&self, caller: Caller, limit: u32, now_ms: i64) -> Verdict {
        match self {
            Self::Memory(memory) => memory.hit(caller, limit, now_ms),
            Self::Redis(redis) => redis.hit(caller, limit, now_ms).await,
        }
    }
}
