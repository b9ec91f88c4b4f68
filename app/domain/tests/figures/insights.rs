//! The sentences of a week.

use crate::support::{KOLKATA, every, meter, midnight, nov, sensor};
use chrono::TimeDelta;
use domain::{
    glucose::{MealState, Sample},
    insights::{Insight, Weekly, weekly},
    metrics::Period,
    people::Preset,
};

/// The week 8 to 14 November and the one before.
fn of(samples: &[Sample]) -> Weekly {
    let (week, previous) = (Period::new(nov(8), nov(14)), Period::new(nov(1), nov(7)));
    weekly(samples, week, previous, KOLKATA, Preset::Adult)
}

/// Both weeks of a 5-minute sensor at 120 mg/dL, with other values on some days from an hour on.
fn two_weeks(spells: &[(u32, i64, i64, f64)]) -> Vec<Sample> {
    let mut samples = every(5, midnight(nov(1)), vec![120.0; 14 * 288]);
    for (day, hour, minutes, value) in spells {
        let start = midnight(nov(*day)) + TimeDelta::hours(*hour);
        for s in samples.iter_mut().filter(|s| s.at >= start && s.at < start + TimeDelta::minutes(*minutes)) {
            *s = sensor(s.at, *value);
        }
    }
    samples
}

#[test]
fn a_week_without_readings_says_only_that() {
    assert_eq!(of(&[]).insights, [Insight::NoReadings]);
    let before = every(5, midnight(nov(1)), vec![120.0; 288]);
    assert_eq!(of(&before).insights, [Insight::NoReadings]);
}

#[test]
fn a_steady_week_is_in_range_and_without_lows() {
    let got = of(&two_weeks(&[]));
    assert_eq!(got.insights, [Insight::InRange { percent: 100.0, before: Some(100.0) }, Insight::NoLows]);
    assert_eq!(got.readings, 7 * 288);
}

#[test]
fn an_hour_of_sensor_claims_nothing_about_the_week() {
    assert_eq!(of(&every(5, midnight(nov(9)), [120.0; 12])).insights, []);
}

#[test]
fn lows_are_counted_by_episode_and_their_nights_by_the_morning() {
    // The evening of the 7th belongs to the night that ends on the 8th, the evening of the 14th to the next week.
    let got = of(&two_weeks(&[
        (7, 23, 30, 60.0),
        (9, 2, 60, 60.0),
        (10, 3, 60, 60.0),
        (11, 4, 30, 60.0),
        (14, 23, 30, 60.0),
    ]));
    assert_eq!(got.insights[..2], [Insight::LowNights { nights: 4, of: 7 }, Insight::Lows { count: 4 }]);
    assert!(!got.insights.contains(&Insight::NoLows));
}

#[test]
fn one_low_night_is_a_low_but_not_a_pattern() {
    let got = of(&two_weeks(&[(9, 2, 60, 60.0)]));
    assert_eq!(got.insights[0], Insight::Lows { count: 1 });
}

#[test]
fn ten_minutes_below_are_not_an_episode() {
    assert!(of(&two_weeks(&[(9, 2, 10, 60.0)])).insights.contains(&Insight::NoLows));
}

#[test]
fn highs_after_a_meal_are_told_by_the_state_of_the_readings() {
    let reading = |d: u32, hour: i64, value: f64, state| meter(midnight(nov(d)) + TimeDelta::hours(hour), value, state);
    let mut samples: Vec<Sample> = (8..=12).map(|d| reading(d, 22, 181.0, MealState::AfterDinner)).collect();
    samples.extend((8..=14).map(|d| reading(d, 10, if d < 11 { 200.0 } else { 150.0 }, MealState::AfterBreakfast)));
    samples.extend((8..=14).map(|d| reading(d, 15, 180.0, MealState::AfterLunch)));
    let got = of(&samples);
    assert!(got.insights.contains(&Insight::HighAfter { state: MealState::AfterDinner, days: 5, of: 5 }));
    let others = |i: &&Insight| matches!(i, Insight::HighAfter { state, .. } if *state != MealState::AfterDinner);
    assert_eq!(got.insights.iter().filter(others).count(), 0, "3 of 7 is not a pattern, 180 is not high");
}

#[test]
fn a_sensors_highs_are_told_by_the_usual_hours() {
    let highs: Vec<_> = [8, 9, 11, 13].into_iter().map(|d| (d, 20, 45, 210.0)).collect();
    assert!(of(&two_weeks(&highs)).insights.contains(&Insight::HighAfter {
        state: MealState::AfterDinner,
        days: 4,
        of: 7
    }));
    let brief: Vec<_> = highs.iter().map(|(d, h, _, v)| (*d, *h, 25, *v)).collect();
    assert!(!of(&two_weeks(&brief)).insights.iter().any(|i| matches!(i, Insight::HighAfter { .. })));
}

#[test]
fn the_best_and_the_hardest_day_are_named_if_they_differ() {
    let got = of(&two_weeks(&[(10, 6, 12 * 60, 220.0), (12, 6, 6 * 60, 220.0), (3, 0, 1440, 300.0)]));
    assert!(got.insights.contains(&Insight::HardestDay { date: nov(10), percent: 50.0 }), "{got:?}");
    assert!(got.insights.contains(&Insight::BestDay { date: nov(14), percent: 100.0 }));
    assert!(!of(&two_weeks(&[(10, 6, 120, 220.0)])).insights.iter().any(|i| matches!(i, Insight::BestDay { .. })));
}

#[test]
fn a_meters_week_has_a_mean_and_never_time_in_range() {
    let samples: Vec<Sample> = (1..=14)
        .map(|d| {
            meter(midnight(nov(d)) + TimeDelta::hours(8), if d < 8 { 150.0 } else { 120.0 }, MealState::MorningFasting)
        })
        .collect();
    let got = of(&samples);
    assert_eq!(got.insights, [Insight::MeterMean { mean_mg_dl: 120.0, before: Some(150.0) }, Insight::NoLows]);
    assert_eq!(of(&samples[8..]).insights, [Insight::MeterMean { mean_mg_dl: 120.0, before: None }]);
}
