//! The audit trail's chain: what makes a change, a removal, a swap or a cut of its rows visible (docs/adr/0007).
//!
//! Writers add rows in their own transactions and know nothing of it. [`Sequencer`] numbers committed rows within a second
//! and signs the newest code every five minutes, also to a file and the log; [`verify`] reads all of it again;
//! [`retention`] takes away what is older than a year, leaving a signed cut.

mod canonical;
mod heads;
mod retention;
mod sequencer;
mod verify;

pub use heads::HeadFile;
pub use retention::{KEEP_DAYS, retention};
pub use sequencer::{HEAD_EVERY, Sequencer};
pub use verify::{Finding, Verdict, verify};

/// The name of the file of signed heads in the data folder.
pub const HEADS_FILE: &str = "audit-heads.jsonl";
