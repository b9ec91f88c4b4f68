//! Access tokens of the mobile app: JWT signed with Ed25519, good for ten minutes.
//!
//! Key and algorithm are picked by `kid` from our own list, never from the token's header (RFC 8725, 3.1). What the
//! library checks loosely by default (a minute of leeway, `nbf` and absent claims let through) is set or done by hand
//! here, against the clock that is passed in.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::Jwk};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Seconds that an access token is good for.
pub const ACCESS_S: u32 = 600;
/// Seconds that clocks may differ.
const LEEWAY_S: i64 = 5;
/// Bytes of a token, at most: ours have about 500.
pub(super) const LONGEST: usize = 4096;
const ISSUER: &str = "procare";
const AUDIENCE: &str = "procare-api";
const TYPE: &str = "at+jwt";

/// Why a list of token keys was refused. Never names a key.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum JwtKeyError {
    /// No key at all.
    #[error("the list of keys is empty")]
    Empty,
    /// Not `id:base64`.
    #[error("key {position}: expected id:base64, the id of 1 to 32 letters, digits, '-' or '_'")]
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

/// What a checked access token says: ids only. What the session may do is asked of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// Whose it claims to be.
    pub user: UserId,
    /// Of which session.
    pub session: SessionId,
    /// Until when, UTC seconds since 1970.
    pub exp: i64,
}

impl AccessClaims {
    /// Whether the token is not too old, with the leeway for clocks that differ.
    pub fn is_in_time(&self, now: DateTime<Utc>) -> bool {
        self.exp > now.timestamp() - LEEWAY_S
    }
}

/// A token was refused. One value for every cause: the difference would help only an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the token is not valid")]
pub struct TokenError;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The keys that sign and check access tokens, newest first. The newest signs, all of them check.
pub struct JwtKeys {
    kid: String,
    signing: EncodingKey,
    checking: HashMap<String, DecodingKey>,
    validation: Validation,
}

impl std::fmt::Debug for JwtKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JwtKeys({} keys)", self.checking.len())
    }
}

impl JwtKeys {
    /// Reads a list such as `b:BASE64,a:BASE64`, newest first, of 32-byte Ed25519 seeds.
    pub fn parse(list: &str) -> Result<Self, JwtKeyError> {
        let mut newest = None;
        let mut checking = HashMap::new();
        for (index, item) in list.split(',').map(str::trim).filter(|i| !i.is_empty()).enumerate() {
            let position = index + 1;
            let (kid, seed) = item.split_once(':').ok_or(JwtKeyError::Form { position })?;
            let kid = kid.trim();
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            if kid.is_empty() || kid.len() > 32 || !kid.bytes().all(plain) {
                return Err(JwtKeyError::Form { position });
            }
            let seed = Zeroizing::new(STANDARD.decode(seed.trim()).map_err(|_| JwtKeyError::Form { position })?);
            let seed: Zeroizing<[u8; 32]> =
                Zeroizing::new(seed.as_slice().try_into().map_err(|_| JwtKeyError::Length { position })?);
            let (signing, check) = pair(&seed).map_err(|_| JwtKeyError::Length { position })?;
            if checking.insert(kid.to_owned(), check).is_some() {
                return Err(JwtKeyError::Twice { position });
            }
            newest.get_or_insert((kid.to_owned(), signing));
        }
        let (kid, signing) = newest.ok_or(JwtKeyError::Empty)?;
        Ok(Self { kid, signing, checking, validation: validation() })
    }

    /// A token for a session, good for [`ACCESS_S`] seconds but never past the session's end.
    pub fn sign(
        &self,
        user: UserId,
        session: SessionId,
        now: DateTime<Utc>,
        ends: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now.timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.0,
            sid: session.0,
            jti: Uuid::new_v4(),
            iat,
            nbf: iat,
            exp: (iat + i64::from(ACCESS_S)).min(ends.timestamp()),
        };
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// Checks a token: form, key, signature, issuer, audience, times.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenError> {
        if token.len() > LONGEST {
            return Err(TokenError);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError)?;
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(TokenError);
        }
        let key = header.kid.as_deref().and_then(|kid| self.checking.get(kid)).ok_or(TokenError)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation).map_err(|_| TokenError)?.claims;
        let checked = AccessClaims { user: UserId(claims.sub), session: SessionId(claims.sid), exp: claims.exp };
        let latest = now.timestamp() + LEEWAY_S;
        let begun = claims.nbf <= latest && claims.iat <= latest;
        let short = (claims.iat..=claims.iat.saturating_add(ACCESS_S.into())).contains(&claims.exp);
        if checked.is_in_time(now) && begun && short && !claims.jti.is_nil() { Ok(checked) } else { Err(TokenError) }
    }
}

/// The two halves of an Ed25519 key.
fn pair(seed: &[u8; 32]) -> Result<(EncodingKey, DecodingKey), jsonwebtoken::errors::Error> {
    // PKCS #8 (RFC 8410, 7): a fixed head, then the seed.
    let mut der = Zeroizing::new(vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]);
    der.extend_from_slice(seed);
    let signing = EncodingKey::from_ed_der(&der);
    let checking = DecodingKey::from_jwk(&Jwk::from_encoding_key(&signing, Algorithm::EdDSA)?)?;
    Ok((signing, checking))
}

/// Signature, issuer, audience and that the claims are there. Times are checked in [`JwtKeys::check`], where the clock is.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.algorithms = vec![Algorithm::EdDSA];
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.leeway = 0;
    validation
}

#[cfg(test)]
mod tests;
