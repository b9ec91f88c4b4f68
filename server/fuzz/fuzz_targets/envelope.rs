//! A sealed value: it opens where it was sealed and as it was sealed; nothing else opens.
#![no_main]

#[expect(dead_code, reason = "keys are neither rotated nor wrapped here")]
#[path = "../src/crypto.rs"]
mod crypto;
/// What the keys of people are stored as: without a database here.
mod storage {
    pub mod patient_keys {
        pub struct WrappedKey {
            pub person: uuid::Uuid,
            pub generation: u32,
            pub master: u32,
            pub wrapped: Vec<u8>,
        }
    }
}

use std::sync::LazyLock;

use crypto::{Keyring, Place, master_of};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let list = "2:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,1:HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=";
    Keyring::parse(list).expect("two keys")
});
const PLACE: Place =
    Place { table: "readings", column: "notes_sealed", row: Uuid::from_u128(1), patient: Uuid::from_u128(2) };

fuzz_target!(|data: &[u8]| {
    // Where something is changed, and how; then the bytes of a text and of what is to be none.
    let [high, low, flip, rest @ ..] = data else { return };
    let (plain, bytes) = rest.split_at(rest.len() / 2);
    // Bytes that nobody sealed.
    assert!(KEYS.open(&PLACE, bytes).is_err());
    let _ = master_of(bytes);
    // One that was sealed.
    let sealed = KEYS.seal(&PLACE, plain).expect("sealed");
    assert_eq!(KEYS.open(&PLACE, &sealed).as_deref(), Ok(plain));
    assert_eq!(master_of(&sealed), Some(2));
    // The same with a change anywhere, cut anywhere, or with something after it.
    let at = usize::from(u16::from_be_bytes([*high, *low])) % sealed.len();
    let mut changed = sealed.clone();
    changed[at] ^= (*flip).max(1);
    assert!(KEYS.open(&PLACE, &changed).is_err());
    assert!(KEYS.open(&PLACE, &sealed[..at]).is_err());
    if !bytes.is_empty() {
        assert!(KEYS.open(&PLACE, &[&sealed, bytes].concat()).is_err());
    }
    // And elsewhere.
    for place in [
        Place { column: "value", ..PLACE },
        Place { table: "meals", ..PLACE },
        Place { row: Uuid::from_u128(2), ..PLACE },
        Place { patient: Uuid::from_u128(1), ..PLACE },
    ] {
        assert!(KEYS.open(&place, &sealed).is_err());
    }
    // A list of keys that anybody may have written.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Keyring::parse(text);
    }
});
