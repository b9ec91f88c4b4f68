//! The audit trail: what it says, who reads it, and that nothing of it changes unseen.

mod chain;
mod keys;
mod trail;
