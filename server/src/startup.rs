//! Puts everything together. The binary and the tests start the same thing.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use domain::clock::Clock;
use leptos::config::{Env, LeptosOptions};
use secrecy::ExposeSecret;
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    audit::{HEADS_FILE, HeadFile},
    auth::{AuthSettings, JwtKeys, LiveSessions, OtpLimits, RelyingParty},
    cache::Cache,
    clock::SystemClock,
    config::{
        Config,
        setting::{Origin, Setting},
    },
    crypto::{Keyring, PurposeKeys},
    jobs,
    limits::Limiter,
    messages::{CodeSender, NoSender, Outbox},
    router, serve,
    services::{self, Deps, Memory},
    state::{AppState, Shared},
    storage::Store,
    telemetry,
};

/// Why the server does not start. Says which part, never a secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting.
    #[error("{0}")]
    Config(#[from] crate::config::ConfigError),
    /// The database's address or the database.
    #[error("DATABASE_URL: the database cannot be used ({0})")]
    Database(&'static str),
    /// The migrations.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(&'static str),
    /// Token keys.
    #[error("JWT_KEYS: {0}")]
    TokenKeys(#[from] crate::auth::JwtKeyError),
    /// Encryption keys.
    #[error("ENCRYPTION_KEYS: {0}")]
    EncryptionKeys(#[from] crate::crypto::KeyError),
    /// Stored keys cannot be opened with these encryption keys.
    #[error("ENCRYPTION_KEYS: what is stored in the database was sealed with other keys")]
    Purposes,
    /// The shared cache's address.
    #[error("REDIS_URL: its address cannot be read")]
    Cache,
    /// Passkeys cannot be bound to it.
    #[error("PROCARE_PUBLIC_URL: passkeys cannot be bound to this address")]
    PublicUrl,
    /// An address is taken or not ours.
    #[error("{setting}: the address cannot be listened on: {kind}")]
    Listen {
        /// Which setting.
        setting: &'static str,
        /// What the system says.
        kind: std::io::ErrorKind,
    },
}

/// What every command that works with data stands on.
pub struct Foundation {
    /// The use cases' parts.
    pub deps: Deps,
    /// Codes that were sent, in development.
    pub outbox: Option<Arc<Outbox>>,
}

impl Foundation {
    /// Opens the database, brings it up to date, reads the keys.
    pub async fn lay(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let lists = config.keys.lists(&config.service)?;
        let keys = Arc::new(Keyring::parse(lists.encryption.expose_secret())?);
        let jwt = JwtKeys::parse(lists.jwt.expose_secret())?;
        let store = open_store(config).await?;
        store.migrate().await.map_err(|error| StartError::Migration(migration_words(&error)))?;
        let loaded = keys.load(&store).await.map_err(|_| StartError::Database("its keys cannot be read"))?;
        loaded.map_err(|_| StartError::Purposes)?;
        let purposes = Arc::new(PurposeKeys::load(&store, &keys, clock.now()).await.map_err(|_| StartError::Purposes)?);
        let outbox = (!config.service.is_production())
            .then(|| Arc::new(Outbox::new(config.messages.otp_sink.clone().map(|sink| sink.0))));
        let codes: Arc<dyn CodeSender> = match &outbox {
            Some(outbox) => Arc::clone(outbox) as Arc<dyn CodeSender>,
            None => Arc::new(NoSender),
        };
        let otp = OtpLimits {
            phone_hour: config.limits.otp_phone_hour,
            phone_day: config.limits.otp_phone_day,
            block_hour: config.limits.otp_block_hour,
            address_hour: config.limits.otp_address_hour,
            day: config.limits.otp_day,
            ..OtpLimits::default()
        };
        let sessions = LiveSessions::start(store.clone(), clock.clone());
        let passkeys = relying_party(config)?;
        let auth = Arc::new(AuthSettings { jwt, otp, passkeys });
        let cache = match &config.cache.url {
            Some(url) => Cache::redis(url.expose_secret(), Arc::clone(&keys)).map_err(|_| StartError::Cache)?,
            None => Cache::memory(Arc::clone(&keys)),
        };
        let memory = Arc::new(Memory::default());
        let deps = Deps { store, keys, purposes, cache, memory, clock, auth, sessions, codes };
        Ok(Self { deps, outbox })
    }

    /// Carries events and runs jobs until the process is told to stop.
    pub async fn run_worker(self, config: &Config) {
        let stop = CancellationToken::new();
        let tasks = start_jobs(&self.deps, config, &stop);
        stop_signal().await;
        stop_jobs(tasks, &stop, config.http.drain).await;
        self.deps.store.close().await;
    }
}

fn start_jobs(deps: &Deps, config: &Config, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let heads = HeadFile(config.service.data_dir.join(HEADS_FILE));
    jobs::start(deps, config.bus.url.as_ref().map(ExposeSecret::expose_secret), heads, stop)
}

/// Tells the jobs to end, and waits for each as long as requests are waited for.
async fn stop_jobs(tasks: Vec<JoinHandle<()>>, stop: &CancellationToken, most: Duration) {
    stop.cancel();
    for task in tasks {
        let abort = task.abort_handle();
        if timeout(most, task).await.is_err() {
            abort.abort();
        }
    }
}

/// Whom passkeys are made for. A developer's machine needs no setting: browsers take its own name for a safe place.
fn relying_party(config: &Config) -> Result<Option<RelyingParty>, StartError> {
    let development = !config.service.is_production();
    let own = || development.then(|| Origin::parse("http://localhost").ok()).flatten();
    let Some(origin) = config.service.public_url.clone().or_else(own) else { return Ok(None) };
    RelyingParty::new(&origin, development).map(Some).map_err(|_| StartError::PublicUrl)
}

/// Connects to the database.
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    let url = config.database_url();
    if url.expose_secret().starts_with("sqlite:") && config.storage.url.is_none() {
        std::fs::create_dir_all(&config.service.data_dir)
            .map_err(|_| StartError::Database("the data folder cannot be made"))?;
    }
    Store::connect(url.expose_secret(), config.storage.connections).await.map_err(|error| {
        StartError::Database(match error {
            sqlx::Error::Configuration(_) => "its address cannot be read",
            sqlx::Error::Database(_) => "it refuses",
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => "it does not answer",
            sqlx::Error::Tls(_) => "TLS fails",
            _ => "unexpected answer",
        })
    })
}

fn migration_words(error: &sqlx::migrate::MigrateError) -> &'static str {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::VersionMissing(_) => "it was used by a newer version",
        MigrateError::VersionMismatch(_) => "a migration that ran has changed since",
        MigrateError::Dirty(_) => "a migration stopped half way",
        _ => "a migration failed",
    }
}

/// A server that listens already.
pub struct Application {
    /// Where: the port is known even if any free one was asked for.
    pub address: SocketAddr,
    /// Where the metrics are, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    /// What the doors share.
    pub state: AppState,
    deps: Deps,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
}

impl Application {
    /// Builds a server on the system's clock.
    pub async fn build(config: Config) -> Result<Self, StartError> {
        Self::build_with(config, Arc::new(SystemClock)).await
    }

    /// Builds a server on a given clock.
    pub async fn build_with(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        for setting in config.without_effect() {
            tracing::warn!(setting, "this version has nothing that uses the setting");
        }
        let Foundation { deps, outbox } = Foundation::lay(&config, Arc::clone(&clock)).await?;
        let store = deps.store.clone();
        let services = services::build(&deps);
        let listener = listen("LISTEN_ADDR", config.http.listen_addr).await?;
        let (metrics, metrics_listener) = match config.telemetry.metrics_addr {
            Some(address) => (telemetry::metrics(), Some(listen("METRICS_ADDR", address).await?)),
            None => (None, None),
        };
        let leptos = leptos_options(&config, &listener);
        let limiter = match &config.cache.url {
            Some(url) => Limiter::redis(url.expose_secret()).map_err(|_| StartError::Cache)?,
            None => Limiter::memory(),
        };
        let state = AppState::new(Shared::new(services, clock, config, limiter, store, outbox, metrics, leptos));
        Ok(Self {
            address: local_address("LISTEN_ADDR", &listener)?,
            metrics_address: metrics_listener.as_ref().map(|l| local_address("METRICS_ADDR", l)).transpose()?,
            state,
            deps,
            listener,
            metrics_listener,
        })
    }

    /// Serves until the process is told to stop, then drains.
    pub async fn run_until_stopped(self) {
        self.run_until(stop_signal()).await;
    }

    /// Serves until `stop` is ready, then drains. Gives the number of connections that had to be cut.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> usize {
        let Self { state, deps, listener, metrics_listener, .. } = self;
        let jobs_stop = CancellationToken::new();
        let jobs = start_jobs(&deps, &state.config, &jobs_stop);
        let metrics = metrics_listener.zip(state.metrics.clone()).map(|(listener, handle)| {
            let http = state.config.http.clone();
            let router = telemetry::router(handle);
            tokio::spawn(async move { serve::serve(listener, router, &http, std::future::pending()).await })
        });
        let stopping = state.clone();
        let stop = async move {
            stop.await;
            stopping.stop();
        };
        let cut = serve::serve(listener, router::router(&state), &state.config.http, stop).await;
        if let Some(metrics) = metrics {
            metrics.abort();
        }
        stop_jobs(jobs, &jobs_stop, state.config.http.drain).await;
        state.store.close().await;
        if cut > 0 {
            tracing::warn!(connections = cut, "connections were cut when the time to drain was over");
        }
        cut
    }
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen { setting, kind: error.kind() })
}

fn local_address(setting: &'static str, listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| StartError::Listen { setting, kind: error.kind() })
}

/// How the built pages are named. `hash.txt` beside the binary (`cargo leptos build --release` puts it there) tells
/// that their names carry hashes.
fn leptos_options(config: &Config, listener: &TcpListener) -> LeptosOptions {
    let hash_file = "hash.txt";
    let binary = std::env::current_exe().unwrap_or_default();
    let hashed = binary.parent().is_some_and(|folder: &Path| folder.join(hash_file).is_file());
    LeptosOptions::builder()
        .output_name("procare")
        .site_root(config.service.site_dir.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .site_addr(listener.local_addr().unwrap_or(config.http.listen_addr))
        .env(if config.service.is_production() { Env::PROD } else { Env::DEV })
        .hash_file(hash_file.into())
        .hash_files(hashed)
        .build()
}

/// SIGTERM or SIGINT.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler the default action ends the process, which is what a signal asks for.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping");
}
