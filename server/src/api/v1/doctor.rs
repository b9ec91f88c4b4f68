//! A doctor's patients.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Error,
    clock::parse_zone,
    field::{FieldErrors, Problem},
    ids::{PatientId, TagId},
    people::{Actor, Role},
    ports::{PanelFilter, PanelQuery, PanelRow, PanelSort},
    triage::Priority,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::report::{PeriodParams, ReportBody, kind};
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Id, MaybeBody, Params, limit},
        words::{self, Reader},
    },
    state::AppState,
};

/// Most rows of a page.
const MAX_ROWS: u32 = 200;
/// Most characters of a search.
const MAX_SEARCH: usize = 80;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(patients)).routes(routes!(report)).routes(routes!(review, undo_review))
}

/// Which patients, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PatientsParams {
    /// `need` (most in need first; the default), `name`, `lastReading`, `inRange`.
    sort: Option<String>,
    /// `all` (the default), `needsAttention`, `notReviewed`, `due`, `handedToMe`, `noData`.
    filter: Option<String>,
    /// Only those who bear this tag of one's own, by its id.
    #[param(value_type = Option<Uuid>)]
    tag: Option<String>,
    /// Part of the name, or the last digits of the phone number.
    q: Option<String>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 if absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

impl PatientsParams {
    fn parse(self) -> Result<PanelQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let sort = errors.take("sort", self.sort.as_deref().map_or(Ok(PanelSort::default()), PanelSort::parse));
        let filter =
            errors.take("filter", self.filter.as_deref().map_or(Ok(PanelFilter::default()), PanelFilter::parse));
        let tag = self.tag.as_deref().map(|tag| tag.parse::<TagId>().map_err(|_| Problem::Malformed)).transpose();
        let tag = errors.take("tag", tag);
        let q = match self.q {
            Some(text) if text.chars().count() > MAX_SEARCH => errors.take("q", Err(Problem::TooLong { max: 80 })),
            text => Some(text.filter(|text| !text.trim().is_empty())),
        };
        let limit = errors.take("limit", limit(self.limit.as_deref(), MAX_ROWS));
        let cursor = self.cursor;
        let query = (|| Some(PanelQuery { sort: sort?, filter: filter?, tag: tag?, q: q?, cursor, limit: limit? }))();
        errors.into_result(query)
    }
}

/// The work list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PatientsPage {
    /// The rows.
    items: Vec<PatientRow>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
    /// Patients that match, on all pages.
    total: u32,
}

/// A patient on the work list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PatientRow {
    /// Whose.
    id: Uuid,
    /// Their name, or the masked phone number before one was given.
    name: String,
    /// Years.
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<u16>,
    /// `steady`, `watch`, `soon` or `urgent`.
    priority: &'static str,
    /// `sensor` or `meter`.
    kind: &'static str,
    /// Newest reading.
    last_reading_at: Option<DateTime<Utc>>,
    /// Time in range of 14 days, %; null for a meter or too little data.
    in_range_percent: Option<f64>,
    /// GMI of 14 days, %.
    gmi_percent: Option<f64>,
    /// Why they need attention, weightiest first.
    reasons: Vec<ReasonBody>,
    /// When a doctor last marked them as reviewed.
    reviewed_at: Option<DateTime<Utc>>,
    /// On which day, by the patient's calendar, that review said to look again.
    due_on: Option<NaiveDate>,
    /// One's own tags on them, by name.
    tags: Vec<TagBody>,
    /// Whether they are passed to a colleague now.
    #[serde(skip_serializing_if = "Option::is_none")]
    handover: Option<HandoverBody>,
}

/// A doctor's own word for some of their patients.
#[derive(Serialize, ToSchema)]
struct TagBody {
    /// For `?tag=`.
    id: Uuid,
    /// The word.
    name: String,
}

/// A patient who was passed to a colleague, until the colleague reviews them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HandoverBody {
    /// The name of who passed.
    from: String,
    /// The name of the colleague.
    to: String,
    /// Whether that is oneself.
    to_me: bool,
    /// What was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Why a patient needs attention.
#[derive(Serialize, ToSchema)]
struct ReasonBody {
    /// Which reason.
    code: &'static str,
    /// In the reader's language.
    text: String,
}

impl PatientRow {
    fn new(row: PanelRow, reader: Reader) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            age: row.age,
            priority: match row.priority {
                Priority::Steady => "steady",
                Priority::Watch => "watch",
                Priority::Soon => "soon",
                Priority::Urgent => "urgent",
            },
            kind: kind(row.kind),
            last_reading_at: row.last_reading_at.map(|moment| moment.at),
            in_range_percent: row.ranges.map(|ranges| ranges.in_range),
            gmi_percent: row.gmi_percent,
            reasons: row
                .reasons
                .iter()
                .map(|reason| ReasonBody { code: reason.code(), text: reader.reason(reason) })
                .collect(),
            reviewed_at: row.reviewed_at.map(|moment| moment.at),
            due_on: row.due_on,
            tags: row.tags.into_iter().map(|tag| TagBody { id: tag.id.0, name: tag.name }).collect(),
            handover: row.handover.map(|handover| HandoverBody {
                from: handover.from,
                to: handover.to,
                to_me: handover.to_me,
                note: handover.note,
                at: handover.at.at,
            }),
        }
    }
}

/// The work list: one's linked patients, most in need first, with the reasons in words.
#[utoipa::path(get, path = "/doctor/patients", tag = "doctor", security(("bearer" = [])), params(PatientsParams),
    responses((status = 200, description = "A page of the work list.", body = PatientsPage), Refusals))]
async fn patients(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    Params(params): Params<PatientsParams>,
) -> ApiResult<Json<PatientsPage>> {
    let page = app.services.panel.list(&actor, &params.parse()?).await?;
    let reader = words::reader(&app, &actor, &headers).await?;
    Ok(Json(PatientsPage {
        items: page.items.into_iter().map(|row| PatientRow::new(row, reader)).collect(),
        next_cursor: page.next_cursor,
        total: page.total,
    }))
}

/// The figures of a linked patient's period.
#[utoipa::path(get, path = "/doctor/patients/{id}/report", tag = "doctor", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The patient."), PeriodParams),
    responses((status = 200, description = "The figures.", body = ReportBody), Refusals))]
async fn report(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
    Params(params): Params<PeriodParams>,
) -> ApiResult<Json<ReportBody>> {
    doctors_only(&actor)?;
    let (asked, force) = params.parse()?;
    let zone = if asked.needs_zone() {
        parse_zone(&app.services.panel.patient(&actor, id).await?.time_zone).unwrap_or(domain::clock::DEFAULT_ZONE)
    } else {
        domain::clock::DEFAULT_ZONE
    };
    let report = app.services.reports.report(&actor, id, asked.in_zone(zone)?, force).await?;
    Ok(Json(report.into()))
}

/// A review.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReviewBody {
    /// On which day, by the patient's calendar, to look again: tomorrow to a year from now. Without it, when there is
    /// something new.
    due_on: Option<NaiveDate>,
}

/// Marks a linked patient as reviewed now.
#[utoipa::path(post, path = "/doctor/patients/{id}/review", tag = "doctor", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The patient.")), request_body = inline(Option<ReviewBody>),
    responses((status = 204, description = "Reviewed."), Refusals))]
async fn review(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
    MaybeBody(body): MaybeBody<ReviewBody>,
) -> ApiResult<StatusCode> {
    doctors_only(&actor)?;
    let panel = &app.services.panel;
    match body.due_on {
        Some(day) => panel.review_until(&actor, id, day).await?,
        None => panel.review(&actor, id, true).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes one's own newest review of a linked patient back.
#[utoipa::path(delete, path = "/doctor/patients/{id}/review", tag = "doctor", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The patient.")),
    responses((status = 204, description = "Taken back, or there was none."), Refusals))]
async fn undo_review(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
) -> ApiResult<StatusCode> {
    doctors_only(&actor)?;
    app.services.panel.review(&actor, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Some use cases serve patients too; these addresses are the doctors'.
pub(super) fn doctors_only(actor: &Actor) -> domain::Result<()> {
    if actor.role == Role::Doctor { Ok(()) } else { Err(Error::Forbidden) }
}
