//! The figures and keys of sign-in.

use super::{JwtKeys, RelyingParty};

/// How often a one-time password is sent, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtpLimits {
    /// To one phone within an hour (`LIMIT_OTP_PHONE_HOUR`).
    pub phone_hour: u32,
    /// To one phone within 24 hours (`LIMIT_OTP_PHONE_DAY`).
    pub phone_day: u32,
    /// To one block of ten thousand numbers within an hour (`LIMIT_OTP_BLOCK_HOUR`).
    pub block_hour: u32,
    /// For one address (IPv4, or the /64 of an IPv6 one) within an hour (`LIMIT_OTP_ADDRESS_HOUR`).
    pub address_hour: u32,
    /// By the whole service within 24 hours (`LIMIT_OTP_DAY`).
    pub day: u32,
    /// Seconds between two to one phone.
    pub resend_s: u32,
}

impl Default for OtpLimits {
    fn default() -> Self {
        Self { phone_hour: 5, phone_day: 10, block_hour: 50, address_hour: 20, day: 5_000, resend_s: 30 }
    }
}

/// What sign-in goes by.
#[derive(Debug)]
pub struct AuthSettings {
    /// Sign and check access tokens (`JWT_KEYS`).
    pub jwt: JwtKeys,
    /// Limits of one-time passwords.
    pub otp: OtpLimits,
    /// Whom passkeys are made for (`PROCARE_PUBLIC_URL`); none: there are no passkeys.
    pub passkeys: Option<RelyingParty>,
}
