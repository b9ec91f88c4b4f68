//! Glucose readings.

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    field::{FieldErrors, Problem},
    glucose::{Glucose, MealState, RawReading, Reading, Unit, not_in_future, parse_instant, parse_notes},
    ids::ReadingId,
    page::Page,
    people::Actor,
    ports::{BatchItem, BatchOutcome, ReadingChange},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};
use uuid::Uuid;

use super::batch;
use crate::{
    api::{
        MAX_BATCH_BODY,
        bearer::SignedIn,
        error::{ApiResult, FieldProblem, Refusals},
        input::{Body, Id, ListParams, Params, item, present},
        openapi::{clips, sources, states, units},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(batch).layer(DefaultBodyLimit::max(MAX_BATCH_BODY)))
        .routes(routes!(read, change, delete))
}

/// A reading to store.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewReadingBody {
    /// An id that the client made, 1 to 64 characters: the same one twice is the same reading.
    client_id: Option<String>,
    /// 10 to 1000 mg/dL, 0.6 to 55.5 mmol/L.
    #[schema(required, value_type = f64, example = 126.0)]
    value: Option<f64>,
    /// The value's unit; it is kept.
    #[schema(required, schema_with = units)]
    unit: Option<String>,
    /// When in the day; `RANDOM` if absent.
    #[schema(schema_with = states)]
    state: Option<String>,
    /// How it came to the app; `MANUAL` if absent.
    #[schema(schema_with = sources)]
    source: Option<String>,
    /// Set if the device only said "below" or "above" the value.
    #[schema(schema_with = clips)]
    clip: Option<String>,
    /// When it was measured; at most 5 minutes in the future.
    #[schema(required, value_type = DateTime<Utc>)]
    recorded_at: Option<String>,
    /// At most 500 characters.
    notes: Option<String>,
}

impl From<NewReadingBody> for RawReading {
    fn from(body: NewReadingBody) -> Self {
        Self {
            client_id: body.client_id,
            value: body.value,
            unit: body.unit,
            state: body.state,
            source: body.source,
            clip: body.clip,
            recorded_at: body.recorded_at,
            notes: body.notes,
        }
    }
}

/// A stored reading.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadingBody {
    /// Its id.
    id: Uuid,
    /// The id that the client made.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// The value as received.
    value: f64,
    /// Its unit as received.
    #[schema(schema_with = units)]
    unit: &'static str,
    /// Set if the device only said "below" or "above" the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = clips)]
    clip: Option<&'static str>,
    /// When in the day.
    #[schema(schema_with = states)]
    state: &'static str,
    /// How it came to us.
    #[schema(schema_with = sources)]
    source: &'static str,
    /// When it was measured.
    recorded_at: DateTime<Utc>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    /// Counts its changes, from 1.
    version: i64,
}

impl From<Reading> for ReadingBody {
    fn from(reading: Reading) -> Self {
        Self {
            id: reading.id.0,
            client_id: reading.client_id,
            value: reading.glucose.value(),
            unit: reading.glucose.unit().as_str(),
            clip: reading.clip.map(domain::glucose::Clip::as_str),
            state: reading.state.as_str(),
            source: reading.source.as_str(),
            recorded_at: reading.recorded_at,
            notes: reading.notes,
            version: reading.version,
        }
    }
}

/// Readings, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadingPage {
    /// The readings.
    items: Vec<ReadingBody>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
}

impl From<Page<Reading>> for ReadingPage {
    fn from(page: Page<Reading>) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// Stores a reading. A `clientId` that is known already answers 200 with the stored reading.
#[utoipa::path(post, path = "/glucose", tag = "glucose", security(("bearer" = [])), request_body = NewReadingBody,
    responses(
        (status = 201, description = "Stored.", body = ReadingBody),
        (status = 200, description = "Was there already.", body = ReadingBody),
        Refusals))]
async fn create(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewReadingBody>,
) -> ApiResult<Response> {
    let new = RawReading::from(body).parse(app.now())?;
    let (reading, created) = app.services.readings.log(&actor, new).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ReadingBody::from(reading))).into_response())
}

/// One's own readings, newest first.
#[utoipa::path(get, path = "/glucose", tag = "glucose", security(("bearer" = [])), params(ListParams),
    responses((status = 200, description = "A page of readings.", body = ReadingPage), Refusals))]
async fn list(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<ListParams>,
) -> ApiResult<Json<ReadingPage>> {
    Ok(Json(app.services.readings.list(&actor, &params.parse()?).await?.into()))
}

/// One reading.
#[utoipa::path(get, path = "/glucose/{id}", tag = "glucose", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The reading.")),
    responses((status = 200, description = "The reading.", body = ReadingBody), Refusals))]
async fn read(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ReadingId>,
) -> ApiResult<Json<ReadingBody>> {
    Ok(Json(app.services.readings.get(&actor, id).await?.into()))
}

/// What to change; absent fields stay.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadingPatch {
    /// New value, in `unit` or in the unit that the reading has.
    value: Option<f64>,
    /// Unit of the new value.
    #[schema(schema_with = units)]
    unit: Option<String>,
    /// New state.
    #[schema(schema_with = states)]
    state: Option<String>,
    /// New time.
    #[schema(value_type = Option<DateTime<Utc>>)]
    recorded_at: Option<String>,
    /// New notes; null removes them.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "absent, null and a value are three things")]
    notes: Option<Option<String>>,
    /// The version that was read: if it is not the present one, the answer is 409.
    version: Option<i64>,
}

/// Changes a reading.
#[utoipa::path(patch, path = "/glucose/{id}", tag = "glucose", security(("bearer" = [])), request_body = ReadingPatch,
    params(("id" = Uuid, Path, description = "The reading.")),
    responses((status = 200, description = "The reading, changed.", body = ReadingBody), Refusals))]
async fn change(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ReadingId>,
    Body(patch): Body<ReadingPatch>,
) -> ApiResult<Json<ReadingBody>> {
    let change = parse_patch(&app, &actor, id, patch).await?;
    Ok(Json(app.services.readings.change(&actor, id, change).await?.into()))
}

async fn parse_patch(app: &AppState, actor: &Actor, id: ReadingId, patch: ReadingPatch) -> ApiResult<ReadingChange> {
    let mut errors = FieldErrors::default();
    let unit = errors.take("unit", patch.unit.as_deref().map(Unit::parse).transpose());
    let glucose = match (patch.value, unit.flatten()) {
        (None, Some(_)) => errors.take("value", Err(Problem::Required)),
        (Some(value), Some(unit)) => errors.take("value", Glucose::new(value, unit)),
        (Some(value), None) if patch.unit.is_none() => {
            let unit = app.services.readings.get(actor, id).await?.glucose.unit();
            errors.take("value", Glucose::new(value, unit))
        }
        (None | Some(_), None) => None,
    };
    let state = errors.take("state", patch.state.as_deref().map(MealState::parse).transpose());
    let recorded_at = errors.take(
        "recordedAt",
        patch
            .recorded_at
            .map(|text| parse_instant(Some(&text)).and_then(|at| not_in_future(at, app.now())))
            .transpose(),
    );
    let notes = errors.take("notes", patch.notes.map(parse_notes).transpose());
    let change = (|| {
        Some(ReadingChange { glucose, state: state?, recorded_at: recorded_at?, notes: notes?, version: patch.version })
    })();
    Ok(errors.into_result(change)?)
}

/// Deletes a reading.
#[utoipa::path(delete, path = "/glucose/{id}", tag = "glucose", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The reading.")),
    responses((status = 204, description = "Deleted."), Refusals))]
async fn delete(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ReadingId>,
) -> ApiResult<StatusCode> {
    app.services.readings.delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Readings to store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchBody {
    /// At most 1,000. Each is judged by itself.
    #[schema(value_type = Vec<NewReadingBody>)]
    items: Vec<serde_json::Value>,
}

/// What became of each, in the same order.
#[derive(Serialize, ToSchema)]
struct BatchAnswer {
    /// One per item.
    items: Vec<BatchResult>,
}

/// What became of one reading.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BatchResult {
    /// The id that the client made.
    client_id: Option<String>,
    /// `created`, `exists` or `rejected`.
    status: &'static str,
    /// Its id, unless it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldProblem>>,
}

impl From<BatchOutcome> for BatchResult {
    fn from(outcome: BatchOutcome) -> Self {
        match outcome {
            BatchOutcome::Created { client_id, id } => {
                Self { client_id, status: "created", id: Some(id.0), errors: None }
            }
            BatchOutcome::Exists { client_id, id } => {
                Self { client_id, status: "exists", id: Some(id.0), errors: None }
            }
            BatchOutcome::Rejected { client_id, errors } => {
                let errors = errors.0.into_iter().map(Into::into).collect();
                Self { client_id, status: "rejected", id: None, errors: Some(errors) }
            }
        }
    }
}

/// Stores many readings. A bad one never spoils the rest.
#[utoipa::path(post, path = "/glucose/batch", tag = "glucose", security(("bearer" = [])), request_body = BatchBody,
    responses((status = 200, description = "What became of each.", body = BatchAnswer), Refusals))]
async fn batch(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<BatchBody>,
) -> ApiResult<Json<BatchAnswer>> {
    batch::within(&body.items)?;
    let now = app.now();
    let items = body.items.into_iter().map(|value| batch_item(value, now)).collect();
    let outcomes = app.services.readings.log_many(&actor, items).await?;
    Ok(Json(BatchAnswer { items: outcomes.into_iter().map(Into::into).collect() }))
}

fn batch_item(value: serde_json::Value, now: DateTime<Utc>) -> BatchItem {
    let client_id = batch::client_id(&value);
    item::<NewReadingBody>(value)
        .and_then(|body| RawReading::from(body).parse(now))
        .map_err(|errors| (client_id, errors))
}
