//! Dexcom Clarity's CSV.
//!
//! A heading in the account's language, about ten lines about the person, the phone and its alert limits (without times),
//! then events by time. Columns are found by English names, otherwise by position.

use domain::glucose::{MealState, Unit};

use super::{
    Device, Draft, RawRow, RowKind,
    dates::RawTime,
    numbers::{self, unit_in},
    records::Record,
    words,
};

const TIME: usize = 1;
const EVENT: usize = 2;
const GLUCOSE: usize = 7;
/// Fewest columns by which the file is recognised.
const LEAST: usize = 8;

/// Where the columns are.
pub struct Layout {
    /// First line after the heading.
    pub first_line: u32,
    time: usize,
    event: usize,
    glucose: usize,
    unit: Option<Unit>,
    /// What the file calls an estimated glucose value: `EGV` in English, `EGW` in German.
    egv: String,
}

impl Layout {
    /// Recognises the file by its heading, or by half of its rows having a number, a time and an event where Clarity writes them.
    pub fn find(head: &[Record<'_>]) -> Option<Self> {
        let named = head.iter().take(15).position(is_heading);
        let heading = if named.is_some() {
            named
        } else {
            let rows = head.iter().filter(|r| is_row(r)).count();
            if rows == 0 || rows * 2 < head.len() {
                return None;
            }
            head.iter().position(is_row)?.checked_sub(1).filter(|h| head.get(*h).is_some_and(|r| r.len() >= LEAST))
        };
        let record = heading.and_then(|h| head.get(h));
        let column = |name: &str, position| {
            record.and_then(|r| r.cells().position(|c| words::normal(c).starts_with(name))).unwrap_or(position)
        };
        let glucose = record.and_then(|r| r.cells().position(|c| words::value_rank(c) == words::STRONG));
        let mut layout = Self {
            first_line: record.map_or(1, |r| r.line + 1),
            time: column("timestamp", TIME),
            event: column("eventtype", EVENT),
            glucose: glucose.unwrap_or(GLUCOSE),
            unit: None,
            egv: String::new(),
        };
        layout.unit = record.and_then(|r| unit_in(r.cell(layout.glucose)));
        layout.egv = layout.commonest_event(head.get(heading.map_or(0, |h| h + 1)..)?);
        Some(layout)
    }

    /// Takes the sensor's values and the calibrations; insulin, food, exercise and alert limits are not glucose readings.
    pub fn read(&self, record: &Record<'_>, draft: &mut Draft) {
        let event = record.cell(self.event);
        let (kind, device) = if event.eq_ignore_ascii_case("EGV") || (event == self.egv && !event.is_empty()) {
            (RowKind::Egv, Device::Dexcom)
        } else if is_calibration(event) {
            (RowKind::Calibration, Device::Meter)
        } else {
            return;
        };
        draft.rows.push(RawRow {
            line: record.line,
            time: RawTime::parse(record.cell(self.time)),
            value: numbers::parse(record.cell(self.glucose)),
            unit: self.unit,
            kind,
            device: Some(device),
            state: MealState::Random,
            notes: None,
            run: 0,
        });
    }

    /// The event of most rows that have a time and a glucose value: in every language that is the sensor's value.
    fn commonest_event(&self, rows: &[Record<'_>]) -> String {
        let mut events: Vec<&str> = rows
            .iter()
            .filter(|r| !r.cell(self.time).is_empty() && numbers::parse(r.cell(self.glucose)).is_some())
            .map(|r| r.cell(self.event))
            .filter(|e| !is_calibration(e))
            .collect();
        events.sort_unstable();
        let most = events.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
        most.and_then(|run| run.first()).map_or_else(String::new, ToString::to_string)
    }
}

/// `Timestamp (YYYY-MM-DDThh:mm:ss)`, as every language writes it, among at least eight columns with a glucose one.
fn is_heading(record: &Record<'_>) -> bool {
    record.len() >= LEAST
        && (0..3).any(|c| {
            let cell = words::normal(record.cell(c));
            cell.contains("hhmmss") || cell.contains("timestamp")
        })
        && (0..4).any(|c| {
            let cell = words::normal(record.cell(c));
            cell.contains("eventtype") || cell.contains("hhmmss")
        })
        && record.cells().any(|c| words::value_rank(c) == words::STRONG)
        && record.cells().skip(3).any(|c| words::normal(c).contains("hhmmss"))
}

fn is_row(record: &Record<'_>) -> bool {
    let value = record.cell(GLUCOSE);
    record.len() >= LEAST
        && record.cell(0).parse::<u32>().is_ok()
        && RawTime::parse(record.cell(TIME)).is_some()
        && record.cell(EVENT).chars().next().is_some_and(char::is_alphabetic)
        && (value.is_empty() || numbers::parse(value).is_some())
}

fn is_calibration(event: &str) -> bool {
    let event = words::normal(event);
    ["calib", "kalib", "étalon", "kali", "अंशांकन"].iter().any(|word| event.starts_with(word))
}
