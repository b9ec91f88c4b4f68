//! What a patient's own pages read.

#[cfg(feature = "ssr")]
use domain::ports::ListQuery;
use domain::{
    clock::Moment,
    consent::{ConsentLine, Link},
    glucose::Reading,
    ids::{ImportId, MealId, ReadingId},
    meal::Meal,
    page::Page,
    ports::{Emergency, ImportPreview, ShownReading, Today},
    trail::AccessLine,
};
use leptos::{prelude::*, server_fn::codec::Json};

use crate::error::AppError;

/// The first page of the signed-in patient.
#[server(prefix = "/fn", endpoint = "today", input = Json)]
pub async fn load_today() -> Result<Today, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.reports.today(&actor).await.map_err(crate::context::fail)
}

/// A page of the signed-in patient's readings, newest first.
#[server(prefix = "/fn", endpoint = "history", input = Json)]
pub async fn load_history(cursor: Option<String>) -> Result<Page<ShownReading>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services
        .reports
        .history(&actor, &ListQuery { cursor, limit: Some(50), ..ListQuery::default() })
        .await
        .map_err(crate::context::fail)
}

/// The moments of instants in the caller's own zone.
#[cfg(feature = "ssr")]
pub(super) async fn own_clock(
    services: &domain::ports::Services,
    actor: &domain::people::Actor,
) -> Result<impl Fn(chrono::DateTime<chrono::Utc>) -> Moment, AppError> {
    let me = services.accounts.me(actor).await.map_err(crate::context::fail)?;
    let zone = domain::clock::parse_zone(&me.time_zone).unwrap_or(domain::clock::DEFAULT_ZONE);
    Ok(move |at| Moment::new(at, zone))
}

/// One of one's own readings, to change it, and when it was by one's own clock.
#[server(prefix = "/fn", endpoint = "reading", input = Json)]
pub async fn load_reading(id: ReadingId) -> Result<(Moment, Reading), AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let reading = services.readings.get(&actor, id).await.map_err(crate::context::fail)?;
    Ok((own_clock(&services, &actor).await?(reading.recorded_at), reading))
}

/// A page of the signed-in patient's meals, newest first.
#[server(prefix = "/fn", endpoint = "own-meals", input = Json)]
pub async fn load_own_meals(cursor: Option<String>) -> Result<Page<(Moment, Meal)>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let page = services
        .meals
        .list(&actor, &ListQuery { cursor, limit: Some(50), ..ListQuery::default() })
        .await
        .map_err(crate::context::fail)?;
    let moment = own_clock(&services, &actor).await?;
    let items = page.items.into_iter().map(|meal| (moment(meal.recorded_at), meal)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One of one's own meals, to change it, and when it was by one's own clock.
#[server(prefix = "/fn", endpoint = "meal", input = Json)]
pub async fn load_meal(id: MealId) -> Result<(Moment, Meal), AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let meal = services.meals.get(&actor, id).await.map_err(crate::context::fail)?;
    Ok((own_clock(&services, &actor).await?(meal.recorded_at), meal))
}

/// One of one's own imports.
#[server(prefix = "/fn", endpoint = "import", input = Json)]
pub async fn load_import(id: ImportId) -> Result<ImportPreview, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.imports.get(&actor, id).await.map_err(crate::context::fail)
}

/// One's own newest imports.
#[server(prefix = "/fn", endpoint = "imports", input = Json)]
pub async fn load_imports() -> Result<Vec<ImportPreview>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.imports.list(&actor).await.map_err(crate::context::fail)
}

/// Who may see one's own data.
#[server(prefix = "/fn", endpoint = "care-team", input = Json)]
pub async fn load_care_team() -> Result<Vec<Link>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.care_team.of_me(&actor).await.map_err(crate::context::fail)
}

/// A page of what others did with one's own data, newest first.
#[server(prefix = "/fn", endpoint = "access-log", input = Json)]
pub async fn load_access_log(cursor: Option<String>) -> Result<Page<(Moment, AccessLine)>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let query = ListQuery { cursor, limit: Some(50), ..ListQuery::default() };
    let page = services.trail.of_me(&actor, &query).await.map_err(crate::context::fail)?;
    let moment = own_clock(&services, &actor).await?;
    let items = page.items.into_iter().map(|line| (moment(line.at), line)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Who looked at one's own data in an emergency.
#[server(prefix = "/fn", endpoint = "emergencies", input = Json)]
pub async fn load_emergencies() -> Result<Vec<Emergency>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.emergencies.of_me(&actor).await.map_err(crate::context::fail)
}

/// When one's own data is going to be erased, if that was asked for.
#[server(prefix = "/fn", endpoint = "erasure", input = Json)]
pub async fn load_erasure() -> Result<Option<Moment>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let due = services.rights.erasure(&actor).await.map_err(crate::context::fail)?;
    let moment = own_clock(&services, &actor).await?;
    Ok(due.map(moment))
}

/// Lines of the ledger that the page shows.
#[cfg(feature = "ssr")]
const MOST_CONSENTS: u32 = 100;

/// What one agreed to and took back, newest first: when, until when, and what.
#[server(prefix = "/fn", endpoint = "consents", input = Json)]
pub async fn load_consents() -> Result<Vec<(Moment, Option<Moment>, ConsentLine)>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let lines = services.rights.consents(&actor, MOST_CONSENTS).await.map_err(crate::context::fail)?;
    let moment = own_clock(&services, &actor).await?;
    Ok(lines.into_iter().map(|line| (moment(line.at), line.until.map(&moment), line)).collect())
}
