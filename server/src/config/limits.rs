//! How much of anything one caller gets.

use super::setting::section;

section! {
    /// Limits.
    Limits {
        /// API requests in 15 minutes from one address (IPv4, or a /64 of IPv6) without a valid token.
        "LIMIT_ANONYMOUS_15MIN" => anonymous_15min: u32 = Some("100"),
        /// API requests in 15 minutes of one signed-in user, from wherever.
        "LIMIT_USER_15MIN" => user_15min: u32 = Some("6000"),
        /// Sign-in codes per phone number and hour.
        "LIMIT_OTP_PHONE_HOUR" => otp_phone_hour: u32 = Some("5"),
        /// Sign-in codes per address and hour.
        "LIMIT_OTP_ADDRESS_HOUR" => otp_address_hour: u32 = Some("20"),
        /// Sign-in codes per day, of everybody together.
        "LIMIT_OTP_DAY" => otp_day: u32 = Some("5000"),
    }
}
