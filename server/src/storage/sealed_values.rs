//! Every column that holds sealed values of people.

use super::{Store, on_store};

/// Values that a master key itself seals: their envelopes begin with 1.
pub async fn by_master_itself(store: &Store) -> Result<i64, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM users WHERE substr(phone_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM users WHERE substr(name_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM sessions WHERE substr(device_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM totp_factors WHERE substr(secret_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM emergency_access WHERE substr(reason_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM links WHERE substr(label_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM readings WHERE substr(notes_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM meals WHERE substr(items_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM records WHERE substr(content_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM record_files WHERE substr(content_sealed, 1, 1) = $1) \
         + (SELECT COUNT(*) FROM imports WHERE substr(content_sealed, 1, 1) = $1)")
        .bind([1u8].as_slice()).fetch_one(pool).await)
}
