//! How large a file may be, and how it is read from a form, for both doors.

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};
use domain::{field::Problem, records};

/// Most bytes of a file of readings.
pub const MAX_FILE: usize = 20 * 1024 * 1024;
/// The same, MiB.
pub const MAX_FILE_MIB: u32 = 20;
/// Room for the form around a file.
const FORM: usize = 64 * 1024;
/// Most bytes of a request that carries a file of readings.
pub const MAX_UPLOAD: usize = MAX_FILE + FORM;
/// Most bytes of a request that carries a record's file.
pub const MAX_RECORD_UPLOAD: usize = records::MAX_FILE + FORM;

/// How large a file may be.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    bytes: usize,
    mib: u32,
}

/// Of a file of readings.
pub const READINGS: Limit = Limit { bytes: MAX_FILE, mib: MAX_FILE_MIB };
/// Of a record's file.
pub const RECORD: Limit = Limit { bytes: records::MAX_FILE, mib: records::MAX_FILE_MIB };

/// The field `file` of a form.
pub async fn read(mut multipart: Multipart, limit: Limit) -> Result<Vec<u8>, Problem> {
    let too_large = Problem::FileTooLarge { max_mib: limit.mib };
    let unreadable = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large.clone() } else { Problem::Malformed }
    };
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(unreadable)?;
            return match bytes.len() {
                0 => Err(Problem::Required),
                length if length > limit.bytes => Err(too_large),
                _ => Ok(bytes.into()),
            };
        }
    }
    Err(Problem::Required)
}
