//! The audit trail as it is read: a patient sees who looked at their data, an admin searches by ids.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    glucose::choice,
    ids::{PatientId, UserId},
    page::Page,
    people::{Actor, Role},
    ports::ListQuery,
};

choice! {
    /// What somebody did with a patient's data, as the patient is told.
    Access {
        /// Looked at it.
        Viewed = "VIEWED",
        /// Saw the patient in the list of their patients.
        Listed = "LISTED",
        /// Marked the patient as reviewed, or took that back.
        Reviewed = "REVIEWED",
        /// Took it out as a file.
        Exported = "EXPORTED",
        /// Set the targets.
        TargetsSet = "TARGETS_SET",
        /// Put a tag on the patient in their own list, or took it off.
        Tagged = "TAGGED",
        /// Passed the patient to a colleague, or ended that.
        HandedOver = "HANDED_OVER",
        /// Asked for, agreed to or ended a link.
        LinkChanged = "LINK_CHANGED",
        /// Tried something that was refused.
        Refused = "REFUSED",
        /// Something else.
        Other = "OTHER",
    }
}

impl Access {
    /// From the trail's own words.
    pub fn of(action: &str, allowed: bool) -> Self {
        match action {
            _ if !allowed => Self::Refused,
            "patient.view" => Self::Viewed,
            "patient.list" => Self::Listed,
            "patient.export" | "record.file" => Self::Exported,
            "patient.review" | "patient.review-undo" => Self::Reviewed,
            "patient.set-targets" => Self::TargetsSet,
            "patient.tag" | "patient.untag" => Self::Tagged,
            "patient.hand-over" | "patient.take-back" => Self::HandedOver,
            _ if action.starts_with("link.") => Self::LinkChanged,
            _ => Self::Other,
        }
    }
}

/// One time that somebody else did something with a patient's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessLine {
    /// Its id.
    pub id: Uuid,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// What they were.
    pub role: Option<Role>,
    /// Their name: a doctor's own, a caregiver's as the patient calls them, of others none.
    pub name: Option<String>,
    /// Their clinic.
    pub clinic: Option<String>,
    /// What they did.
    pub what: Access,
}

/// Which rows of the trail an admin looks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrailQuery {
    /// Of this person.
    pub actor: Option<UserId>,
    /// About this patient.
    pub patient: Option<PatientId>,
    /// Whose action is this one.
    pub action: Option<String>,
    /// When, and which page.
    pub list: ListQuery,
}

/// A row of the trail: ids and fixed words only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrailLine {
    /// Its id.
    pub id: Uuid,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who; none for what nobody signed in did.
    pub actor: Option<UserId>,
    /// What they were.
    pub role: Option<String>,
    /// What, in the form `thing.verb`.
    pub action: String,
    /// Which kind of thing.
    pub object_type: Option<String>,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// Whose data.
    pub patient: Option<PatientId>,
    /// Whether it was allowed.
    pub allowed: bool,
    /// From where, for sign-ins.
    pub address: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// By which request: its id is in the log lines and in the answer that the client got.
    pub request: Option<String>,
}

/// Reading the audit trail.
#[async_trait]
pub trait Trail: Send + Sync {
    /// What others did with one's own data, newest first.
    async fn of_me(&self, actor: &Actor, query: &ListQuery) -> crate::Result<Page<AccessLine>>;
    /// The trail, newest first, for those who run the service. The search is a row of the trail itself.
    async fn search(&self, actor: &Actor, query: &TrailQuery) -> crate::Result<Page<TrailLine>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_act_is_told_as_refused_whatever_it_was() {
        assert_eq!(Access::of("patient.view", true), Access::Viewed);
        assert_eq!(Access::of("patient.view", false), Access::Refused);
        assert_eq!(Access::of("link.end", true), Access::LinkChanged);
        assert_eq!(Access::of("something.new", true), Access::Other);
    }
}
