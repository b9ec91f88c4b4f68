//! LibreView's CSV, and the table that the older `FreeStyle` Libre desktop program writes.
//!
//! A preamble of one line (professional accounts: more), a heading in the account's language, rows. The heading is read by
//! position; only the unit is taken from its words. Rows are grouped by sensor and record type, each group sorted by time.

use domain::{
    glucose::{MealState, Unit},
    ports::RejectReason,
};

use super::{
    Device, Draft, RawRow, RowKind,
    dates::RawTime,
    numbers::{self, unit_in},
    records::Record,
    words,
};

/// Where the columns are.
pub struct Layout {
    /// First line after the heading.
    pub first_line: u32,
    /// The preamble's "generated on".
    pub made: Option<RawTime>,
    columns: Columns,
    unit: Option<Unit>,
}

/// Positions from the time onwards.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// Serial number; the device's name stands before it. The desktop program writes neither.
    serial: Option<usize>,
    time: usize,
    record_type: usize,
    historic: usize,
    scan: usize,
    notes: usize,
    strip: usize,
    /// Fewest columns by which the file is recognised.
    least: usize,
}

const LIBREVIEW: Columns =
    Columns { serial: Some(1), time: 2, record_type: 3, historic: 4, scan: 5, notes: 13, strip: 14, least: 5 };
const DESKTOP: Columns =
    Columns { serial: None, time: 1, record_type: 2, historic: 3, scan: 4, notes: 11, strip: 12, least: 8 };

impl Layout {
    /// Recognises the file by its English heading, or by half of its rows having a time, a record type, and values where
    /// LibreView writes them.
    pub fn find(head: &[Record<'_>]) -> Option<Self> {
        [LIBREVIEW, DESKTOP].into_iter().find_map(|columns| Self::with(columns, head))
    }

    fn with(columns: Columns, head: &[Record<'_>]) -> Option<Self> {
        let named = head.iter().position(|r| {
            words::normal(r.cell(columns.record_type)) == "recordtype" && words::is_time(r.cell(columns.time))
        });
        let first = head.iter().position(|r| columns.is_row(r));
        let heading = match (named, first) {
            (Some(heading), _) => Some(heading),
            (None, Some(first)) => {
                let rows = head.get(first..)?;
                if rows.iter().filter(|r| columns.is_row(r)).count() * 2 < rows.len() {
                    return None;
                }
                first.checked_sub(1)
            }
            (None, None) => return None,
        };
        let preamble = head.get(..heading.unwrap_or(0))?;
        let heading = heading.and_then(|h| head.get(h));
        // The time or the glucose column of another table can look like a record type; its heading says what it is.
        if named.is_none() && heading.is_some_and(|h| words::value_rank(h.cell(columns.record_type)) > 0) {
            return None;
        }
        let columns = heading.map_or(columns, |h| columns.with_strip_of(h));
        Some(Self {
            first_line: heading.map_or(1, |h| h.line + 1),
            made: preamble.iter().flat_map(Record::cells).find_map(RawTime::parse),
            columns,
            unit: heading.and_then(|h| {
                [columns.historic, columns.scan, columns.strip].into_iter().find_map(|c| unit_in(h.cell(c)))
            }),
        })
    }

    /// Takes a historic, scan or strip value; other record types (ketone, insulin, food, notes) hold no glucose.
    pub fn read(&self, record: &Record<'_>, draft: &mut Draft) {
        let columns = &self.columns;
        let (kind, device, column) = match record.cell(columns.record_type) {
            "0" => (RowKind::Historic, Device::LibreSensor, columns.historic),
            // The phone shows a Libre 3's stored values: its "scans" are looks at the screen.
            "1" if columns.serial.is_some() && is_libre_3(record.cell(0)) => return,
            "1" => (RowKind::Scan, Device::LibreSensor, columns.scan),
            "2" => (RowKind::Strip, Device::LibreStrip, columns.strip),
            other if other.parse::<u8>().is_ok() => return,
            _ => return draft.reject(record.line, RejectReason::Malformed),
        };
        let run = draft.run(kind, columns.serial.map_or("", |c| record.cell(c)));
        draft.rows.push(RawRow {
            line: record.line,
            time: RawTime::parse(record.cell(columns.time)),
            value: numbers::parse(record.cell(column)),
            unit: self.unit,
            kind,
            device: Some(device),
            state: MealState::Random,
            notes: words::notes(record.cell(columns.notes)),
            run,
        });
    }
}

impl Columns {
    /// Versions of the table differ in the columns between the scan and the strip: the English heading tells, if it is one.
    fn with_strip_of(self, heading: &Record<'_>) -> Self {
        let strip = heading.cells().position(|c| words::normal(c).starts_with("stripglucose"));
        strip.map_or(self, |strip| Self { strip, notes: strip.saturating_sub(1), ..self })
    }

    fn is_row(&self, record: &Record<'_>) -> bool {
        let value = |c| record.cell(c).is_empty() || numbers::parse(record.cell(c)).is_some();
        record.len() >= self.least
            && matches!(record.cell(self.record_type), "0" | "1" | "2" | "3" | "4" | "5" | "6")
            && RawTime::parse(record.cell(self.time)).is_some()
            && value(self.historic)
            && value(self.scan)
    }
}

fn is_libre_3(device: &str) -> bool {
    device.contains('3') && words::normal(device).contains("libre3")
}
