//! The handler to compare with: axum, one statement, JSON. No sign-in, no limits, no headers, no logging.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use chrono::{DateTime, SecondsFormat, TimeDelta};
use domain::ids::{PatientId, UserId};
use serde::Serialize;
use server::storage::Store;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Result;

/// The statement of `server::storage::readings::list`.
const STATEMENT: &str = "SELECT id, origin_key, value, unit, clip, state, source, recorded_at, notes_sealed, version
    FROM readings
    WHERE patient_id = $1 AND deleted_at IS NULL AND recorded_at >= $2 AND (recorded_at, id) < ($3, $4)
    ORDER BY recorded_at DESC, id DESC LIMIT $5";

/// One more than shown, as everything that pages asks for.
const LIMIT: i64 = 101;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    origin_key: Option<String>,
    value: f64,
    unit: String,
    clip: Option<String>,
    state: String,
    source: String,
    recorded_at: i64,
    notes_sealed: Option<Vec<u8>>,
    version: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    value: f64,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    clip: Option<String>,
    state: String,
    source: String,
    recorded_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<usize>,
    version: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Item>,
    next_cursor: Option<String>,
}

/// Serves until it is killed.
pub async fn serve(database: &str, listen: SocketAddr) -> Result<()> {
    // The server's own connections: the same pool, the same settings.
    let store = Arc::new(Store::connect(database, crate::process::DATABASE_CONNECTIONS).await?);
    let app = Router::new()
        .route("/glucose/{patient}", get(newest))
        .route("/panel/{doctor}", get(panel))
        .route("/samples/{patient}/{days}", get(samples))
        .with_state(store);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn newest(
    State(store): State<Arc<Store>>,
    Path(patient): Path<Uuid>,
) -> std::result::Result<Json<Page>, StatusCode> {
    let rows: std::result::Result<Vec<Row>, sqlx::Error> = match &*store {
        Store::Sqlite { read, .. } => {
            sqlx::query_as(STATEMENT)
                .bind(patient)
                .bind(0_i64)
                .bind(i64::MAX)
                .bind(Uuid::max())
                .bind(LIMIT)
                .fetch_all(read)
                .await
        }
        Store::Postgres(pool) => {
            sqlx::query_as(STATEMENT)
                .bind(patient)
                .bind(0_i64)
                .bind(i64::MAX)
                .bind(Uuid::max())
                .bind(LIMIT)
                .fetch_all(pool)
                .await
        }
    };
    let rows = rows.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let next_cursor = rows.get(99).map(|row| format!("{}.{}", row.recorded_at, row.id));
    let items = rows
        .into_iter()
        .take(100)
        .map(|row| Item {
            id: row.id,
            client_id: row.origin_key.and_then(|key| key.strip_prefix("c:").map(str::to_owned)),
            value: row.value,
            unit: row.unit,
            clip: row.clip,
            state: row.state,
            source: row.source,
            recorded_at: DateTime::from_timestamp_millis(row.recorded_at)
                .unwrap_or_default()
                .to_rfc3339_opts(SecondsFormat::AutoSi, true),
            notes: row.notes_sealed.map(|notes| notes.len()),
            version: row.version,
        })
        .collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Every patient of a doctor with what the work list needs of them, as many as there are.
async fn panel(
    State(store): State<Arc<Store>>,
    Path(doctor): Path<Uuid>,
) -> std::result::Result<Json<usize>, StatusCode> {
    let rows = server::storage::panel::of_doctor(&store, UserId(doctor), crate::dataset::now()).await;
    Ok(Json(rows.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.len()))
}

/// The readings of a patient's last days, as many as there are.
async fn samples(
    State(store): State<Arc<Store>>,
    Path((patient, days)): Path<(Uuid, i64)>,
) -> std::result::Result<Json<usize>, StatusCode> {
    let to = crate::dataset::now();
    let rows = server::storage::readings::samples(&store, PatientId(patient), to - TimeDelta::days(days), to).await;
    Ok(Json(rows.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.len()))
}
