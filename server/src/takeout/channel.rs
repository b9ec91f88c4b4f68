//! From a thread that writes to a body that is read: a few pieces at most lie between, so that a slow reader slows the
//! writer down and nothing piles up.

use std::io::{self, Write};

use bytes::Bytes;
use tokio::sync::mpsc;

/// Bytes of a piece.
const PIECE: usize = 32 * 1024;
/// Pieces that wait.
const WAITING: usize = 4;

type Piece = io::Result<Bytes>;

/// The writing end.
pub(super) struct Sender {
    to: mpsc::Sender<Piece>,
    held: Vec<u8>,
}

/// The two ends.
pub(super) fn channel() -> (Sender, mpsc::Receiver<Piece>) {
    let (to, from) = mpsc::channel(WAITING);
    (Sender { to, held: Vec::with_capacity(PIECE) }, from)
}

impl Clone for Sender {
    /// Another writing end; what this one holds back stays here.
    fn clone(&self) -> Self {
        Self { to: self.to.clone(), held: Vec::new() }
    }
}

impl Sender {
    /// Breaks the body off, so that its reader knows that it is not whole.
    pub(super) fn fail(self) {
        // A reader who left needs no telling.
        let _ = self.to.blocking_send(Err(io::Error::other("the export ended half way")));
    }
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.held, Vec::with_capacity(PIECE)));
        self.to.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
