//! How often one caller may call.

mod memory;

use std::net::IpAddr;

use domain::ids::UserId;

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
}

impl Caller {
    /// Counts an address.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            // No /64 that is routed begins with 32 zero bits.
            IpAddr::V4(address) => u64::from(address.to_bits()),
            IpAddr::V6(address) => u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX),
        })
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

/// Counts calls in windows of [`WINDOW_S`]. The one in the process serves one process; a shared one can take its place.
pub trait Limiter: Send + Sync {
    /// Counts a call at `now_ms` (UTC, ms since 1970) and judges it. Takes about a microsecond.
    fn hit(&self, caller: Caller, limit: u32, now_ms: i64) -> Verdict;
}
