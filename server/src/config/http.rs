//! How requests come in.

use std::{net::SocketAddr, time::Duration};

use super::setting::{Networks, section};

section! {
    /// Connections and requests.
    Http {
        /// Address and port to listen on. Port 0 takes a free one.
        "LISTEN_ADDR" => listen_addr: SocketAddr = Some("127.0.0.1:3000"),
        /// Addresses of reverse proxies, such as `10.0.0.0/8,::1`. Only they are believed when they name the client
        /// (`X-Forwarded-For`); by default nobody is.
        "TRUSTED_PROXIES" => trusted_proxies: Networks = None,
        /// How long a new connection may stay silent, ms.
        "HTTP_FIRST_BYTE_MS" => first_byte: Duration = Some("5000"),
        /// How long the head of a request may take, and how long an idle connection is kept, ms.
        "HTTP_HEADER_MS" => header: Duration = Some("10000"),
        /// How long a request may take, ms.
        "HTTP_REQUEST_MS" => request: Duration = Some("10000"),
        /// How long an upload may take, ms.
        "HTTP_UPLOAD_MS" => upload: Duration = Some("60000"),
        /// How long open requests may go on after a signal to stop, ms.
        "HTTP_DRAIN_MS" => drain: Duration = Some("10000"),
        /// Most connections at once; others wait to be accepted.
        "HTTP_CONNECTIONS" => connections: u32 = Some("10000"),
        /// Most connections at once from one address (IPv6: from one /64); more are closed. Trusted proxies have no such
        /// limit: they bring everybody's.
        "HTTP_CONNECTIONS_PER_ADDRESS" => connections_per_address: u32 = Some("500"),
        /// Most requests worked on at once; more are told to come back in a second.
        "HTTP_REQUESTS" => requests: u32 = Some("1000"),
    }
}
