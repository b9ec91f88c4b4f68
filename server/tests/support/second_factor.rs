//! An authenticator app.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use server::auth::totp;

/// An app that was given a secret.
pub struct Authenticator(Vec<u8>);

impl Authenticator {
    /// Given the key as it is shown to people.
    pub fn new(shown: &str) -> Self {
        Self(BASE32_NOPAD.decode(shown.replace(' ', "").as_bytes()).expect("a key"))
    }

    /// What it shows at an instant.
    pub fn code(&self, now: DateTime<Utc>) -> String {
        totp::code(&self.0, totp::step_at(now)).expect("a code")
    }

    /// Six digits that it shows at no time near an instant.
    pub fn wrong(&self, now: DateTime<Utc>) -> String {
        let wrong = ["000000", "111111", "222222", "333333"];
        wrong
            .into_iter()
            .find(|code| totp::matching_step(&self.0, code, now).is_none())
            .expect("a wrong code")
            .to_owned()
    }
}
