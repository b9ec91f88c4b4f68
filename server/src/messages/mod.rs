//! Messages to people: one-time passwords today. One trait, whatever carries them.

mod outbox;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::contact::Phone;

pub use outbox::Outbox;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Signs in.
    Otp,
    /// Makes this number somebody's own: the words say so, and that nobody should be told it.
    NewPhone,
    /// What the authenticator app of the demonstration's staff would show. Development only.
    Authenticator,
}

/// A message with a code.
#[derive(Clone)]
pub struct CodeMessage {
    /// To whom.
    pub to: Phone,
    /// Six digits.
    pub code: String,
    /// When it was made, UTC.
    pub at: DateTime<Utc>,
    /// What for.
    pub template: Template,
}

/// What somebody is told of, without any detail: that is behind the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// A doctor who does not treat them opened their record in an emergency.
    Emergency,
    /// Somebody signed in as them asked for everything of theirs to be erased.
    ErasureAsked,
    /// Their account has another number from now on; goes to the old one and does not name the new one.
    PhoneChanged,
}

/// A message without a code.
#[derive(Clone)]
pub struct Notice {
    /// To whom.
    pub to: Phone,
    /// Of what.
    pub kind: NoticeKind,
    /// When it happened, UTC.
    pub at: DateTime<Utc>,
}

/// Why a message could not be handed over. Says nothing about whom it was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message was not accepted")]
pub struct SendError;

/// Carries one-time passwords.
#[async_trait]
pub trait CodeSender: Send + Sync {
    /// Whether messages can be sent at all: asked before anything else, so that a missing provider answers alike for every phone.
    fn available(&self) -> bool {
        true
    }

    /// Whether it shows codes to whoever looks, as in development: only then the demonstration's second factor counts.
    fn shows_codes(&self) -> bool {
        false
    }

    /// Hands a message over. A provider's implementation enqueues: the answer may not tell by its time whether one was sent.
    async fn send(&self, message: CodeMessage) -> Result<(), SendError>;

    /// Hands a notice over.
    async fn notify(&self, notice: Notice) -> Result<(), SendError>;
}

/// Nothing is configured: sending is unavailable.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSender;

#[async_trait]
impl CodeSender for NoSender {
    fn available(&self) -> bool {
        false
    }

    async fn send(&self, _message: CodeMessage) -> Result<(), SendError> {
        Err(SendError)
    }

    async fn notify(&self, _notice: Notice) -> Result<(), SendError> {
        Err(SendError)
    }
}
