//! `make bench`: how many requests a second the mobile app's most frequent call is answered, at what cost.
//!
//! `GET /api/v1/glucose`: one patient's newest 100 of 1,344 readings, another of 2,000 patients at each request, the
//! access token checked, 100 connections kept alive. The readings (2.7 million) were written in order of time. Measured
//! on SQLite and PostgreSQL, beside a minimal axum and sqlx handler that runs the same statement over the same pool:
//! what remains of it is what ProCare costs. The two take turns, so that what else the machine does meets both.
//!
//! Then a doctor's calls (`clinic`): the work list of 5,000 patients, reports of 14 and 90 days, freshness, and an import of
//! 100,000 rows with its peak of memory.
//!
//! Map: [`dataset`] signs patients in and writes their readings, [`load`] asks, [`clinic`] is the doctor, [`minimal`] is the other handler,
//! [`process`] starts servers and reads what they used from `/proc`, [`report`] prints.
#![expect(clippy::print_stdout, reason = "a bench talks to whoever started it")]

mod clinic;
mod dataset;
mod load;
mod minimal;
mod process;
mod report;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Parser, Subcommand};

/// Anything can go wrong; it ends the bench.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
struct Args {
    /// Given by `cargo bench`.
    #[arg(long, global = true, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures.
    Run(Run),
    /// The handler to compare with, as a process of its own.
    Minimal {
        /// As `DATABASE_URL`.
        #[arg(long)]
        database: String,
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
    },
}

#[derive(clap::Args, Clone)]
struct Run {
    /// The release build of the server.
    #[arg(long)]
    server: PathBuf,
    /// The address of an empty PostgreSQL database for each part, without the end `_PART` of its name; without it only SQLite
    /// is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Process id of PostgreSQL's postmaster, to count what its processes use.
    #[arg(long, requires = "postgres")]
    postgres_pid: Option<u32>,
    /// Which engines: `sqlite`, `postgres`, or both.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    engines: Vec<String>,
    /// Patients.
    #[arg(long, default_value_t = 2_000)]
    patients: usize,
    /// Readings of each.
    #[arg(long, default_value_t = 1_344)]
    readings: usize,
    /// Connections, kept alive.
    #[arg(long, default_value_t = 100)]
    connections: usize,
    /// Seconds of one turn.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Turns of each handler.
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// What is measured: `glucose` (the app's most frequent call), `clinic` (a doctor's calls and an import), or both.
    #[arg(long, value_delimiter = ',', default_value = "glucose,clinic")]
    parts: Vec<String>,
    /// Patients of the doctor.
    #[arg(long, default_value_t = 5_000)]
    panel: usize,
    /// Rows of the imported file.
    #[arg(long, default_value_t = 100_000)]
    rows: usize,
}

fn main() -> Result<()> {
    match Args::parse().command {
        // The server's own runtime: all cores.
        Command::Minimal { database, listen } => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(minimal::serve(&database, listen)),
        Command::Run(run) => {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure(&run))
        }
    }
}

async fn measure(run: &Run) -> Result<()> {
    for part in &run.parts {
        match part.as_str() {
            "glucose" => report::head(run),
            "clinic" => report::clinic_head(run),
            other => return Err(format!("no such part: {other}").into()),
        }
        for engine in &run.engines {
            let (name, url, postmaster) = match (engine.as_str(), &run.postgres) {
                ("sqlite", _) => ("SQLite", None, None),
                ("postgres", Some(url)) => ("PostgreSQL", Some(format!("{url}_{part}")), run.postgres_pid),
                ("postgres", None) => {
                    println!("PostgreSQL is left out: no --postgres");
                    continue;
                }
                (other, _) => return Err(format!("no such engine: {other}").into()),
            };
            if part == "glucose" {
                measure_engine(run, name, url.as_ref(), postmaster).await?;
            } else {
                clinic::measure(run, name, url.as_ref(), postmaster).await?;
            }
        }
    }
    Ok(())
}

async fn measure_engine(run: &Run, name: &str, url: Option<&String>, postmaster: Option<u32>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = match url {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", folder.path().join("bench.db").display()),
    };
    let procare = process::start_server(&run.server, folder.path(), &url).await?;
    let patients = dataset::sign_in(&procare.address, folder.path(), run.patients).await?;
    dataset::fill(&url, &patients, run.readings).await?;
    let minimal = process::start_minimal(&url).await?;

    let with_token = load::Requests::new(&procare.address, "/api/v1/glucose", &patients, true);
    let without = load::Requests::new(&minimal.address, "/glucose", &patients, false);
    load::compare(&with_token, &without).await?;

    let warm = Duration::from_secs(2);
    let turn = Duration::from_secs(run.seconds);
    let (mut ours, mut theirs) = (vec![], vec![]);
    for _ in 0..run.turns {
        for (requests, server, turns) in [(&with_token, &procare, &mut ours), (&without, &minimal, &mut theirs)] {
            load::run(requests, run.connections, warm).await?;
            let before = process::Used::now(server.id, postmaster)?;
            let answers = load::run(requests, run.connections, turn).await?;
            let used = process::Used::now(server.id, postmaster)?.since(&before);
            turns.push(report::Turn::new(answers, &used));
        }
    }
    report::engine(name, &ours, &theirs, process::memory(procare.id)?, process::memory(minimal.id)?);
    Ok(())
}
