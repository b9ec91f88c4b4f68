//! The file of a lab report.

use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    Error,
    ids::{PatientId, RecordId},
    records::RecordFile,
};
use utoipa::ToSchema;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use super::{super::doctor::doctors_only, body::RecordBody, patients_only};
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiError, ApiResult, Refusals},
        input::Id,
    },
    state::AppState,
    web::upload,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read, attach, detach).layer(DefaultBodyLimit::max(upload::MAX_RECORD_UPLOAD)))
        .routes(routes!(of_patient))
}

/// A file as an answer that is saved, not shown: the browser guesses nothing, nobody keeps a copy.
pub(crate) fn answer(file: RecordFile) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let disposition = HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.media_type.as_str())),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, file.bytes).into_response()
}

/// A file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart body")]
struct RecordUpload {
    /// A PDF, JPEG or PNG of at most 5 MiB: what it is, is told by its content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Puts a file to a lab report, in place of the one that it has.
#[utoipa::path(put, path = "/records/{id}/file", tag = "records", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The lab report.")),
    request_body(content = RecordUpload, content_type = "multipart/form-data"),
    responses((status = 200, description = "The record with its file.", body = RecordBody), Refusals))]
async fn attach(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<RecordId>,
    multipart: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<RecordBody>> {
    let multipart =
        multipart.map_err(|_| ApiError::malformed("The body must be multipart/form-data with a field `file`."))?;
    let file = upload::read(multipart, upload::RECORD).await.map_err(|problem| ApiError::field("file", problem))?;
    Ok(Json(app.services.records.attach(&actor, id, file).await?.into()))
}

/// The file of one's own lab report.
#[utoipa::path(get, path = "/records/{id}/file", tag = "records", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The lab report.")),
    responses((status = 200, description = "The file.", body = String, content_type = "application/pdf"), Refusals))]
async fn read(State(app): State<AppState>, SignedIn(actor): SignedIn, Id(id): Id<RecordId>) -> ApiResult<Response> {
    patients_only(&actor)?;
    Ok(answer(app.services.records.file(&actor, actor.user.into(), id).await?))
}

/// Takes the file of a lab report away.
#[utoipa::path(delete, path = "/records/{id}/file", tag = "records", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The lab report.")),
    responses((status = 204, description = "Taken away."), Refusals))]
async fn detach(State(app): State<AppState>, SignedIn(actor): SignedIn, Id(id): Id<RecordId>) -> ApiResult<StatusCode> {
    app.services.records.detach(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file of a linked patient's lab report.
#[utoipa::path(get, path = "/doctor/patients/{id}/records/{record}/file", tag = "doctor", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The patient."), ("record" = uuid::Uuid, Path, description = "The lab report.")),
    responses((status = 200, description = "The file.", body = String, content_type = "application/pdf"), Refusals))]
async fn of_patient(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((patient, record)): Path<(String, String)>,
) -> ApiResult<Response> {
    doctors_only(&actor)?;
    // What is no id answers as an unknown one does.
    let patient: PatientId = patient.parse().map_err(|_| Error::NotFound)?;
    let record: RecordId = record.parse().map_err(|_| Error::NotFound)?;
    Ok(answer(app.services.records.file(&actor, patient, record).await?))
}
