//! What the admin's pages read.

use domain::ports::{ClinicRow, LinkRow, StaffRow};
use leptos::{prelude::*, server_fn::codec::Json};

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
