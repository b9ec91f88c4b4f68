//! Files of readings: looked at first, then stored, undone as one.

use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartError},
    http::StatusCode,
    response::IntoResponse,
};
use chrono::{DateTime, Utc};
use domain::{
    field::Problem,
    glucose::Unit,
    ids::ImportId,
    ports::{DateOrder, FileFormat, ImportAnswers, ImportPreview, ImportQuestion, ImportStatus, RejectReason},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};
use uuid::Uuid;

use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiError, ApiResult, Refusals},
        input::{Id, MaybeBody},
        openapi::units,
    },
    state::AppState,
    web::upload::{MAX_FILE, MAX_FILE_MIB, MAX_UPLOAD},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, upload).layer(DefaultBodyLimit::max(MAX_UPLOAD)))
        .routes(routes!(read, undo))
        .routes(routes!(confirm))
}

/// What a file holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportBody {
    /// The batch.
    id: Uuid,
    /// `libre-view`, `clarity` or `plain`.
    format: FormatName,
    /// Unit of the values; null while it is a question.
    #[schema(schema_with = units)]
    unit: Option<&'static str>,
    /// First reading.
    from: Option<DateTime<Utc>>,
    /// Last reading.
    to: Option<DateTime<Utc>>,
    /// Rows with a glucose value, taken or not.
    rows: u32,
    /// Rows that would be stored.
    accepted: u32,
    /// Rows that are stored already, or twice in the file.
    duplicates: u32,
    /// Meals that would be stored, or were: only a file of ours has them.
    meals: u32,
    /// Rows that cannot be taken, at most the first 1,000.
    rejected: Vec<RejectedBody>,
    /// What is ambiguous: answer it when confirming.
    questions: Vec<QuestionName>,
    /// `preview`, `confirmed` or `undone`.
    status: StatusName,
}

/// A row that cannot be taken.
#[derive(Serialize, ToSchema)]
struct RejectedBody {
    /// Line in the file, from 1.
    line: u32,
    /// Why.
    reason: ReasonName,
}

/// A device's format.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum FormatName {
    LibreView,
    Clarity,
    Plain,
    Own,
    Nightscout,
    XDrip,
    Glooko,
    CareLink,
    AccuChek,
}

/// Where an import stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StatusName {
    Preview,
    Confirmed,
    Undone,
}

/// What is ambiguous: the order of day and month, or the unit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum QuestionName {
    DateOrder,
    Unit,
}

/// Why a row cannot be taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ReasonName {
    Time,
    InFuture,
    NoSuchLocalTime,
    Value,
    OutOfRange,
    Malformed,
}

impl From<ImportPreview> for ImportBody {
    fn from(preview: ImportPreview) -> Self {
        Self {
            id: preview.id.0,
            format: match preview.format {
                FileFormat::LibreView => FormatName::LibreView,
                FileFormat::Clarity => FormatName::Clarity,
                FileFormat::Plain => FormatName::Plain,
                FileFormat::Own => FormatName::Own,
                FileFormat::Nightscout => FormatName::Nightscout,
                FileFormat::XDrip => FormatName::XDrip,
                FileFormat::Glooko => FormatName::Glooko,
                FileFormat::CareLink => FormatName::CareLink,
                FileFormat::AccuChek => FormatName::AccuChek,
            },
            unit: preview.unit.map(Unit::as_str),
            from: preview.from.map(|moment| moment.at),
            to: preview.to.map(|moment| moment.at),
            rows: preview.rows,
            accepted: preview.accepted,
            duplicates: preview.duplicates,
            meals: preview.meals,
            rejected: preview
                .rejected
                .into_iter()
                .map(|row| RejectedBody { line: row.line, reason: row.reason.into() })
                .collect(),
            questions: preview
                .questions
                .into_iter()
                .map(|question| match question {
                    ImportQuestion::DateOrder => QuestionName::DateOrder,
                    ImportQuestion::Unit => QuestionName::Unit,
                })
                .collect(),
            status: match preview.status {
                ImportStatus::Preview => StatusName::Preview,
                ImportStatus::Confirmed => StatusName::Confirmed,
                ImportStatus::Undone => StatusName::Undone,
            },
        }
    }
}

impl From<RejectReason> for ReasonName {
    fn from(reason: RejectReason) -> Self {
        match reason {
            RejectReason::Time => Self::Time,
            RejectReason::InFuture => Self::InFuture,
            RejectReason::NoSuchLocalTime => Self::NoSuchLocalTime,
            RejectReason::Value => Self::Value,
            RejectReason::OutOfRange => Self::OutOfRange,
            RejectReason::Malformed => Self::Malformed,
        }
    }
}

/// A file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart body")]
struct Upload {
    /// A CSV export of LibreView or Clarity, or any CSV with a time, a value and a unit; at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Looks at a file. Nothing is stored until it is confirmed.
#[utoipa::path(post, path = "/imports", tag = "imports", security(("bearer" = [])),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, description = "What the file holds.", body = ImportBody), Refusals))]
async fn upload(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> ApiResult<impl IntoResponse> {
    let multipart =
        multipart.map_err(|_| ApiError::malformed("The body must be multipart/form-data with a field `file`."))?;
    let file = file(multipart).await?;
    let preview = app.services.imports.preview(&actor, file).await?;
    Ok((StatusCode::CREATED, Json(ImportBody::from(preview))))
}

async fn file(mut multipart: Multipart) -> ApiResult<Vec<u8>> {
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(unreadable)?;
            if bytes.len() > MAX_FILE {
                return Err(ApiError::field("file", Problem::FileTooLarge { max_mib: MAX_FILE_MIB }));
            }
            if bytes.is_empty() {
                return Err(ApiError::field("file", Problem::Required));
            }
            return Ok(bytes.into());
        }
    }
    Err(ApiError::field("file", Problem::Required))
}

fn unreadable(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::of(StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        ApiError::malformed("The multipart body cannot be read.")
    }
}

/// One's newest imports.
#[derive(Serialize, ToSchema)]
struct ImportList {
    /// Newest first, at most 20.
    items: Vec<ImportBody>,
}

/// One's newest imports.
#[utoipa::path(get, path = "/imports", tag = "imports", security(("bearer" = [])),
    responses((status = 200, description = "The imports.", body = ImportList), Refusals))]
async fn list(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<Json<ImportList>> {
    let items = app.services.imports.list(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(ImportList { items }))
}

/// One import.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The batch.")),
    responses((status = 200, description = "The import.", body = ImportBody), Refusals))]
async fn read(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<ImportBody>> {
    Ok(Json(app.services.imports.get(&actor, id).await?.into()))
}

/// Answers to the questions; all may be absent.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnswersBody {
    /// `dayMonth` or `monthDay`.
    date_order: Option<String>,
    /// Unit of the values.
    #[schema(schema_with = units)]
    unit: Option<String>,
    /// IANA zone that the device's clock was set to; the patient's if absent.
    time_zone: Option<String>,
}

impl AnswersBody {
    fn parse(self) -> Result<ImportAnswers, domain::field::FieldErrors> {
        let mut errors = domain::field::FieldErrors::default();
        let date_order = errors.take(
            "dateOrder",
            match self.date_order.as_deref() {
                None => Ok(None),
                Some("dayMonth") => Ok(Some(DateOrder::DayMonth)),
                Some("monthDay") => Ok(Some(DateOrder::MonthDay)),
                Some(_) => Err(Problem::UnknownChoice),
            },
        );
        let unit = errors.take("unit", self.unit.as_deref().map(Unit::parse).transpose());
        let time_zone = errors.take(
            "timeZone",
            self.time_zone.map(|name| domain::clock::parse_zone(&name).map(|zone| zone.name().to_owned())).transpose(),
        );
        let answers = (|| Some(ImportAnswers { date_order: date_order?, unit: unit?, time_zone: time_zone? }))();
        errors.into_result(answers)
    }
}

/// How many readings were stored.
#[derive(Serialize, ToSchema)]
struct Inserted {
    /// Readings that are new.
    inserted: u32,
}

/// Stores a file's readings. The same file again adds nothing.
#[utoipa::path(post, path = "/imports/{id}/confirm", tag = "imports", security(("bearer" = [])),
    request_body = inline(Option<AnswersBody>), params(("id" = Uuid, Path, description = "The batch.")),
    responses((status = 200, description = "Stored.", body = Inserted), Refusals))]
async fn confirm(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ImportId>,
    MaybeBody(answers): MaybeBody<AnswersBody>,
) -> ApiResult<Json<Inserted>> {
    let inserted = app.services.imports.confirm(&actor, id, answers.parse()?).await?;
    Ok(Json(Inserted { inserted }))
}

/// How many readings were removed.
#[derive(Serialize, ToSchema)]
struct Removed {
    /// Readings that are gone.
    removed: u32,
}

/// Removes what an import added, or forgets a file that was not confirmed.
#[utoipa::path(delete, path = "/imports/{id}", tag = "imports", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The batch.")),
    responses((status = 200, description = "Undone.", body = Removed), Refusals))]
async fn undo(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<Removed>> {
    Ok(Json(Removed { removed: app.services.imports.undo(&actor, id).await? }))
}
