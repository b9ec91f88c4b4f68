//! A device that makes and uses passkeys, as far as W3C Web Authentication asks of it: ES256, no attestation.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use domain::ports::Ceremony;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where the device thinks it is.
pub const ORIGIN: &str = "http://localhost:3000";

/// Flags of section 6.1: somebody was there.
const PRESENT: u8 = 0x01;
/// Who it was is verified.
const VERIFIED: u8 = 0x04;
/// A new public key follows.
const ATTESTED: u8 = 0x40;

/// See the module.
pub struct Passkey {
    key: SigningKey,
    id: [u8; 16],
    user: Vec<u8>,
    /// How often it signed, as it says.
    pub count: u32,
    /// Whether it asks for finger, face or PIN.
    pub verifies: bool,
    /// The site it believes to be at.
    pub origin: &'static str,
}

impl Passkey {
    /// Made for a challenge; and what the browser answers.
    pub fn make(ceremony: &Ceremony) -> (Self, String) {
        let options: Value = serde_json::from_str(&ceremony.options).expect("options");
        let options = &options["publicKey"];
        let user = B64.decode(options["user"]["id"].as_str().expect("a user")).expect("base64url");
        let mut seed = [0u8; 32];
        let id = *Uuid::new_v4().as_bytes();
        seed[..16].copy_from_slice(&id);
        seed[16] = 1;
        let key = SigningKey::from_slice(&seed).expect("a key");
        let passkey = Self { key, id, user, count: 0, verifies: true, origin: ORIGIN };
        let client = passkey.client("webauthn.create", options);
        let mut data = passkey.data(options["rp"]["id"].as_str().expect("a host"), ATTESTED);
        data.extend([0u8; 16]);
        data.extend(16u16.to_be_bytes());
        data.extend(passkey.id);
        let point = passkey.key.verifying_key().to_sec1_point(false);
        // COSE (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
        data.extend([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend_from_slice(point.x().expect("x"));
        data.extend([0x22, 0x58, 0x20]);
        data.extend_from_slice(point.y().expect("y"));
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut object = vec![0xA3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xA0\x68authData\x58");
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(&data);
        let answer = json!({
            "id": B64.encode(passkey.id), "rawId": B64.encode(passkey.id), "type": "public-key",
            "response": { "clientDataJSON": B64.encode(&client), "attestationObject": B64.encode(&object) },
            "clientExtensionResults": {},
        });
        (passkey, answer.to_string())
    }

    /// Signs a challenge; what the browser answers.
    pub fn sign(&mut self, ceremony: &Ceremony) -> String {
        self.count += 1;
        let options: Value = serde_json::from_str(&ceremony.options).expect("options");
        let options = &options["publicKey"];
        let client = self.client("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().expect("a host"), 0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": B64.encode(self.id), "rawId": B64.encode(self.id), "type": "public-key",
            "response": {
                "clientDataJSON": B64.encode(&client), "authenticatorData": B64.encode(&data),
                "signature": B64.encode(signature.to_der()), "userHandle": B64.encode(&self.user),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// The same device, saying that its passkey is somebody else's.
    pub fn claiming(&self, user: Uuid) -> Self {
        Self { key: self.key.clone(), user: user.as_bytes().to_vec(), ..*self }
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, host: &str, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(host.as_bytes()).to_vec();
        data.push(PRESENT | if self.verifies { VERIFIED } else { 0 } | more);
        data.extend(self.count.to_be_bytes());
        data
    }
}
