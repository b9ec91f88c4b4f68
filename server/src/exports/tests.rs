//! The files of invented data.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    glucose::{Clip, Glucose, MealState, Sample, Source, Unit},
    ids::{MealId, PatientId, ReadingId},
    meal::{Meal, MealType},
    metrics::{Period, Terms, report},
    people::Preset,
    ports::{ExportFormat, FileFormat, ImportAnswers},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::{Export, ExportReading, write};
use crate::imports;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_795_000_000_000).unwrap()
}

fn export(readings: Vec<ExportReading>, meals: Vec<Meal>) -> Export {
    let samples: Vec<Sample> = readings
        .iter()
        .map(|r| Sample { at: r.at, glucose: r.glucose, sensor: r.source == Source::Sensor, state: r.state })
        .collect();
    let zone = Tz::Asia__Kolkata;
    let period = Period::ending(domain::clock::local_date(now(), zone), 14);
    Export {
        patient: PatientId(Uuid::from_u128(1)),
        name: "Asha Verma".into(),
        birth_year: Some(1972),
        zone: zone.name().into(),
        goals: Preset::Adult.into(),
        report: report(&samples, period, Terms { zone, goals: Preset::Adult.into(), force: false }),
        hba1c: None,
        readings,
        meals,
        made_at: now(),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{1,40}", "[=+@'\"-][ -~]{0,20}", "[अ-हa-z,;\"\n]{1,30}", Just("रोटी, \"dal\"\n+1".to_owned()),]
}

fn a_reading() -> impl Strategy<Value = ExportReading> {
    let glucose = prop_oneof![
        (10_u32..=1000).prop_map(|v| Glucose::new(f64::from(v), Unit::MgDl).unwrap()),
        (6_u32..=555).prop_map(|v| Glucose::new(f64::from(v) / 10.0, Unit::MmolL).unwrap()),
        (10.0..1000.0).prop_map(|v| Glucose::new(v, Unit::MgDl).unwrap()),
    ];
    let notes = proptest::option::of(text()).prop_map(|t| domain::glucose::parse_notes(t).unwrap());
    let clip = prop_oneof![4 => Just(None), 1 => Just(Some(Clip::Low)), 1 => Just(Some(Clip::High))];
    let (state, source) = (prop::sample::select(MealState::ALL), prop::sample::select(Source::ALL));
    (0_i64..2_000_000_000, glucose, clip, state, source, notes).prop_map(
        |(ago, glucose, clip, state, source, notes)| ExportReading {
            id: ReadingId(Uuid::from_u128(ago.unsigned_abs().into())),
            at: now() - TimeDelta::milliseconds(ago),
            glucose,
            clip,
            state,
            source,
            notes,
        },
    )
}

fn a_meal() -> impl Strategy<Value = Meal> {
    let item = "[=+@'-]?[A-Za-zअ-ह0-9(),\" ]{0,20}[a-zअ-ह]";
    let items = prop::collection::vec(item, 1..20)
        .prop_map(|items| items.iter().map(|i| i.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>());
    let carbs = proptest::option::of((0_u32..=5000).prop_map(|v| f64::from(v) / 10.0));
    (0_i64..2_000_000_000, items, carbs, prop::sample::select(MealType::ALL)).prop_map(
        |(ago, food_items, estimated_carbs, meal_type)| Meal {
            id: MealId(Uuid::from_u128(7)),
            client_id: None,
            food_items,
            meal_type,
            estimated_carbs,
            photo_id: None,
            recorded_at: now() - TimeDelta::milliseconds(ago),
            version: 1,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn our_importer_reads_the_csv_back_to_the_same_readings_and_meals(
        readings in prop::collection::vec(a_reading(), 0..40),
        meals in prop::collection::vec(a_meal(), 0..10),
    ) {
        let mut sorted = readings.clone();
        sorted.sort_by_key(|r| r.at);
        sorted.dedup_by_key(|r| r.at);
        let mut meals = meals;
        meals.sort_by_key(|m| m.recorded_at);
        meals.dedup_by_key(|m| m.recorded_at);
        let file = write(&export(sorted.clone(), meals.clone()), ExportFormat::Csv).unwrap();
        for cell in csv::ReaderBuilder::new().from_reader(file.as_slice()).records().flat_map(|r| {
            r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()
        }) {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "a formula: {cell}");
        }
        let read = imports::parse(&file, &ImportAnswers::default(), Tz::Europe__Berlin, now()).unwrap();
        prop_assert_eq!((read.format, read.rejected.len(), read.questions.len(), read.duplicates), (FileFormat::Own, 0, 0, 0));
        let got: Vec<_> = read.rows.iter().map(|row| &row.reading).collect();
        prop_assert_eq!(got.len(), sorted.len());
        for (got, sent) in got.iter().zip(&sorted) {
            prop_assert_eq!(
                (got.recorded_at, got.glucose, got.clip, got.state, got.source, &got.notes),
                (sent.at, sent.glucose, sent.clip, sent.state, sent.source, &sent.notes)
            );
        }
        prop_assert_eq!(read.meals.len(), meals.len());
        for (got, sent) in read.meals.iter().zip(&meals) {
            prop_assert_eq!(
                (&got.food_items, got.meal_type, got.estimated_carbs, got.recorded_at),
                (&sent.food_items, sent.meal_type, sent.estimated_carbs, sent.recorded_at)
            );
        }
    }
}

#[test]
fn a_bad_row_of_our_own_file_is_named_and_the_others_go_in() {
    let head = super::HEADER.join(",");
    let file = format!(
        "{head}\r\nreading,2026-11-01T08:00:00Z,110,mg/dL,,RANDOM,MANUAL,,,,\r\nreading,soon,110,mg/dL,,RANDOM,MANUAL,,,,\r\n\
         reading,2026-11-01T09:00:00Z,9,mg/dL,,RANDOM,MANUAL,,,,\r\nmeal,2026-11-01T09:00:00Z,,,,,,,LUNCH,-1,roti\r\nx\r\n\
         reading,2026-11-01T08:00:00Z,110,mg/dL,,RANDOM,MANUAL,,,,\r\n"
    );
    let read = imports::parse(file.as_bytes(), &ImportAnswers::default(), Tz::UTC, now()).unwrap();
    assert_eq!((read.rows.len(), read.meals.len(), read.duplicates), (1, 0, 1));
    assert_eq!(read.rejected.iter().map(|r| r.line).collect::<Vec<_>>(), [3, 4, 5, 6]);
}

#[test]
fn the_fhir_bundle_names_each_reading_by_device_and_unit_and_withholds_what_the_report_withholds() {
    let at = now() - TimeDelta::days(1);
    let reading = |n: i64, value: f64, unit, source, clip| ExportReading {
        id: ReadingId(Uuid::from_u128(n.unsigned_abs().into())),
        at: at + TimeDelta::minutes(5 * n),
        glucose: Glucose::new(value, unit).unwrap(),
        clip,
        state: MealState::Random,
        source,
        notes: None,
    };
    let readings = vec![
        reading(1, 110.0, Unit::MgDl, Source::Sensor, None),
        reading(2, 6.1, Unit::MmolL, Source::Sensor, None),
        reading(3, 40.0, Unit::MgDl, Source::Sensor, Some(Clip::Low)),
        reading(4, 120.0, Unit::MgDl, Source::Manual, None),
    ];
    let bundle: serde_json::Value =
        serde_json::from_slice(&write(&export(readings, Vec::new()), ExportFormat::Fhir).unwrap()).unwrap();
    let codes: Vec<&str> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["resource"]["code"]["coding"][0]["code"].as_str())
        .collect();
    for code in ["99504-3", "105272-9", "41653-7", "106793-3", "104638-2"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    for code in ["97506-0", "107931-8"] {
        assert!(!codes.contains(&code), "too little data for {code}");
    }
    let clipped =
        bundle["entry"].as_array().unwrap().iter().find(|e| e["resource"]["valueQuantity"]["comparator"] == "<");
    assert_eq!(clipped.unwrap()["resource"]["valueQuantity"]["value"], 40.0);
}
