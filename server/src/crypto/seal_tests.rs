use super::*;
use crate::storage::patient_keys::WrappedKey;

fn keys(list: &[(u32, u8)]) -> Keyring {
    use base64::Engine;
    let list: Vec<_> = list
        .iter()
        .map(|(id, byte)| format!("{id}:{}", base64::engine::general_purpose::STANDARD.encode([*byte; 32])))
        .collect();
    Keyring::parse(&list.join(",")).expect("keys")
}

/// A ring in which the person of [`place`] has a key of their own.
fn with_person() -> Keyring {
    let ring = keys(&[(1, 7)]);
    ring.make_for(place().patient).expect("a key");
    ring
}

fn place() -> Place {
    Place { table: "users", column: "name_sealed", row: Uuid::from_u128(1), patient: Uuid::from_u128(2) }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

/// Sealed by another implementation (Python's cryptography 48), and never changed: whatever was written once opens for ever.
#[test]
fn envelopes_of_every_version_that_was_ever_written_still_open() {
    let ring = keys(&[(3, 1), (2, 9), (1, 7)]);
    let wrapped = WrappedKey {
        person: Uuid::from_u128(2),
        generation: 1,
        master: 1,
        wrapped: bytes(
            "010000000102030405060708090a0b0c0d6f6e4e6129f58d20025927bc6142dbe620ddfa06fba796982ed8581def6554fc51200b5065cbbe2f0b52a96da862c4f9",
        ),
    };
    let meal = Place { table: "meals", column: "items_sealed", row: Uuid::from_u128(5), ..place() };
    let note = Place { table: "readings", column: "notes_sealed", row: Uuid::from_u128(6), ..place() };
    let check = |place: &Place, hex: &str, text: &str| {
        assert_eq!(ring.open_text(place, &bytes(hex)).as_deref(), Ok(text));
    };
    for person_has_a_key in [false, true] {
        if person_has_a_key {
            ring.take(std::slice::from_ref(&wrapped)).expect("a key");
        }
        check(&place(), "0100000001000102030405060708090a0b59f2811113abd37cb2f93e062a510f49c5db9473", "Asha");
        check(
            &meal,
            "01000000020102030405060708090a0b0c47fe7117fcbf46e9b6ad48cfa00ce0ac9eb5e57f1eefc77bb7a4a7fe025ab78839edc93242c1",
            "[\"दाल\",\"2 roti\"]",
        );
    }
    check(
        &place(),
        "0200000001030405060708090a0b0c0d0e42a5e72f55920204b2fed701f7d8669330fa394cd72826920e0577c263fe42",
        "आशा Verma",
    );
    check(&note, "02000000010405060708090a0b0c0d0e0fb8004bfb788733e32a64e5cff8b03760", "");
}

#[test]
fn what_was_sealed_with_an_old_key_still_opens_after_rotation() {
    let sealed = keys(&[(1, 7)]).seal_text(&place(), "Asha").expect("seal");
    assert_eq!(keys(&[(2, 9), (1, 7)]).open_text(&place(), &sealed), Ok("Asha".into()));
    assert_eq!(keys(&[(2, 9)]).open_text(&place(), &sealed), Err(OpenError));
}

#[test]
fn a_persons_key_survives_being_wrapped_anew_and_opens_nothing_of_another() {
    let old = keys(&[(1, 7)]);
    let first = old.make_for(place().patient).expect("a key");
    let sealed = old.seal_text(&place(), "Asha").expect("seal");
    let both = keys(&[(2, 9), (1, 7)]);
    let second = both.rewrap(&first).expect("wrapped anew");
    assert_eq!((first.master, second.master), (1, 2));
    let new = keys(&[(2, 9)]);
    assert_eq!(new.take(std::slice::from_ref(&first)), Err(OpenError), "the old master key is gone");
    new.take(std::slice::from_ref(&second)).expect("a key");
    assert_eq!(new.open_text(&place(), &sealed), Ok("Asha".into()));

    let moved = WrappedKey { person: Uuid::from_u128(3), ..second };
    assert_eq!(new.take(&[moved]), Err(OpenError), "a key is bound to whose it is");
    new.forget(place().patient);
    assert_eq!(new.open_text(&place(), &sealed), Err(OpenError), "without the key nothing is left");
}

#[test]
fn a_value_moved_to_another_table_column_row_or_patient_does_not_open() {
    for ring in [keys(&[(1, 7)]), with_person()] {
        ring.make_for(Uuid::from_u128(3)).expect("a key for the other");
        let sealed = ring.seal_text(&place(), "Asha").expect("seal");
        for moved in [
            Place { table: "meals", ..place() },
            Place { column: "phone_sealed", ..place() },
            Place { row: Uuid::from_u128(3), ..place() },
            Place { patient: Uuid::from_u128(3), ..place() },
            Place { patient: Uuid::nil(), ..place() },
        ] {
            assert_eq!(ring.open(&moved, &sealed), Err(OpenError));
        }
    }
}

#[test]
fn every_flipped_bit_every_truncation_and_every_addition_is_refused() {
    for (version, ring) in [(BY_MASTER, keys(&[(1, 7)])), (BY_PERSON, with_person())] {
        let sealed = ring.seal_text(&place(), "Asha, after lunch").expect("seal");
        assert_eq!(sealed[0], version);
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut broken = sealed.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(ring.open(&place(), &broken), Err(OpenError), "bit {bit} of byte {at}");
            }
            assert_eq!(ring.open(&place(), &sealed[..at]), Err(OpenError), "cut at {at}");
        }
        let longer: Vec<u8> = sealed.iter().copied().chain([0]).collect();
        assert_eq!(ring.open(&place(), &longer), Err(OpenError));
        assert_eq!(ring.open_text(&place(), &sealed).as_deref(), Ok("Asha, after lunch"));
    }
}

#[test]
fn the_same_text_twice_gives_different_bytes_and_nothing_prints_a_key() {
    let ring = with_person();
    assert_ne!(ring.seal_text(&place(), "Asha"), ring.seal_text(&place(), "Asha"));
    assert_eq!(format!("{ring:?}"), "Keyring(1 keys)");
}
