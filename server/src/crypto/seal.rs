//! The envelope: `0x01 | key id, u32 big-endian | nonce, 12 bytes | ciphertext and tag`.
//!
//! The associated data binds it to the version, the key, and the table, column, row and patient it was sealed for: moved
//! elsewhere it does not open. Nonces are random 96-bit (NIST SP 800-38D, 8.2.2).

use aes_gcm::{
    Nonce,
    aead::{Aead, Payload},
};
use thiserror::Error;
use uuid::Uuid;

use super::Keyring;

const VERSION: u8 = 1;
const HEADER: usize = 1 + 4 + 12;

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Row: its id exists before it is sealed.
    pub row: Uuid,
    /// Whose data; nil for what is nobody's.
    pub patient: Uuid,
}

impl Place {
    fn aad(&self, key: u32) -> Vec<u8> {
        let mut aad = b"procare/phi/v1".to_vec();
        aad.push(VERSION);
        aad.extend(key.to_be_bytes());
        for part in [self.table.as_bytes(), self.column.as_bytes(), self.row.as_bytes(), self.patient.as_bytes()] {
            aad.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            aad.extend(part);
        }
        aad
    }
}

/// It does not open. One value for every cause: the difference would help only an attacker.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("a sealed value does not open")]
pub struct OpenError;

impl Keyring {
    /// Seals bytes for a place.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (id, key) = self.newest().ok_or(OpenError)?;
        let nonce: [u8; 12] = rand::random();
        let sealed =
            key.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &place.aad(*id) }).map_err(|_| OpenError)?;
        let mut envelope = Vec::with_capacity(HEADER + sealed.len());
        envelope.push(VERSION);
        envelope.extend(id.to_be_bytes());
        envelope.extend(nonce);
        envelope.extend(sealed);
        Ok(envelope)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &Place, envelope: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (header, sealed) = envelope.split_at_checked(HEADER).ok_or(OpenError)?;
        let [VERSION, a, b, c, d, nonce @ ..] = header else { return Err(OpenError) };
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| OpenError)?;
        self.get(id)
            .ok_or(OpenError)?
            .decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: &place.aad(id) })
            .map_err(|_| OpenError)
    }

    /// Seals a text.
    pub fn seal_text(&self, place: &Place, text: &str) -> Result<Vec<u8>, OpenError> {
        self.seal(place, text.as_bytes())
    }

    /// Opens a text.
    pub fn open_text(&self, place: &Place, envelope: &[u8]) -> Result<String, OpenError> {
        String::from_utf8(self.open(place, envelope)?).map_err(|_| OpenError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(list: &[(u32, u8)]) -> Keyring {
        use base64::Engine;
        let list: Vec<_> = list
            .iter()
            .map(|(id, byte)| format!("{id}:{}", base64::engine::general_purpose::STANDARD.encode([*byte; 32])))
            .collect();
        Keyring::parse(&list.join(",")).expect("keys")
    }

    fn place() -> Place {
        Place { table: "users", column: "name_sealed", row: Uuid::from_u128(1), patient: Uuid::from_u128(2) }
    }

    #[test]
    fn what_was_sealed_with_an_old_key_still_opens_after_rotation() {
        let sealed = keys(&[(1, 7)]).seal_text(&place(), "Asha").expect("seal");
        assert_eq!(keys(&[(2, 9), (1, 7)]).open_text(&place(), &sealed), Ok("Asha".into()));
        assert_eq!(keys(&[(2, 9)]).open_text(&place(), &sealed), Err(OpenError));
    }

    #[test]
    fn a_value_moved_to_another_table_column_row_or_patient_does_not_open() {
        let ring = keys(&[(1, 7)]);
        let sealed = ring.seal_text(&place(), "Asha").expect("seal");
        for moved in [
            Place { table: "meals", ..place() },
            Place { column: "phone_sealed", ..place() },
            Place { row: Uuid::from_u128(3), ..place() },
            Place { patient: Uuid::from_u128(3), ..place() },
        ] {
            assert_eq!(ring.open(&moved, &sealed), Err(OpenError));
        }
    }

    proptest! {
        #[test]
        fn any_flipped_bit_and_any_truncation_is_refused(text in ".{0,60}", at in any::<prop::sample::Index>(), bit in 0u8..8) {
            let ring = keys(&[(1, 7)]);
            let sealed = ring.seal_text(&place(), &text).expect("seal");
            let mut broken = sealed.clone();
            let index = at.index(broken.len());
            broken[index] ^= 1 << bit;
            prop_assert_eq!(ring.open(&place(), &broken), Err(OpenError));
            prop_assert_eq!(ring.open(&place(), &sealed[..index]), Err(OpenError));
            prop_assert_eq!(ring.open_text(&place(), &sealed), Ok(text));
        }
    }
}
