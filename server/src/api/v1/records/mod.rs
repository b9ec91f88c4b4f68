//! Health records: reports of laboratories, medicines, doses, weight, blood pressure.

mod batch;
mod body;
mod files;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Error,
    field::FieldErrors,
    ids::{PatientId, RecordId},
    page::Page,
    people::{Actor, Role},
    records::{RawRecord, RecordQuery, RecordType, ShownRecord},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

pub(crate) use files::answer as file_answer;

use self::body::{NewRecordBody, RecordBody, RecordPatch};
use super::doctor::doctors_only;
use crate::{
    api::{
        MAX_BATCH_BODY,
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Body, Id, ListParams, Params},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(batch::batch).layer(DefaultBodyLimit::max(MAX_BATCH_BODY)))
        .routes(routes!(read, change, delete))
        .routes(routes!(of_patient))
        .merge(files::router())
}

/// Only some records.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TypeParam {
    /// Only of this type: `LAB_REPORT`, `MEDICINE`, `DOSE`, `WEIGHT` or `BLOOD_PRESSURE`.
    r#type: Option<String>,
}

fn query(list: ListParams, kind: TypeParam) -> Result<RecordQuery, FieldErrors> {
    let mut errors = FieldErrors::default();
    let record_type = errors.take("type", kind.r#type.as_deref().map(RecordType::parse).transpose());
    match list.parse() {
        Ok(list) => errors.into_result(record_type.map(|record_type| RecordQuery { list, record_type })),
        Err(more) => {
            errors.0.extend(more.0);
            Err(errors)
        }
    }
}

/// The use cases serve whoever may read a patient's; these addresses are one's own.
fn patients_only(actor: &Actor) -> domain::Result<()> {
    if actor.role == Role::Patient { Ok(()) } else { Err(Error::Forbidden) }
}

/// Records, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecordPage {
    /// The records.
    items: Vec<RecordBody>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
}

impl From<Page<ShownRecord>> for RecordPage {
    fn from(page: Page<ShownRecord>) -> Self {
        let items = page.items.into_iter().map(|shown| shown.record.into()).collect();
        Self { items, next_cursor: page.next_cursor }
    }
}

/// Stores a record. A `clientId` that is known already answers 200 with the stored record.
#[utoipa::path(post, path = "/records", tag = "records", security(("bearer" = [])), request_body = NewRecordBody,
    responses(
        (status = 201, description = "Stored.", body = RecordBody),
        (status = 200, description = "Was there already.", body = RecordBody),
        Refusals))]
async fn create(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewRecordBody>,
) -> ApiResult<Response> {
    let new = RawRecord::from(body).parse(app.now())?;
    let (record, created) = app.services.records.log(&actor, new).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(RecordBody::from(record))).into_response())
}

/// One's own records, newest first.
#[utoipa::path(get, path = "/records", tag = "records", security(("bearer" = [])), params(ListParams, TypeParam),
    responses((status = 200, description = "A page of records.", body = RecordPage), Refusals))]
async fn list(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<ListParams>,
    Params(kind): Params<TypeParam>,
) -> ApiResult<Json<RecordPage>> {
    patients_only(&actor)?;
    Ok(Json(app.services.records.list(&actor, actor.user.into(), &query(params, kind)?).await?.into()))
}

/// A linked patient's records, newest first.
#[utoipa::path(get, path = "/doctor/patients/{id}/records", tag = "doctor", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The patient."), ListParams, TypeParam),
    responses((status = 200, description = "A page of records.", body = RecordPage), Refusals))]
async fn of_patient(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
    Params(params): Params<ListParams>,
    Params(kind): Params<TypeParam>,
) -> ApiResult<Json<RecordPage>> {
    doctors_only(&actor)?;
    Ok(Json(app.services.records.list(&actor, id, &query(params, kind)?).await?.into()))
}

/// One record.
#[utoipa::path(get, path = "/records/{id}", tag = "records", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The record.")),
    responses((status = 200, description = "The record.", body = RecordBody), Refusals))]
async fn read(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<RecordId>,
) -> ApiResult<Json<RecordBody>> {
    Ok(Json(app.services.records.get(&actor, id).await?.record.into()))
}

/// Changes a record. What it is does not change.
#[utoipa::path(patch, path = "/records/{id}", tag = "records", security(("bearer" = [])), request_body = RecordPatch,
    params(("id" = uuid::Uuid, Path, description = "The record.")),
    responses((status = 200, description = "The record, changed.", body = RecordBody), Refusals))]
async fn change(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<RecordId>,
    Body(patch): Body<RecordPatch>,
) -> ApiResult<Json<RecordBody>> {
    // The use case takes the whole record: what the patch does not name stays as it is now. Without a version of the
    // client's, the one read here keeps a change made meanwhile from being undone.
    let present = app.services.records.get(&actor, id).await?.record;
    let version = patch.version.unwrap_or(present.version);
    let change = patch.over(RawRecord::of(&present)).parse(app.now())?;
    Ok(Json(app.services.records.change(&actor, id, change, Some(version)).await?.into()))
}

/// Deletes a record.
#[utoipa::path(delete, path = "/records/{id}", tag = "records", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The record.")),
    responses((status = 204, description = "Deleted."), Refusals))]
async fn delete(State(app): State<AppState>, SignedIn(actor): SignedIn, Id(id): Id<RecordId>) -> ApiResult<StatusCode> {
    app.services.records.delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
