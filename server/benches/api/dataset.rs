//! Patients who signed in as the mobile app does, and their readings, written in order of time: those of one moment lie
//! together and those of one patient far apart, as in a service that has run for two weeks.

use std::{collections::HashMap, fmt::Write, fs, path::Path, time::Instant};

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use server::storage::Store;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{Result, process::outbox};

/// Milliseconds between two readings of a sensor.
const EVERY_MS: i64 = 15 * 60 * 1_000;
/// Rows of one statement on SQLite: 13 parameters each.
const ROWS: usize = 1_000;

/// A signed-in patient.
pub struct Patient {
    /// Their id.
    pub id: Uuid,
    /// Their access token.
    pub token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Challenge {
    challenge_id: Uuid,
}

#[derive(Deserialize)]
struct Message {
    to: String,
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    access_token: String,
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: Uuid,
}

/// Signs new patients in over the API: phone, code from the outbox, tokens.
pub async fn sign_in(address: &str, folder: &Path, patients: usize) -> Result<Vec<Patient>> {
    let client = reqwest::Client::new();
    let begin = Instant::now();
    let challenges: Vec<(String, Uuid)> = stream::iter(0..patients)
        .map(|n| {
            let request = client.post(format!("http://{address}/api/v1/auth/otp"));
            async move {
                let phone = format!("+917{n:09}");
                let sent = request.json(&serde_json::json!({"phoneNumber": phone})).send().await?.error_for_status()?;
                let challenge: Challenge = sent.json().await?;
                Result::Ok((phone, challenge.challenge_id))
            }
        })
        .buffered(8)
        .try_collect()
        .await?;
    let codes = codes(&outbox(folder))?;
    let signed_in = stream::iter(challenges)
        .map(|(phone, challenge)| {
            let request = client.post(format!("http://{address}/api/v1/auth/verify"));
            let code = codes.get(&phone).cloned();
            async move {
                let otp = code.ok_or("a patient got no code")?;
                let body = serde_json::json!({"challengeId": challenge, "phoneNumber": phone, "otp": otp});
                let tokens: Tokens = request.json(&body).send().await?.error_for_status()?.json().await?;
                Result::Ok(Patient { id: tokens.user.id, token: tokens.access_token })
            }
        })
        .buffered(8)
        .try_collect::<Vec<_>>()
        .await?;
    eprintln!("{patients} patients signed in ({} s)", begin.elapsed().as_secs());
    Ok(signed_in)
}

/// The newest code of every phone.
fn codes(outbox: &Path) -> Result<HashMap<String, String>> {
    let mut codes = HashMap::new();
    for line in fs::read_to_string(outbox)?.lines() {
        let message: Message = serde_json::from_str(line)?;
        if let Some(code) = message.code {
            codes.insert(message.to, code);
        }
    }
    Ok(codes)
}

/// One reading of one patient, in the order of its columns.
struct Row {
    id: Uuid,
    patient: Uuid,
    client: Uuid,
    value: f64,
    at: i64,
}

const COLUMNS: &str = "id, patient_id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version, created_at, updated_at";

/// Writes so many readings of each patient, the last one now.
pub async fn fill(url: &str, patients: &[Patient], readings: usize) -> Result<()> {
    let begin = Instant::now();
    let store = Store::connect(url, 2).await?;
    let first = now().timestamp_millis() - EVERY_MS * i64::try_from(readings)?;
    for tick in 0..i64::try_from(readings)? {
        let rows: Vec<Row> = (0_i64..).zip(patients).map(|(n, patient)| row(first, tick, n, patient.id)).collect();
        match &store {
            Store::Sqlite { write, .. } => {
                // The service syncs every commit to disk; data that can be made again need not.
                if tick == 0 {
                    sqlx::query("PRAGMA synchronous = OFF").execute(write).await?;
                }
                let mut tx = write.begin().await?;
                for rows in rows.chunks(ROWS) {
                    let mut query = QueryBuilder::new("INSERT INTO readings (");
                    query.push(COLUMNS).push(") ");
                    query.push_values(rows, |mut cells, row| {
                        cells.push_bind(row.id).push_bind(row.patient).push_bind(format!("c:{}", row.client));
                        cells.push_bind(row.value).push_bind("mg/dL").push_bind(None::<String>);
                        cells.push_bind("RANDOM").push_bind("SENSOR").push_bind(row.at).push_bind(None::<Vec<u8>>);
                        cells.push_bind(1_i64).push_bind(row.at).push_bind(row.at);
                    });
                    query.build().execute(&mut *tx).await?;
                }
                tx.commit().await?;
            }
            Store::Postgres(pool) => {
                let mut text = String::with_capacity(rows.len() * 200);
                for Row { id, patient, client, value, at } in rows {
                    writeln!(
                        text,
                        "{id}\t{patient}\tc:{client}\t{value}\tmg/dL\t\\N\tRANDOM\tSENSOR\t{at}\t\\N\t1\t{at}\t{at}"
                    )?;
                }
                let mut connection = pool.acquire().await?;
                let mut copy = connection.copy_in_raw(&format!("COPY readings ({COLUMNS}) FROM STDIN")).await?;
                copy.send(text.as_bytes()).await?;
                copy.finish().await?;
            }
        }
    }
    match &store {
        Store::Sqlite { write, .. } => {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(write).await?;
        }
        // What autovacuum does in a service that is not two minutes old.
        Store::Postgres(pool) => {
            sqlx::query("VACUUM ANALYZE readings").execute(pool).await?;
        }
    }
    store.close().await;
    eprintln!("{} readings written ({} s)", patients.len() * readings, begin.elapsed().as_secs());
    Ok(())
}

/// Reading number `tick` of patient number `n`: some seconds after the quarter of an hour, each patient others.
fn row(first: i64, tick: i64, n: i64, patient: Uuid) -> Row {
    let at = first + tick * EVERY_MS + (n * 449) % 600_000;
    let id = |salt: u64| {
        let unique = u128::from(salt) << 72 | u128::from(n.unsigned_abs()) << 24 | u128::from(tick.unsigned_abs());
        let random = unique.to_be_bytes();
        let mut ten = [0_u8; 10];
        ten.copy_from_slice(random.last_chunk().unwrap_or(&[0; 10]));
        uuid::Builder::from_unix_timestamp_millis(at.unsigned_abs(), &ten).into_uuid()
    };
    // A plausible curve: what is compared does not depend on it.
    let value = 140.0 + 50.0 * ((tick as f64 + n as f64) / 15.0).sin();
    Row { id: id(0), patient, client: id(1), value: value.round(), at }
}

#[expect(clippy::disallowed_methods, reason = "a bench lives in real time")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
