//! One-time passwords: sent codes, and each phone's run of wrong guesses.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::ChallengeId;

use super::{Store, Tx, in_tx, on_store, time::to_ms};

/// Guesses that one code takes.
pub const GUESSES_PER_CODE: i32 = 5;
/// Wrong guesses that one phone takes within an hour.
pub const WRONG_PER_HOUR: i64 = 10;
/// Wrong guesses in a row, over any number of codes, after which no code is sent or taken until support resets it.
pub const WRONG_IN_A_ROW: i32 = 20;

/// A challenge to store.
#[derive(Debug, Clone)]
pub struct NewChallenge<'a> {
    /// Given to the caller.
    pub id: ChallengeId,
    /// Whose phone.
    pub phone_index: &'a [u8; 32],
    /// Of which block of numbers.
    pub block_index: &'a [u8; 32],
    /// What the code is compared by.
    pub code_mac: &'a [u8; 32],
    /// Who asked.
    pub address: Option<&'a str>,
    /// Whether a code is sent; if not, the challenge cannot succeed and only makes the answer alike.
    pub sent: bool,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Until when, UTC.
    pub expires_at: DateTime<Utc>,
}

/// Makes others who ask for codes wait until this transaction ends, so that limits are exact. Nothing to do on SQLite,
/// where one writes at a time.
pub async fn lock_sending(tx: &mut Tx) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        // An arbitrary number that nothing else locks: "otp" in ASCII.
        Tx::Postgres(tx) => sqlx::query("SELECT pg_advisory_xact_lock(7304304)").execute(&mut **tx).await.map(|_| ()),
    }
}

/// How many requests or codes a window holds, and when the oldest of them was made (UTC milliseconds).
pub type Window = (i64, Option<i64>);

/// Requests of an address since an instant, sent or not.
pub async fn of_address(store: &Store, address: &str, since: DateTime<Utc>) -> Result<Window, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT COUNT(*), MIN(created_at) FROM otp_challenges WHERE address = $1 AND created_at > $2")
        .bind(address).bind(to_ms(since)).fetch_one(pool).await)
}

/// The same inside a transaction.
pub async fn of_address_in(tx: &mut Tx, address: &str, since: DateTime<Utc>) -> Result<Window, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT COUNT(*), MIN(created_at) FROM otp_challenges WHERE address = $1 AND created_at > $2")
        .bind(address).bind(to_ms(since)).fetch_one(conn).await)
}

/// Codes that the whole service sent since an instant.
pub async fn sent_since(tx: &mut Tx, since: DateTime<Utc>) -> Result<Window, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as("SELECT COUNT(*), MIN(created_at) FROM otp_challenges WHERE created_at > $1 AND sent")
        .bind(to_ms(since)).fetch_one(conn).await)
}

/// Codes sent to a phone since an instant, and when the newest was (UTC milliseconds).
pub async fn sent_to(tx: &mut Tx, phone_index: &[u8; 32], since: DateTime<Utc>) -> Result<Window, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_as(
        "SELECT COUNT(*), MAX(created_at) FROM otp_challenges WHERE phone_index = $1 AND created_at > $2 AND sent")
        .bind(phone_index.as_slice()).bind(to_ms(since)).fetch_one(conn).await)
}

/// Codes sent to a block of numbers since an instant.
pub async fn sent_to_block(tx: &mut Tx, block_index: &[u8; 32], since: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM otp_challenges WHERE block_index = $1 AND created_at > $2 AND sent")
        .bind(block_index.as_slice()).bind(to_ms(since)).fetch_one(conn).await)
}

/// Wrong guesses in a row of a phone.
pub async fn wrong_in_a_row(tx: &mut Tx, phone_index: &[u8; 32]) -> Result<i32, sqlx::Error> {
    let found: Option<i32> = in_tx!(tx, conn => sqlx::query_scalar("SELECT failures FROM otp_failures WHERE phone_index = $1")
        .bind(phone_index.as_slice()).fetch_optional(conn).await)?;
    Ok(found.unwrap_or(0))
}

/// Stores a challenge. A sent one replaces the phone's earlier ones: they are dead from now on. For one that is not sent the
/// same is asked of the database: time tells nothing.
pub async fn add(tx: &mut Tx, new: &NewChallenge<'_>) -> Result<(), sqlx::Error> {
    let at = to_ms(new.at);
    in_tx!(tx, conn => sqlx::query(
        "UPDATE otp_challenges SET expires_at = $2 \
         WHERE phone_index = $1 AND consumed_at IS NULL AND expires_at > $2 AND $3")
        .bind(new.phone_index.as_slice()).bind(at).bind(new.sent).execute(conn).await.map(|_| ()))?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO otp_failures (phone_index, failures) VALUES ($1, 0) ON CONFLICT (phone_index) DO NOTHING")
        .bind(new.phone_index.as_slice()).execute(conn).await.map(|_| ()))?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO otp_challenges \
             (id, phone_index, block_index, code_mac, address, sent, attempts, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)")
        .bind(new.id.0)
        .bind(new.phone_index.as_slice())
        .bind(new.block_index.as_slice())
        .bind(new.code_mac.as_slice())
        .bind(new.address)
        .bind(new.sent)
        .bind(at)
        .bind(to_ms(new.expires_at))
        .execute(conn).await.map(|_| ()))
}

/// What became of a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Right: the challenge is used up, the phone's run of wrong guesses is over.
    Right,
    /// Wrong; counted.
    Wrong,
    /// Not looked at: no such challenge, used, too old, or a limit is reached.
    Dead,
}

/// Takes a guess. Of any number at once exactly one can be right: the challenge is counted and consumed by one statement.
pub async fn guess(
    tx: &mut Tx,
    id: ChallengeId,
    phone_index: &[u8; 32],
    code_mac: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Guess, sqlx::Error> {
    // Guesses at one phone queue here, so that the counts which the next statement reads are settled.
    in_tx!(tx, conn => sqlx::query("UPDATE otp_failures SET failures = failures WHERE phone_index = $1")
        .bind(phone_index.as_slice()).execute(conn).await.map(|_| ()))?;
    // A guess within the last hour belongs to a challenge at most an hour and a code's lifetime old.
    let counted_from = now - TimeDelta::minutes(65);
    let taken: Option<(bool, bool)> = in_tx!(tx, conn => sqlx::query_as(
        "UPDATE otp_challenges SET attempts = attempts + 1, \
             consumed_at = CASE WHEN sent AND code_mac = $3 THEN $4 END \
         WHERE id = $1 AND phone_index = $2 AND consumed_at IS NULL AND expires_at > $4 AND attempts < $5 \
           AND (SELECT COALESCE(SUM(CASE WHEN c.consumed_at IS NULL THEN c.attempts ELSE c.attempts - 1 END), 0) \
                FROM otp_challenges c WHERE c.phone_index = $2 AND c.sent AND c.created_at > $6) < $7 \
           AND COALESCE((SELECT f.failures FROM otp_failures f WHERE f.phone_index = $2), 0) < $8 \
         RETURNING consumed_at IS NOT NULL, sent")
        .bind(id.0)
        .bind(phone_index.as_slice())
        .bind(code_mac.as_slice())
        .bind(to_ms(now))
        .bind(GUESSES_PER_CODE)
        .bind(to_ms(counted_from))
        .bind(WRONG_PER_HOUR)
        .bind(WRONG_IN_A_ROW)
        .fetch_optional(conn).await)?;
    let (guess, kept, more) = match taken {
        None => (Guess::Dead, 1, 0),
        Some((true, _)) => (Guess::Right, 0, 0),
        // A challenge without a code says nothing about a code.
        Some((false, sent)) => (Guess::Wrong, 1, i32::from(sent)),
    };
    // Whatever became of it, the same is asked: time tells nothing.
    in_tx!(tx, conn => sqlx::query("UPDATE otp_failures SET failures = failures * $2 + $3 WHERE phone_index = $1")
        .bind(phone_index.as_slice()).bind(kept).bind(more).execute(conn).await.map(|_| ()))?;
    Ok(guess)
}

/// Ends a phone's run of wrong guesses.
pub async fn reset_failures(tx: &mut Tx, phone_index: &[u8]) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("UPDATE otp_failures SET failures = 0 WHERE phone_index = $1")
        .bind(phone_index).execute(conn).await.map(|_| ()))
}

/// Forgets challenges made before an instant, which must lie further back than every window that is counted (a day).
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query("DELETE FROM otp_challenges WHERE created_at < $1")
        .bind(to_ms(before)).execute(conn).await.map(|done| done.rows_affected()))
}
