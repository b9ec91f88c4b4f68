//! A cursor that a client gives back: refused, or a place in a list.
#![no_main]

use domain::page::Cursor;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(cursor) = Cursor::parse(text) else { return };
    let encoded = cursor.encode();
    assert_eq!(Cursor::parse(&encoded), Some(cursor));
    assert!(encoded.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.'), "{encoded}");
});
