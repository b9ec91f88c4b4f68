//! The relying party of passkeys (W3C Web Authentication, level 3): what a browser has to sign for us.
//!
//! A passkey here always verifies its user (by PIN, finger or face), so it is two factors in one: something held, and
//! something known or of the body.

use std::time::Duration;

use webauthn_rs::prelude::*;
use webauthn_rs_proto::{CreationChallengeResponse, RequestChallengeResponse, ResidentKeyRequirement};

use crate::config::setting::Origin;

/// How long a challenge waits for its signature, s. Within the 300 to 600 s that Web Authentication, section 15.1 asks
/// for where the user is verified.
pub const WAITS_S: u32 = 300;

/// See the module.
#[derive(Debug)]
pub struct RelyingParty {
    webauthn: Webauthn,
    id: String,
}

/// A relying party cannot be made of an origin, or what came back does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

impl RelyingParty {
    /// For the origin under which browsers know the service. `any_port` for machines of developers.
    pub fn new(origin: &Origin, any_port: bool) -> Result<Self, Unfit> {
        let url = Url::parse(origin.as_str()).map_err(|_| Unfit)?;
        let id = url.domain().ok_or(Unfit)?.to_owned();
        let webauthn = WebauthnBuilder::new(&id, &url)
            .map_err(|_| Unfit)?
            .rp_name("ProCare")
            .allow_any_port(any_port)
            .timeout(Duration::from_secs(WAITS_S.into()))
            .build()
            .map_err(|_| Unfit)?;
        Ok(Self { webauthn, id })
    }

    /// The name of the host that passkeys are bound to.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Begins a new passkey: what the browser gets, and what is kept.
    pub fn begin_add(&self, user: Uuid, name: &str, shown: &str, has: &[Passkey]) -> Result<(String, String), Unfit> {
        let has = has.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (mut options, state): (CreationChallengeResponse, _) =
            self.webauthn.start_passkey_registration(user, name, shown, Some(has)).map_err(|_| Unfit)?;
        // One that the device can list signs in without a phone number typed. Not required: a security key may be full.
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            selection.resident_key = Some(ResidentKeyRequirement::Preferred);
        }
        Ok((json(&options)?, json(&state)?))
    }

    /// Ends it: the passkey.
    pub fn add(&self, state: &str, answer: &str) -> Result<Passkey, Unfit> {
        let (state, answer): (PasskeyRegistration, RegisterPublicKeyCredential) = (read(state)?, read(answer)?);
        self.webauthn.finish_passkey_registration(&answer, &state).map_err(|_| Unfit)
    }

    /// Begins a proof by one of these.
    pub fn begin_prove(&self, has: &[Passkey]) -> Result<(String, String), Unfit> {
        let (options, state) = self.webauthn.start_passkey_authentication(has).map_err(|_| Unfit)?;
        Ok((json(&options)?, json(&state)?))
    }

    /// Ends it.
    pub fn prove(&self, state: &str, answer: &str) -> Result<AuthenticationResult, Unfit> {
        let (state, answer): (PasskeyAuthentication, PublicKeyCredential) = (read(state)?, read(answer)?);
        self.webauthn.finish_passkey_authentication(&answer, &state).map_err(|_| Unfit)
    }

    /// Begins a sign-in by any passkey that the device has of us.
    pub fn begin_sign_in(&self) -> Result<(String, String), Unfit> {
        let (mut options, state): (RequestChallengeResponse, _) =
            self.webauthn.start_discoverable_authentication().map_err(|_| Unfit)?;
        // A button asks for it, not a field that fills itself.
        options.mediation = None;
        Ok((json(&options)?, json(&state)?))
    }

    /// Whose passkey an answer says it is, and what the device knows it by. Nothing is proven by it.
    pub fn claims(&self, answer: &str) -> Result<(Uuid, Vec<u8>), Unfit> {
        let answer: PublicKeyCredential = read(answer)?;
        let (user, credential) = self.webauthn.identify_discoverable_authentication(&answer).map_err(|_| Unfit)?;
        Ok((user, credential.to_vec()))
    }

    /// Ends a sign-in, with the passkey that the answer claims to be of.
    pub fn sign_in(&self, state: &str, answer: &str, passkey: &Passkey) -> Result<AuthenticationResult, Unfit> {
        let (state, answer): (DiscoverableAuthentication, PublicKeyCredential) = (read(state)?, read(answer)?);
        self.webauthn.finish_discoverable_authentication_v2(&answer, state, passkey).map_err(|_| Unfit)
    }
}

/// Reads what the library wrote, or a browser sent.
pub fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Unfit> {
    serde_json::from_str(text).map_err(|_| Unfit)
}

/// As stored, and as a browser reads it.
pub fn json(value: &impl serde::Serialize) -> Result<String, Unfit> {
    serde_json::to_string(value).map_err(|_| Unfit)
}
