//! Figures and curves, for patients and their doctors.

use chrono::NaiveDate;
use domain::{
    clock::Moment,
    ids::PatientId,
    insights::Weekly,
    meal::Meal,
    metrics::pattern::Patterns,
    ports::{Curve, DaySummary, LogBookDay, PatientReport, PeriodQuery},
};
use leptos::{prelude::*, server_fn::codec::Json};

use crate::error::AppError;

/// The figures of a period; of the signed-in patient if none is named.
#[server(prefix = "/fn", endpoint = "report", input = Json)]
pub async fn load_report(patient: Option<PatientId>, period: PeriodQuery) -> Result<PatientReport, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .report(&actor, patient.unwrap_or_else(|| actor.user.into()), period, false)
        .await
        .map_err(crate::context::fail)
}

/// The curve of up to 14 local days.
#[server(prefix = "/fn", endpoint = "curve", input = Json)]
pub async fn load_curve(patient: Option<PatientId>, from: NaiveDate, to: NaiveDate) -> Result<Curve, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .curve(&actor, patient.unwrap_or_else(|| actor.user.into()), from, to)
        .await
        .map_err(crate::context::fail)
}

/// Day by day, newest first.
#[server(prefix = "/fn", endpoint = "days", input = Json)]
pub async fn load_days(patient: Option<PatientId>, period: PeriodQuery) -> Result<Vec<DaySummary>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .days(&actor, patient.unwrap_or_else(|| actor.user.into()), period)
        .await
        .map_err(crate::context::fail)
}

/// Readings by meal state, newest day first.
#[server(prefix = "/fn", endpoint = "log-book", input = Json)]
pub async fn load_log_book(patient: Option<PatientId>, period: PeriodQuery) -> Result<Vec<LogBookDay>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .log_book(&actor, patient.unwrap_or_else(|| actor.user.into()), period)
        .await
        .map_err(crate::context::fail)
}

/// Meals of a period, newest first.
#[server(prefix = "/fn", endpoint = "meals-of", input = Json)]
pub async fn load_meals_of(patient: Option<PatientId>, period: PeriodQuery) -> Result<Vec<(Moment, Meal)>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .meals(&actor, patient.unwrap_or_else(|| actor.user.into()), period)
        .await
        .map_err(crate::context::fail)
}

/// Hours of weekdays, a usual day of finger-stick values, values before and after meals.
#[server(prefix = "/fn", endpoint = "patterns", input = Json)]
pub async fn load_patterns(patient: Option<PatientId>, period: PeriodQuery) -> Result<Patterns, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .patterns(&actor, patient.unwrap_or_else(|| actor.user.into()), period)
        .await
        .map_err(crate::context::fail)
}

/// The last seven days in sentences.
#[server(prefix = "/fn", endpoint = "weekly", input = Json)]
pub async fn load_weekly(patient: Option<PatientId>) -> Result<Weekly, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.reports.weekly(&actor, patient.unwrap_or_else(|| actor.user.into())).await.map_err(crate::context::fail)
}
