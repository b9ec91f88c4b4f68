//! The use cases, as the doors call them. `server` implements them; pages reach them through [`Services`].
//!
//! Every use case takes who acts first and checks access before it touches storage. Those of later parts stand beside their
//! types: [`crate::desk`], [`crate::records`], [`crate::rights`], [`crate::trail`].

mod accounts;
mod admin;
mod care_team;
mod connections;
mod emergencies;
mod entries;
mod imports;
mod panel;
mod passkeys;
mod reports;
mod second_factor;

use std::sync::Arc;

pub use accounts::*;
pub use admin::*;
pub use care_team::*;
pub use connections::*;
pub use emergencies::*;
pub use entries::*;
pub use imports::*;
pub use panel::*;
pub use passkeys::*;
pub use reports::*;
pub use second_factor::*;

use crate::{desk::Desks, records::Records, rights::Rights, trail::Trail};

/// All use cases.
#[derive(Clone)]
pub struct Services {
    /// Sign-in and one's own account.
    pub accounts: Arc<dyn Accounts>,
    /// The second factor, and fresh proofs of identity.
    pub second_factor: Arc<dyn SecondFactor>,
    /// Passkeys.
    pub passkeys: Arc<dyn Passkeys>,
    /// Glucose readings.
    pub readings: Arc<dyn Readings>,
    /// Meals.
    pub meals: Arc<dyn Meals>,
    /// Health records.
    pub records: Arc<dyn Records>,
    /// Files of readings.
    pub imports: Arc<dyn Imports>,
    /// Figures and curves.
    pub reports: Arc<dyn Reports>,
    /// Who may see whose data.
    pub care_team: Arc<dyn CareTeam>,
    /// A doctor's patients.
    pub panel: Arc<dyn Panel>,
    /// What doctors keep beside their work list.
    pub desks: Arc<dyn Desks>,
    /// Staff, clinics, links.
    pub admin: Arc<dyn Admin>,
    /// The audit trail.
    pub trail: Arc<dyn Trail>,
    /// Codes by which patients connect with doctors.
    pub connections: Arc<dyn Connections>,
    /// Looks at patients in an emergency.
    pub emergencies: Arc<dyn Emergencies>,
    /// Export, consents, erasure.
    pub rights: Arc<dyn Rights>,
}
