//! Instants are stored as UTC milliseconds since 1970: both engines order them alike.

use chrono::{DateTime, Utc};

/// For a column.
pub fn to_ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// From a column. A number no calendar has (never written by us) becomes 1970.
pub fn from_ms(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}
