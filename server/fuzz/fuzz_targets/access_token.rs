//! An access token: only what we signed, with all its claims right, is let in.
#![no_main]

#[expect(dead_code, reason = "tokens are only checked here")]
#[path = "../../src/auth/jwt.rs"]
mod jwt;

use std::sync::LazyLock;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer, SigningKey};
use jwt::JwtKeys;
use libfuzzer_sys::fuzz_target;

const SEED: [u8; 32] = [9; 32];
static KEYS: LazyLock<JwtKeys> =
    LazyLock::new(|| JwtKeys::parse(&format!("a:{}", STANDARD.encode(SEED))).expect("a key"));

fuzz_target!(|text: &str| {
    let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).expect("an instant");
    match text.split_once('\n') {
        // Any text: nobody but us can sign.
        None => assert!(KEYS.check(text, now).is_err()),
        // Any header and claims, a line each, signed with our key: the signature alone lets nobody in.
        Some((header, claims)) => {
            let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
            let signature = SigningKey::from_bytes(&SEED).sign(signed.as_bytes());
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()));
            let Ok(checked) = KEYS.check(&token, now) else { return };
            let header: serde_json::Value = serde_json::from_str(header).expect("a header");
            assert!(header["alg"] == "EdDSA" && header["typ"] == "at+jwt" && header["kid"] == "a", "{header}");
            let claims: serde_json::Value = serde_json::from_str(claims).expect("claims");
            assert!(claims["iss"] == "procare", "{claims}");
            assert!(checked.is_in_time(now) && checked.exp <= now.timestamp() + 605, "{claims}");
            for name in ["aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
                assert!(!claims[name].is_null(), "{name} in {claims}");
            }
        }
    }
});
