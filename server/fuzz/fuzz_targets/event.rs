//! An event as it comes out of a queue: refused, or one that reads back as it was.
#![no_main]

use domain::events::Event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(event) = serde_json::from_slice::<Event>(data) else { return };
    let written = serde_json::to_vec(&event).expect("an event is written");
    assert_eq!(serde_json::from_slice::<Event>(&written).ok(), Some(event));
});
