//! The system's clock: the only place that asks what time it is.

use chrono::{DateTime, SubsecRound, Utc};
use domain::clock::Clock;

/// The system's clock, to the millisecond: what is stored reads back equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks; everything else is passed a Clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}
