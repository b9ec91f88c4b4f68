//! Connecting a patient with a doctor by a code.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Result, clock::Moment, ids::LinkId, people::Actor};

/// A code for patients to type; known to who made it, this once.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionCode {
    /// As it is shown.
    pub code: String,
    /// Until when it can be typed.
    pub until: Moment,
}

/// The doctor whom a code connects with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeOwner {
    /// Their name.
    pub doctor: String,
    /// Their clinic.
    pub clinic: Option<String>,
}

/// Codes by which patients connect with doctors. Whatever is wrong with a code (unknown, used, too old, one guess too many) is the same
/// wrong field `code`.
#[async_trait]
pub trait Connections: Send + Sync {
    /// A doctor makes a code; their earlier one is worth nothing from now on.
    async fn make(&self, actor: &Actor) -> Result<ConnectionCode>;
    /// Whose code a patient has typed. Uses nothing up but a guess.
    async fn whose(&self, actor: &Actor, code: &str) -> Result<CodeOwner>;
    /// A patient agrees to be treated by the doctor whose code it is: uses it up; exactly one of any number at once does. Needs a
    /// fresh proof. With a doctor who treats them already it is [`Error::Conflict`](crate::Error::Conflict).
    async fn connect(&self, actor: &Actor, code: &str) -> Result<LinkId>;
}
