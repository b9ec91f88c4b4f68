//! Laboratory values and records: whatever comes in, what is taken lies in its range and reads back.

use chrono::{DateTime, Utc};
use domain::{
    field::Problem,
    forms::Fields,
    records::{Body, LabTest, LabValue, MediaType, RawRecord, Record, RecordType, form},
};
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

/// A test, one of its units, and where between the ends of that unit's range.
fn a_value() -> impl Strategy<Value = LabValue> {
    (proptest::sample::select(LabTest::ALL), any::<proptest::sample::Index>(), 0.0..=1.0).prop_map(
        |(test, unit, at)| {
            let (unit, min, max) = test.units()[unit.index(test.units().len())];
            LabValue { test, value: min + (max - min) * at, unit }
        },
    )
}

proptest! {
    #[test]
    fn a_value_in_range_is_taken_and_comes_back_from_every_unit_of_its_test(value in a_value()) {
        prop_assert_eq!(LabValue::new(value.test, value.value, value.unit), Ok(value));
        for (unit, ..) in value.test.units() {
            let there = LabValue { value: value.in_unit(*unit).unwrap(), unit: *unit, ..value };
            let back = there.in_unit(value.unit).unwrap();
            prop_assert!((back - value.value).abs() <= 1e-9 * value.value.abs().max(1.0), "{:?} {} {}", unit, value.value, back);
        }
    }

    #[test]
    fn conversion_keeps_the_order_of_values(a in a_value(), share in 0.0..1.0f64) {
        let smaller = LabValue { value: a.value * share, ..a };
        for (unit, ..) in a.test.units() {
            prop_assert!(smaller.in_unit(*unit).unwrap() <= a.in_unit(*unit).unwrap());
        }
    }

    #[test]
    fn a_number_is_taken_or_told_what_is_wrong_with_it(value in any::<f64>(), test in proptest::sample::select(LabTest::ALL)) {
        for (unit, min, max) in test.units() {
            match LabValue::new(test, value, *unit) {
                Ok(taken) => prop_assert!((*min..=*max).contains(&taken.value)),
                Err(Problem::NotANumber) => prop_assert!(!value.is_finite()),
                Err(Problem::FitsOtherUnit { unit: other }) => {
                    let named = test.units().iter().find(|(u, ..)| u.shown() == other).unwrap();
                    prop_assert!(LabValue::new(test, value, named.0).is_ok());
                }
                Err(Problem::OutOfRange { .. }) => prop_assert!(test.units().iter().all(|(u, ..)| LabValue::new(test, value, *u).is_err())),
                Err(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn whatever_json_says_of_a_record_what_is_taken_is_what_a_client_would_send_again(
        kind in proptest::sample::select(RecordType::ALL),
        numbers in proptest::collection::vec(prop_oneof![(0..50_000u32).prop_map(|n| f64::from(n) / 100.0), Just(f64::NAN), Just(-1.0), Just(1e300)], 4),
        text in "\\PC{0,140}",
        unit in proptest::sample::select(vec!["mg", "U", "mL", "tablet", "litre"]),
        day in "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
    ) {
        let some = |n: usize| numbers.get(n).copied();
        let of = |kinds: &[RecordType]| kinds.contains(&kind);
        let medicine = of(&[RecordType::Medicine]);
        let raw = RawRecord {
            r#type: Some(kind.as_str().into()),
            recorded_at: Some("2026-11-20T08:00:00Z".into()),
            notes: Some(text.clone()),
            laboratory: of(&[RecordType::LabReport]).then(|| text.clone()),
            name: medicine.then(|| text.clone()),
            kind: medicine.then(|| "TABLET".into()),
            since: medicine.then_some(day),
            amount: some(0).filter(|_| of(&[RecordType::Medicine, RecordType::Dose])),
            unit: of(&[RecordType::Medicine, RecordType::Dose]).then(|| unit.to_owned()),
            medicine_id: of(&[RecordType::Dose]).then(|| "0198c5a0-0000-7000-8000-000000000001".into()),
            weight_kg: some(1).filter(|_| of(&[RecordType::Weight])),
            systolic: some(2).filter(|_| of(&[RecordType::BloodPressure])).map(f64::trunc),
            diastolic: some(3).filter(|_| of(&[RecordType::BloodPressure])).map(f64::trunc),
            ..RawRecord::default()
        };
        if let Ok(new) = raw.parse(now()) {
            prop_assert_eq!(new.body.record_type(), kind);
            let record = Record {
                id: uuid::Uuid::nil().into(), client_id: None, recorded_at: new.recorded_at, body: new.body.clone(),
                notes: new.notes.clone(), file: None, version: 1,
            };
            let sealed: Body = serde_json::from_str(&serde_json::to_string(&record.body).unwrap()).unwrap();
            prop_assert_eq!(&sealed, &new.body);
            prop_assert_eq!(RawRecord::of(&record).parse(now()), Ok(new));
        }
    }

    #[test]
    fn a_form_of_anything_is_judged_and_breaks_nothing(
        kind in proptest::sample::select(RecordType::ALL),
        typed in proptest::collection::btree_map(
            proptest::sample::select(vec![
                "HBA1C", "HBA1C_unit", "LDL", "sampledOn", "laboratory", "recordedAt", "name", "kind", "amount", "unit", "timesADay",
                "since", "until", "medicineId", "weightKg", "systolic", "diastolic", "pulse", "notes",
            ]).prop_map(str::to_owned),
            prop_oneof!["\\PC{0,20}", "[0-9.,-]{0,8}", Just("2026-11-20T08:00".to_owned()), Just("mg/dL".to_owned())],
            0..10,
        ),
    ) {
        match form(kind, &Fields(typed)) {
            Ok(record) => prop_assert_eq!(record.body.record_type(), kind),
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }

    #[test]
    fn sniffing_looks_at_nothing_but_the_first_bytes(start in proptest::collection::vec(any::<u8>(), 16..24), rest in any::<Vec<u8>>()) {
        prop_assert_eq!(MediaType::of(&start), MediaType::of(&[start.clone(), rest].concat()));
    }
}
