//! How requests come in.

use std::{net::SocketAddr, time::Duration};

use http::{HeaderValue, Uri};

use super::{
    ConfigError,
    service::Service,
    setting::{Networks, Setting, section},
};

section! {
    /// Connections and requests.
    Http {
        /// Address and port to listen on. Port 0 takes a free one.
        "LISTEN_ADDR" => listen_addr: SocketAddr = Some("127.0.0.1:3000"),
        /// Addresses of reverse proxies, such as `10.0.0.0/8,::1`. Only they are believed when they name the client
        /// (`X-Forwarded-For`); by default nobody is.
        "TRUSTED_PROXIES" => trusted_proxies: Networks = None,
        /// Other sites whose scripts may call the API with a token, such as `https://app.example`, separated by commas.
        /// Without any, no other site's script can. Cookies are never allowed to go with such a call.
        "CORS_ORIGINS" => cors_origins: Origins = None,
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

/// Sites: scheme, host and port, each as a browser writes it in `Origin`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<HeaderValue>);

impl Setting for Origins {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items
            .map(|item| origin(item).ok_or("expected sites such as https://app.example, separated by commas"))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

fn origin(text: &str) -> Option<HeaderValue> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let usual_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let host = authority.host().to_ascii_lowercase();
    // A wildcard would be taken by its letters and fit nothing: better to say so at start.
    if authority.as_str().contains(['@', '*'])
        || host.is_empty()
        || uri.query().is_some()
        || !matches!(uri.path(), "" | "/")
    {
        return None;
    }
    let port = authority.port_u16().filter(|port| *port != usual_port).map(|port| format!(":{port}"));
    HeaderValue::try_from(format!("{scheme}://{host}{}", port.unwrap_or_default())).ok()
}

impl Http {
    /// Refuses what production must not run with.
    pub(super) fn validate(&self, service: &Service, errors: &mut Vec<ConfigError>) {
        if service.is_production() && self.cors_origins.0.iter().any(|origin| !origin.as_bytes().starts_with(b"https:"))
        {
            errors.push(ConfigError::new("CORS_ORIGINS", "only https sites can be named in production"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_written_as_browsers_write_it() {
        let parsed = |text| Origins::parse(text).map(|origins| origins.0);
        let values = |sites: &[&'static str]| Ok(sites.iter().map(|site| HeaderValue::from_static(site)).collect());
        assert_eq!(
            parsed("https://App.Example:443/, http://localhost:8100,https://[2001:db8::1]:8443"),
            values(&["https://app.example", "http://localhost:8100", "https://[2001:db8::1]:8443"])
        );
        assert_eq!(parsed(""), values(&[]));
        for wrong in [
            "*",
            "null",
            "app.example",
            "https://*.example",
            "https://a@b.example",
            "ftp://a",
            "https://a/b",
            "https://a?b",
        ] {
            assert!(Origins::parse(wrong).is_err(), "{wrong}");
        }
    }
}
