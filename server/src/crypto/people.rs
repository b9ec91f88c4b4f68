//! One key per person: random, wrapped by a master key in the database, open in this process's memory.
//!
//! All are opened at the start (32 bytes each), so that sealing and opening never wait for the database: [`super::stored`].

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Keyring, OpenError, Place};
use crate::storage::patient_keys::WrappedKey;

/// The first and so far only key of a person.
const GENERATION: u32 = 1;

type Key = Zeroizing<[u8; 32]>;

/// The keys of people, open.
#[derive(Default)]
pub(super) struct People(RwLock<HashMap<Uuid, (u32, Key)>>);

impl People {
    /// A person's key and its generation.
    pub(super) fn get(&self, person: Uuid) -> Option<(u32, Key)> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&person).cloned()
    }

    /// Which of these people have no key here.
    pub(super) fn missing(&self, people: impl IntoIterator<Item = Uuid>) -> Vec<Uuid> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        people.into_iter().filter(|person| !known.contains_key(person)).collect()
    }

    fn put(&self, person: Uuid, generation: u32, key: Key) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(person, (generation, key));
    }
}

/// A key's place: it is bound to whose it is.
fn place(person: Uuid) -> Place {
    Place { table: "patient_keys", column: "key_wrapped", row: person, patient: Uuid::nil() }
}

impl Keyring {
    /// Makes a key for somebody new, to be stored with them.
    pub fn make_for(&self, person: Uuid) -> Result<WrappedKey, OpenError> {
        let key: Key = Zeroizing::new(rand::random());
        let wrapped = self.wrap(person, GENERATION, &key)?;
        self.people.put(person, GENERATION, key);
        Ok(wrapped)
    }

    fn wrap(&self, person: Uuid, generation: u32, key: &Key) -> Result<WrappedKey, OpenError> {
        let master = self.newest_id().ok_or(OpenError)?;
        Ok(WrappedKey { person, generation, master, wrapped: self.seal(&place(person), key.as_slice())? })
    }

    fn unwrap(&self, key: &WrappedKey) -> Result<Key, OpenError> {
        let bytes = Zeroizing::new(self.open(&place(key.person), &key.wrapped)?);
        Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| OpenError)?))
    }

    pub(super) fn take(&self, keys: &[WrappedKey]) -> Result<(), OpenError> {
        for key in keys {
            self.people.put(key.person, key.generation, self.unwrap(key)?);
        }
        Ok(())
    }

    /// A wrapped key under the newest master key.
    pub fn rewrap(&self, key: &WrappedKey) -> Result<WrappedKey, OpenError> {
        self.wrap(key.person, key.generation, &self.unwrap(key)?)
    }

    /// Forgets a person's key; it has to be destroyed in the database first.
    pub fn forget(&self, person: Uuid) {
        self.people.0.write().unwrap_or_else(PoisonError::into_inner).remove(&person);
    }
}
