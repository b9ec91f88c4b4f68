//! Keys for one purpose each: random, 32 bytes, sealed in the database, made on first start.
//!
//! A phone number's blind index and a one-time password's code are HMAC-SHA-256 under separate keys: the space of Indian
//! mobile numbers and of six digits is small, so only a key that is not in the database's clear keeps them from being guessed.

use chrono::{DateTime, Utc};
use domain::{
    contact::Phone,
    ids::{ChallengeId, SessionId},
};
use ed25519_dalek::{Signature, Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Keyring, OpenError, Place, master_of};
use crate::storage::{Store, purpose_keys};

const PHONE_INDEX: &str = "phone-index";
const OTP_MAC: &str = "otp-mac";
const AUDIT_MAC: &str = "audit-mac";
const AUDIT_SIGN: &str = "audit-sign";
const PURPOSES: [&str; 4] = [PHONE_INDEX, OTP_MAC, AUDIT_MAC, AUDIT_SIGN];

/// Why the purpose keys could not be had.
#[derive(Debug, Error)]
pub enum PurposeKeyError {
    /// The database does not answer.
    #[error("the purpose keys cannot be read: {0}")]
    Storage(#[from] sqlx::Error),
    /// A stored key does not open.
    #[error("a purpose key does not open: ENCRYPTION_KEYS lacks the key that sealed it")]
    Sealed(#[from] OpenError),
    /// A stored key has another length.
    #[error("a purpose key is not 32 bytes long")]
    Length,
}

/// The keys.
pub struct PurposeKeys {
    phone_index: Zeroizing<[u8; 32]>,
    otp_mac: Zeroizing<[u8; 32]>,
    audit_mac: Zeroizing<[u8; 32]>,
    audit_sign: SigningKey,
}

impl std::fmt::Debug for PurposeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PurposeKeys")
    }
}

impl PurposeKeys {
    /// Reads the keys; makes those that are not there yet. Two processes that start at once end up with the same.
    pub async fn load(store: &Store, keys: &Keyring, now: DateTime<Utc>) -> Result<Self, PurposeKeyError> {
        Ok(Self {
            phone_index: one(store, keys, PHONE_INDEX, now).await?,
            otp_mac: one(store, keys, OTP_MAC, now).await?,
            audit_mac: one(store, keys, AUDIT_MAC, now).await?,
            audit_sign: SigningKey::from_bytes(&*one(store, keys, AUDIT_SIGN, now).await?),
        })
    }

    /// Seals every stored key with the newest master key; gives how many were sealed with another.
    pub async fn rewrap(store: &Store, keys: &Keyring) -> Result<usize, PurposeKeyError> {
        let mut done = 0;
        for (purpose, sealed) in purpose_keys::all(store).await? {
            // Of one that no longer exists the name is unknown here, and so is its place: it stays.
            let Some(purpose) = PURPOSES.iter().copied().find(|known| *known == purpose) else { continue };
            if master_of(&sealed) != keys.newest_id() {
                let opened = Zeroizing::new(keys.open(&place(purpose), &sealed)?);
                purpose_keys::replace(store, purpose, &sealed, &keys.seal(&place(purpose), &opened)?).await?;
                done += 1;
            }
        }
        Ok(done)
    }

    /// How many stored keys each master key seals.
    pub async fn by_master(store: &Store) -> Result<Vec<(u32, usize)>, PurposeKeyError> {
        let mut counts = std::collections::BTreeMap::new();
        for (_, sealed) in purpose_keys::all(store).await? {
            *counts.entry(master_of(&sealed).unwrap_or(0)).or_insert(0) += 1;
        }
        Ok(counts.into_iter().collect())
    }

    /// What a phone number is found by.
    pub fn phone_index(&self, phone: &Phone) -> [u8; 32] {
        mac(&self.phone_index, &[b"phone/v1", phone.e164().as_bytes()])
    }

    /// What a block of numbers is counted by. The label keeps it apart from [`PurposeKeys::phone_index`].
    pub fn phone_block_index(&self, phone: &Phone) -> [u8; 32] {
        mac(&self.phone_index, &[b"phone-block/v1", phone.block().as_bytes()])
    }

    /// What a code is compared by: good only for this challenge and phone.
    pub fn otp_mac(&self, challenge: ChallengeId, phone: &Phone, code: &str) -> [u8; 32] {
        mac(&self.otp_mac, &[b"otp/v1", challenge.0.as_bytes(), phone.e164().as_bytes(), code.as_bytes()])
    }

    /// What the code for a new phone number is compared by: good only for the session that asked, never for a sign-in.
    pub fn new_phone_mac(&self, challenge: ChallengeId, session: SessionId, phone: &Phone, code: &str) -> [u8; 32] {
        let (challenge, session) = (challenge.0.as_bytes(), session.0.as_bytes());
        mac(&self.otp_mac, &[b"new-phone/v1", challenge, session, phone.e164().as_bytes(), code.as_bytes()])
    }

    /// What a connection code is found by.
    pub fn connection_mac(&self, code: &str) -> [u8; 32] {
        mac(&self.otp_mac, &[b"connection/v1", code.as_bytes()])
    }

    /// The code of a row of the audit trail, after the code before it.
    pub fn audit_mac(&self, before: &[u8], row: &[u8]) -> [u8; 32] {
        mac(&self.audit_mac, &[b"audit/v1", before, row])
    }

    /// Signs a place in the audit trail's chain. Whoever can write to the database, and even knows the chain's key, cannot.
    pub fn audit_sign(&self, message: &[u8]) -> [u8; 64] {
        self.audit_sign.sign(message).to_bytes()
    }

    /// Whether [`PurposeKeys::audit_sign`] made this.
    pub fn audit_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.audit_sign.verifying_key().verify_strict(message, &signature).is_ok())
    }

    /// The public half of the audit trail's signing key: with it anybody can check the heads that lie outside.
    pub fn audit_public(&self) -> [u8; 32] {
        self.audit_sign.verifying_key().to_bytes()
    }
}

/// The purpose is the row's key; there is no id to bind, so the purpose takes the column's place.
fn place(purpose: &'static str) -> Place {
    Place { table: "purpose_keys", column: purpose, row: Uuid::nil(), patient: Uuid::nil() }
}

async fn one(
    store: &Store,
    keys: &Keyring,
    purpose: &'static str,
    now: DateTime<Utc>,
) -> Result<Zeroizing<[u8; 32]>, PurposeKeyError> {
    let place = place(purpose);
    let sealed = if let Some(sealed) = purpose_keys::get(store, purpose).await? {
        sealed
    } else {
        let fresh = Zeroizing::new(rand::random::<[u8; 32]>());
        purpose_keys::add_if_absent(store, purpose, &keys.seal(&place, fresh.as_slice())?, now).await?
    };
    let opened = Zeroizing::new(keys.open(&place, &sealed)?);
    Ok(Zeroizing::new(opened.as_slice().try_into().map_err(|_| PurposeKeyError::Length)?))
}

/// HMAC-SHA-256 over length-prefixed parts: no two lists of parts give the same bytes.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // RFC 2104: a key shorter than SHA-256's block is padded with zeros.
    let mut block = Zeroizing::new([0u8; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        mac.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
