//! A patient's data and figures as a file.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    clock::{DEFAULT_ZONE, parse_zone},
    field::{FieldErrors, Problem},
    ids::PatientId,
    ports::{ExportFile, ExportFormat},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    doctor::doctors_only,
    report::{Asked, PeriodParams, own_zone},
};
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Id, Params},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_patient)).routes(routes!(own))
}

/// Which file, of which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportParams {
    /// `csv` (readings and meals; can be imported again), `json` (with the figures) or `fhir` (an R4 bundle).
    #[param(required = true)]
    format: Option<String>,
    /// First day (`2026-11-01`), or an RFC 3339 instant in it. Without `from` and `to`: the last 14 days.
    #[param(value_type = Option<chrono::NaiveDate>)]
    from: Option<String>,
    /// Last day, included, or an RFC 3339 instant that ends the period.
    #[param(value_type = Option<chrono::NaiveDate>)]
    to: Option<String>,
    /// Instead of `from` and `to`: the last days, today included, 1 to 366.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 366)]
    days: Option<String>,
}

impl ExportParams {
    fn parse(self) -> Result<(ExportFormat, Asked), FieldErrors> {
        let mut errors = FieldErrors::default();
        let format = self.format.as_deref().ok_or(Problem::Required);
        let format = errors.take("format", format.and_then(ExportFormat::parse));
        match PeriodParams::of(self.from, self.to, self.days).parse() {
            Ok((asked, _)) => errors.into_result(format.map(|format| (format, asked))),
            Err(more) => {
                errors.0.extend(more.0);
                Err(errors)
            }
        }
    }
}

/// The file as an answer that is saved, not shown.
pub(crate) fn answer(file: ExportFile) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let disposition = HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let media = HeaderValue::from_static(file.format.media_type());
    ([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, disposition)], file.bytes).into_response()
}

/// The data and figures of a linked patient's period as a file.
#[utoipa::path(get, path = "/doctor/patients/{id}/export", tag = "doctor", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The patient."), ExportParams),
    responses((status = 200, description = "The file.", body = String, content_type = "text/csv"), Refusals))]
async fn of_patient(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
    Params(params): Params<ExportParams>,
) -> ApiResult<Response> {
    // The use case serves patients too; this address is the doctors'.
    doctors_only(&actor)?;
    let (format, asked) = params.parse()?;
    let zone = if asked.needs_zone() {
        parse_zone(&app.services.panel.patient(&actor, id).await?.time_zone).unwrap_or(DEFAULT_ZONE)
    } else {
        DEFAULT_ZONE
    };
    Ok(answer(app.services.reports.export(&actor, id, asked.in_zone(zone)?, format).await?))
}

/// One's own data and figures of a period as a file.
#[utoipa::path(get, path = "/me/report/export", tag = "report", security(("bearer" = [])), params(ExportParams),
    responses((status = 200, description = "The file.", body = String, content_type = "text/csv"), Refusals))]
async fn own(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<ExportParams>,
) -> ApiResult<Response> {
    let (format, asked) = params.parse()?;
    let zone = if asked.needs_zone() { own_zone(&app, &actor).await? } else { DEFAULT_ZONE };
    let patient = PatientId::from(actor.user);
    Ok(answer(app.services.reports.export(&actor, patient, asked.in_zone(zone)?, format).await?))
}
