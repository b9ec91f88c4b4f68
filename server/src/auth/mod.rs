//! Who calls: one-time passwords, tokens, sessions.

mod jwt;
mod settings;

pub use jwt::{AccessClaims, JwtKeyError, JwtKeys};
pub use settings::{AuthSettings, OtpLimits};
