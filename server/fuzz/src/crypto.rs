//! `server::crypto`, as far as envelopes go.

#[path = "../../src/crypto/keyring.rs"]
mod keyring;
#[path = "../../src/crypto/people.rs"]
mod people;
#[path = "../../src/crypto/seal.rs"]
mod seal;

pub use keyring::Keyring;
pub use seal::{OpenError, Place, master_of};
