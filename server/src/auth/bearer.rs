//! Access tokens that were checked already: an Ed25519 check costs more than the rest of a small request.
//!
//! Only what passed is remembered, by the SHA-256 of the whole token, so nothing but those very bytes is let through
//! again. Times are looked at each time; whether the session is alive is not this module's business.

use chrono::{DateTime, Utc};
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::{
    AccessClaims, JwtKeys,
    jwt::{self, TokenError},
};

/// The tokens that passed.
pub struct CheckedTokens(Cache<[u8; 32], AccessClaims>);

impl Default for CheckedTokens {
    fn default() -> Self {
        let lifetime = std::time::Duration::from_secs(u64::from(jwt::ACCESS_S));
        Self(Cache::builder().max_capacity(100_000).time_to_live(lifetime).build())
    }
}

impl CheckedTokens {
    /// Checks a token.
    pub async fn check(&self, keys: &JwtKeys, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenError> {
        if token.len() > jwt::LONGEST {
            return Err(TokenError);
        }
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(claims) = self.0.get(&hash).await {
            return if claims.is_in_time(now) { Ok(claims) } else { Err(TokenError) };
        }
        let claims = keys.check(token, now)?;
        self.0.insert(hash, claims).await;
        Ok(claims)
    }
}
