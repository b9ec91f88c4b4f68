//! The accept loop. It closes what axum's own keeps open for ever: connections that stay silent, heads of requests that
//! never end, and whatever is still open when the time to drain is over.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use crate::{
    config::{Http, setting::Networks},
    limits::Caller,
};

/// The other end of a request's connection, as the socket tells it.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Most headers of a request.
const MAX_HEADERS: usize = 64;
/// Most bytes of a request's head.
const MAX_HEAD: usize = 32 * 1024;
/// Most requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;
/// How long the loop waits when the system has no free descriptor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then lets open requests end, at most for [`Http::drain`].
///
/// Gives the number of connections that had to be cut.
pub async fn serve(listener: TcpListener, router: Router, http: &Http, stop: impl Future<Output = ()>) -> usize {
    let connections = Arc::new(Semaphore::new(usize::try_from(http.connections).unwrap_or(usize::MAX >> 3)));
    let places = Places::new(http);
    let tracker = TaskTracker::new();
    let times = Times { first_byte: http.first_byte, header: http.header };
    let (closing, cut) = (CancellationToken::new(), CancellationToken::new());
    let builder = Arc::new(builder(http));
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            // The cap is taken before the connection: above it, new ones wait in the system's queue.
            let permit = Arc::clone(&connections).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Closed without a word: an answer would be work for whoever holds too many already.
                let Some(place) = places.take(peer.ip()) else { continue };
                let (router, builder) = (router.clone(), Arc::clone(&builder));
                let (closing, cut) = (closing.clone(), cut.clone());
                tracker.spawn(async move {
                    tokio::select! {
                        () = connection(stream, peer, router, builder, times, closing) => {}
                        () = cut.cancelled() => {}
                    }
                    drop((permit, place));
                });
            }
            Err(error) => {
                tracing::warn!(error.kind = %error.kind(), "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    closing.cancel();
    tracker.close();
    let cut_off = if timeout(http.drain, tracker.wait()).await.is_ok() { 0 } else { tracker.len() };
    cut.cancel();
    tracker.wait().await;
    cut_off
}

type Held = Arc<Mutex<HashMap<Caller, u32>>>;

/// How many connections each address holds.
struct Places {
    held: Held,
    most: u32,
    unlimited: Networks,
}

/// One connection of an address, until it is dropped.
struct Place(Option<(Held, Caller)>);

impl Places {
    fn new(http: &Http) -> Self {
        Self { held: Arc::default(), most: http.connections_per_address, unlimited: http.trusted_proxies.clone() }
    }

    fn take(&self, address: IpAddr) -> Option<Place> {
        if self.unlimited.contains(address.to_canonical()) {
            return Some(Place(None));
        }
        let caller = Caller::address(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(caller).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place(Some((Arc::clone(&self.held), caller))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((held, caller)) = &self.0 else { return };
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(caller) {
            *count -= 1;
            if *count == 0 {
                held.remove(caller);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Times {
    first_byte: Duration,
    header: Duration,
}

fn builder(http: &Http) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(http.header)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD.max(64 * 1024));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(u32::try_from(MAX_HEAD).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(http.header);
    builder
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    times: Times,
    closing: CancellationToken,
) {
    let mut first = [0; 1];
    let spoke = tokio::select! {
        spoke = timeout(times.first_byte, stream.peek(&mut first)) => spoke,
        () = closing.cancelled() => return,
    };
    if !matches!(spoke, Ok(Ok(1))) {
        return;
    }
    // Small answers go out at once. A socket that refuses is closed already: serving it will say so.
    let _ = stream.set_nodelay(true);

    let asked = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let asked = Arc::clone(&asked);
        move |mut request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(Peer(peer));
            let mut router = router.clone();
            async move { Ok::<_, Infallible>(router.call(request).await.unwrap_or_else(|never| match never {})) }
        }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // hyper's own timeout does not reach a client that stops within HTTP/2's first line.
    let mut first_head = pin!(sleep(times.header));
    let (mut head_judged, mut draining) = (false, false);
    loop {
        tokio::select! {
            // How a connection ends (reset, timed out, not HTTP) is the client's business.
            _ = connection.as_mut() => return,
            () = &mut first_head, if !head_judged => {
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
                head_judged = true;
            }
            () = closing.cancelled(), if !draining => {
                draining = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
