//! Servers that `make test` starts, and lines to them that a test can cut.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The URL in a variable that `make test` sets. Without it the test is skipped with a line, and fails where everything
/// has to run.
pub fn server_url(variable: &str) -> Option<String> {
    if let Ok(url) = std::env::var(variable) {
        return Some(url);
    }
    let all = std::env::var_os("CI").is_some() || std::env::var_os("PROCARE_FULL_TESTS").is_some();
    assert!(!all, "{variable} is not set: `make test` starts that server and sets it");
    eprintln!("skipped: {variable} is not set (`make test` sets it)");
    None
}

/// Waits until something is true; fails when it is not within a minute: a busy machine is slow, not wrong.
pub async fn eventually(what: &str, mut is_true: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_true().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_mins(1), waiting).await.is_ok(), "never came true: {what}");
}

/// A line to a server: connections go through until it is cut, and again once it is mended.
pub struct Line {
    open: watch::Sender<bool>,
    address: SocketAddr,
    target: String,
}

impl Line {
    /// A whole line to the server of a URL.
    pub async fn to(url: &str) -> Self {
        let target = host_and_port(url).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (open, state) = watch::channel(true);
        let line = Self { open, address, target: target.clone() };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, target) = (state.clone(), target.clone());
                // While cut, a connection is dropped as soon as it is made.
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(target).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        line
    }

    /// The same URL, over this line.
    pub fn url(&self, url: &str) -> String {
        url.replace(&self.target, &self.address.to_string())
    }

    /// Ends every connection, and those to come.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.open.send_replace(true);
    }
}

fn host_and_port(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after.split('/').next().unwrap_or(after);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}
