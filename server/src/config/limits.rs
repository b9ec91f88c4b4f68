//! How much of anything one caller gets.

use super::setting::section;

section! {
    /// Limits.
    Limits {
        /// API requests in 15 minutes from one address (IPv4, or a /64 of IPv6) without a valid token.
        "LIMIT_ANONYMOUS_15MIN" => anonymous_15min: u32 = Some("100"),
        /// API requests in 15 minutes of one signed-in user, from wherever.
        "LIMIT_USER_15MIN" => user_15min: u32 = Some("6000"),
        /// Renewals of access tokens in 15 minutes from one address. Many people share a carrier's address, and each renews
        /// every ten minutes.
        "LIMIT_RENEWALS_15MIN" => renewals_15min: u32 = Some("6000"),
        /// Sign-in codes per phone number and hour.
        "LIMIT_OTP_PHONE_HOUR" => otp_phone_hour: u32 = Some("5"),
        /// Sign-in codes per phone number and day.
        "LIMIT_OTP_PHONE_DAY" => otp_phone_day: u32 = Some("10"),
        /// Sign-in codes per hour to one block of ten thousand phone numbers (all but the last four digits alike): who
        /// has messages sent for the money in them does so to numbers in a row.
        "LIMIT_OTP_BLOCK_HOUR" => otp_block_hour: u32 = Some("50"),
        /// Sign-in codes per address and hour.
        "LIMIT_OTP_ADDRESS_HOUR" => otp_address_hour: u32 = Some("20"),
        /// Sign-in codes per day, of everybody together.
        "LIMIT_OTP_DAY" => otp_day: u32 = Some("5000"),
    }
}
