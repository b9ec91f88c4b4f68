//! Sealing: AES-256-GCM envelopes that open only where they were sealed, blind indexes, and keyed codes.

mod cookie;
mod keyring;
mod people;
mod purpose;
mod seal;
mod stored;

pub use cookie::{open_with_cookie, seal_for_cookie};
pub use keyring::{KeyError, Keyring};
pub use purpose::{PurposeKeyError, PurposeKeys};
pub use seal::{OpenError, Place, master_of};
