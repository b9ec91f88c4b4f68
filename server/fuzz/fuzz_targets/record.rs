//! A health record as a client sends it: refused, or what the same client would send again.
#![no_main]

use chrono::{DateTime, Utc};
use domain::records::{RawRecord, Record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(raw) = serde_json::from_slice::<RawRecord>(data) else { return };
    let now = DateTime::<Utc>::from_timestamp(1_796_000_000, 0).expect("an instant");
    let Ok(new) = raw.parse(now) else { return };
    let record = Record {
        id: uuid::Uuid::nil().into(),
        client_id: new.client_id.clone(),
        recorded_at: new.recorded_at,
        body: new.body.clone(),
        notes: new.notes.clone(),
        file: None,
        version: 1,
    };
    let again = RawRecord { client_id: new.client_id.clone(), ..RawRecord::of(&record) };
    assert_eq!(again.parse(now), Ok(new));
    let text = serde_json::to_string(&record).expect("it writes");
    // Of a number with more digits than an instrument has, serde_json may lose the last bit.
    assert!(
        serde_json::from_str::<Record>(&text).is_ok_and(|read| read.body.record_type() == record.body.record_type())
    );
});
