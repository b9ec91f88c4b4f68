//! Servers as processes of their own, and what they used by the operating system's accounting (`/proc`).

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::Result;

/// Connections to the database of one server: `DATABASE_CONNECTIONS`' own default.
pub const DATABASE_CONNECTIONS: u32 = 16;

/// A running server; it ends with this value.
pub struct Running {
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// Its process.
    pub id: u32,
    _child: Child,
}

/// ProCare's release build, with every guard on; only the limits on sign-ins are raised, for 2,000 of them at once.
pub async fn start_server(program: &Path, folder: &Path, database: &str) -> Result<Running> {
    let address = free_address()?;
    let mut command = server_command(program, folder, database);
    command.arg("serve").env("LISTEN_ADDR", &address);
    started(command, address).await
}

fn server_command(program: &Path, folder: &Path, database: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear();
    for name in ["PATH", "HOME", "PROCARE_SITE_DIR"] {
        if let Ok(value) = std::env::var(name) {
            command.env(name, value);
        }
    }
    command
        .env("PROCARE_ENV", "development")
        .env("PROCARE_DATA_DIR", folder.join("data"))
        .env("PROCARE_LOG", "warn")
        .env("DATABASE_URL", database)
        .env("DATABASE_CONNECTIONS", DATABASE_CONNECTIONS.to_string())
        .env("OTP_SINK", format!("file:{}", outbox(folder).display()));
    for limit in ["LIMIT_ANONYMOUS_15MIN", "LIMIT_OTP_ADDRESS_HOUR", "LIMIT_OTP_BLOCK_HOUR", "LIMIT_OTP_DAY"] {
        command.env(limit, "1000000");
    }
    // A user asks far more often than a person could.
    command.env("LIMIT_USER_15MIN", "1000000");
    command
}

/// Loads the demo data: its doctor is the one who asks for the work list.
pub async fn seed(program: &Path, folder: &Path, database: &str) -> Result<()> {
    let mut command = server_command(program, folder, database);
    let status = command.arg("seed").stdin(Stdio::null()).stdout(Stdio::null()).status().await?;
    if status.success() { Ok(()) } else { Err(format!("the demo data was not loaded: {status}").into()) }
}

/// The messages of a server started in `folder`.
pub fn outbox(folder: &Path) -> std::path::PathBuf {
    folder.join("outbox.jsonl")
}

/// This program again, as the minimal handler.
pub async fn start_minimal(database: &str) -> Result<Running> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["minimal", "--database", database, "--listen", &address]);
    started(command, address).await
}

async fn started(mut command: Command, address: String) -> Result<Running> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn()?;
    let id = child.id().ok_or("the process ended at once")?;
    let begin = Instant::now();
    while TcpStream::connect(&address).await.is_err() {
        if let Some(status) = child.try_wait()? {
            return Err(format!("a server ended: {status}").into());
        }
        if begin.elapsed() > Duration::from_secs(30) {
            return Err("a server did not listen".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(Running { address, id, _child: child })
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Processor time since the processes began.
#[derive(Clone, Copy)]
pub struct Used {
    /// Of the server.
    pub server: Duration,
    /// Of PostgreSQL's processes together.
    pub database: Duration,
}

impl Used {
    /// Until now.
    pub fn now(server: u32, postmaster: Option<u32>) -> Result<Self> {
        let database = match postmaster {
            Some(id) => family_cpu(id)?,
            None => Duration::ZERO,
        };
        Ok(Self { server: cpu(server)?, database })
    }

    /// Between two moments.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            server: self.server.saturating_sub(before.server),
            database: self.database.saturating_sub(before.database),
        }
    }
}

/// Processor time of this process.
pub fn own_cpu() -> Result<Duration> {
    cpu(std::process::id())
}

fn cpu(id: u32) -> Result<Duration> {
    Ok(stat(&fs::read_to_string(format!("/proc/{id}/stat"))?)?.1)
}

/// A process and its children: PostgreSQL has one process a connection.
fn family_cpu(parent: u32) -> Result<Duration> {
    let mut sum = cpu(parent)?;
    for entry in fs::read_dir("/proc")? {
        // One that ended meanwhile has no file any more.
        let Ok(text) = fs::read_to_string(entry?.path().join("stat")) else { continue };
        let (of, used) = stat(&text)?;
        if of == parent {
            sum += used;
        }
    }
    Ok(sum)
}

/// Parent and processor time (user and system; `/proc` counts in hundredths of a second).
fn stat(text: &str) -> Result<(u32, Duration)> {
    // The name, in brackets, may hold anything.
    let rest = text.rsplit_once(')').ok_or("/proc/ID/stat is not as expected")?.1;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let field = |n: usize| fields.get(n).copied().ok_or("/proc/ID/stat is too short");
    let ticks: u64 = field(11)?.parse::<u64>()? + field(12)?.parse::<u64>()?;
    Ok((field(1)?.parse()?, Duration::from_millis(ticks * 10)))
}

/// Resident memory, MB.
pub fn memory(id: u32) -> Result<f64> {
    status_mb(id, "VmRSS:")
}

/// The most resident memory since [`forget_peak`], MB.
pub fn peak_memory(id: u32) -> Result<f64> {
    status_mb(id, "VmHWM:")
}

/// Begins to watch for the peak anew (`clear_refs`, 5: proc(5)).
pub fn forget_peak(id: u32) -> Result<()> {
    Ok(fs::write(format!("/proc/{id}/clear_refs"), "5")?)
}

fn status_mb(id: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let kb: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .ok_or_else(|| format!("no {name} in /proc/ID/status"))?
        .parse()?;
    Ok(kb * 1024.0 / 1e6)
}
