//! Reading rows by position: names would be looked up in a map for every column of every row.

use sqlx::Error;

/// Implements `sqlx::FromRow` for both engines with one body.
macro_rules! from_row {
    ($name:ty, $row:ident => $body:expr) => {
        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $name {
            fn from_row($row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                $body
            }
        }
        impl sqlx::FromRow<'_, sqlx::postgres::PgRow> for $name {
            fn from_row($row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                $body
            }
        }
    };
}
pub(crate) use from_row;

/// A fixed name from a column. One that we never wrote is an error of the database, not of the caller.
pub(crate) fn known<T, E>(parsed: Result<T, E>, column: &'static str) -> Result<T, Error> {
    parsed.map_err(|_| Error::Decode(format!("unknown value in column {column}").into()))
}
