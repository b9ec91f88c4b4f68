//! Our own CSV ([`crate::exports`]): every cell says exactly what it holds, so nothing has to be asked.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::{
    field::Problem,
    glucose::{Clip, Glucose, MealState, NewReading, Source, Unit, not_in_future, parse_instant, parse_notes},
    meal::{NewMeal, RawMeal},
    ports::{FileFormat, RejectReason, RejectedLine},
};

use super::{ImportedReading, ParsedFile, RowKind, finish::key, within_limit};
use crate::exports::{HEADER, MEAL, READING, unguarded};

/// Reads a file of ours; none if it is another's. Of one instant, value and unit there is one reading.
pub fn parse(text: &str, now: DateTime<Utc>) -> Option<Result<ParsedFile, Problem>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    if !reader.headers().ok()?.iter().map(str::trim).eq(HEADER) {
        return None;
    }
    Some(rows(reader, text, now))
}

fn rows(mut reader: csv::Reader<&[u8]>, text: &str, now: DateTime<Utc>) -> Result<ParsedFile, Problem> {
    let (mut rows, mut meals, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    let (mut seen, mut seen_meals) = (HashSet::new(), HashSet::new());
    let mut duplicates = 0_u32;
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    loop {
        let line = lines.line_at(usize::try_from(reader.position().byte()).unwrap_or(usize::MAX));
        let mut record = csv::StringRecord::new();
        let record = match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => Ok(record),
            Err(error) => Err(error),
        };
        let row = record.map_err(|_| RejectReason::Malformed).and_then(|record| match record.get(0) {
            Some(READING) => reading(&record, now).map(Row::Reading),
            Some(MEAL) => meal(&record, now).map(Row::Meal),
            _ => Err(RejectReason::Malformed),
        });
        match row {
            Ok(Row::Reading(reading)) => {
                let mut key = key(reading.recorded_at, RowKind::Plain, reading.glucose, reading.clip);
                // A device counts seconds; what was typed or sent here may not.
                if let ms @ 1.. = reading.recorded_at.timestamp_subsec_millis() {
                    key = format!("{key}.{ms}");
                }
                if seen.insert(key.clone()) {
                    rows.push(ImportedReading { line, kind: RowKind::Plain, import_key: key, reading });
                } else {
                    duplicates = duplicates.saturating_add(1);
                }
            }
            Ok(Row::Meal(meal)) => {
                if seen_meals.insert((meal.recorded_at, meal.meal_type, meal.food_items.clone())) {
                    meals.push(meal);
                }
            }
            Err(reason) => rejected.push(RejectedLine { line, reason }),
        }
        within_limit(rows.len() + meals.len() + rejected.len())?;
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mmol = rows.iter().filter(|row| row.reading.glucose.unit() == Unit::MmolL).count();
    let most = if mmol * 2 > rows.len() { Unit::MmolL } else { Unit::MgDl };
    Ok(ParsedFile {
        format: FileFormat::Own,
        unit: (!rows.is_empty()).then_some(most),
        glucose_rows: count(rows.len()).saturating_add(count(rejected.len())).saturating_add(duplicates),
        rows,
        meals,
        rejected,
        questions: Vec::new(),
        duplicates,
    })
}

/// Tells the line of a place in the text; places are asked for in order.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a record that begins at a place, or after the line ends there: the reader stops before them.
    fn line_at(&mut self, place: usize) -> u32 {
        let rest = self.text.get(place..).unwrap_or_default();
        let place = place + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let passed = self.text.get(self.at..place).unwrap_or_default();
        let lines = passed.split(|b| *b == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)).saturating_sub(1);
        self.at = place.max(self.at);
        self.line
    }
}

enum Row {
    Reading(NewReading),
    Meal(NewMeal),
}

fn reading(record: &csv::StringRecord, now: DateTime<Utc>) -> Result<NewReading, RejectReason> {
    let cell = |index| record.get(index).unwrap_or("");
    let value: f64 = cell(2).parse().map_err(|_| RejectReason::Value)?;
    let unit = Unit::parse(cell(3)).map_err(|_| RejectReason::Value)?;
    let clip = match cell(4) {
        "" => None,
        text => Some(Clip::parse(text).ok_or(RejectReason::Value)?),
    };
    Ok(NewReading {
        client_id: None,
        glucose: Glucose::new(value, unit).map_err(|_| RejectReason::OutOfRange)?,
        clip,
        state: MealState::parse(cell(5)).map_err(|_| RejectReason::Malformed)?,
        source: Source::parse(cell(6)).map_err(|_| RejectReason::Malformed)?,
        recorded_at: instant(cell(1), now)?,
        notes: parse_notes(Some(unguarded(cell(7)).to_owned())).map_err(|_| RejectReason::Malformed)?,
    })
}

fn meal(record: &csv::StringRecord, now: DateTime<Utc>) -> Result<NewMeal, RejectReason> {
    let cell = |index| record.get(index).unwrap_or("");
    let carbs = match cell(9) {
        "" => None,
        text => Some(text.parse().map_err(|_| RejectReason::Value)?),
    };
    instant(cell(1), now)?;
    let raw = RawMeal {
        client_id: None,
        food_items: unguarded(cell(10)).split('\n').map(str::to_owned).collect(),
        meal_type: Some(cell(8).to_owned()),
        estimated_carbs: carbs,
        recorded_at: Some(cell(1).to_owned()),
    };
    raw.parse(now).map_err(|errors| {
        if errors.of("estimatedCarbs").is_some() { RejectReason::OutOfRange } else { RejectReason::Malformed }
    })
}

fn instant(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, RejectReason> {
    parse_instant(Some(text)).and_then(|at| not_in_future(at, now)).map_err(|problem| match problem {
        Problem::InFuture => RejectReason::InFuture,
        _ => RejectReason::Time,
    })
}
