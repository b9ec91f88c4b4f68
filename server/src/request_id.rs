//! The id of the request that is being worked on: in the answer, in every log line and every audit row that it causes.
//!
//! It goes with the task and not through every signature, for nothing is decided by it. Tasks that pages start inherit it
//! ([`inherit`]); jobs have none.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// Made for each request; what a client sends under this name is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u64);

impl RequestId {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Of the request that this task works on.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }

    /// Does some work for this request.
    pub async fn of<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).instrument(tracing::info_span!("request", id = %self)).await
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Lets the tasks that Leptos starts for a page work for the page's request. Has an effect once in a process, and before
/// Leptos is used for the first time.
pub fn inherit() {
    // The second of two calls finds what the first has done.
    let _ = Executor::init_custom_executor(Inheriting);
}

/// Tokio, as Leptos would use it by itself, with the request's id.
struct Inheriting;

impl CustomExecutor for Inheriting {
    fn spawn(&self, work: PinnedFuture<()>) {
        match RequestId::current() {
            Some(id) => tokio::spawn(id.of(work)),
            None => tokio::spawn(work),
        };
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        match RequestId::current() {
            Some(id) => tokio::task::spawn_local(id.of(work)),
            None => tokio::task::spawn_local(work),
        };
    }

    fn poll_local(&self) {}
}
