//! What the doors share.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use domain::{clock::Clock, ports::Services};
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use crate::{config::Config, limits::Limiter, messages::Outbox, storage::Store};

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What [`AppState`] points to.
pub struct Shared {
    /// The use cases.
    pub services: Services,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub config: Config,
    /// How often one caller may call.
    pub limiter: Limiter,
    /// Asked whether it answers, for `/readyz`; records of browser sessions.
    pub store: Store,
    /// Codes that were sent, in development only.
    pub outbox: Option<Arc<Outbox>>,
    /// The metrics, if they are served.
    pub metrics: Option<PrometheusHandle>,
    /// What the pages are built from.
    pub leptos: LeptosOptions,
    /// Room for requests that are worked on.
    pub requests: Semaphore,
    stopping: AtomicBool,
}

impl Shared {
    /// Before the first request.
    #[expect(clippy::too_many_arguments, reason = "the parts are put together here and nowhere else")]
    pub fn new(
        services: Services,
        clock: Arc<dyn Clock>,
        config: Config,
        limiter: Limiter,
        store: Store,
        outbox: Option<Arc<Outbox>>,
        metrics: Option<PrometheusHandle>,
        leptos: LeptosOptions,
    ) -> Self {
        let requests = Semaphore::new(usize::try_from(config.http.requests).unwrap_or(Semaphore::MAX_PERMITS));
        let stopping = AtomicBool::new(false);
        Self { services, clock, config, limiter, store, outbox, metrics, leptos, requests, stopping }
    }
}

impl AppState {
    /// Shares it.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// From now on `/readyz` sends new requests elsewhere.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to end.
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
