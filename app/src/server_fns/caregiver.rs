//! What a caregiver's pages read.

use domain::{consent::Link, ids::PatientId, ports::Followed};
use leptos::{prelude::*, server_fn::codec::Json};

use crate::error::AppError;

/// The people whom the signed-in person follows.
#[server(prefix = "/fn", endpoint = "followed", input = Json)]
pub async fn load_followed() -> Result<Vec<Followed>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.care_team.followed(&actor).await.map_err(crate::context::fail)
}

/// One of the people followed.
#[server(prefix = "/fn", endpoint = "follow", input = Json)]
pub async fn load_follow(id: PatientId) -> Result<Followed, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.care_team.follow(&actor, id).await.map_err(crate::context::fail)
}

/// Links that the signed-in person holds or is asked to agree to.
#[server(prefix = "/fn", endpoint = "awaiting", input = Json)]
pub async fn load_awaiting() -> Result<Vec<Link>, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    services.care_team.awaiting_me(&actor).await.map_err(crate::context::fail)
}
