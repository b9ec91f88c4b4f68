//! The envelope: `version | key id, u32 big-endian | nonce, 12 bytes | ciphertext and tag`. In version 1 the key is a master
//! key, in version 2 the key of the person whose data it is, its id the generation.
//!
//! The associated data binds it to the version, the key, and the table, column, row and patient it was sealed for: moved
//! elsewhere it does not open. Nonces are random 96-bit (NIST SP 800-38D, 8.2.2).

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use thiserror::Error;
use uuid::Uuid;

use super::Keyring;

/// Sealed with a master key: what is nobody's, and what was sealed before people had keys.
const BY_MASTER: u8 = 1;
/// Sealed with the key of the person whose data it is.
const BY_PERSON: u8 = 2;
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
    fn aad(&self, version: u8, key: u32) -> Vec<u8> {
        let mut aad = b"procare/phi/v1".to_vec();
        aad.push(version);
        aad.extend(key.to_be_bytes());
        for part in [self.table.as_bytes(), self.column.as_bytes(), self.row.as_bytes(), self.patient.as_bytes()] {
            aad.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            aad.extend(part);
        }
        aad
    }
}

/// The id of the master key that sealed an envelope; none if a person's key did.
pub fn master_of(envelope: &[u8]) -> Option<u32> {
    match envelope {
        [BY_MASTER, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

/// It does not open. One value for every cause: the difference would help only an attacker.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("a sealed value does not open")]
pub struct OpenError;

impl Keyring {
    /// Seals bytes for a place, with the key of the person whose data it is.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, OpenError> {
        if let Some((generation, key)) = self.people.get(place.patient) {
            let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| OpenError)?;
            return envelope(BY_PERSON, generation, &cipher, place, plain);
        }
        let (id, key) = self.newest().ok_or(OpenError)?;
        envelope(BY_MASTER, *id, key, place, plain)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &Place, envelope: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (header, sealed) = envelope.split_at_checked(HEADER).ok_or(OpenError)?;
        let [version, a, b, c, d, nonce @ ..] = header else { return Err(OpenError) };
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| OpenError)?;
        let aad = place.aad(*version, id);
        let payload = Payload { msg: sealed, aad: &aad };
        match *version {
            BY_MASTER => self.get(id).ok_or(OpenError)?.decrypt(&Nonce::from(nonce), payload),
            BY_PERSON => {
                let (generation, key) = self.people.get(place.patient).ok_or(OpenError)?;
                if generation != id {
                    return Err(OpenError);
                }
                let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| OpenError)?;
                cipher.decrypt(&Nonce::from(nonce), payload)
            }
            _ => return Err(OpenError),
        }
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

fn envelope(version: u8, id: u32, key: &Aes256Gcm, place: &Place, plain: &[u8]) -> Result<Vec<u8>, OpenError> {
    let nonce: [u8; 12] = rand::random();
    let payload = Payload { msg: plain, aad: &place.aad(version, id) };
    let sealed = key.encrypt(&Nonce::from(nonce), payload).map_err(|_| OpenError)?;
    let mut envelope = Vec::with_capacity(HEADER + sealed.len());
    envelope.push(version);
    envelope.extend(id.to_be_bytes());
    envelope.extend(nonce);
    envelope.extend(sealed);
    Ok(envelope)
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
