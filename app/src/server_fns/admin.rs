//! What the admin's pages read.

use domain::{
    clock::Moment,
    page::Page,
    ports::{ClinicRow, LinkRow, StaffRow},
    trail::TrailLine,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// All staff.
#[server(prefix = "/fn", endpoint = "staff", input = Json)]
pub async fn load_staff() -> Result<Vec<StaffRow>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.admin.staff(&actor).await.map_err(crate::context::fail)
}

/// All clinics.
#[server(prefix = "/fn", endpoint = "clinics", input = Json)]
pub async fn load_clinics() -> Result<Vec<ClinicRow>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.admin.clinics(&actor).await.map_err(crate::context::fail)
}

/// Doctor-patient links.
#[server(prefix = "/fn", endpoint = "links", input = Json)]
pub async fn load_links() -> Result<Vec<LinkRow>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.admin.links(&actor).await.map_err(crate::context::fail)
}

/// A search of the audit trail as it stands in the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailFilter {
    /// Id of who acted.
    pub actor: Option<String>,
    /// Id of whose data.
    pub patient: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// The page.
    pub cursor: Option<String>,
}

#[cfg(feature = "ssr")]
impl TrailFilter {
    /// What is asked for; `start` tells when a day begins.
    fn query(
        self,
        start: impl Fn(chrono::NaiveDate) -> chrono::DateTime<chrono::Utc>,
    ) -> domain::Result<domain::trail::TrailQuery> {
        use domain::{
            field::{FieldErrors, Problem},
            ports::ListQuery,
        };
        let mut errors = FieldErrors::default();
        let day = |text: Option<String>| {
            text.map(|text| text.parse::<chrono::NaiveDate>()).transpose().map_err(|_| Problem::Time)
        };
        let actor = errors.take("actor", self.actor.map(|id| id.parse()).transpose().map_err(|_| Problem::Malformed));
        let patient =
            errors.take("patient", self.patient.map(|id| id.parse()).transpose().map_err(|_| Problem::Malformed));
        let from = errors.take("from", day(self.from));
        let to = errors.take("to", day(self.to));
        let list = ListQuery {
            from: from.flatten().map(&start),
            to: to.flatten().and_then(|day| day.succ_opt()).map(&start),
            limit: Some(50),
            cursor: self.cursor,
        };
        let query =
            domain::trail::TrailQuery { actor: actor.flatten(), patient: patient.flatten(), action: self.action, list };
        Ok(errors.into_result(Some(query))?)
    }
}

/// A page of the audit trail, newest first.
#[server(prefix = "/fn", endpoint = "audit", input = Json)]
pub async fn load_trail(filter: TrailFilter) -> Result<Page<(Moment, TrailLine)>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let me = services.accounts.me(&actor).await.map_err(crate::context::fail)?;
    let zone = domain::clock::parse_zone(&me.time_zone).unwrap_or(domain::clock::DEFAULT_ZONE);
    let query = filter.query(|day| domain::clock::day_start(day, zone)).map_err(crate::context::fail)?;
    let page = services.trail.search(&actor, &query).await.map_err(crate::context::fail)?;
    let items = page.items.into_iter().map(|line| (Moment::new(line.at, zone), line)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}
