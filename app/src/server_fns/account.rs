//! What everybody's own pages read, and the challenges that passkeys sign.

use domain::{
    clock::Moment,
    ports::{Ceremony, CeremonyPurpose, Device, ShownPasskey},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::patient::own_clock;
use crate::error::AppError;

/// Where somebody is signed in, and their passkeys: each with when it began and when it was last used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Security {
    /// Signed-in devices.
    pub devices: Vec<(Moment, Moment, Device)>,
    /// Passkeys.
    pub passkeys: Vec<(Moment, Option<Moment>, ShownPasskey)>,
}

/// One's own devices and passkeys.
#[server(prefix = "/fn", endpoint = "security", input = Json)]
pub async fn load_security() -> Result<Security, AppError> {
    let (services, actor) = (crate::context::services()?, crate::context::actor()?);
    let devices = services.accounts.devices(&actor).await.map_err(crate::context::fail)?;
    let passkeys = services.passkeys.of_me(&actor).await.map_err(crate::context::fail)?;
    let moment = own_clock(&services, &actor).await?;
    Ok(Security {
        devices: devices.into_iter().map(|d| (moment(d.signed_in_at), moment(d.last_used_at), d)).collect(),
        passkeys: passkeys.into_iter().map(|p| (moment(p.created_at), p.last_used_at.map(&moment), p)).collect(),
    })
}

/// A challenge for a passkey to sign. Changes nothing but that it can be answered.
#[server(prefix = "/fn", endpoint = "passkey-begin", input = Json)]
pub async fn begin_passkey(purpose: CeremonyPurpose) -> Result<Ceremony, AppError> {
    let services = crate::context::services()?;
    let passkeys = &services.passkeys;
    match purpose {
        CeremonyPurpose::Add => passkeys.begin_add(&crate::context::actor()?).await,
        CeremonyPurpose::Prove => passkeys.begin_prove(&crate::context::anybody()?).await,
        CeremonyPurpose::SignIn => passkeys.begin_sign_in().await,
    }
    .map_err(crate::context::fail)
}
