//! From what went wrong underneath to the one error that use cases answer with.
//!
//! A failure is logged here, once, with a reference that the answer repeats. Neither names a person, a phone number or a
//! value: of a database error only its code and the constraint are told, for its message may quote the row.

use std::fmt::Display;

use domain::Error;

/// Our fault: logs the cause and answers [`Error::Internal`] with the reference of the log line.
///
/// The cause is written to the log: pass nothing that quotes what a person entered.
pub fn internal(cause: impl Display) -> Error {
    let reference = reference();
    tracing::error!(error.reference = %reference, error.cause = %cause, "a request failed inside");
    Error::Internal { reference }
}

/// Ten characters that a person can read out over the phone.
fn reference() -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let random: u64 = rand::random();
    (0..10)
        .map(|place| {
            let index = usize::try_from((random >> (5 * place)) & 31).unwrap_or(0);
            LETTERS.get(index).copied().map_or('0', char::from)
        })
        .collect()
}

/// What the storage answered, as the answer of a use case.
pub trait StorageResult<T> {
    /// Anything wrong is our fault, or the database is out of reach.
    fn stored(self) -> domain::Result<T>;
    /// The same, but a row that exists already is [`Error::Conflict`].
    fn or_conflict(self) -> domain::Result<T>;
}

impl<T> StorageResult<T> for Result<T, sqlx::Error> {
    fn stored(self) -> domain::Result<T> {
        self.map_err(|error| storage(&error))
    }

    fn or_conflict(self) -> domain::Result<T> {
        self.map_err(|error| if is_unique_violation(&error) { Error::Conflict } else { storage(&error) })
    }
}

/// Whether a row exists already that may exist only once.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Logs a storage error and says whether it is [`Error::Unavailable`] or [`Error::Internal`].
pub fn storage(error: &sqlx::Error) -> Error {
    if is_unavailable(error) {
        tracing::warn!(error.cause = describe(error), "the database does not answer");
        Error::Unavailable
    } else {
        internal(describe(error))
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // PostgreSQL: connection exceptions, shutting down, too many connections. SQLite: busy, locked (and their
            // extended codes, whose low byte they are).
            let sqlite = code.parse::<u32>().is_ok_and(|n| code.len() < 5 && matches!(n & 0xff, 5 | 6));
            sqlite || code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03" | "53300")
        }),
        _ => false,
    }
}

/// A storage error without anything a row may hold.
fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => format!(
            "database error {}{}{}",
            error.code().as_deref().unwrap_or("without a code"),
            error.table().map(|t| format!(" on table {t}")).unwrap_or_default(),
            error.constraint().map(|c| format!(" by {c}")).unwrap_or_default(),
        ),
        sqlx::Error::RowNotFound => "a row that has to be there is not".to_owned(),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} does not decode"),
        sqlx::Error::ColumnNotFound(column) => format!("column {column} is not there"),
        sqlx::Error::Io(error) => format!("i/o error {}", error.kind()),
        sqlx::Error::Tls(_) => "TLS error".to_owned(),
        sqlx::Error::PoolTimedOut => "no free connection".to_owned(),
        sqlx::Error::PoolClosed => "the pool is closed".to_owned(),
        sqlx::Error::WorkerCrashed => "the connection's worker ended".to_owned(),
        sqlx::Error::Decode(_) => "a value does not decode".to_owned(),
        sqlx::Error::Encode(_) => "a value does not encode".to_owned(),
        sqlx::Error::Protocol(_) => "protocol error".to_owned(),
        _ => "another database error".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_out_of_reach_is_unavailable_and_anything_else_is_our_fault() {
        assert_eq!(Err::<(), _>(sqlx::Error::PoolTimedOut).stored(), Err(Error::Unavailable));
        assert!(matches!(Err::<(), _>(sqlx::Error::RowNotFound).stored(), Err(Error::Internal { .. })));
    }

    #[test]
    fn references_differ_and_can_be_read_out() {
        let (a, b) = (reference(), reference());
        assert_ne!(a, b);
        assert!(a.len() == 10 && a.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{a}");
    }

    #[test]
    fn what_a_row_holds_does_not_reach_the_log() {
        let quoting = sqlx::Error::Decode("invalid digit in +919876543210".into());
        assert!(!describe(&quoting).contains("98765"));
    }
}
