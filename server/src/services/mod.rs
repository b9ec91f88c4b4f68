//! The use cases of `domain::ports`: access first, then one transaction with its audit line and its event.

pub mod access;
pub mod accounts;
pub mod admin;
pub mod care_team;
pub mod connections;
pub mod desk;
pub mod emergency;
mod exports;
pub mod following;
pub mod imports;
pub mod keys;
pub mod meals;
mod memory;
mod new_phone;
mod otp;
mod own_file;
mod paging;
pub mod panel;
pub mod passkeys;
pub mod people;
pub mod readings;
pub mod records;
pub mod reports;
mod reviews;
pub mod rights;
pub mod second_factor;
mod signing_in;
pub mod standing;
pub mod step_up;
mod targets;
pub mod trail;
mod work;
mod write;

pub use memory::Memory;

use std::sync::Arc;

use domain::{Result, clock::Clock, ports::Services};
use uuid::Uuid;

use crate::{
    auth::{AuthSettings, LiveSessions},
    cache::Cache,
    crypto::{Keyring, PurposeKeys},
    error::StorageResult,
    messages::CodeSender,
    storage::Store,
};

/// What the use cases stand on. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub store: Store,
    /// Seals and opens.
    pub keys: Arc<Keyring>,
    /// Blind index and code keys.
    pub purposes: Arc<PurposeKeys>,
    /// What is worth computing once.
    pub cache: Cache,
    /// What this process remembers: opened names, and who looked at whom lately.
    pub memory: Arc<Memory>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Limits and token keys.
    pub auth: Arc<AuthSettings>,
    /// Who is signed in.
    pub sessions: Arc<LiveSessions>,
    /// Carries one-time passwords.
    pub codes: Arc<dyn CodeSender>,
}

impl Deps {
    /// Has the keys of these people at hand, also of those whom another process added. Not inside a transaction.
    pub async fn ready(&self, people: impl IntoIterator<Item = Uuid>) -> Result<()> {
        self.keys.ready(&self.store, people).await.stored()
    }
}

/// Every use case, over the same things.
pub fn build(deps: &Deps) -> Services {
    Services {
        accounts: accounts::AccountsService::new(deps.clone()),
        second_factor: second_factor::SecondFactorService::new(deps.clone()),
        passkeys: passkeys::PasskeyService::new(deps.clone()),
        readings: Arc::new(readings::ReadingService::new(deps.clone())),
        meals: Arc::new(meals::MealService::new(deps.clone())),
        records: Arc::new(records::RecordService::new(deps.clone())),
        imports: Arc::new(imports::ImportService::new(deps.clone())),
        reports: Arc::new(reports::ReportService::new(deps.clone())),
        care_team: care_team::CareTeamService::new(deps.clone()),
        panel: Arc::new(panel::PanelService::new(deps.clone())),
        desks: Arc::new(desk::DeskService::new(deps.clone())),
        admin: admin::AdminService::new(deps.clone()),
        rights: Arc::new(rights::RightsService::new(deps.clone())),
        trail: Arc::new(trail::TrailService::new(deps.clone())),
        connections: connections::ConnectionService::new(deps.clone()),
        emergencies: emergency::EmergencyService::new(deps.clone()),
    }
}
