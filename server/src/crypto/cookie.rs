//! What a browser session's record holds opens only with the cookie: the key is made from the cookie's random id, of which the
//! database has a hash. A record can hold a phone number (of a sign-in under way) or where somebody wanted to go.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::OpenError;

const LABEL: &[u8] = b"procare/web-session/v1";
const NONCE: usize = 12;

/// The id has 128 random bits: nothing has to be stretched, only set apart from the hash that the record is found by.
fn cipher(id: &[u8; 16]) -> Result<Aes256Gcm, OpenError> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(Sha256::new().chain_update(LABEL).chain_update(id).finalize().into());
    Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| OpenError)
}

/// Seals a record for the holder of a cookie.
pub fn seal_for_cookie(id: &[u8; 16], plain: &[u8]) -> Result<Vec<u8>, OpenError> {
    let nonce: [u8; NONCE] = rand::random();
    let sealed = cipher(id)?.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: LABEL }).map_err(|_| OpenError)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens a record with the cookie's id.
pub fn open_with_cookie(id: &[u8; 16], stored: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, sealed) = stored.split_first_chunk::<NONCE>().ok_or(OpenError)?;
    cipher(id)?.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: LABEL }).map_err(|_| OpenError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_with_its_cookie_only_and_not_once_a_bit_has_changed() {
        let (cookie, other) = ([7; 16], [8; 16]);
        let sealed = seal_for_cookie(&cookie, b"+919876543210").expect("sealed");
        assert_ne!(sealed, seal_for_cookie(&cookie, b"+919876543210").expect("sealed"), "another nonce");
        assert_eq!(open_with_cookie(&cookie, &sealed).as_deref(), Ok(&b"+919876543210"[..]));
        assert_eq!(open_with_cookie(&other, &sealed), Err(OpenError));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open_with_cookie(&cookie, &changed), Err(OpenError), "byte {at}");
        }
        assert_eq!(open_with_cookie(&cookie, &sealed[..5]), Err(OpenError));
    }
}
