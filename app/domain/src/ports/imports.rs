//! Files of readings.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Result, clock::Moment, glucose::Unit, ids::ImportId, people::Actor};

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    /// LibreView's CSV.
    LibreView,
    /// Dexcom Clarity's CSV.
    Clarity,
    /// Any CSV with a time, a value and a unit.
    Plain,
    /// What we export ourselves.
    Own,
    /// Nightscout's entries or treatments, JSON.
    Nightscout,
    /// xDrip's CSV (that of `SiDiary`).
    XDrip,
    /// A table of Glooko's export.
    Glooko,
    /// A report of Medtronic's `CareLink`, CSV.
    CareLink,
    /// Accu-Chek's CSV.
    AccuChek,
}

impl FileFormat {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LibreView => "libre-view",
            Self::Clarity => "clarity",
            Self::Plain => "plain",
            Self::Own => "own",
            Self::Nightscout => "nightscout",
            Self::XDrip => "x-drip",
            Self::Glooko => "glooko",
            Self::CareLink => "care-link",
            Self::AccuChek => "accu-chek",
        }
    }
}

/// A line of the file that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedLine {
    /// Line in the file, from 1; of JSON, the how-manieth document.
    pub line: u32,
    /// Why.
    pub reason: RejectReason,
}

/// Why a line was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RejectReason {
    /// The time cannot be read.
    Time,
    /// The time lies in the future.
    InFuture,
    /// The local time does not exist in the zone.
    NoSuchLocalTime,
    /// The value is not a number.
    Value,
    /// The value lies outside 10 to 1000 mg/dL.
    OutOfRange,
    /// The line has too few columns or broken quotes.
    Malformed,
}

/// What is ambiguous in a file and has to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ImportQuestion {
    /// Is 03-04 the third of April or the fourth of March?
    DateOrder,
    /// In which unit are the values?
    Unit,
}

/// The order of day and month in a file's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateOrder {
    /// Day first.
    DayMonth,
    /// Month first.
    MonthDay,
}

/// Answers to the questions, and the zone that the file's clock was set to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ImportAnswers {
    /// Order of day and month.
    pub date_order: Option<DateOrder>,
    /// Unit of the values.
    pub unit: Option<Unit>,
    /// IANA zone of the file's times; the patient's if absent.
    pub time_zone: Option<String>,
}

/// What an uploaded file holds: a dry run, nothing is stored yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The batch.
    pub id: ImportId,
    /// What the file is.
    pub format: FileFormat,
    /// Unit of the values; none while it is a question.
    pub unit: Option<Unit>,
    /// First reading, UTC.
    pub from: Option<Moment>,
    /// Last reading, UTC.
    pub to: Option<Moment>,
    /// Rows with a glucose value, taken or not.
    pub rows: u32,
    /// Rows that would be stored.
    pub accepted: u32,
    /// Rows that are stored already, or twice in the file.
    pub duplicates: u32,
    /// Meals that would be stored, or were; only a file of ours has them.
    #[serde(default)]
    pub meals: u32,
    /// Rows that cannot be taken (the first 1,000).
    pub rejected: Vec<RejectedLine>,
    /// What has to be asked first.
    pub questions: Vec<ImportQuestion>,
    /// Where it stands.
    pub status: ImportStatus,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// Looked at, nothing stored.
    Preview,
    /// Stored.
    Confirmed,
    /// Undone.
    Undone,
}

/// Files of readings: looked at first, then stored, undone as one.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Looks at a file.
    async fn preview(&self, actor: &Actor, file: Vec<u8>) -> Result<ImportPreview>;
    /// Looks again under other answers.
    async fn answer(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<ImportPreview>;
    /// Stores it; gives the number of readings added.
    async fn confirm(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<u32>;
    /// Removes what it added, or forgets the preview.
    async fn undo(&self, actor: &Actor, id: ImportId) -> Result<u32>;
    /// One import.
    async fn get(&self, actor: &Actor, id: ImportId) -> Result<ImportPreview>;
    /// The newest imports, newest first, at most 20.
    async fn list(&self, actor: &Actor) -> Result<Vec<ImportPreview>>;
    /// All of them, for the export.
    async fn all(&self, actor: &Actor) -> Result<Vec<ImportPreview>>;
}
