//! Builders for series of samples.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    clock::day_start,
    glucose::{Glucose, MealState, Sample, Unit},
    metrics::{Period, Terms},
    people::Preset,
};

/// Where most tests take place; no summer time there.
pub const KOLKATA: Tz = Tz::Asia__Kolkata;

/// A date in November 2026.
pub fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// Local midnight in India.
pub fn midnight(date: NaiveDate) -> DateTime<Utc> {
    day_start(date, KOLKATA)
}

/// A sensor value in mg/dL.
pub fn sensor(at: DateTime<Utc>, mg_dl: f64) -> Sample {
    Sample { at, glucose: Glucose::new(mg_dl, Unit::MgDl).unwrap(), sensor: true, state: MealState::Random }
}

/// A meter value in mg/dL.
pub fn meter(at: DateTime<Utc>, mg_dl: f64, state: MealState) -> Sample {
    Sample { at, glucose: Glucose::new(mg_dl, Unit::MgDl).unwrap(), sensor: false, state }
}

/// Sensor values every `minutes` from an instant on.
pub fn every(minutes: i64, from: DateTime<Utc>, values: impl IntoIterator<Item = f64>) -> Vec<Sample> {
    let at = |i: usize| from + TimeDelta::minutes(minutes * i64::try_from(i).unwrap());
    values.into_iter().enumerate().map(|(i, value)| sensor(at(i), value)).collect()
}

/// A wave around 140 mg/dL: value `i` of the second complete vector of the clinical sources.
pub fn v2(i: usize) -> f64 {
    let turn = std::f64::consts::TAU * i as f64;
    (140.0 + 60.0 * (turn / 288.0).sin() + 25.0 * (turn / 72.0).sin()).round()
}

/// The first complete vector.
pub const V1: [f64; 10] = [54.0, 70.0, 100.0, 120.0, 150.0, 180.0, 181.0, 250.0, 251.0, 300.0];

/// Adult terms in India.
pub fn terms(force: bool) -> Terms {
    Terms { zone: KOLKATA, goals: Preset::Adult.into(), force }
}

/// The local days.
pub fn days(from: NaiveDate, to: NaiveDate) -> Period {
    Period::new(from, to)
}
