//! A doctor's side: the work list of a large panel, reports, and a large import, each beside the least that it could cost.

use std::time::{Duration, Instant};

use reqwest::{Client, multipart};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Result, Run,
    dataset::{self, Patient},
    load::{self, Requests},
    process::{self, Running, Used},
    report::{Operation, Turn, operations},
};

/// Patients who have worn a sensor for a quarter of a year.
const LONG: usize = 20;
/// Readings of ninety days, a quarter of an hour apart.
const NINETY_DAYS: usize = 90 * 96;
/// Readings that are timed from being sent to standing on the work list.
const FRESH: usize = 20;
/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_mins(5);

/// Measures on one engine.
pub async fn measure(run: &Run, name: &str, url: Option<&String>, postmaster: Option<u32>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = match url {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", folder.path().join("clinic.db").display()),
    };
    process::seed(&run.server, folder.path(), &url).await?;
    let server = process::start_server(&run.server, folder.path(), &url).await?;
    let patients = dataset::sign_in(&server.address, folder.path(), run.panel).await?;
    let doctor = dataset::sign_in_doctor(&server.address, folder.path()).await?;
    dataset::link(&url, &patients, doctor.id).await?;
    dataset::fill(&url, &patients, run.readings).await?;
    let long = patients.get(..LONG.min(patients.len())).unwrap_or_default();
    let before = dataset::now().timestamp_millis() - dataset::EVERY_MS * i64::try_from(run.readings)?;
    dataset::fill_until(&url, long, NINETY_DAYS - run.readings, before).await?;
    let clinic = Clinic { run, server: &server, doctor: &doctor, client: Client::new() };
    let standings = clinic.log_all(&patients).await?;
    let minimal = process::start_minimal(&url).await?;

    let mut rows = Vec::new();
    let panel = Requests::of_one(&minimal.address, &[format!("/panel/{}", doctor.id)], "");
    for (what, path) in [
        ("work list by need", "/api/v1/doctor/patients".to_owned()),
        ("  by name", "/api/v1/doctor/patients?sort=name".to_owned()),
        ("  a search", "/api/v1/doctor/patients?q=00123".to_owned()),
    ] {
        let ours = Requests::of_one(&server.address, &[path], &doctor.token);
        rows.push(clinic.compare(what, (&ours, &server), (&panel, &minimal), postmaster).await?);
    }
    let today = dataset::now().date_naive();
    for (what, days) in [("report, 14 days", 14), ("report, 90 days", 90)] {
        let from = today - chrono::Days::new(days - 1);
        let paths: Vec<String> = long
            .iter()
            .map(|patient| format!("/api/v1/doctor/patients/{}/report?from={from}&to={today}", patient.id))
            .collect();
        let floor: Vec<String> = long.iter().map(|patient| format!("/samples/{}/{days}", patient.id)).collect();
        let ours = Requests::of_one(&server.address, &paths, &doctor.token);
        let theirs = Requests::of_one(&minimal.address, &floor, "");
        rows.push(clinic.compare(what, (&ours, &server), (&theirs, &minimal), postmaster).await?);
    }
    let fresh = clinic.freshness(long).await?;
    let import = clinic.import(long, &url).await?;
    operations(name, run.panel, &rows);
    println!("  standings of {} patients after a reading each: {:.1} s", patients.len(), standings.as_secs_f64());
    println!("  from a reading sent to the work list: median {:.0} ms, slowest of {FRESH} {:.0} ms", fresh.0, fresh.1);
    println!("  import of {} rows: {import}\n", run.rows);
    Ok(())
}

struct Clinic<'a> {
    run: &'a Run,
    server: &'a Running,
    doctor: &'a Patient,
    client: Client,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    last_reading_at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Deserialize)]
struct List {
    items: Vec<Row>,
    total: usize,
}

impl Clinic<'_> {
    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.server.address)
    }

    async fn list(&self, query: &str) -> Result<List> {
        let path = self.url(&format!("/doctor/patients?{query}"));
        let answer = self.client.get(path).bearer_auth(&self.doctor.token).send().await?.error_for_status()?;
        Ok(answer.json().await?)
    }

    async fn log(&self, patient: &Patient) -> Result<chrono::DateTime<chrono::Utc>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Made {
            recorded_at: chrono::DateTime<chrono::Utc>,
        }
        let reading = json!({ "value": 120, "unit": "mg/dL", "recordedAt": dataset::now().to_rfc3339() });
        let sent = self.client.post(self.url("/glucose")).bearer_auth(&patient.token).json(&reading).send().await?;
        Ok(sent.error_for_status()?.json::<Made>().await?.recorded_at)
    }

    /// Every patient logs a reading, so that every standing is computed; how long after the last one all of them are there.
    async fn log_all(&self, patients: &[Patient]) -> Result<Duration> {
        let begin = Instant::now();
        for patient in patients {
            self.log(patient).await?;
        }
        loop {
            let oldest = self.list("sort=lastReading&limit=1").await?;
            if oldest.total < patients.len() {
                return Err(format!("the work list has {} patients", oldest.total).into());
            }
            if oldest.items.first().is_some_and(|row| row.last_reading_at.is_some()) {
                return Ok(begin.elapsed());
            }
            if begin.elapsed() > PATIENCE {
                return Err("the standings do not come".into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Median and greatest milliseconds from the moment a reading is sent until the work list shows it.
    async fn freshness(&self, patients: &[Patient]) -> Result<(f64, f64)> {
        let mut took = Vec::with_capacity(FRESH);
        for (n, patient) in patients.iter().enumerate().cycle().take(FRESH) {
            let begin = Instant::now();
            let at = self.log(patient).await?;
            // Found by their phone number.
            let query = format!("q={}", dataset::phone(n).trim_start_matches('+'));
            while self.list(&query).await?.items.first().and_then(|row| row.last_reading_at) != Some(at) {
                if begin.elapsed() > PATIENCE {
                    return Err("a reading does not reach the work list".into());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            took.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        took.sort_unstable_by(f64::total_cmp);
        Ok((took.get(took.len() / 2).copied().unwrap_or_default(), took.last().copied().unwrap_or_default()))
    }

    /// One connection at a time, as a doctor asks; the two take turns.
    async fn compare(
        &self,
        what: &'static str,
        (ours, server): (&Requests, &Running),
        (theirs, minimal): (&Requests, &Running),
        postmaster: Option<u32>,
    ) -> Result<Operation> {
        let turn = Duration::from_secs(self.run.seconds).div_f64(2.0);
        let (mut us, mut them) = (vec![], vec![]);
        for _ in 0..self.run.turns {
            for (requests, server, turns) in [(ours, server, &mut us), (theirs, minimal, &mut them)] {
                load::run(requests, 1, Duration::from_millis(500)).await?;
                let before = Used::now(server.id, postmaster)?;
                let answers = load::run(requests, 1, turn).await?;
                let used = Used::now(server.id, postmaster)?.since(&before);
                turns.push(Turn::new(answers, &used));
            }
        }
        Ok(Operation { what, ours: us, theirs: them })
    }

    /// One file of many rows, looked at and stored; beside it the same rows inserted by themselves.
    async fn import(&self, patients: &[Patient], url: &str) -> Result<String> {
        let owner = patients.last().ok_or("no patient to import for")?;
        let file = self.file()?;
        let bytes = file.len();
        process::forget_peak(self.server.id)?;
        let resting = process::memory(self.server.id)?;
        let begin = Instant::now();
        let form = multipart::Form::new().part("file", multipart::Part::bytes(file).file_name("readings.csv"));
        let sent = self.client.post(self.url("/imports")).bearer_auth(&owner.token).multipart(form).send().await?;
        let looked: Value = sent.error_for_status()?.json().await?;
        let previewed = begin.elapsed();
        let id = looked.get("id").and_then(Value::as_str).ok_or("an import without an id")?;
        let path = self.url(&format!("/imports/{id}/confirm"));
        let sent = self.client.post(path).bearer_auth(&owner.token).send().await?;
        let stored: Value = sent.error_for_status()?.json().await?;
        let both = begin.elapsed();
        if stored.get("inserted").and_then(Value::as_u64) != u64::try_from(self.run.rows).ok() {
            return Err(format!("the import stored {stored}").into());
        }
        let peak = process::peak_memory(self.server.id)?;
        let floor = dataset::insert_at_once(url, owner, self.run.rows).await?;
        Ok(format!(
            "{:.1} MB, preview {:.2} s, stored {:.2} s (bare insertion of as many {:.2} s: {:.1} times), peak memory {peak:.0} MB (before {resting:.0})",
            bytes as f64 / 1e6,
            previewed.as_secs_f64(),
            both.saturating_sub(previewed).as_secs_f64(),
            floor.as_secs_f64(),
            both.as_secs_f64() / floor.as_secs_f64(),
        ))
    }

    /// A table of readings five minutes apart, the last one two hundred days ago: before all others of its patient.
    fn file(&self) -> Result<Vec<u8>> {
        use std::fmt::Write;
        let rows = i64::try_from(self.run.rows)?;
        let end = dataset::now() - chrono::TimeDelta::days(200);
        let mut text = String::with_capacity(self.run.rows * 36);
        text.push_str("time,value,unit\n");
        for row in 0..rows {
            let at = end - chrono::TimeDelta::minutes(5 * (rows - row));
            let value = 140.0 + 60.0 * (row as f64 / 40.0).sin();
            writeln!(text, "{},{value:.0},mg/dL", at.format("%Y-%m-%d %H:%M"))?;
        }
        Ok(text.into_bytes())
    }
}
