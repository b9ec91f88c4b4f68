//! Second factors: authenticator apps, recovery codes, guesses at them, and sign-ins that wait for them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{ChallengeId, UserId};
use uuid::Uuid;

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// Wrong guesses within [`WINDOW`], at most.
pub const GUESSES: i32 = 5;
/// After the last guess that counts a new window begins.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Wrong guesses in a row, over any time, after which only an admin's reset helps.
pub const WRONG_IN_A_ROW: i32 = 50;

/// Somebody's authenticator app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    /// The shared secret, sealed.
    pub secret_sealed: Vec<u8>,
    /// Whether a code of it was typed once: until then it asks for nothing.
    pub confirmed: bool,
    /// The newest time step whose code was taken.
    pub last_step: i64,
}

/// Somebody's authenticator app, if they have one or are setting one up.
pub async fn totp(store: &Store, user: UserId) -> Result<Option<Totp>, sqlx::Error> {
    let row: Option<(Vec<u8>, bool, i64)> = on_store!(store, pool => sqlx::query_as(
        "SELECT secret_sealed, confirmed_at IS NOT NULL, last_step FROM totp_factors WHERE user_id = $1")
        .bind(user.0).fetch_optional(pool).await)?;
    Ok(row.map(|(secret_sealed, confirmed, last_step)| Totp { secret_sealed, confirmed, last_step }))
}

/// Whether somebody has a second factor.
pub async fn enrolled(tx: &mut Tx, user: UserId) -> Result<bool, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM totp_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL)")
        .bind(user.0).fetch_one(conn).await)
}

/// Keeps a secret that is being shown, unless there is one already that is not older than `since`, or confirmed.
pub async fn begin_totp(
    tx: &mut Tx,
    user: UserId,
    secret_sealed: &[u8],
    since: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO totp_factors (user_id, secret_sealed, created_at, last_step) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (user_id) DO UPDATE SET secret_sealed = $2, created_at = $3 \
         WHERE totp_factors.confirmed_at IS NULL AND totp_factors.created_at < $4")
        .bind(user.0).bind(secret_sealed).bind(to_ms(at)).bind(to_ms(since)).execute(conn).await.map(|_| ()))
}

/// Puts a secret that is being shown in force; whether there was one.
pub async fn confirm_totp(tx: &mut Tx, user: UserId, step: i64, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "UPDATE totp_factors SET confirmed_at = $2, last_step = $3 WHERE user_id = $1 AND confirmed_at IS NULL")
        .bind(user.0).bind(to_ms(at)).bind(step).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Uses up the code of a time step; of any number at once exactly one may.
pub async fn take_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "UPDATE totp_factors SET last_step = $2 WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2")
        .bind(user.0).bind(step).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Takes somebody's second factor away, with its recovery codes and guesses.
pub async fn remove(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM second_factor_guesses WHERE user_id = $1",
        "DELETE FROM second_factor_challenges WHERE user_id = $1",
        "DELETE FROM totp_factors WHERE user_id = $1",
    ] {
        in_tx!(tx, conn => sqlx::query(sql).bind(user.0).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Replaces somebody's recovery codes: selector and hash each.
pub async fn replace_codes(
    tx: &mut Tx,
    user: UserId,
    codes: &[(&str, &str)],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.0).execute(conn).await.map(|_| ()))?;
    for (selector, hash) in codes {
        in_tx!(tx, conn => sqlx::query(
            "INSERT INTO recovery_codes (id, user_id, selector, hash, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(Uuid::now_v7()).bind(user.0).bind(*selector).bind(*hash).bind(to_ms(at))
            .execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// The unused recovery code of a selector: its row and hash.
pub async fn code(store: &Store, user: UserId, selector: &str) -> Result<Option<(Uuid, String)>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT id, hash FROM recovery_codes WHERE user_id = $1 AND selector = $2 AND used_at IS NULL")
        .bind(user.0).bind(selector).fetch_optional(pool).await)
}

/// Uses up a recovery code; of any number at once exactly one may.
pub async fn take_code(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query("UPDATE recovery_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(id).bind(to_ms(at)).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// How many recovery codes somebody has left.
pub async fn codes_left(store: &Store, user: UserId) -> Result<i64, sqlx::Error> {
    on_store!(store, pool => sqlx::query_scalar(
        "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL")
        .bind(user.0).fetch_one(pool).await)
}

/// Counts a guess before it is judged; whether it may be judged. Any number at once stay within the limits together.
pub async fn count_guess(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO second_factor_guesses (user_id, window_start, in_window, in_a_row) VALUES ($1, $2, 0, 0) \
         ON CONFLICT (user_id) DO NOTHING")
        .bind(user.0).bind(to_ms(now)).execute(conn).await.map(|_| ()))?;
    let done = in_tx!(tx, conn => sqlx::query(
        "UPDATE second_factor_guesses SET in_a_row = in_a_row + 1, \
             in_window = CASE WHEN window_start <= $3 THEN 1 ELSE in_window + 1 END, \
             window_start = CASE WHEN window_start <= $3 THEN $2 ELSE window_start END \
         WHERE user_id = $1 AND (in_window < $4 OR window_start <= $3) AND in_a_row < $5")
        .bind(user.0)
        .bind(to_ms(now))
        .bind(to_ms(now - WINDOW))
        .bind(GUESSES)
        .bind(WRONG_IN_A_ROW)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// A right guess ends the run of wrong ones.
pub async fn forget_guesses(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM second_factor_guesses WHERE user_id = $1")
        .bind(user.0).execute(conn).await.map(|_| ()))
}

/// Notes a sign-in that waits for its second factor.
pub async fn add_challenge(
    tx: &mut Tx,
    id: ChallengeId,
    user: UserId,
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO second_factor_challenges (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(id.0).bind(user.0).bind(to_ms(at)).bind(to_ms(expires_at)).execute(conn).await.map(|_| ()))
}

/// Whose sign-in waits, if it does.
pub async fn challenge(store: &Store, id: ChallengeId, now: DateTime<Utc>) -> Result<Option<UserId>, sqlx::Error> {
    let user: Option<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT user_id FROM second_factor_challenges WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2")
        .bind(id.0).bind(to_ms(now)).fetch_optional(pool).await)?;
    Ok(user.map(UserId))
}

/// Uses up a sign-in that waits; of any number at once exactly one may.
pub async fn take_challenge(tx: &mut Tx, id: ChallengeId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = in_tx!(tx, conn => sqlx::query(
        "UPDATE second_factor_challenges SET consumed_at = $2 \
         WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2")
        .bind(id.0).bind(to_ms(now)).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets sign-ins that waited, made before an instant.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM second_factor_challenges WHERE created_at < $1")
        .bind(to_ms(before)).execute(conn).await.map(|done| done.rows_affected()))
}
