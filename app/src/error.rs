//! What a server function answers when it does not answer the data.

use leptos::{prelude::*, server_fn::codec::JsonEncoding};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A refusal or failure, as it reaches the browser.
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
pub enum AppError {
    /// The use case said so.
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// The call did not come through: no network, or an answer that cannot be read.
    #[error("the server could not be reached")]
    Transport,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// The text of the transport's error is dropped: it can hold addresses and inner names.
    fn from_server_fn_error(_: server_fn::error::ServerFnErrorErr) -> Self {
        Self::Transport
    }
}
