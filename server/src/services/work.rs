//! Work that keeps a core busy, away from the threads that answer requests.

use domain::Result;

use crate::error::internal;

/// Runs it on a thread of its own kind and waits.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| internal("work on a thread of its own did not end"))?
}
