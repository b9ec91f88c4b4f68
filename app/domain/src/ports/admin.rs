//! Staff, clinics, links.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    clock::Moment,
    contact::Phone,
    ids::{ClinicId, LinkId, UserId},
    people::{Actor, Role},
};

/// A member of staff, for the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Who.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Masked phone number.
    pub phone_masked: String,
    /// Doctor or admin.
    pub role: Role,
    /// Their clinic.
    pub clinic: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
}

/// A clinic, for the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClinicRow {
    /// Which.
    pub id: ClinicId,
    /// Name.
    pub name: String,
    /// City.
    pub city: String,
    /// Doctors in it.
    pub doctors: u32,
}

/// A link, for the list: ids and names of doctors, patients only by masked phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkRow {
    /// Which.
    pub id: LinkId,
    /// The patient's masked phone number.
    pub patient_masked: String,
    /// The doctor's name.
    pub doctor: String,
    /// Where it stands.
    pub status: crate::consent::LinkStatus,
    /// Since when.
    pub since: Option<Moment>,
}

/// Staff, clinics and links.
#[async_trait]
pub trait Admin: Send + Sync {
    /// All staff.
    async fn staff(&self, actor: &Actor) -> Result<Vec<StaffRow>>;
    /// Adds a doctor or an admin.
    async fn add_staff(
        &self,
        actor: &Actor,
        name: String,
        phone: Phone,
        role: Role,
        clinic: Option<ClinicId>,
    ) -> Result<UserId>;
    /// Lets someone sign in, or no longer.
    async fn set_active(&self, actor: &Actor, user: UserId, active: bool) -> Result<()>;
    /// All clinics.
    async fn clinics(&self, actor: &Actor) -> Result<Vec<ClinicRow>>;
    /// Adds a clinic.
    async fn add_clinic(&self, actor: &Actor, name: String, city: String) -> Result<ClinicId>;
    /// Doctor-patient links, newest first, at most 200.
    async fn links(&self, actor: &Actor) -> Result<Vec<LinkRow>>;
    /// Asks a patient, by phone, to agree to a link with a doctor. The patient agrees in their care team.
    async fn propose_link(&self, actor: &Actor, patient: Phone, doctor: UserId) -> Result<LinkId>;
    /// Ends a link.
    async fn end_link(&self, actor: &Actor, link: LinkId) -> Result<()>;
}
