//! Master keys: id and 32 bytes each, newest first. The newest seals, all of them open. People have keys of their own
//! under them ([`super::people`]).

use aes_gcm::{Aes256Gcm, KeyInit};
use base64::{Engine, engine::general_purpose::STANDARD};
use thiserror::Error;
use zeroize::Zeroizing;

use super::people::People;

/// Why a list of keys was refused. Never names a key.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// No key at all.
    #[error("the list of keys is empty")]
    Empty,
    /// Not `id:base64`.
    #[error("key {position}: expected id:base64, with a number from 1 to 4294967295 as id")]
    Form {
        /// Place in the list, from 1.
        position: usize,
    },
    /// Not 32 bytes.
    #[error("key {position}: expected 32 bytes")]
    Length {
        /// Place in the list, from 1.
        position: usize,
    },
    /// The same id twice.
    #[error("key {position}: its id was used before")]
    Twice {
        /// Place in the list, from 1.
        position: usize,
    },
}

/// The master keys.
pub struct Keyring {
    keys: Vec<(u32, Aes256Gcm)>,
    pub(super) people: People,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({} keys)", self.keys.len())
    }
}

impl Keyring {
    /// Reads a list such as `2:BASE64,1:BASE64`, newest first.
    pub fn parse(list: &str) -> Result<Self, KeyError> {
        let mut keys: Vec<(u32, Aes256Gcm)> = Vec::new();
        for (index, item) in list.split(',').map(str::trim).filter(|i| !i.is_empty()).enumerate() {
            let position = index + 1;
            let (id, key) = item.split_once(':').ok_or(KeyError::Form { position })?;
            let id: u32 = id.trim().parse().ok().filter(|id| *id > 0).ok_or(KeyError::Form { position })?;
            let bytes = Zeroizing::new(STANDARD.decode(key.trim()).map_err(|_| KeyError::Form { position })?);
            if keys.iter().any(|(other, _)| *other == id) {
                return Err(KeyError::Twice { position });
            }
            let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| KeyError::Length { position })?;
            keys.push((id, cipher));
        }
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self { keys, people: People::default() }) }
    }

    /// The key that seals.
    pub(super) fn newest(&self) -> Option<&(u32, Aes256Gcm)> {
        self.keys.first()
    }

    /// The id of the key that seals.
    pub fn newest_id(&self) -> Option<u32> {
        self.newest().map(|(id, _)| *id)
    }

    /// The ids of all keys, newest first.
    pub fn ids(&self) -> Vec<u32> {
        self.keys.iter().map(|(id, _)| *id).collect()
    }

    /// A key that sealed something earlier.
    pub(super) fn get(&self, id: u32) -> Option<&Aes256Gcm> {
        self.keys.iter().find(|(other, _)| *other == id).map(|(_, key)| key)
    }
}
