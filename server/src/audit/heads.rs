//! Signed heads outside of the database: a file that is only appended to. Whoever rewrites the database, cut end and all,
//! does not reach it; ship it to another machine with the logs.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::storage::audit_chain::Signed;

/// The file.
#[derive(Debug, Clone)]
pub struct HeadFile(pub PathBuf);

/// One line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    seq: i64,
    at: chrono::DateTime<chrono::Utc>,
    mac: String,
    signature: String,
    /// The public key: with it a line can be checked without the database.
    key: String,
}

impl HeadFile {
    /// Appends a head and waits until it is on the disk.
    pub(super) fn append(&self, head: &Signed, key: &[u8; 32]) -> io::Result<()> {
        let line = Line {
            seq: head.seq,
            at: head.at,
            mac: STANDARD.encode(&head.mac),
            signature: STANDARD.encode(&head.signature),
            key: STANDARD.encode(key),
        };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    /// Every head of the file; none if there is no file. A line that does not read is an error: it was tampered with.
    pub fn read(&self) -> io::Result<Vec<Signed>> {
        let text = match std::fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let bytes = |text: &str| STANDARD.decode(text).map_err(io::Error::other);
        text.lines()
            .map(|line| {
                let line: Line = serde_json::from_str(line)?;
                Ok(Signed { seq: line.seq, at: line.at, mac: bytes(&line.mac)?, signature: bytes(&line.signature)? })
            })
            .collect()
    }
}
