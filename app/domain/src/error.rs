//! The one error that use cases answer with. The doors turn it into a page or an HTTP status; nothing in it is secret.

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use crate::field::FieldErrors;

/// What a use case answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case refused or failed.
///
/// A thing that the caller may not see answers [`Error::NotFound`], as an unknown one does: the difference would tell that it exists.
#[derive(Debug, Clone, PartialEq, ThisError, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "camelCase")]
pub enum Error {
    /// No such thing, or none that this caller may see. HTTP 404.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or no longer. HTTP 401.
    #[error("not signed in")]
    Unauthenticated,
    /// Signed in, but this is not theirs to do. HTTP 403.
    #[error("not allowed")]
    Forbidden,
    /// Signed in, but too long ago for this: the person has to prove again who they are. HTTP 403.
    #[error("a fresh proof of identity is needed")]
    StepUp,
    /// The input is wrong; says where and how. HTTP 422 on pages, 400 in the API.
    #[error("the input is not valid")]
    Invalid(FieldErrors),
    /// The thing changed meanwhile, or exists already. HTTP 409.
    #[error("conflicts with the present state")]
    Conflict,
    /// A limit is used up. HTTP 429.
    #[error("too many requests, try again in {retry_after_s} s")]
    TooMany {
        /// Seconds until a further try can succeed.
        retry_after_s: u32,
    },
    /// Something we depend on does not answer. HTTP 503.
    #[error("temporarily unavailable")]
    Unavailable,
    /// Our fault. The reference finds the log line; it says nothing else. HTTP 500.
    #[error("internal error, reference {reference}")]
    Internal {
        /// What a person can quote to support.
        reference: String,
    },
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
