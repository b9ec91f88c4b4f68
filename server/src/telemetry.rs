//! Logs and metrics. Neither holds a name, a phone number, a token, a value, a note, or an address with ids in it.

use std::{io, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Config, ConfigError, ConfigErrors};

/// Name of the histogram of requests.
pub const REQUESTS: &str = "procare_http_request_seconds";

/// Starts logging to standard error: JSON in production, lines in development.
pub fn init(config: &Config) -> Result<(), ConfigErrors> {
    let filter = EnvFilter::try_new(&config.telemetry.log)
        .map_err(|_| ConfigErrors(vec![ConfigError::new("PROCARE_LOG", "expected a level or filters")]))?;
    let registry = tracing_subscriber::registry().with(filter);
    // Only the first call in a process has an effect; tests start many servers.
    let _ = if config.service.is_production() {
        registry.with(fmt::layer().json().flatten_event(true).with_writer(io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().compact().with_writer(io::stderr)).try_init()
    };
    Ok(())
}

/// The recorder of metrics, one per process.
pub fn metrics() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(
                    Matcher::Full(REQUESTS.to_owned()),
                    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0],
                )
                .ok()?
                .install_recorder()
                .inspect_err(|_| tracing::error!("the metrics cannot be recorded"))
                .ok()
        })
        .clone()
}

/// `/metrics`, for a listener of its own: nothing of it is reachable from where people are.
pub fn router(handle: PrometheusHandle) -> axum::Router {
    use axum::{http::header::CONTENT_TYPE, routing::get};
    let render = move || {
        let text = handle.render();
        async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    axum::Router::new().route("/metrics", get(render))
}
