//! Figures, curves and files made of them.

use async_trait::async_trait;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ListQuery;
use crate::{
    Result,
    clock::Moment,
    field::Problem,
    glucose::{Clip, Glucose, MealState, Source},
    ids::{PatientId, ReadingId},
    insights::Weekly,
    meal::Meal,
    metrics::pattern::Patterns,
    metrics::range::{Band, Thresholds},
    metrics::{Kind, Ranges, Report},
    page::Page,
    people::Actor,
    records::Hba1c,
    targets::Goals,
};

/// A reading as a page shows it: with its band and its local time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownReading {
    /// Its id.
    pub id: ReadingId,
    /// When.
    pub at: Moment,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// "LO" or "HI".
    pub clip: Option<Clip>,
    /// Where it lies.
    pub band: Band,
    /// Relative to meals.
    pub state: MealState,
    /// How it came.
    pub source: Source,
    /// Free text.
    pub notes: Option<String>,
    /// Its version.
    pub version: i64,
}

/// A point of a daily curve. Travels as a bare list: a page carries some thousand of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i32, f64, Band)", into = "(i32, f64, Band)")]
pub struct CurvePoint {
    /// Minutes since the curve's first local midnight.
    pub minute: i32,
    /// mg/dL.
    pub mg_dl: f64,
    /// Where it lies.
    pub band: Band,
}

impl From<(i32, f64, Band)> for CurvePoint {
    fn from((minute, mg_dl, band): (i32, f64, Band)) -> Self {
        Self { minute, mg_dl, band }
    }
}

impl From<CurvePoint> for (i32, f64, Band) {
    fn from(point: CurvePoint) -> Self {
        (point.minute, point.mg_dl, point.band)
    }
}

/// Curves of one or more local days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// First local day.
    pub from: NaiveDate,
    /// Last local day, included.
    pub to: NaiveDate,
    /// Sensor (a line) or meter (points).
    pub kind: Kind,
    /// The points, oldest first.
    pub points: Vec<CurvePoint>,
    /// The limits to draw.
    pub thresholds: Thresholds,
}

/// How the newest value moves, from the sensor values of the last 15 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trend {
    /// Faster than +2 mg/dL a minute.
    RisingFast,
    /// +1 to +2.
    Rising,
    /// Between.
    Steady,
    /// -1 to -2.
    Falling,
    /// Faster than -2.
    FallingFast,
}

/// What a patient sees first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// When this was computed.
    pub now: Moment,
    /// The newest reading.
    pub last: Option<ShownReading>,
    /// How it moves.
    pub trend: Option<Trend>,
    /// Share of today's readings in range, %, with at least one.
    pub in_range_percent: Option<f64>,
    /// Today's readings.
    pub readings: u32,
    /// Days in a row with a reading, today or yesterday included.
    pub streak_days: u32,
    /// The state to log next; none if all of today's are there.
    pub next_state: Option<MealState>,
    /// Today's curve.
    pub curve: Curve,
    /// Doctors and caregivers who may see the data.
    pub care_team: u32,
}

/// A period, by days back from today or by dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeriodQuery {
    /// The last days, today included; 1 to 366.
    LastDays(u16),
    /// These days, both included.
    Between(NaiveDate, NaiveDate),
}

/// A report with what a page needs around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientReport {
    /// The figures.
    pub report: Report,
    /// The limits they were judged by.
    pub thresholds: Thresholds,
    /// Of what those limits are, and the targets.
    pub goals: Goals,
    /// A laboratory's HbA1c beside the GMI, if there is a recent one.
    pub hba1c: Option<Hba1c>,
    /// When this was computed.
    pub now: Moment,
}

/// Which file a patient's data is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Readings and meals as a table, for spreadsheets and our own importer.
    Csv,
    /// Data and figures.
    Json,
    /// A FHIR R4 bundle.
    Fhir,
}

impl ExportFormat {
    /// Reads `csv`, `json` or `fhir`.
    pub fn parse(text: &str) -> std::result::Result<Self, Problem> {
        match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "fhir" => Ok(Self::Fhir),
            _ => Err(Problem::UnknownChoice),
        }
    }

    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Fhir => "fhir.json",
        }
    }

    /// What the file is, for HTTP.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Fhir => "application/fhir+json",
        }
    }
}

/// A file of a patient's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// What to save it as.
    pub name: String,
    /// What it is.
    pub format: ExportFormat,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A day's figures for the list of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DaySummary {
    /// Which day.
    pub date: NaiveDate,
    /// Readings.
    pub readings: u32,
    /// Mean, mg/dL.
    pub mean_mg_dl: Option<f64>,
    /// The five ranges, %; none for a meter.
    pub ranges: Option<Ranges>,
    /// At most 96 points (one per quarter of an hour) for a small curve.
    pub points: Vec<CurvePoint>,
}

/// One cell of the log book: the readings of a day in one meal state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogBookDay {
    /// Which day.
    pub date: NaiveDate,
    /// By [`MealState::ALL`]: the readings, oldest first.
    pub cells: Vec<Vec<ShownReading>>,
}

/// Figures and curves.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The patient's first page.
    async fn today(&self, actor: &Actor) -> Result<Today>;
    /// The figures of a period.
    async fn report(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        force: bool,
    ) -> Result<PatientReport>;
    /// The curve of up to 14 local days.
    async fn curve(&self, actor: &Actor, patient: PatientId, from: NaiveDate, to: NaiveDate) -> Result<Curve>;
    /// Day by day, newest first.
    async fn days(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<DaySummary>>;
    /// Meter readings by meal state, newest day first.
    async fn log_book(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<LogBookDay>>;
    /// Meals of a period, newest first.
    async fn meals(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<(Moment, Meal)>>;
    /// Hours of weekdays, a usual day of finger-stick values, values before and after meals.
    async fn patterns(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Patterns>;
    /// The last seven days in sentences.
    async fn weekly(&self, actor: &Actor, patient: PatientId) -> Result<Weekly>;
    /// One's own readings as a page shows them.
    async fn history(&self, actor: &Actor, query: &ListQuery) -> Result<Page<ShownReading>>;
    /// The data and figures of a period as a file.
    async fn export(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        format: ExportFormat,
    ) -> Result<ExportFile>;
}
