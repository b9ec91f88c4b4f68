//! Who may see whose data.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CurvePoint, ShownReading, Trend};
use crate::{
    Result,
    clock::Moment,
    consent::{DataType, Link},
    contact::Phone,
    ids::{LinkId, PatientId},
    metrics::range::Thresholds,
    people::Actor,
};

/// An invitation of a caregiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Whom.
    pub phone: Phone,
    /// What the patient calls them.
    pub name: String,
    /// What they may see.
    pub data_types: Vec<DataType>,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
}

/// A person whom a caregiver follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// Whose data.
    pub patient: PatientId,
    /// Their name.
    pub name: String,
    /// When this was computed.
    pub now: Moment,
    /// Newest reading; none if not granted or none is there.
    pub last: Option<ShownReading>,
    /// How it moves.
    pub trend: Option<Trend>,
    /// The last three hours.
    pub recent: Vec<CurvePoint>,
    /// What was granted.
    pub data_types: Vec<DataType>,
    /// The limits to draw.
    pub thresholds: Thresholds,
}

/// Who may see whose data.
#[async_trait]
pub trait CareTeam: Send + Sync {
    /// Links in which the actor is the patient.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<Link>>;
    /// Links in which the actor is the viewer and that are active or await their agreement.
    async fn awaiting_me(&self, actor: &Actor) -> Result<Vec<Link>>;
    /// Invites a caregiver.
    async fn invite(&self, actor: &Actor, invitation: Invitation) -> Result<LinkId>;
    /// Agrees to a link that awaits the actor.
    async fn accept(&self, actor: &Actor, link: LinkId) -> Result<()>;
    /// Ends a link, from either side.
    async fn end(&self, actor: &Actor, link: LinkId) -> Result<()>;
    /// The people whom the actor follows.
    async fn followed(&self, actor: &Actor) -> Result<Vec<Followed>>;
    /// One of them.
    async fn follow(&self, actor: &Actor, patient: PatientId) -> Result<Followed>;
}
