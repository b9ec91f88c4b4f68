//! Codes by which patients connect with doctors, and how many a patient has tried.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{PatientId, UserId};
use uuid::Uuid;

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// Codes that a patient may try within [`WINDOW`].
pub const GUESSES: i64 = 10;
/// How long guesses are counted together.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);

/// Gives a doctor a code in place of the one they had.
pub async fn replace(
    tx: &mut Tx,
    doctor: UserId,
    code_mac: &[u8; 32],
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO connection_codes (doctor_id, code_mac, expires_at) VALUES ($1, $2, $3) \
         ON CONFLICT (doctor_id) DO UPDATE SET code_mac = $2, expires_at = $3, used_at = NULL")
        .bind(doctor.0).bind(code_mac.as_slice()).bind(to_ms(expires_at)).execute(conn).await.map(|_| ()))
}

/// Whose a code is that can be used now.
pub async fn owner(store: &Store, code_mac: &[u8; 32], now: DateTime<Utc>) -> Result<Option<UserId>, sqlx::Error> {
    let doctor: Option<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT c.doctor_id FROM connection_codes c JOIN users u ON u.id = c.doctor_id \
         WHERE c.code_mac = $1 AND c.used_at IS NULL AND c.expires_at > $2 AND u.active AND u.role = 'DOCTOR'")
        .bind(code_mac.as_slice()).bind(to_ms(now)).fetch_optional(pool).await)?;
    Ok(doctor.map(UserId))
}

/// Uses a code up; whose it was. Of any number at once exactly one does.
pub async fn take(tx: &mut Tx, code_mac: &[u8; 32], now: DateTime<Utc>) -> Result<Option<UserId>, sqlx::Error> {
    let doctor: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE connection_codes SET used_at = $2 \
         WHERE code_mac = $1 AND used_at IS NULL AND expires_at > $2 \
           AND EXISTS (SELECT 1 FROM users u WHERE u.id = doctor_id AND u.active AND u.role = 'DOCTOR') \
         RETURNING doctor_id")
        .bind(code_mac.as_slice()).bind(to_ms(now)).fetch_optional(conn).await)?;
    Ok(doctor.map(UserId))
}

/// Counts a guess before it is looked at; whether it may be. Any number at once stay within the limit together.
pub async fn count_guess(tx: &mut Tx, patient: PatientId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let counted: i64 = in_tx!(tx, conn => sqlx::query_scalar(
        "INSERT INTO connection_guesses (patient_id, window_start, in_window) VALUES ($1, $2, 1) \
         ON CONFLICT (patient_id) DO UPDATE SET \
             in_window = CASE WHEN connection_guesses.window_start <= $3 THEN 1 ELSE connection_guesses.in_window + 1 END, \
             window_start = CASE WHEN connection_guesses.window_start <= $3 THEN $2 ELSE connection_guesses.window_start END \
         RETURNING CAST(in_window AS BIGINT)")
        .bind(patient.0).bind(to_ms(now)).bind(to_ms(now - WINDOW)).fetch_one(conn).await)?;
    Ok(counted <= GUESSES)
}

/// A right code ends the count.
pub async fn forget_guesses(tx: &mut Tx, patient: PatientId) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM connection_guesses WHERE patient_id = $1")
        .bind(patient.0).execute(conn).await.map(|_| ()))
}

/// Forgets codes and counts that ended before an instant.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM connection_codes WHERE expires_at < $1")
        .bind(to_ms(before)).execute(conn).await.map(|_| ()))?;
    in_tx!(tx, conn => sqlx::query("DELETE FROM connection_guesses WHERE window_start < $1")
        .bind(to_ms(before - WINDOW)).execute(conn).await.map(|_| ()))
}
