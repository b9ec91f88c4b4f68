//! Who is put first, and why.

use crate::support::{KOLKATA, every, meter, midnight, nov, sensor, v2};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    glucose::{MealState, Sample},
    metrics::Kind,
    people::Preset,
    triage::{Priority, Reason, Standing, need, priority, reasons_at, standing},
};

fn of(samples: &[Sample]) -> Standing {
    standing(samples, KOLKATA, Preset::Adult)
}

fn codes(reasons: &[Reason]) -> Vec<&'static str> {
    reasons.iter().map(Reason::code).collect()
}

/// Days of a 5-minute sensor of which a share of each day has another value than 120 mg/dL.
fn sensor_days(from: u32, days: u32, shares: &[(f64, usize)]) -> Vec<Sample> {
    let day: Vec<f64> = shares.iter().flat_map(|(value, n)| std::iter::repeat_n(*value, *n)).collect();
    let rest = 288 - day.len();
    let day: Vec<f64> = std::iter::repeat_n(120.0, rest).chain(day).collect();
    (from..from + days).flat_map(|d| every(5, midnight(nov(d)), day.clone())).collect()
}

#[test]
fn a_patient_on_target_gives_no_reason() {
    let got = of(&sensor_days(1, 28, &[(200.0, 40)]));
    assert_eq!((got.reasons.clone(), got.kind), (vec![], Kind::Sensor));
    assert!(got.gmi_percent.is_some() && got.ranges.is_some());
    assert_eq!(got.in_range_before.map(f64::round), Some(86.0));
    assert_eq!(priority(&reasons_at(&got, midnight(nov(29)))), Priority::Steady);
}

#[test]
fn each_target_that_is_passed_is_a_reason_with_its_number() {
    for (shares, expected) in [
        (vec![(50.0, 2), (120.0, 4)], vec![]), // 0.7 % very low, two values in a row: no episode, under 1 %
        (vec![(60.0, 12)], vec!["lowTime"]),
        (vec![(190.0, 73)], vec!["highTime"]),
        (vec![(260.0, 15)], vec!["veryHighTime"]),
        (vec![(190.0, 90)], vec!["belowTarget", "highTime"]),
        (vec![(50.0, 3)], vec!["severeLows", "veryLowTime"]),
    ] {
        let got = of(&sensor_days(1, 14, &shares));
        assert_eq!(codes(&got.reasons), expected, "{shares:?}: {:?}", got.reasons);
    }
    let got = of(&sensor_days(1, 14, &[(60.0, 12)]));
    assert_eq!(got.reasons, [Reason::LowTime { percent: 100.0 * 12.0 / 288.0 }]);
}

#[test]
fn older_people_are_judged_by_one_percent_below_70_and_fifty_in_range() {
    let samples = sensor_days(1, 14, &[(60.0, 4), (190.0, 100)]);
    assert_eq!(codes(&standing(&samples, KOLKATA, Preset::OlderHighRisk).reasons), ["lowTime"]);
    assert_eq!(codes(&of(&samples).reasons), ["belowTarget", "highTime"]);
}

#[test]
fn pregnancy_without_percent_targets_still_reports_severe_lows() {
    let samples = sensor_days(1, 14, &[(50.0, 6), (150.0, 200)]);
    let got = standing(&samples, KOLKATA, Preset::PregnancyType2OrGestational);
    assert_eq!(codes(&got.reasons), ["severeLows"]);
    assert!(codes(&standing(&samples, KOLKATA, Preset::PregnancyType1).reasons).contains(&"highTime"));
}

#[test]
fn severe_lows_are_counted_by_episode_and_those_at_night_named() {
    let mut samples = sensor_days(1, 14, &[]);
    for (day, hour) in [(3, 2), (5, 14), (9, 23)] {
        let start = midnight(nov(day)) + TimeDelta::hours(hour);
        for s in samples.iter_mut().filter(|s| s.at >= start && s.at < start + TimeDelta::minutes(20)) {
            *s = sensor(s.at, 50.0);
        }
    }
    assert_eq!(of(&samples).reasons, [Reason::SevereLows { count: 3, nights: 2 }]);
}

#[test]
fn a_finger_stick_that_confirms_a_sensors_low_is_not_a_second_one() {
    let mut samples = sensor_days(1, 14, &[]);
    let start = midnight(nov(5)) + TimeDelta::hours(14);
    for s in samples.iter_mut().filter(|s| s.at >= start && s.at < start + TimeDelta::minutes(20)) {
        *s = sensor(s.at, 50.0);
    }
    samples.push(meter(start + TimeDelta::minutes(10), 48.0, MealState::Random));
    assert_eq!(of(&samples).reasons, [Reason::SevereLows { count: 1, nights: 0 }]);
    samples.push(meter(start + TimeDelta::hours(5), 48.0, MealState::Random));
    assert_eq!(of(&samples).reasons, [Reason::SevereLows { count: 2, nights: 0 }]);
}

#[test]
fn a_single_severe_low_of_a_meter_is_urgent() {
    let got = of(&[meter(midnight(nov(3)) + TimeDelta::hours(3), 45.0, MealState::Random)]);
    assert_eq!(got.reasons, [Reason::SevereLows { count: 1, nights: 1 }]);
    assert_eq!((priority(&got.reasons), got.kind, got.ranges), (Priority::Urgent, Kind::Meter, None));
}

#[test]
fn a_severe_low_of_a_sensor_worn_for_an_hour_is_never_dropped() {
    let mut samples: Vec<Sample> =
        (1..=14).map(|d| meter(midnight(nov(d)) + TimeDelta::hours(8), 110.0, MealState::MorningFasting)).collect();
    samples.extend(every(5, midnight(nov(14)) + TimeDelta::hours(9), [80.0, 60.0, 50.0, 48.0, 47.0, 52.0]));
    let got = of(&samples);
    assert_eq!((got.kind, codes(&got.reasons)), (Kind::Meter, vec!["severeLows"]));
}

#[test]
fn a_fall_of_more_than_fifteen_points_is_a_reason_and_of_fifteen_not() {
    let falls = |high: usize| {
        let mut samples = sensor_days(1, 14, &[]);
        samples.extend(sensor_days(15, 14, &[(190.0, high)]));
        of(&samples).reasons
    };
    assert_eq!(falls(43), []);
    assert_eq!(codes(&falls(44)), ["rangeDrop"]);
    let [Reason::RangeDrop { was, now }] = falls(44)[..] else { panic!("{:?}", falls(44)) };
    assert!((was - 100.0).abs() < 1e-9 && (now - 100.0 * 244.0 / 288.0).abs() < 1e-9);
}

#[test]
fn two_days_of_sensor_are_not_compared_with_two_weeks() {
    let mut samples = sensor_days(1, 12, &[]);
    samples.extend(sensor_days(27, 2, &[(190.0, 60)]));
    assert!(!codes(&of(&samples).reasons).contains(&"rangeDrop"));
}

#[test]
fn a_sensor_worn_too_little_is_a_reason_but_not_for_somebody_who_has_just_begun() {
    let mut samples = sensor_days(1, 14, &[]);
    samples.extend(sensor_days(15, 5, &[]));
    samples.extend(sensor_days(28, 1, &[]));
    let got = of(&samples);
    assert_eq!(codes(&got.reasons), ["littleData"]);
    assert_eq!(got.gmi_percent, None);
    assert_eq!(of(&sensor_days(10, 5, &[])).reasons, []);
}

#[test]
fn finger_sticks_out_of_target_are_a_reason_from_a_third_on() {
    let fasting = |value: f64, n: u32| {
        (1..=n).map(move |d| meter(midnight(nov(d)) + TimeDelta::hours(7), value, MealState::MorningFasting))
    };
    let many: Vec<Sample> = fasting(120.0, 8).chain(fasting(160.0, 4)).collect();
    assert_eq!(of(&many).reasons, [Reason::MeterOutOfTarget { out: 4, of: 12 }]);
    let few: Vec<Sample> = fasting(120.0, 8).chain(fasting(160.0, 3)).collect();
    assert_eq!(of(&few).reasons, []);
    let lows: Vec<Sample> = fasting(120.0, 14).chain(fasting(65.0, 2)).collect();
    assert_eq!(of(&lows).reasons, [Reason::MeterOutOfTarget { out: 2, of: 16 }]);
    let most: Vec<Sample> = fasting(120.0, 4).chain(fasting(160.0, 6)).collect();
    assert_eq!((priority(&of(&most).reasons), priority(&of(&many).reasons)), (Priority::Soon, Priority::Watch));
}

#[test]
fn the_window_is_fourteen_local_days_up_to_the_newest_reading() {
    let mut samples = vec![meter(midnight(nov(1)) + TimeDelta::hours(8), 45.0, MealState::Random)];
    samples.push(meter(midnight(nov(14)) + TimeDelta::hours(23), 110.0, MealState::Random));
    assert_eq!(codes(&of(&samples).reasons), ["severeLows"]);
    samples.push(meter(midnight(nov(15)), 110.0, MealState::Random));
    assert_eq!(of(&samples).reasons, []);
}

#[test]
fn silence_is_a_reason_from_the_third_day_on_and_replaces_stale_data_after_four_weeks() {
    let low = midnight(nov(3));
    let got = of(&[meter(low, 45.0, MealState::Random)]);
    let at = |days: i64| codes(&reasons_at(&got, low + TimeDelta::days(days)));
    assert_eq!(codes(&reasons_at(&got, low + TimeDelta::days(3) - TimeDelta::seconds(1))), ["severeLows"]);
    assert_eq!(at(3), ["severeLows", "noDataFor"]);
    assert_eq!(reasons_at(&got, low + TimeDelta::hours(100))[1], Reason::NoDataFor { days: 4 });
    assert_eq!((at(27), at(28)), (vec!["severeLows", "noDataFor"], vec!["noDataFor"]));
}

#[test]
fn who_never_sent_anything_says_so() {
    let got = of(&[]);
    assert_eq!((got.last_reading_at, reasons_at(&got, midnight(nov(1)))), (None, vec![Reason::NoDataEver]));
}

#[test]
fn need_goes_by_priority_then_by_the_gravest_reason_then_by_the_next() {
    let in_order = [
        vec![Reason::SevereLows { count: 4, nights: 1 }],
        vec![Reason::VeryHighTime { percent: 90.0 }, Reason::SevereLows { count: 1, nights: 0 }],
        vec![Reason::SevereLows { count: 1, nights: 0 }],
        vec![Reason::VeryLowTime { percent: 1.5 }],
        vec![Reason::RangeDrop { was: 90.0, now: 20.0 }, Reason::LowTime { percent: 5.0 }],
        vec![Reason::LowTime { percent: 4.5 }, Reason::HighTime { percent: 30.0 }],
        vec![Reason::LowTime { percent: 4.5 }],
        vec![Reason::MeterOutOfTarget { out: 9, of: 10 }],
        vec![Reason::BelowTarget { percent: 30.0 }],
        vec![Reason::BelowTarget { percent: 60.0 }],
        vec![Reason::NoDataFor { days: 9 }],
        vec![Reason::NoDataFor { days: 3 }],
        vec![Reason::NoDataEver],
        vec![],
    ];
    for pair in in_order.windows(2) {
        assert!(need(&pair[0]) > need(&pair[1]), "{pair:?}");
    }
    let reasons = [Reason::LowTime { percent: 4.5 }, Reason::HighTime { percent: 30.0 }];
    let turned = [reasons[1], reasons[0]];
    assert_eq!(need(&reasons), need(&turned), "the order of the reasons does not matter");
    assert_eq!(need(&[Reason::LowTime { percent: f64::NAN }]), need(&[Reason::LowTime { percent: 0.0 }]));
}

#[test]
fn the_order_of_the_samples_does_not_matter() {
    let mut samples: Vec<Sample> = every(5, midnight(nov(1)), (0..28 * 288).map(v2));
    let forward = of(&samples);
    samples.reverse();
    assert_eq!(of(&samples), forward);
}

#[test]
fn a_standing_survives_storage() {
    let got = of(&sensor_days(1, 14, &[(50.0, 12), (260.0, 100)]));
    let json = serde_json::to_string(&got).unwrap();
    assert_eq!(serde_json::from_str::<Standing>(&json).unwrap(), got);
    let _: DateTime<Utc> = got.last_reading_at.unwrap();
}
