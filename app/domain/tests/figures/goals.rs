//! A doctor's own numbers judge every figure.

use chrono::TimeDelta;
use domain::{
    glucose::{Glucose, MealState, Unit},
    metrics::{
        EpisodeLevel, Terms, days,
        meter::MeterTarget,
        range::{Band, Targets},
        report,
        today::in_range_percent,
    },
    targets::{Goals, OWN, RawGoals},
    triage::{Reason, standing},
};

use crate::support::{KOLKATA, days as period, every, meter, midnight, nov};

/// 80 to 160 mg/dL; in range over 60 %, below range under 3 %; before meals up to 120, after meals under 150.
fn own() -> Goals {
    let raw = RawGoals {
        preset: Some(OWN.into()),
        unit: Some("mg/dL".into()),
        low: Some(80.0),
        high: Some(160.0),
        in_range_above: Some(60.0),
        low_below: Some(3.0),
        before_meals_at_most: Some(120.0),
        after_meals_below: Some(150.0),
        ..RawGoals::default()
    };
    raw.parse().unwrap()
}

#[test]
fn the_range_is_the_doctors_and_the_limits_of_danger_stay() {
    use Band::{High, InRange, Low, VeryHigh, VeryLow};
    let samples = every(15, midnight(nov(1)), [53.0, 54.0, 79.0, 80.0, 160.0, 161.0, 250.0, 251.0]);
    let got = report(&samples, period(nov(1), nov(1)), Terms { zone: KOLKATA, goals: own(), force: true });
    assert_eq!(got.ranges.unwrap().to_array(), [12.5, 25.0, 25.0, 25.0, 12.5]);
    assert!(
        got.episodes.iter().any(|e| e.level == EpisodeLevel::Low && e.to == midnight(nov(1)) + TimeDelta::minutes(30))
    );
    assert_eq!(in_range_percent(&samples, nov(1), KOLKATA, own()).map(|(percent, _)| percent), Some(25.0));
    let bands: Vec<Band> =
        days::curve(&samples, nov(1), nov(1), KOLKATA, own()).points.iter().map(|p| p.band).collect();
    assert_eq!(bands, [VeryLow, Low, Low, InRange, InRange, High, High, VeryHigh]);
}

#[test]
fn a_share_without_a_number_is_no_target_and_the_others_are_the_doctors() {
    let targets = Targets::of(own());
    assert_eq!((targets.in_range_above, targets.low_below), (Some(60.0), Some(3.0)));
    assert_eq!((targets.very_low_below, targets.high_below, targets.very_high_below), (None, None, None));
    // A day in which 35 % are above 160 and 5 % below 80: under the adult's preset nothing is out of range.
    let day: Vec<f64> = (0..288)
        .map(|i| {
            if i < 101 {
                170.0
            } else if i < 115 {
                75.0
            } else {
                120.0
            }
        })
        .collect();
    let samples: Vec<_> = (1..=14).flat_map(|d| every(5, midnight(nov(d)), day.clone())).collect();
    let codes = |goals: Goals| standing(&samples, KOLKATA, goals).reasons.iter().map(Reason::code).collect::<Vec<_>>();
    assert_eq!(codes(domain::people::Preset::Adult.into()), Vec::<&str>::new());
    assert_eq!(codes(own()), ["lowTime"]);
}

#[test]
fn finger_sticks_are_judged_by_the_numbers_before_and_after_meals_and_else_by_the_range() {
    let met = |state, mg_dl| MeterTarget::of(own(), state).is_met(Glucose::new(mg_dl, Unit::MgDl).unwrap());
    assert!(met(MealState::MorningFasting, 120.0) && !met(MealState::BeforeLunch, 121.0));
    assert!(met(MealState::AfterDinner, 149.0) && !met(MealState::AfterDinner, 150.0));
    assert!(met(MealState::Bedtime, 160.0) && !met(MealState::Random, 161.0));
    assert!(!met(MealState::BeforeDinner, 79.0), "the lower end is the range's");
    let at = |d: u32| midnight(nov(d)) + TimeDelta::hours(8);
    let samples: Vec<_> = (1..=6).map(|d| meter(at(d), 125.0, MealState::MorningFasting)).collect();
    assert_eq!(standing(&samples, KOLKATA, own()).reasons, [Reason::MeterOutOfTarget { out: 6, of: 6 }]);
}
