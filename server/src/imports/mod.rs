//! Devices' files: bytes in, readings out. Pure: no I/O, no database, no clock.
//!
//! Map: [`archive`] unpacks, [`text`] and [`records`] turn bytes into lines of cells; [`detect`] tells what the file is; [`own`] reads our own and [`nightscout`] JSON; [`libreview`],
//! [`clarity`] and [`plain`] (with [`vendor`]) take the glucose out of a table ([`dates`], [`numbers`] and [`words`] read cells); [`finish`] decides what only
//! the whole file can tell (order of day and month, unit, whether a sensor wrote it) and judges every row. [`sample`] writes
//! such files, for demo data and tests.
//!
//! The file is untrusted: nothing in it makes this code panic, and lines, columns and cells have limits. A bad row is named
//! and the others go in.

mod archive;
mod clarity;
mod dates;
mod detect;
mod finish;
mod libreview;
mod nightscout;
mod numbers;
mod own;
mod plain;
mod records;
pub mod sample;
#[cfg(test)]
mod tests;
mod text;
mod vendor;
mod words;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    clock::parse_zone,
    field::Problem,
    glucose::{MealState, NewReading, Unit},
    meal::NewMeal,
    ports::{FileFormat, ImportAnswers, ImportQuestion, RejectReason, RejectedLine},
};

use dates::RawTime;
use numbers::RawValue;
use records::{Record, Records};

/// Most rows with a glucose value in one file: nine years of a reading every five minutes.
pub const MAX_ROWS: usize = 1_000_000;

/// What a row of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// A sensor's stored value (LibreView record type 0).
    Historic,
    /// A sensor's value at the moment of a scan (LibreView record type 1).
    Scan,
    /// A test strip (LibreView record type 2).
    Strip,
    /// A sensor's value (Clarity's estimated glucose value).
    Egv,
    /// A meter value that a sensor was calibrated with (Clarity).
    Calibration,
    /// A row of a plain table.
    Plain,
}

impl RowKind {
    /// As in [`ImportedReading::import_key`].
    fn letter(self) -> char {
        match self {
            Self::Historic => 'h',
            Self::Scan => 's',
            Self::Strip => 'b',
            Self::Egv => 'e',
            Self::Calibration => 'c',
            Self::Plain => 'p',
        }
    }
}

/// A reading from a file, and what the same reading in another export of the same device is known by.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedReading {
    /// Line in the file, from 1.
    pub line: u32,
    /// What the row is.
    pub kind: RowKind,
    /// At most 60 ASCII characters: the instant in Unix seconds, the kind's letter, `<` or `>` if the device said only
    /// "below" or "above", the value as a plain decimal, and the unit: `1764051900h6.3mmol/L`, `1764052200e<40mg/dL`. Nothing
    /// in it depends on the file, so the same file twice, or an overlapping later export, gives the same keys.
    pub import_key: String,
    /// The reading; it has no client id.
    pub reading: NewReading,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedFile {
    /// What the file is.
    pub format: FileFormat,
    /// Unit of most values; none while it is a question, or without values.
    pub unit: Option<Unit>,
    /// What can be stored, in the file's order. While there are questions these are the rows under the likelier answers (day
    /// first; the unit by size): good for a preview's counts, not to be stored.
    pub rows: Vec<ImportedReading>,
    /// Meals, which only a file of ours has, in the file's order.
    pub meals: Vec<NewMeal>,
    /// What cannot be taken, in the file's order.
    pub rejected: Vec<RejectedLine>,
    /// What has to be answered before the rows may be stored.
    pub questions: Vec<ImportQuestion>,
    /// Rows with a glucose value: taken, duplicates and rejected together.
    pub glucose_rows: u32,
    /// Rows that stand in the file once more than needed.
    pub duplicates: u32,
}

impl ParsedFile {
    /// The first and the last instant of the rows.
    pub fn period(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let times = || self.rows.iter().map(|r| r.reading.recorded_at);
        Some((times().min()?, times().max()?))
    }
}

/// Reads a file. `zone` is the one that the file's clock was set to unless the answers name another; `now` bounds the times.
///
/// # Errors
/// [`Problem::Required`] for an empty file, [`Problem::FileFormat`] if no format fits, [`Problem::TimeZone`] for a zone in the
/// answers that does not exist, [`Problem::ItemCount`] beyond [`MAX_ROWS`].
pub fn parse(bytes: &[u8], answers: &ImportAnswers, zone: Tz, now: DateTime<Utc>) -> Result<ParsedFile, Problem> {
    let zone = answers.time_zone.as_deref().map_or(Ok(zone), parse_zone)?;
    if archive::is_zip(bytes) {
        let draft = of_archive(&archive::tables(bytes).ok_or(Problem::FileFormat)?)?;
        return Ok(finish::finish(draft, FileFormat::Glooko, answers, zone, now));
    }
    let text = text::decode(bytes).ok_or(Problem::FileFormat)?;
    if text.trim().is_empty() {
        return Err(Problem::Required);
    }
    if let Some(ours) = own::parse(&text, now) {
        return ours;
    }
    let mut draft = Draft::default();
    let format = match nightscout::parse(&text) {
        Some(found) => {
            draft = found;
            FileFormat::Nightscout
        }
        None => table(&text, &mut draft)?,
    };
    draft.within_limit()?;
    Ok(finish::finish(draft, format, answers, zone, now))
}

/// Reads a table; what it is.
fn table(text: &str, draft: &mut Draft) -> Result<FileFormat, Problem> {
    let (separator, skip) = text::separator(text);
    let layout = detect::detect(Records::new(text, separator, skip)).ok_or(Problem::FileFormat)?;
    let mut records = Records::new(text, separator, skip);
    let mut record = Record::default();
    draft.made = layout.made();
    while records.read(&mut record) {
        if record.line < layout.first_line() {
            continue;
        }
        if record.broken {
            draft.reject(record.line, RejectReason::Malformed);
        } else {
            layout.read(&record, draft);
        }
        draft.within_limit()?;
    }
    Ok(layout.format())
}

/// Reads the tables of an archive, their lines counted on from one to the next. One that is not a table with glucose is passed
/// over if another is.
fn of_archive(tables: &[Vec<u8>]) -> Result<Draft, Problem> {
    let mut all = Draft::default();
    let (mut before, mut known) = (0_u32, false);
    for bytes in tables {
        let Some(text) = text::decode(bytes) else { continue };
        let mut draft = Draft::default();
        match table(&text, &mut draft) {
            Ok(_) => known = true,
            Err(Problem::FileFormat) => {}
            Err(problem) => return Err(problem),
        }
        let runs = all.rows.last().map_or(0, |row| row.run.saturating_add(1));
        all.rows.extend(draft.rows.into_iter().map(|row| RawRow {
            line: row.line.saturating_add(before),
            run: row.run.saturating_add(runs),
            ..row
        }));
        let lines = draft.rejected.into_iter().map(|r| RejectedLine { line: r.line.saturating_add(before), ..r });
        all.rejected.extend(lines);
        before = before.saturating_add(u32::try_from(text.lines().count()).unwrap_or(u32::MAX));
        all.within_limit()?;
    }
    if known { Ok(all) } else { Err(Problem::FileFormat) }
}

/// Refuses more rows than any real file has.
fn within_limit(rows: usize) -> Result<(), Problem> {
    if rows > MAX_ROWS { Err(Problem::ItemCount { min: 1, max: 1_000_000 }) } else { Ok(()) }
}

/// What a format takes out of a file, before anything is decided.
#[derive(Debug, Default)]
struct Draft {
    rows: Vec<RawRow>,
    rejected: Vec<RejectedLine>,
    /// When the file says it was made.
    made: Option<RawTime>,
    /// Serial number of the row before.
    serial: String,
}

impl Draft {
    /// The run of the next row: another one after another kind or another device.
    fn run(&mut self, kind: RowKind, serial: &str) -> u32 {
        let same = self.serial == serial;
        if !same {
            serial.clone_into(&mut self.serial);
        }
        self.rows.last().map_or(0, |row| row.run + u32::from(!same || row.kind != kind))
    }

    /// Refuses more rows than any real file has.
    fn within_limit(&self) -> Result<(), Problem> {
        within_limit(self.rows.len() + self.rejected.len())
    }

    fn reject(&mut self, line: u32, reason: RejectReason) {
        self.rejected.push(RejectedLine { line, reason });
    }
}

/// One row with a glucose value.
#[derive(Debug)]
struct RawRow {
    line: u32,
    /// None if it cannot be read.
    time: Option<RawTime>,
    /// None if it cannot be read.
    value: Option<RawValue>,
    /// As stated by the row or its heading.
    unit: Option<Unit>,
    kind: RowKind,
    /// None if the file does not tell a sensor from a meter.
    device: Option<Device>,
    state: MealState,
    notes: Option<String>,
    /// Rows of one run are sorted by time in the file.
    run: u32,
}

/// What measured a value: decides what "low" and "high" mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Device {
    LibreSensor,
    LibreStrip,
    Dexcom,
    /// Some sensor.
    Sensor,
    /// Some meter.
    Meter,
}

impl Device {
    fn is_sensor(self) -> bool {
        matches!(self, Self::LibreSensor | Self::Dexcom | Self::Sensor)
    }

    /// What it can measure, in a unit: the least and the greatest value.
    fn limits(self, unit: Unit) -> (f64, f64) {
        match (self, unit) {
            (Self::LibreSensor, Unit::MgDl) => (40.0, 500.0),
            (Self::LibreSensor, Unit::MmolL) => (2.2, 27.8),
            (Self::LibreStrip, Unit::MgDl) => (20.0, 500.0),
            (Self::LibreStrip, Unit::MmolL) => (1.1, 27.8),
            (Self::Dexcom | Self::Sensor, Unit::MgDl) => (40.0, 400.0),
            (Self::Dexcom | Self::Sensor, Unit::MmolL) => (2.2, 22.2),
            (Self::Meter, Unit::MgDl) => (20.0, 600.0),
            (Self::Meter, Unit::MmolL) => (1.1, 33.3),
        }
    }
}
