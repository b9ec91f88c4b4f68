//! Erasures that were asked for, and the erasing itself.

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    time::{from_ms, to_ms},
};

/// What goes, in an order that references allow; `$1` is the person. Of the trail only ids stay, and the person's row as an
/// empty shell that they point to. A test compares this with the schema.
pub const ERASE: &[&str] = &[
    "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    // The rows stay until they are old: other processes see by them that these sessions are over.
    "UPDATE sessions SET device_sealed = NULL WHERE user_id = $1",
    "DELETE FROM otp_challenges WHERE phone_index = (SELECT phone_index FROM users WHERE id = $1)",
    "DELETE FROM otp_failures WHERE phone_index = (SELECT phone_index FROM users WHERE id = $1)",
    "DELETE FROM second_factor_challenges WHERE user_id = $1",
    "DELETE FROM second_factor_guesses WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM totp_factors WHERE user_id = $1",
    "DELETE FROM passkey_ceremonies WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM patient_tags WHERE patient_id = $1",
    "DELETE FROM handovers WHERE patient_id = $1",
    "DELETE FROM reviews WHERE patient_id = $1",
    "DELETE FROM target_changes WHERE patient_id = $1",
    "DELETE FROM emergency_access WHERE patient_id = $1",
    "DELETE FROM readings WHERE patient_id = $1",
    "DELETE FROM meals WHERE patient_id = $1",
    "DELETE FROM record_files WHERE patient_id = $1",
    "DELETE FROM records WHERE patient_id = $1",
    "DELETE FROM imports WHERE patient_id = $1",
    "DELETE FROM connection_codes WHERE doctor_id = $1",
    "DELETE FROM connection_guesses WHERE patient_id = $1",
    "DELETE FROM links WHERE patient_id = $1 OR viewer_id = $1",
    "DELETE FROM erasures WHERE user_id = $1",
    "DELETE FROM patient_keys WHERE patient_id = $1",
    "DELETE FROM consents WHERE patient_id = $1",
    "DELETE FROM patients WHERE id = $1",
];

/// Asks for an erasure, unless it was asked for already; gives when it is due.
pub async fn ask(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<DateTime<Utc>, sqlx::Error> {
    in_tx!(tx, conn => {
        sqlx::query("INSERT INTO erasures (user_id, asked_at, due_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING")
            .bind(user.0).bind(to_ms(now)).bind(to_ms(due)).execute(&mut *conn).await?;
        sqlx::query_scalar("SELECT due_at FROM erasures WHERE user_id = $1").bind(user.0).fetch_one(conn).await
    })
    .map(from_ms)
}

/// Takes an erasure back; whether there was one.
pub async fn cancel(tx: &mut Tx, user: UserId) -> Result<bool, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM erasures WHERE user_id = $1")
        .bind(user.0).execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// When somebody is going to be erased.
pub async fn due_of(store: &Store, user: UserId) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let due: Option<i64> = on_store!(store, pool => sqlx::query_scalar("SELECT due_at FROM erasures WHERE user_id = $1")
        .bind(user.0).fetch_optional(pool).await)?;
    Ok(due.map(from_ms))
}

/// Who is due, the longest waiting first, at most a hundred.
pub async fn due(store: &Store, now: DateTime<Utc>) -> Result<Vec<UserId>, sqlx::Error> {
    let due: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT user_id FROM erasures WHERE due_at <= $1 ORDER BY due_at LIMIT 100")
        .bind(to_ms(now)).fetch_all(pool).await)?;
    Ok(due.into_iter().map(UserId).collect())
}

/// Who was erased since an instant, by whichever process.
pub async fn done_since(store: &Store, since: DateTime<Utc>) -> Result<Vec<UserId>, sqlx::Error> {
    let done: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT id FROM users WHERE updated_at > $1 AND NOT active AND LENGTH(phone_sealed) = 0")
        .bind(to_ms(since)).fetch_all(pool).await)?;
    Ok(done.into_iter().map(UserId).collect())
}

/// Erases somebody, if they are still due; whether they were. `nobody` takes the place of what their phone is found by.
pub async fn erase(tx: &mut Tx, user: UserId, nobody: &[u8; 32], now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    in_tx!(tx, conn => {
        // Also makes a second process wait, and find nothing.
        let due = sqlx::query("UPDATE erasures SET due_at = due_at WHERE user_id = $1 AND due_at <= $2")
            .bind(user.0).bind(to_ms(now)).execute(&mut *conn).await?.rows_affected();
        if due == 0 {
            return Ok(false);
        }
        for statement in ERASE {
            sqlx::query(*statement).bind(user.0).execute(&mut *conn).await?;
        }
        sqlx::query("UPDATE users SET phone_index = $2, phone_sealed = $3, name_sealed = NULL, active = $4, clinic_id = NULL, \
                     updated_at = $5 WHERE id = $1")
            .bind(user.0)
            .bind(nobody.as_slice())
            .bind([0u8; 0].as_slice())
            .bind(false)
            .bind(to_ms(now))
            .execute(conn).await.map(|done| done.rows_affected() == 1)
    })
}
