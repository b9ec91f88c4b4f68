//! A clock that only moves when told to.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::Clock;

/// Stands at 2026-11-24 06:30 UTC (noon in India) until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// At the usual instant.
    pub fn new() -> Arc<Self> {
        Self::at("2026-11-24T06:30:00Z")
    }

    /// At an instant in RFC 3339.
    pub fn at(text: &str) -> Arc<Self> {
        let at: DateTime<Utc> = text.parse().expect("an RFC 3339 instant");
        Arc::new(Self(AtomicI64::new(at.timestamp_millis())))
    }

    /// Moves it.
    pub fn forward(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).expect("in range")
    }
}
