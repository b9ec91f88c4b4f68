//! What only the whole file can tell, and the judgement of every row.

use std::collections::HashSet;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    clock::from_local,
    field::Problem,
    glucose::{CLOCK_SKEW, Clip, Glucose, NewReading, Source, Unit, not_in_future},
    ports::{DateOrder, FileFormat, ImportAnswers, ImportQuestion, RejectReason, RejectedLine},
};

use super::{
    Device, Draft, ImportedReading, ParsedFile, RawRow, RowKind,
    dates::{self, Order, RawTime},
    numbers::RawValue,
};

/// Above this a value is surely in mg/dL: 40 mmol/L is past what any meter reads.
const SURELY_MG_DL: f64 = 40.0;
/// Fewest readings whose spacing tells a sensor.
const SENSOR_READINGS: usize = 24;
/// Longest median spacing of a sensor's readings, seconds: Libre writes every 15 minutes.
const SENSOR_SPACING_S: i64 = 20 * 60;

/// Decides date order, unit and device, and makes readings.
pub fn finish(draft: Draft, format: FileFormat, answers: &ImportAnswers, zone: Tz, now: DateTime<Utc>) -> ParsedFile {
    let mut questions = Vec::new();
    let order = match answers.date_order.map_or_else(|| order(&draft, zone, now), Order::Settled) {
        Order::Settled(order) => order,
        Order::Open => {
            questions.push(ImportQuestion::DateOrder);
            DateOrder::DayMonth
        }
    };
    let (unit, sure) = unit(&draft.rows, format, answers);
    if !sure {
        questions.push(ImportQuestion::Unit);
    }
    let device = if spaced_like_a_sensor(&draft.rows, order) { Device::Sensor } else { Device::Meter };

    let mut rejected = draft.rejected;
    let mut rows = Vec::with_capacity(draft.rows.len());
    let mut seen = HashSet::with_capacity(draft.rows.len());
    let mut duplicates = 0_u32;
    let mut mmol = 0;
    for raw in draft.rows {
        let judge = Judge { order, zone, now, unit: raw.unit.unwrap_or(unit), device: raw.device.unwrap_or(device) };
        match judge.reading(raw) {
            Ok(row) => {
                let reading = &row.reading;
                let same = (
                    reading.recorded_at,
                    row.kind,
                    reading.clip,
                    reading.glucose.value().to_bits(),
                    reading.glucose.unit(),
                );
                if seen.insert(same) {
                    mmol += usize::from(reading.glucose.unit() == Unit::MmolL);
                    rows.push(row);
                } else {
                    duplicates = duplicates.saturating_add(1);
                }
            }
            Err(line) => rejected.push(line),
        }
    }
    rejected.sort_by_key(|r| r.line);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let most = if mmol * 2 > rows.len() { Unit::MmolL } else { Unit::MgDl };
    ParsedFile {
        format,
        unit: (sure && !rows.is_empty()).then_some(most),
        glucose_rows: count(rows.len()).saturating_add(count(rejected.len())).saturating_add(duplicates),
        rows,
        meals: Vec::new(),
        rejected,
        questions,
        duplicates,
    }
}

fn order(draft: &Draft, zone: Tz, now: DateTime<Utc>) -> Order {
    let times: Vec<(u32, RawTime)> = draft.rows.iter().filter_map(|r| Some((r.run, r.time?))).collect();
    let latest = (now + CLOCK_SKEW).with_timezone(&zone).naive_local();
    dates::decide(&times, latest, draft.made)
}

/// The unit of the rows that state none, and whether it is certain.
fn unit(rows: &[RawRow], format: FileFormat, answers: &ImportAnswers) -> (Unit, bool) {
    let silent = || rows.iter().filter(|r| r.unit.is_none()).filter_map(|r| r.value);
    if silent().next().is_none() {
        return (Unit::MgDl, true);
    }
    if let Some(unit) = answers.unit {
        return (unit, true);
    }
    if silent().any(|v| v.number.is_some_and(|n| n > SURELY_MG_DL)) {
        return (Unit::MgDl, true);
    }
    // Both vendors' sensors begin at 40 mg/dL, and mg/dL has no fraction.
    let sure = matches!(format, FileFormat::LibreView | FileFormat::Clarity) || silent().any(|v| v.fraction);
    (Unit::MmolL, sure)
}

/// Whether a file that does not say what measured is spaced like a sensor's.
fn spaced_like_a_sensor(rows: &[RawRow], order: DateOrder) -> bool {
    if rows.iter().all(|r| r.device.is_some()) {
        return false;
    }
    let mut times: Vec<i64> = rows.iter().filter_map(|r| Some(r.time?.local(order)?.and_utc().timestamp())).collect();
    times.sort_unstable();
    times.dedup();
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| if let [a, b] = pair { b - a } else { 0 }).collect();
    gaps.sort_unstable();
    times.len() >= SENSOR_READINGS && gaps.get(gaps.len() / 2).is_some_and(|gap| *gap <= SENSOR_SPACING_S)
}

struct Judge {
    order: DateOrder,
    zone: Tz,
    now: DateTime<Utc>,
    unit: Unit,
    device: Device,
}

impl Judge {
    fn reading(&self, raw: RawRow) -> Result<ImportedReading, RejectedLine> {
        let line = raw.line;
        let rejected = |reason| RejectedLine { line, reason };
        let recorded_at = self.instant(raw.time).map_err(rejected)?;
        let (glucose, clip) =
            self.glucose(raw.value.ok_or(RejectReason::Value).map_err(rejected)?).map_err(rejected)?;
        let sensor = self.device.is_sensor();
        Ok(ImportedReading {
            line,
            kind: raw.kind,
            import_key: key(recorded_at, raw.kind, glucose, clip),
            reading: NewReading {
                client_id: None,
                glucose,
                clip,
                state: raw.state,
                source: if sensor { Source::Sensor } else { Source::Import },
                recorded_at,
                notes: raw.notes,
            },
        })
    }

    fn instant(&self, time: Option<RawTime>) -> Result<DateTime<Utc>, RejectReason> {
        let time = time.ok_or(RejectReason::Time)?;
        let local = time.local(self.order).ok_or(RejectReason::Time)?;
        let at = match time.offset_s {
            Some(offset) => {
                let offset = chrono::TimeDelta::seconds(i64::from(offset));
                local.checked_sub_signed(offset).ok_or(RejectReason::Time)?.and_utc()
            }
            None => from_local(local, self.zone).map_err(reason)?,
        };
        not_in_future(at, self.now).map_err(reason)
    }

    /// "Low" becomes the least value that the device can measure, marked as clipped. A number at the end of a Libre's scale
    /// is what it writes instead of "LO" or "HI"; a Dexcom writes the words.
    fn glucose(&self, value: RawValue) -> Result<(Glucose, Option<Clip>), RejectReason> {
        let (low, high) = self.device.limits(self.unit);
        let (number, clip) = match (value.number, value.clip) {
            (Some(number), Some(clip)) => (number, Some(clip)),
            (None, Some(Clip::Low)) => (low, Some(Clip::Low)),
            (None, _) => (high, Some(Clip::High)),
            (Some(number), None) => match self.device {
                Device::LibreSensor | Device::LibreStrip if number <= low => (number, Some(Clip::Low)),
                Device::LibreSensor | Device::LibreStrip if number >= high => (number, Some(Clip::High)),
                Device::Dexcom if number < low => (number, Some(Clip::Low)),
                Device::Dexcom if number > high => (number, Some(Clip::High)),
                // Glooko writes 0.1 mmol/L for a sensor's "low".
                Device::Sensor if number > 0.0 && number < 0.6 => (low, Some(Clip::Low)),
                _ => (number, None),
            },
        };
        let glucose = Glucose::new(number, self.unit).map_err(|_| RejectReason::OutOfRange)?;
        Ok((glucose, clip))
    }
}

fn reason(problem: Problem) -> RejectReason {
    match problem {
        Problem::InFuture => RejectReason::InFuture,
        Problem::NoSuchLocalTime => RejectReason::NoSuchLocalTime,
        _ => RejectReason::Time,
    }
}

/// See [`ImportedReading::import_key`]: 11 digits and a sign at most for the second, 20 characters for the value.
pub(super) fn key(at: DateTime<Utc>, kind: RowKind, glucose: Glucose, clip: Option<Clip>) -> String {
    let mut key = String::with_capacity(32);
    let clip = match clip {
        Some(Clip::Low) => "<",
        Some(Clip::High) => ">",
        None => "",
    };
    let letter = kind.letter();
    let (value, unit) = (glucose.value(), glucose.unit().as_str());
    // Writing to a String cannot fail.
    let _ = write!(key, "{}{letter}{clip}{value}{unit}", at.timestamp());
    key
}
