//! The use cases of health records.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{LabTrend, MediaType, NewRecord, Record, RecordType, ShownRecord};
use crate::{
    Result,
    clock::Moment,
    ids::{PatientId, RecordId},
    page::Page,
    people::Actor,
    ports::ListQuery,
};

/// Which records of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordQuery {
    /// When, and which page.
    pub list: ListQuery,
    /// Only of this type.
    pub record_type: Option<RecordType>,
}

/// What matters now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordSummary {
    /// The newest value of each laboratory test.
    pub labs: Vec<LabTrend>,
    /// Medicines that are taken today, newest first.
    pub medicines: Vec<Record>,
    /// When this was read.
    pub now: Moment,
}

/// A record's file, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFile {
    /// What to save it as.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Health records. Only the patient writes; whoever may see them reads.
#[async_trait]
pub trait Records: Send + Sync {
    /// Stores a record; `false` if the client id was known already. A dose has to be of a medicine that is there.
    async fn log(&self, actor: &Actor, new: NewRecord) -> Result<(Record, bool)>;
    /// A patient's records, newest first.
    async fn list(&self, actor: &Actor, patient: PatientId, query: &RecordQuery) -> Result<Page<ShownRecord>>;
    /// What matters now of a patient's records.
    async fn summary(&self, actor: &Actor, patient: PatientId) -> Result<RecordSummary>;
    /// One of one's own records.
    async fn get(&self, actor: &Actor, id: RecordId) -> Result<ShownRecord>;
    /// Changes a record: the whole of it anew, but never what it is.
    async fn change(&self, actor: &Actor, id: RecordId, change: NewRecord, version: Option<i64>) -> Result<Record>;
    /// Deletes a record; it can be restored.
    async fn delete(&self, actor: &Actor, id: RecordId) -> Result<()>;
    /// Undoes a deletion.
    async fn restore(&self, actor: &Actor, id: RecordId) -> Result<()>;
    /// Puts a file to a lab report, in place of the one that it has.
    async fn attach(&self, actor: &Actor, id: RecordId, file: Vec<u8>) -> Result<Record>;
    /// Takes a record's file away; it can be restored.
    async fn detach(&self, actor: &Actor, id: RecordId) -> Result<()>;
    /// Brings the file back that was taken away last, unless another has its place.
    async fn restore_file(&self, actor: &Actor, id: RecordId) -> Result<()>;
    /// A record's file. Each is a line of its own in the audit trail.
    async fn file(&self, actor: &Actor, patient: PatientId, id: RecordId) -> Result<RecordFile>;
}
