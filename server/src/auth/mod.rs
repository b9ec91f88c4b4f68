//! Who calls: one-time passwords, tokens, sessions.

mod bearer;
mod jwt;
pub mod lifetimes;
pub mod otp;
pub mod passkeys;
pub mod recovery;
mod sessions;
mod settings;
pub mod totp;
mod web_session_store;

pub use bearer::CheckedTokens;
pub use jwt::{ACCESS_S, AccessClaims, JwtKeyError, JwtKeys, TokenError};
pub use passkeys::RelyingParty;
pub use sessions::{LiveSessions, standing};
pub use settings::{AuthSettings, OtpLimits};
pub use web_session_store::WebSessionStore;
