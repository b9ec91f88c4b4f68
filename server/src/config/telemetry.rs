//! What operators see.

use std::net::SocketAddr;

use super::setting::section;

section! {
    /// Logs and metrics. Neither holds personal data.
    Telemetry {
        /// Address and port of the metrics (Prometheus text), apart from the service. By default there are none.
        "METRICS_ADDR" => metrics_addr: Option<SocketAddr> = None,
        /// What is logged: `error`, `warn`, `info`, `debug`, or filters such as `info,server::api=debug`.
        "PROCARE_LOG" => log: String = Some("info"),
    }
}
