//! What a doctor's pages read.

use domain::{
    analytics::{AnalyticsPage, Group},
    desk::{Desk, PatientDesk},
    ids::PatientId,
    ports::{PanelPage, PanelQuery, PatientHead, PatientTargets},
};
use leptos::{prelude::*, server_fn::codec::Json};

use crate::error::AppError;

/// The work list.
#[server(prefix = "/fn", endpoint = "work-list", input = Json)]
pub async fn load_work_list(query: PanelQuery) -> Result<PanelPage, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.panel.list(&actor, &query).await.map_err(crate::context::fail)
}

/// The head of one patient's page.
#[server(prefix = "/fn", endpoint = "patient-head", input = Json)]
pub async fn load_patient_head(id: PatientId) -> Result<PatientHead, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.panel.patient(&actor, id).await.map_err(crate::context::fail)
}

/// A patient's targets with their history.
#[server(prefix = "/fn", endpoint = "patient-targets", input = Json)]
pub async fn load_targets(id: PatientId) -> Result<PatientTargets, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.panel.targets(&actor, id).await.map_err(crate::context::fail)
}

/// One's own tags and saved views.
#[server(prefix = "/fn", endpoint = "desk", input = Json)]
pub async fn load_desk() -> Result<Desk, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.desks.mine(&actor).await.map_err(crate::context::fail)
}

/// Tags and hand-over of one patient.
#[server(prefix = "/fn", endpoint = "patient-desk", input = Json)]
pub async fn load_patient_desk(id: PatientId) -> Result<PatientDesk, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.desks.of_patient(&actor, id).await.map_err(crate::context::fail)
}

/// The panel in figures, and the patients of one group.
#[server(prefix = "/fn", endpoint = "analytics", input = Json)]
pub async fn load_analytics(group: Option<Group>) -> Result<AnalyticsPage, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.panel.analytics(&actor, group).await.map_err(crate::context::fail)
}
