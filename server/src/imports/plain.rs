//! Any table with times and glucose values: a meter's or an app's export, a spreadsheet, the CSV of those in [`super::vendor`].
//!
//! Columns are found by the heading's words, in whatever line it stands, and by what the cells hold; without a heading by the
//! cells alone.

use domain::{
    glucose::{MealState, Unit},
    ports::{FileFormat, RejectReason},
};

use super::{
    Device, Draft, RawRow, RowKind,
    dates::{RawTime, is_clock, is_date},
    numbers::{self, unit_in},
    records::Record,
    vendor, words,
};

/// Most lines before the heading.
const PREAMBLE: usize = 30;
/// Most columns looked at.
const COLUMNS: usize = 64;
/// Most columns of values: sensor and meter, or one per unit.
const VALUES: usize = 4;

/// Where the columns are.
pub struct Layout {
    /// Whose it is, if its heading tells.
    pub format: FileFormat,
    /// First line after the heading.
    pub first_line: u32,
    time: TimeColumns,
    time_heading: String,
    values: Vec<ValueColumn>,
    unit: Option<usize>,
    state: Option<usize>,
    notes: Option<usize>,
    /// Filled where a meter was tested with its control solution: no reading of the patient's.
    control: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
enum TimeColumns {
    One(usize),
    DateAndClock(usize, usize),
}

struct ValueColumn {
    index: usize,
    unit: Option<Unit>,
    device: Option<Device>,
}

impl Layout {
    /// Finds the columns; `None` if there is no time or no value.
    pub fn find(head: &[Record<'_>]) -> Option<Self> {
        let named = head.iter().take(PREAMBLE).position(is_heading);
        let (heading, first) = match named {
            Some(heading) => (Some(heading), heading + 1),
            None => above(head, head.iter().position(has_time)?),
        };
        let rows = head.get(first..)?;
        let nothing = Record::default();
        let heading_record = heading.and_then(|h| head.get(h)).unwrap_or(&nothing);
        let table = Table { heading: heading_record, rows };
        let time = table.time()?;
        let preamble_unit = head
            .get(..first)?
            .iter()
            .flat_map(Record::cells)
            .filter(|c| !words::normal(c).contains("keton"))
            .find_map(unit_in);
        let vendor = vendor::of(head);
        let mut values = table.values(time, preamble_unit);
        for column in &mut values {
            column.device = column.device.or(vendor.and_then(|v| v.device));
        }
        if values.is_empty() {
            return None;
        }
        let taken = |c: &usize| time.contains(*c) || values.iter().any(|v| v.index == *c);
        let free = || (0..table.width()).filter(|c| !taken(c));
        Some(Self {
            format: vendor.map_or(FileFormat::Plain, |v| v.format),
            first_line: heading.and_then(|h| head.get(h)).map_or(1, |h| h.line + 1),
            time_heading: heading_record.cell(time.first()).to_owned(),
            unit: free().find(|c| table.mostly(*c, |cell| numbers::unit(cell).is_some())),
            state: free().find(|c| {
                words::is_state(heading_record.cell(*c)) || table.mostly(*c, |cell| words::state(cell).is_some())
            }),
            control: free().find(|c| words::is_control(heading_record.cell(*c))),
            notes: free().find(|c| words::is_notes(heading_record.cell(*c))),
            time,
            values,
        })
    }

    /// Takes the first value of a row. A row without one is passed over if it holds something else (insulin, food).
    pub fn read(&self, record: &Record<'_>, draft: &mut Draft) {
        let time_cell = record.cell(self.time.first());
        if !time_cell.is_empty() && time_cell == self.time_heading {
            return;
        }
        if self.control.is_some_and(|c| !record.cell(c).is_empty()) {
            return;
        }
        let filled = self.values.iter().find(|v| !record.cell(v.index).is_empty());
        let Some(column) = filled.or_else(|| self.values.first().filter(|_| !self.holds_something_else(record))) else {
            return;
        };
        let first_value = self.values.first().map_or(0, |v| v.index);
        if record.len() <= self.time.last().max(first_value) {
            return draft.reject(record.line, RejectReason::Malformed);
        }
        let cell = record.cell(column.index);
        let value = numbers::parse(cell);
        let unit_cell = self.unit.and_then(|c| numbers::unit(record.cell(c)));
        draft.rows.push(RawRow {
            line: record.line,
            time: self.time.read(record),
            value,
            unit: value.and_then(|v| v.unit).or(unit_cell).or(column.unit),
            kind: RowKind::Plain,
            device: column.device,
            state: self.state.and_then(|c| words::state(record.cell(c))).unwrap_or(MealState::Random),
            notes: self.notes.and_then(|c| words::notes(record.cell(c))),
            run: 0,
        });
    }

    fn holds_something_else(&self, record: &Record<'_>) -> bool {
        let ours = |c: usize| {
            self.time.contains(c)
                || self.values.iter().any(|v| v.index == c)
                || [self.unit, self.state, self.notes].contains(&Some(c))
        };
        record.cells().enumerate().any(|(c, cell)| !cell.is_empty() && !ours(c))
    }
}

impl TimeColumns {
    fn first(self) -> usize {
        match self {
            Self::One(c) | Self::DateAndClock(c, _) => c,
        }
    }

    fn last(self) -> usize {
        match self {
            Self::One(c) => c,
            Self::DateAndClock(a, b) => a.max(b),
        }
    }

    fn contains(self, column: usize) -> bool {
        match self {
            Self::One(c) => c == column,
            Self::DateAndClock(a, b) => a == column || b == column,
        }
    }

    fn read(self, record: &Record<'_>) -> Option<RawTime> {
        match self {
            Self::One(c) => RawTime::parse(record.cell(c)),
            Self::DateAndClock(a, b) => RawTime::parse_split(record.cell(a), record.cell(b)),
        }
    }
}

/// A heading names a time and, in another column, a value.
fn is_heading(record: &Record<'_>) -> bool {
    let time = record.cells().position(words::is_time);
    let value = record.cells().position(|c| words::value_rank(c) > 0);
    time.is_some() && value.is_some() && time != value && !has_time(record)
}

/// The heading above the first row with a time, if no line names its columns, and the first row. A line with a number in it
/// is no heading but a row that will be named as wrong.
fn above(head: &[Record<'_>], mut first: usize) -> (Option<usize>, usize) {
    let numbered = |index: usize| head.get(index).is_some_and(|r| r.cells().any(|c| numbers::parse(c).is_some()));
    while let Some(before) = first.checked_sub(1) {
        if !numbered(before) {
            return (Some(before), first);
        }
        first = before;
    }
    (None, first)
}

fn has_time(record: &Record<'_>) -> bool {
    record.cells().take(COLUMNS).any(|c| RawTime::parse(c).is_some())
        || (record.cells().take(COLUMNS).any(is_date) && record.cells().take(COLUMNS).any(is_clock))
}

/// The first lines, looked at by column.
struct Table<'a> {
    heading: &'a Record<'a>,
    rows: &'a [Record<'a>],
}

impl Table<'_> {
    fn width(&self) -> usize {
        self.rows.iter().map(Record::len).max().unwrap_or(0).max(self.heading.len()).min(COLUMNS)
    }

    /// Whether at least half of a column's filled cells are such.
    fn mostly(&self, column: usize, is: impl Fn(&str) -> bool) -> bool {
        let filled = || self.rows.iter().map(|r| r.cell(column)).filter(|c| !c.is_empty());
        let matching = filled().filter(|c| is(c)).count();
        matching > 0 && matching * 2 >= filled().count()
    }

    fn time(&self) -> Option<TimeColumns> {
        let columns = || 0..self.width();
        let rank = |c: &usize| words::time_rank(self.heading.cell(*c));
        let best = |columns: &mut dyn Iterator<Item = usize>| {
            columns.fold(None, |best: Option<usize>, c| match best {
                Some(b) if rank(&b) >= rank(&c) => Some(b),
                _ => Some(c),
            })
        };
        let full = best(&mut columns().filter(|c| self.mostly(*c, |cell| RawTime::parse(cell).is_some())));
        let clock = best(&mut columns().filter(|c| self.mostly(*c, is_clock)));
        let date = best(&mut columns().filter(|c| self.mostly(*c, is_date)));
        if let Some(full) = full {
            let midnights = self.mostly(full, |cell| RawTime::parse(cell).is_some_and(RawTime::is_midnight));
            return Some(match clock {
                Some(clock) if midnights => TimeColumns::DateAndClock(full, clock),
                _ => TimeColumns::One(full),
            });
        }
        match (date, clock) {
            (Some(date), Some(clock)) => Some(TimeColumns::DateAndClock(date, clock)),
            // No row has a time that can be read: by name, so that the rows can be named.
            _ => best(&mut columns().filter(|c| rank(c) >= 2)).map(TimeColumns::One),
        }
    }

    fn values(&self, time: TimeColumns, preamble: Option<Unit>) -> Vec<ValueColumn> {
        let free = || (0..self.width()).filter(|c| !time.contains(*c));
        let rank = |c: usize| words::value_rank(self.heading.cell(c));
        let is_value = |cell: &str| numbers::parse(cell).is_some();
        let most = free().map(rank).max().unwrap_or(0);
        let named: Vec<usize> = free().filter(|c| most > 0 && rank(*c) == most).collect();
        let filled: Vec<usize> = named.iter().copied().filter(|c| self.mostly(*c, is_value)).collect();
        let columns = match (filled.is_empty(), named.is_empty()) {
            (false, _) => filled,
            (true, false) => named,
            (true, true) => free().find(|c| self.mostly(*c, is_value) && !self.counts(*c)).into_iter().collect(),
        };
        columns
            .into_iter()
            .take(if most == words::STRONG { VALUES } else { 1 })
            .map(|index| {
                let heading = self.heading.cell(index);
                ValueColumn {
                    index,
                    unit: unit_in(heading).or(preamble),
                    device: words::is_sensor(heading).map(|sensor| if sensor { Device::Sensor } else { Device::Meter }),
                }
            })
            .collect()
    }

    /// Whether a column numbers the rows: each value is one more than the one before.
    fn counts(&self, column: usize) -> bool {
        let numbers: Vec<f64> =
            self.rows.iter().filter_map(|r| numbers::parse(r.cell(column))).filter_map(|v| v.number).collect();
        numbers.len() > 2 && numbers.windows(2).all(|pair| matches!(pair, [a, b] if (b - a - 1.0).abs() < f64::EPSILON))
    }
}
