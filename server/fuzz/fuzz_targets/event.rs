//! An event as it comes out of a queue: refused, or one that reads back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::messaging::read_event;

fuzz_target!(|data: &[u8]| {
    let Some(event) = read_event(data) else { return };
    let written = serde_json::to_vec(&event).expect("an event is written");
    assert_eq!(read_event(&written), Some(event));
});
