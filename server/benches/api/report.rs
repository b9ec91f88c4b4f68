//! What is printed.

use std::time::Duration;

use crate::{Run, load::Answers, process::Used};

/// One turn of one handler.
pub struct Turn {
    per_second: f64,
    p50: f64,
    p95: f64,
    p99: f64,
    server_us: f64,
    database_us: f64,
    client_us: f64,
}

impl Turn {
    /// From the answers and what the processes used meanwhile.
    pub fn new(answers: Answers, used: &Used) -> Self {
        let count = answers.latencies.len().max(1);
        let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
        let percentile = |share: usize| {
            let at = (count * share / 100).min(count - 1);
            f64::from(answers.latencies.get(at).copied().unwrap_or_default()) / 1e3
        };
        Self {
            per_second: count as f64 / answers.took.as_secs_f64(),
            p50: percentile(50),
            p95: percentile(95),
            p99: percentile(99),
            server_us: each(used.server),
            database_us: each(used.database),
            client_us: each(answers.client_cpu),
        }
    }
}

/// What is measured, and how.
pub fn head(run: &Run) {
    println!(
        "GET /api/v1/glucose: the newest 100 of {} readings, {} patients, {} connections, {} turns of {} s each (median shown)",
        run.readings, run.patients, run.connections, run.turns, run.seconds
    );
    println!(
        "CPU time is per request, from /proc (user and system, in steps of 10 ms over a turn); 'asking' is this bench's own.\n"
    );
}

/// What the doctor's part measures.
pub fn clinic_head(run: &Run) {
    println!(
        "A doctor of {} patients with {} readings each, one call at a time, {} turns of {} s each (median shown). The least: the\n\
         same statement, and the rows or samples read, by a minimal handler.\n",
        run.panel,
        run.readings,
        run.turns,
        run.seconds as f64 / 2.0
    );
}

/// Both handlers on one engine.
pub fn engine(name: &str, ours: &[Turn], theirs: &[Turn], our_memory: f64, their_memory: f64) {
    println!("{name:<22}     req/s   p50 ms   p95 ms   p99 ms  server µs    db µs  asking µs  RSS MB");
    row("  ProCare", ours, our_memory);
    row("  minimal axum + sqlx", theirs, their_memory);
    let ratio = median(ours, |t| t.per_second) / median(theirs, |t| t.per_second) * 100.0;
    let spread = |turns: &[Turn]| {
        let all = || turns.iter().map(|turn| turn.per_second);
        (all().fold(0.0, f64::max) - all().fold(f64::INFINITY, f64::min)) / median(turns, |t| t.per_second) * 100.0
    };
    println!("  ratio {ratio:.0} %; turns differed by {:.0} % and {:.0} %\n", spread(ours), spread(theirs));
}

fn row(name: &str, turns: &[Turn], memory: f64) {
    let m = |of: fn(&Turn) -> f64| median(turns, of);
    println!(
        "{name:<22} {:>9.0} {:>8.1} {:>8.1} {:>8.1} {:>10.0} {:>8.0} {:>10.0} {:>7.0}",
        m(|t| t.per_second),
        m(|t| t.p50),
        m(|t| t.p95),
        m(|t| t.p99),
        m(|t| t.server_us),
        m(|t| t.database_us),
        m(|t| t.client_us),
        memory
    );
}

/// One call of a doctor's, and the least that it could cost.
pub struct Operation {
    /// Which.
    pub what: &'static str,
    /// ProCare's turns.
    pub ours: Vec<Turn>,
    /// The minimal handler's.
    pub theirs: Vec<Turn>,
}

/// A doctor's calls on one engine.
pub fn operations(name: &str, patients: usize, rows: &[Operation]) {
    println!("{name}, a panel of {patients}   p50 ms   p95 ms   p99 ms  server µs    db µs  least p50 ms   times");
    for Operation { what, ours, theirs } in rows {
        let m = |of: fn(&Turn) -> f64| median(ours, of);
        let least = median(theirs, |t| t.p50);
        println!(
            "  {what:<24} {:>8.1} {:>8.1} {:>8.1} {:>10.0} {:>8.0} {least:>13.1} {:>7.1}",
            m(|t| t.p50),
            m(|t| t.p95),
            m(|t| t.p99),
            m(|t| t.server_us),
            m(|t| t.database_us),
            m(|t| t.p50) / least,
        );
    }
}

fn median(turns: &[Turn], of: impl Fn(&Turn) -> f64) -> f64 {
    let mut values: Vec<f64> = turns.iter().map(of).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
