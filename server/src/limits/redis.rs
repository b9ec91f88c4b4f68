//! Counters shared by all processes through Redis.

use redis::{RedisError, pipe};

use super::{Caller, MemoryLimiter, Verdict, WINDOW_S};
use crate::redis_link::RedisLink;

/// Counts and, at the first call, begins the window, in one step: a counter without an end would lock somebody out for
/// good.
const SCRIPT: &str = "local n = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {n, left}";

/// See the module. With Redis away each process counts for itself: nobody is locked out, and nobody is let through
/// without end.
pub struct RedisLimiter {
    link: RedisLink,
    alone: MemoryLimiter,
}

impl RedisLimiter {
    pub(super) fn new(url: &str) -> Result<Self, RedisError> {
        Ok(Self { link: RedisLink::new(url, "limits")?, alone: MemoryLimiter::default() })
    }

    pub(super) async fn hit(&self, caller: Caller, limit: u32, now_ms: i64) -> Verdict {
        let key = match caller {
            Caller::Address(bits) => format!("procare:limit:a:{bits:x}"),
            Caller::User(user) => format!("procare:limit:u:{user}"),
            Caller::Renewing(bits) => format!("procare:limit:r:{bits:x}"),
        };
        let window_ms = i64::from(WINDOW_S) * 1000;
        let mut commands = pipe();
        commands.cmd("EVAL").arg(SCRIPT).arg(1).arg(key).arg(window_ms);
        match self.link.call::<((u32, i64),)>(&commands).await {
            Some(((count, left_ms),)) => Verdict::of(count, limit, left_ms),
            None => self.alone.hit(caller, limit, now_ms),
        }
    }
}
