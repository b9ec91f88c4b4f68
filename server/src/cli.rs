//! The commands.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Parser, Subcommand};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    api::openapi,
    audit::{self, HEADS_FILE, HeadFile},
    clock::SystemClock,
    config::{self, Config},
    seed,
    services::keys,
    startup::{Application, Foundation, open_store},
    telemetry,
};

/// ProCare's server. Settings come from the environment; `server config example` explains them.
#[derive(Parser)]
#[command(name = "server", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves pages and the API (the default).
    Serve,
    /// Carries events and runs jobs, without serving.
    Worker,
    /// Brings the database up to date and ends.
    Migrate,
    /// Adds demonstration people and readings to an empty database. Development only.
    Seed {
        /// Makes other readings.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Explains or checks the settings.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Works with the master keys (`ENCRYPTION_KEYS`).
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Works with the audit trail.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Prints the API's description (OpenAPI 3.1).
    Openapi,
    /// Asks a running server whether it can serve; ends with 1 if not.
    Healthcheck,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Prints every setting with its meaning and default, as a file.
    Example,
    /// Says whether the settings can be used.
    Check,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Wraps everything that older master keys wrap with the newest. Runs beside the service, may be stopped and repeated.
    Rotate,
    /// Says what hangs on which master key, and which may be taken off the list.
    Status,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Reads the whole trail and its signed heads again; ends with 1 if anything was changed, removed, swapped or cut.
    Verify,
}

/// Runs the command of this process.
pub async fn run() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    match dispatch(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Config { command: ConfigCommand::Example } => print(&config::example()),
        Command::Openapi => print(&openapi::json()),
        command => {
            let config = Config::load()?;
            telemetry::init(&config)?;
            with_config(command, config).await
        }
    }
}

async fn with_config(command: Command, config: Config) -> Result<(), Failure> {
    match command {
        Command::Serve => {
            let application = Application::build(config).await?;
            tracing::info!(address = %application.address, "listening");
            application.run_until_stopped().await;
            Ok(())
        }
        Command::Migrate => {
            let store = open_store(&config).await?;
            store.migrate().await?;
            store.close().await;
            print("the database is up to date\n")
        }
        Command::Config { command: ConfigCommand::Check } => print("the settings can be used\n"),
        Command::Audit { command: AuditCommand::Verify } => verify_audit(&config).await,
        Command::Keys { command } => master_keys(&config, &command).await,
        Command::Healthcheck => healthcheck(&config).await,
        Command::Worker => {
            let foundation = Foundation::lay(&config, Arc::new(SystemClock)).await?;
            foundation.run_worker(&config).await;
            Ok(())
        }
        Command::Seed { seed } => {
            if config.service.is_production() {
                return Err("PROCARE_ENV: demonstration data exists only in development".into());
            }
            let Foundation { deps, .. } = Foundation::lay(&config, Arc::new(SystemClock)).await?;
            let added = seed::run(&deps, seed).await?;
            deps.store.close().await;
            print(if added {
                "demonstration data was added\n"
            } else {
                "there are people already: nothing was added\n"
            })
        }
        Command::Config { command: ConfigCommand::Example } | Command::Openapi => Ok(()),
    }
}

/// Rotates the master keys, or says what hangs on which.
async fn master_keys(config: &Config, command: &KeysCommand) -> Result<(), Failure> {
    let Foundation { deps, .. } = Foundation::lay(config, Arc::new(SystemClock)).await?;
    let mut lines = Vec::new();
    if matches!(command, KeysCommand::Rotate) {
        lines.push(format!("{} keys were wrapped with the newest master key", keys::rotate(&deps).await?));
    }
    let status = keys::status(&deps).await?;
    deps.store.close().await;
    let people = status.people.iter().map(|(id, count)| format!("master key {id} wraps the keys of {count} people"));
    lines.extend(people);
    let own = status.purposes.iter().map(|(id, count)| format!("master key {id} seals {count} keys of the service"));
    lines.extend(own);
    if status.direct > 0 {
        lines.push(format!("{} values are sealed with a master key itself", status.direct));
    }
    lines.extend(status.free().iter().map(|id| format!("master key {id} may be taken off the list")));
    lines.push(String::new());
    print(&lines.join("\n"))
}

/// Says what the verification of the audit trail found, a line each.
async fn verify_audit(config: &Config) -> Result<(), Failure> {
    let Foundation { deps, .. } = Foundation::lay(config, Arc::new(SystemClock)).await?;
    let verdict = audit::verify(&deps, &HeadFile(config.service.data_dir.join(HEADS_FILE))).await?;
    deps.store.close().await;
    let audit::Verdict { rows, last, heads, findings } = verdict;
    if findings.is_empty() {
        return print(&format!("the audit trail is whole: {rows} rows up to number {last}, {heads} signed heads\n"));
    }
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    Err(format!("the audit trail was tampered with:\n{}", lines.join("\n")).into())
}

/// A closed pipe is the reader's choice, not a failure.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Plain HTTP by hand: the address is our own.
async fn healthcheck(config: &Config) -> Result<(), Failure> {
    let mut address = config.http.listen_addr;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    let answer = timeout(Duration::from_secs(5), async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        Ok::<_, io::Error>(head)
    })
    .await
    .map_err(|_| "the server does not answer")??;
    if answer == *b"HTTP/1.1 200" { Ok(()) } else { Err("the server is not ready".into()) }
}
