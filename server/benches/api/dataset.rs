//! Patients who signed in as the mobile app does, and their readings, written in order of time: those of one moment lie
//! together and those of one patient far apart, as in a service that has run for two weeks.

use std::{
    collections::HashMap,
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::{
    consent::{DataType, LinkKind},
    ids::{LinkId, PatientId, UserId},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use server::storage::{Store, links};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{Result, process::outbox};

/// Milliseconds between two readings of a sensor.
pub const EVERY_MS: i64 = 15 * 60 * 1_000;
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
    template: String,
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

/// The number of the n-th patient.
pub fn phone(n: usize) -> String {
    format!("+917{n:09}")
}

/// Signs new patients in over the API: phone, code from the outbox, tokens.
pub async fn sign_in(address: &str, folder: &Path, patients: usize) -> Result<Vec<Patient>> {
    let client = reqwest::Client::new();
    let begin = Instant::now();
    let challenges: Vec<(String, Uuid)> = stream::iter(0..patients)
        .map(|n| {
            let request = client.post(format!("http://{address}/api/v1/auth/otp"));
            async move {
                let phone = phone(n);
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

/// Signs the demo data's doctor in, who has an authenticator app: what it shows is in the outbox too.
pub async fn sign_in_doctor(address: &str, folder: &Path) -> Result<Patient> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Pending {
        second_factor: Challenge,
    }
    let client = reqwest::Client::new();
    let post = |path: &str, body: serde_json::Value| {
        client.post(format!("http://{address}/api/v1/auth/{path}")).json(&body).send()
    };
    let [(_, phone), ..] = server::seed::DEMO;
    let sent = post("otp", serde_json::json!({ "phoneNumber": phone })).await?.error_for_status()?;
    let challenge = sent.json::<Challenge>().await?.challenge_id;
    let code = newest(&outbox(folder), phone, "otp")?;
    let body = serde_json::json!({ "challengeId": challenge, "phoneNumber": phone, "otp": code });
    let pending: Pending = post("verify", body).await?.error_for_status()?.json().await?;
    let code = newest(&outbox(folder), phone, "second-factor")?;
    let body = serde_json::json!({ "challengeId": pending.second_factor.challenge_id, "code": code });
    let tokens: Tokens = post("second-factor", body).await?.error_for_status()?.json().await?;
    Ok(Patient { id: tokens.user.id, token: tokens.access_token })
}

fn newest(outbox: &Path, phone: &str, template: &str) -> Result<String> {
    let text = fs::read_to_string(outbox)?;
    let mut messages = text.lines().rev().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let message = messages.find(|m| m.to == phone && m.template == template);
    message.and_then(|message| message.code).ok_or_else(|| "no code in the outbox".into())
}

/// Links every patient with a doctor, as if all had agreed long ago.
pub async fn link(url: &str, patients: &[Patient], doctor: Uuid) -> Result<()> {
    let store = Store::connect(url, 2).await?;
    let mut tx = store.begin().await?;
    let at = now();
    for patient in patients {
        let id = LinkId(Uuid::now_v7());
        let (patient, viewer) = (PatientId(patient.id), UserId(doctor));
        let new = links::NewLink {
            id,
            kind: LinkKind::Care,
            patient,
            viewer,
            awaits: viewer,
            label_sealed: None,
            data_types: DataType::ALL,
            consent: None,
            at,
            until: None,
        };
        links::add(&mut tx, &new).await?;
        links::accept(&mut tx, id, viewer, None, at).await?;
    }
    tx.commit().await?;
    store.close().await;
    Ok(())
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

/// Writes so many readings of each patient, a quarter of an hour apart, the last one now.
pub async fn fill(url: &str, patients: &[Patient], readings: usize) -> Result<()> {
    fill_until(url, patients, readings, now().timestamp_millis()).await
}

/// The same, the last one at an instant, UTC milliseconds.
pub async fn fill_until(url: &str, patients: &[Patient], readings: usize, end: i64) -> Result<()> {
    let begin = Instant::now();
    let store = Store::connect(url, 2).await?;
    let first = end - EVERY_MS * i64::try_from(readings)?;
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
                    insert(rows).build().execute(&mut *tx).await?;
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

/// So many readings of one patient in one transaction, a thousand in a statement: the least that storing them takes.
pub async fn insert_at_once(url: &str, patient: &Patient, readings: usize) -> Result<Duration> {
    let store = Store::connect(url, 2).await?;
    let end = (now() - chrono::TimeDelta::days(3_000)).timestamp_millis();
    let rows: Vec<Row> = (0..i64::try_from(readings)?).map(|tick| row(end, -tick, 0, patient.id)).collect();
    let begin = Instant::now();
    match &store {
        Store::Sqlite { write, .. } => {
            let mut tx = write.begin().await?;
            for rows in rows.chunks(ROWS) {
                insert(rows).build().execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
        Store::Postgres(pool) => {
            let mut tx = pool.begin().await?;
            for rows in rows.chunks(ROWS) {
                insert(rows).build().execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
    }
    let took = begin.elapsed();
    store.close().await;
    Ok(took)
}

/// One statement for so many rows.
fn insert<DB>(rows: &[Row]) -> QueryBuilder<DB>
where
    DB: sqlx::Database,
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    Option<String>: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    Option<Vec<u8>>: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    f64: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    i64: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = QueryBuilder::new("INSERT INTO readings (");
    query.push(COLUMNS).push(") ");
    query.push_values(rows, |mut cells, row| {
        cells.push_bind(row.id).push_bind(row.patient).push_bind(format!("c:{}", row.client));
        cells.push_bind(row.value).push_bind("mg/dL".to_owned()).push_bind(None::<String>);
        cells.push_bind("RANDOM".to_owned()).push_bind("SENSOR".to_owned()).push_bind(row.at);
        cells.push_bind(None::<Vec<u8>>).push_bind(1_i64).push_bind(row.at).push_bind(row.at);
    });
    query
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
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
