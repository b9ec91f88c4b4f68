//! A doctor's patients.

use async_trait::async_trait;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ExportFile;
use crate::{
    Result,
    analytics::{AnalyticsPage, Group},
    clock::Moment,
    desk::{Handover, Tag},
    glucose::choice,
    ids::{PatientId, TagId},
    metrics::{Kind, Ranges},
    people::Actor,
    targets::{Goals, GoalsChange},
    triage::{Priority, Reason},
};

choice! {
    /// Order of the work list.
    #[derive(Default)]
    PanelSort {
        /// Most in need first.
        #[default]
        Need = "need",
        /// By name.
        Name = "name",
        /// Oldest last reading first.
        LastReading = "lastReading",
        /// Least time in range first.
        InRange = "inRange",
    }
}

choice! {
    /// Which patients.
    #[derive(Default)]
    PanelFilter {
        /// All.
        #[default]
        All = "all",
        /// With at least one reason.
        NeedsAttention = "needsAttention",
        /// Not reviewed since their newest reading, or due again.
        NotReviewed = "notReviewed",
        /// The day has come on which a review said to look again.
        Due = "due",
        /// Passed to the reader by a colleague, and not reviewed by the reader since.
        HandedToMe = "handedToMe",
        /// No reading for three days or more.
        NoData = "noData",
    }
}

/// A request for the work list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelQuery {
    /// Order.
    pub sort: PanelSort,
    /// Which.
    pub filter: PanelFilter,
    /// Only those who bear this tag of the reader's.
    pub tag: Option<TagId>,
    /// Part of the name, or the last digits of the phone number.
    pub q: Option<String>,
    /// From the page before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 if absent.
    pub limit: Option<u32>,
}

/// A row of the work list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelRow {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number before one was given.
    pub name: String,
    /// Age in years.
    pub age: Option<u16>,
    /// How urgent.
    pub priority: Priority,
    /// Why, weightiest first.
    pub reasons: Vec<Reason>,
    /// Newest reading.
    pub last_reading_at: Option<Moment>,
    /// Sensor or meter.
    pub kind: Kind,
    /// Of 14 days.
    pub ranges: Option<Ranges>,
    /// Of the 14 days before, %.
    pub in_range_before: Option<f64>,
    /// Of 14 days, %.
    pub gmi_percent: Option<f64>,
    /// When a doctor last marked them as reviewed.
    pub reviewed_at: Option<Moment>,
    /// On which local day of theirs that review said to look again.
    pub due_on: Option<NaiveDate>,
    /// The reader's tags on them, by name.
    pub tags: Vec<Tag>,
    /// Whether they are passed to a colleague now.
    pub handover: Option<Handover>,
}

/// The work list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelPage {
    /// The rows.
    pub items: Vec<PanelRow>,
    /// For the next page.
    pub next_cursor: Option<String>,
    /// Patients that match, on all pages.
    pub total: u32,
    /// When this was computed.
    pub now: Moment,
}

/// The head of a patient's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientHead {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number.
    pub name: String,
    /// Age in years.
    pub age: Option<u16>,
    /// Targets.
    pub goals: Goals,
    /// Their zone: the days of their pages are cut in it.
    pub time_zone: String,
    /// Last review.
    pub reviewed_at: Option<Moment>,
    /// On which local day that review said to look again.
    pub due_on: Option<NaiveDate>,
    /// Newest reading.
    pub last_reading_at: Option<Moment>,
    /// The reader's tags on them, by name.
    pub tags: Vec<Tag>,
    /// Whether they are passed to a colleague now; told to doctors who treat them.
    pub handover: Option<Handover>,
    /// When this was computed.
    pub now: Moment,
}

/// A patient's targets, as a doctor sets them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientTargets {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number.
    pub name: String,
    /// In force.
    pub goals: Goals,
    /// Who set which, newest first; empty if nobody changed what a new patient gets.
    pub history: Vec<GoalsChange<Moment>>,
    /// When this was read.
    pub now: Moment,
}

/// A doctor's patients.
#[async_trait]
pub trait Panel: Send + Sync {
    /// The work list.
    async fn list(&self, actor: &Actor, query: &PanelQuery) -> Result<PanelPage>;
    /// The head of one patient's page.
    async fn patient(&self, actor: &Actor, patient: PatientId) -> Result<PatientHead>;
    /// Marks a patient as reviewed now, or undoes the actor's last review.
    async fn review(&self, actor: &Actor, patient: PatientId, reviewed: bool) -> Result<()>;
    /// Marks a patient as reviewed now and to be looked at again on a day of their calendar, tomorrow to a year from now.
    async fn review_until(&self, actor: &Actor, patient: PatientId, due_on: NaiveDate) -> Result<()>;
    /// Which ranges and targets a patient is judged by, and who set which before, newest first.
    async fn targets(&self, actor: &Actor, patient: PatientId) -> Result<PatientTargets>;
    /// The panel in figures, and the patients of one group.
    async fn analytics(&self, actor: &Actor, group: Option<Group>) -> Result<AnalyticsPage>;
    /// All patients with their figures as a table (CSV). Needs a fresh proof of identity.
    async fn analytics_file(&self, actor: &Actor) -> Result<ExportFile>;
    /// Sets which ranges and targets a patient is judged by.
    async fn set_targets(&self, actor: &Actor, patient: PatientId, goals: Goals) -> Result<()>;
}
