//! A patient's data as a file: CSV for spreadsheets and for our own importer, JSON for programs, FHIR for other records.
//! Pure: data in, bytes out. The figures in them are those of the report, computed once.

mod csv;
mod fhir;
mod json;
#[cfg(test)]
mod tests;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    glucose::{Clip, Glucose, MealState, Source},
    ids::{PatientId, ReadingId},
    meal::Meal,
    metrics::Report,
    ports::ExportFormat,
    records::Hba1c,
    targets::Goals,
};

pub(crate) use csv::{HEADER, MEAL, READING, guarded, unguarded};

/// A reading in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportReading {
    /// Its id.
    pub id: ReadingId,
    /// When it was measured.
    pub at: DateTime<Utc>,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// Whether the device only said "below" or "above" it.
    pub clip: Option<Clip>,
    /// Relative to meals.
    pub state: MealState,
    /// How it came to us.
    pub source: Source,
    /// Free text.
    pub notes: Option<String>,
}

/// What goes into a file.
#[derive(Debug, Clone)]
pub struct Export {
    /// Whose.
    pub patient: PatientId,
    /// Their name, or the masked phone number.
    pub name: String,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// IANA name of the zone that cuts the days.
    pub zone: String,
    /// By what the figures are judged.
    pub goals: Goals,
    /// The figures of the period.
    pub report: Report,
    /// A laboratory's HbA1c beside them.
    pub hba1c: Option<Hba1c>,
    /// Oldest first.
    pub readings: Vec<ExportReading>,
    /// Oldest first.
    pub meals: Vec<Meal>,
    /// When this was made.
    pub made_at: DateTime<Utc>,
}

/// Writes a file. None if a value cannot be written, which no stored value is known to do.
pub fn write(export: &Export, format: ExportFormat) -> Option<Vec<u8>> {
    match format {
        ExportFormat::Csv => csv::write(export),
        ExportFormat::Json => serde_json::to_vec_pretty(&json::document(export)).ok(),
        ExportFormat::Fhir => serde_json::to_vec_pretty(&fhir::bundle(export)).ok(),
    }
}

/// `2026-11-24T08:00:00.000Z`.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
