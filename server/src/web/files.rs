//! Files behind a page's links: a patient's data and figures for their doctor, the files of lab reports for all who may see them.

use app::{
    context::{PageContext, SignedIn},
    routes,
};
use axum::{
    Extension, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::NaiveDate;
use domain::{
    Error,
    ids::{PatientId, RecordId},
    people::{Actor, Role},
    ports::{ExportFormat, PeriodQuery},
};
use serde::Deserialize;

use super::{plain, session};
use crate::{
    api::{file_answer, record_file_answer},
    state::AppState,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/doctor/patients/{id}/export", get(export))
        .route(routes::DOCTOR_ANALYTICS_EXPORT, get(panel_export))
        .route("/patient/records/{id}/download", get(own_record))
        .route("/doctor/patients/{id}/records/{record}", get(record_of))
        .route("/caregiver/{id}/records/{record}", get(record_of))
}

/// The file of one's own lab report.
async fn own_record(
    State(app): State<AppState>,
    Extension(page): Extension<PageContext>,
    Extension(signed_in): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    let Some(actor) = signed_in.0 else { return Redirect::to(routes::LOGIN).into_response() };
    record_file(&app, &page, &actor, &actor.user.to_string(), &id).await
}

/// The file of a lab report of a doctor's patient, or of somebody whom the reader follows: which it is decides the use case.
async fn record_of(
    State(app): State<AppState>,
    Extension(page): Extension<PageContext>,
    Extension(signed_in): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
) -> Response {
    let Some(actor) = signed_in.0 else { return Redirect::to(routes::LOGIN).into_response() };
    record_file(&app, &page, &actor, &patient, &id).await
}

async fn record_file(app: &AppState, page: &PageContext, actor: &Actor, patient: &str, id: &str) -> Response {
    let file = async {
        let patient: PatientId = patient.parse().map_err(|_| Error::NotFound)?;
        let id: RecordId = id.parse().map_err(|_| Error::NotFound)?;
        app.services.records.file(actor, patient, id).await
    };
    match file.await {
        Ok(file) => record_file_answer(file),
        // Somebody who is linked but was not given records is told no more than a stranger.
        Err(Error::Forbidden) => plain::error(&Error::NotFound, page.language),
        Err(error) => plain::error(&error, page.language),
    }
}

/// What the page's links name; anything else was not written by us.
#[derive(Deserialize)]
struct Wanted {
    format: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    days: Option<u16>,
}

/// The doctor's panel as a table.
async fn panel_export(
    State(app): State<AppState>,
    Extension(page): Extension<PageContext>,
    Extension(signed_in): Extension<SignedIn>,
) -> Response {
    let Some(actor) = signed_in.0 else { return Redirect::to(routes::LOGIN).into_response() };
    if actor.role != Role::Doctor {
        return plain::error(&Error::NotFound, page.language);
    }
    match app.services.panel.analytics_file(&actor).await {
        Ok(file) => file_answer(file),
        Err(Error::StepUp) => session::to_step_up(Some(routes::DOCTOR_ANALYTICS)),
        Err(error) => plain::error(&error, page.language),
    }
}

async fn export(
    State(app): State<AppState>,
    Extension(page): Extension<PageContext>,
    Extension(signed_in): Extension<SignedIn>,
    Path(id): Path<String>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Some(actor) = signed_in.0 else { return Redirect::to(routes::LOGIN).into_response() };
    let file = async {
        // The use case serves patients too; this address is the doctors'.
        if actor.role != Role::Doctor {
            return Err(Error::NotFound);
        }
        let id: PatientId = id.parse().map_err(|_| Error::NotFound)?;
        let Query(wanted) = wanted.map_err(|_| Error::NotFound)?;
        let format = ExportFormat::parse(&wanted.format).map_err(|_| Error::NotFound)?;
        let period = match (wanted.from, wanted.to) {
            (Some(from), Some(to)) => PeriodQuery::Between(from, to),
            _ => PeriodQuery::LastDays(wanted.days.unwrap_or(14)),
        };
        app.services.reports.export(&actor, id, period, format).await
    };
    match file.await {
        Ok(file) => file_answer(file),
        // To the proof, and back to the page of the link.
        Err(Error::StepUp) => {
            let patient = id.parse::<PatientId>().ok().map(routes::doctor_patient);
            session::to_step_up(patient.as_deref())
        }
        Err(error) => plain::error(&error, page.language),
    }
}
