//! Every file of `vectors/`: what they mean is in `vectors/README.md`, the numbers are computed by `vectors/make.py`.
#![expect(clippy::unwrap_used, reason = "helpers of tests; a panic is a failed test")]

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    clock::parse_zone,
    glucose::{Glucose, MealState, Sample, Unit},
    metrics::{Period, Terms, report},
    people::Preset,
};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vector {
    about: String,
    zone: String,
    preset: String,
    force: bool,
    period: Span,
    series: Vec<Run>,
    expected: Map<String, Value>,
}

#[derive(Deserialize)]
struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Run {
    device: String,
    unit: String,
    start: DateTime<Utc>,
    every_seconds: i64,
    values: Vec<Value>,
    clip: Option<Map<String, Value>>,
}

impl Run {
    fn samples(&self) -> impl Iterator<Item = Sample> + '_ {
        let unit = Unit::parse(&self.unit).unwrap();
        assert!(["sensor", "meter"].contains(&self.device.as_str()), "{}", self.device);
        (0..).zip(&self.values).filter_map(move |(i, value)| {
            let number = match value {
                Value::Null => return None,
                Value::String(clip) => self.clip.as_ref().unwrap()[clip].as_f64().unwrap(),
                number => number.as_f64().unwrap(),
            };
            Some(Sample {
                at: self.start + TimeDelta::seconds(self.every_seconds * i),
                glucose: Glucose::new(number, unit).unwrap(),
                sensor: self.device == "sensor",
                state: MealState::Random,
            })
        })
    }
}

fn files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|f| f.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    files
}

/// Where two figures differ, by their path; numbers may differ by 1e-9 of their size.
fn differences(path: &str, got: &Value, expected: &Value, found: &mut Vec<String>) {
    match (got, expected) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            if (a - b).abs() > 1e-9 * b.abs().max(1.0) {
                found.push(format!("{path}: {a}, expected {b}"));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{i}]"), a, b, found);
            }
        }
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, a) in a {
                differences(&format!("{path}.{key}"), a, &b[key], found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {a}, expected {b}")),
    }
}

#[test]
fn every_vector_gives_the_figures_that_were_computed_apart() {
    let files = files();
    assert!(files.len() >= 35, "{} files", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let vector: Vector = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let mut samples: Vec<Sample> = vector.series.iter().flat_map(Run::samples).collect();
        samples.reverse(); // the order of the input means nothing
        let terms = Terms {
            zone: parse_zone(&vector.zone).unwrap(),
            goals: Preset::parse(&vector.preset).unwrap().into(),
            force: vector.force,
        };
        let got = report(&samples, Period::new(vector.period.from, vector.period.to), terms);
        let mut found = Vec::new();
        let got = serde_json::to_value(got).unwrap();
        differences("", &got, &Value::Object(vector.expected), &mut found);
        assert!(found.is_empty(), "{} ({}):\n{}", file.display(), vector.about, found.join("\n"));
    }
}
