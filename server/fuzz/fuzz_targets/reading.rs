//! A reading as a client sends it: refused, or within what is accepted.
#![no_main]

use chrono::{DateTime, Utc};
use domain::glucose::{CLOCK_SKEW, MAX_MG_DL, MAX_NOTES, MIN_MG_DL, RawReading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(raw) = serde_json::from_slice::<RawReading>(data) else { return };
    let now = DateTime::<Utc>::from_timestamp(1_796_000_000, 0).expect("an instant");
    let Ok(reading) = raw.parse(now) else { return };
    let mg_dl = reading.glucose.mg_dl();
    assert!(mg_dl.is_finite() && (MIN_MG_DL..=MAX_MG_DL).contains(&mg_dl), "{mg_dl}");
    assert!(reading.recorded_at <= now + CLOCK_SKEW);
    let notes = reading.notes.as_deref().unwrap_or("x");
    assert!((1..=MAX_NOTES).contains(&notes.chars().count()), "{notes:?}");
    assert!(!notes.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{notes:?}");
    assert!(reading.client_id.is_none_or(|id| (1..=64).contains(&id.len()) && id.is_ascii()));
});
