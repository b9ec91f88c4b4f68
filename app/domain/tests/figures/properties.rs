//! What holds for any readings.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    glucose::{Glucose, MG_DL_PER_MMOL_L, MealState, Sample, Unit},
    insights::weekly,
    metrics::{Kind, Period, Ranges, Report, Terms, days, range::Targets, report, risk, today},
    people::Preset,
    triage::{need, reasons_at, standing},
};
use proptest::prelude::*;

use crate::support::{KOLKATA, midnight, nov, sensor};

fn preset() -> impl Strategy<Value = Preset> {
    prop::sample::select(Preset::ALL)
}

fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![KOLKATA, Tz::Europe__Berlin, Tz::America__Havana, Tz::Pacific__Chatham, Tz::UTC])
}

fn glucose() -> impl Strategy<Value = Glucose> {
    prop_oneof![
        (10.0..=1000.0f64).prop_map(|v| Glucose::new(v, Unit::MgDl).unwrap()),
        (10u32..=1000).prop_map(|v| Glucose::new(f64::from(v), Unit::MgDl).unwrap()),
        (6u32..=555).prop_map(|v| Glucose::new(f64::from(v) / 10.0, Unit::MmolL).unwrap()),
        prop::sample::select(vec![54.0, 70.0, 140.0, 180.0, 250.0]).prop_map(|v| Glucose::new(v, Unit::MgDl).unwrap()),
    ]
}

/// Any accepted reading from mid October to mid November 2026: the clocks change in between in three of the zones.
fn sample() -> impl Strategy<Value = Sample> {
    (glucose(), 0i64..32 * 1440, prop::bool::weighted(0.8), prop::sample::select(MealState::ALL)).prop_map(
        |(glucose, minute, sensor, state)| Sample { at: start() + TimeDelta::minutes(minute), glucose, sensor, state },
    )
}

/// Runs of a sensor mixed with single values.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let run = (sample(), prop::sample::select(vec![1i64, 5, 15]), prop::collection::vec(glucose(), 0..60)).prop_map(
        |(first, step, values)| {
            let at = |i: usize| first.at + TimeDelta::minutes(step * i64::try_from(i).unwrap());
            values
                .into_iter()
                .enumerate()
                .map(|(i, glucose)| Sample { at: at(i), glucose, sensor: true, ..first })
                .collect::<Vec<_>>()
        },
    );
    (prop::collection::vec(sample(), 0..40), prop::collection::vec(run, 0..6))
        .prop_map(|(single, runs)| single.into_iter().chain(runs.into_iter().flatten()).collect())
}

fn start() -> DateTime<Utc> {
    midnight(nov(1)) - TimeDelta::days(17)
}

fn period() -> Period {
    Period::new(nov(1) - TimeDelta::days(17), nov(15))
}

fn forced(samples: &[Sample], zone: Tz, preset: Preset) -> Report {
    report(samples, period(), Terms { zone, goals: preset.into(), force: true })
}

fn figures(report: &Report) -> Vec<f64> {
    let single = [
        report.mean_mg_dl,
        report.sd_mg_dl,
        report.cv_percent,
        report.gmi_percent,
        report.tight_range_percent,
        report.lbgi,
        report.hbgi,
        report.gri,
        report.mage_mg_dl,
        report.sufficiency.active_percent,
    ];
    let ranges = report.ranges.into_iter().flat_map(|r| r.to_array());
    let profile = report.profile.iter().flat_map(|p| [p.p5, p.p25, p.p50, p.p75, p.p95]);
    single
        .into_iter()
        .flatten()
        .chain(ranges)
        .chain(profile)
        .chain(report.episodes.iter().map(|e| e.extreme_mg_dl))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_figure_of_accepted_readings_is_a_number(samples in samples(), zone in zone(), preset in preset()) {
        let got = forced(&samples, zone, preset);
        prop_assert!(figures(&got).iter().all(|f| f.is_finite() && *f >= 0.0), "{got:?}");
        prop_assert_eq!(got.mean_mg_dl.is_some(), got.readings > 0);
        prop_assert_eq!(got.sd_mg_dl.is_some(), got.readings > 1);
        for percent in [got.tight_range_percent, got.gri, got.sufficiency.active_percent].into_iter().flatten() {
            prop_assert!((0.0..=100.0).contains(&percent), "{}", percent);
        }
    }

    #[test]
    fn the_ranges_sum_to_a_hundred(samples in samples(), zone in zone(), preset in preset()) {
        if let Some(ranges) = forced(&samples, zone, preset).ranges {
            prop_assert!((ranges.to_array().iter().sum::<f64>() - 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_the_readings_does_not_matter(
        (samples, shuffled) in samples().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
        zone in zone(),
        preset in preset(),
    ) {
        prop_assert_eq!(forced(&samples, zone, preset), forced(&shuffled, zone, preset));
        prop_assert_eq!(standing(&samples, zone, preset), standing(&shuffled, zone, preset));
        let period = period();
        prop_assert_eq!(days::summaries(&samples, period, zone, preset), days::summaries(&shuffled, period, zone, preset));
        let week = |s: &[Sample]| weekly(s, Period::ending(nov(14), 7), Period::ending(nov(7), 7), zone, preset);
        prop_assert_eq!(week(&samples), week(&shuffled));
    }

    #[test]
    fn the_unit_does_not_matter_away_from_the_limits(
        values in prop::collection::vec(
            prop::sample::select(vec![40u32, 45, 50, 58, 66, 75, 90, 110, 130, 150, 170, 190, 220, 245, 260, 300, 450]), 1..300),
        preset in preset(),
    ) {
        let in_mg: Vec<Sample> = crate::support::every(5, start(), values.iter().map(|v| f64::from(*v)));
        let to_mmol = |s: &Sample| Glucose::new(s.glucose.value() / MG_DL_PER_MMOL_L, Unit::MmolL).unwrap();
        let in_mmol: Vec<Sample> = in_mg.iter().map(|s| Sample { glucose: to_mmol(s), ..*s }).collect();
        let (mg, mmol) = (forced(&in_mg, KOLKATA, preset), forced(&in_mmol, KOLKATA, preset));
        prop_assert_eq!(mg.ranges, mmol.ranges);
        prop_assert_eq!(mg.tight_range_percent, mmol.tight_range_percent);
        prop_assert_eq!(mg.gri, mmol.gri);
        let times = |r: &Report| r.episodes.iter().map(|e| (e.level, e.from, e.to)).collect::<Vec<_>>();
        prop_assert_eq!(times(&mg), times(&mmol));
        let (mg, mmol) = (figures(&mg), figures(&mmol));
        prop_assert_eq!(mg.len(), mmol.len());
        for (a, b) in mg.iter().zip(&mmol) {
            prop_assert!((a - b).abs() < 1e-6 * a.abs().max(1.0), "{} {}", a, b);
        }
    }

    #[test]
    fn percentiles_ascend_and_stay_within_the_values(samples in samples(), zone in zone()) {
        let got = forced(&samples, zone, Preset::Adult);
        let used = samples.iter().filter(|s| s.sensor == (got.kind == Kind::Sensor)).map(|s| s.glucose.mg_dl());
        let (low, high) = used.fold((f64::INFINITY, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
        for p in &got.profile {
            let curve = [low, p.p5, p.p25, p.p50, p.p75, p.p95, high];
            prop_assert!(curve.windows(2).all(|w| w[0] <= w[1] + 1e-9), "{curve:?}");
        }
        prop_assert!(got.profile.windows(2).all(|w| w[0].minute < w[1].minute));
    }

    #[test]
    fn rounded_ranges_sum_to_a_hundred_and_move_by_less_than_a_digit(
        counts in prop::collection::vec(0u32..2000, 5), decimals in 0u8..=2,
    ) {
        let n = f64::from(counts.iter().sum::<u32>().max(1));
        let share = |i: usize| if counts.iter().all(|c| *c == 0) { 20.0 } else { 100.0 * f64::from(counts[i]) / n };
        let ranges = Ranges { very_low: share(0), low: share(1), in_range: share(2), high: share(3), very_high: share(4) };
        let rounded = ranges.rounded(decimals);
        prop_assert!((rounded.to_array().iter().sum::<f64>() - 100.0).abs() < 1e-9, "{rounded:?}");
        let digit = 10f64.powi(-i32::from(decimals));
        for (exact, shown) in ranges.to_array().iter().zip(rounded.to_array()) {
            prop_assert!((exact - shown).abs() < digit, "{exact} {shown}");
            prop_assert!(((shown / digit).round() - shown / digit).abs() < 1e-6, "{shown}");
        }
    }

    #[test]
    fn the_risk_indices_are_bounded(values in prop::collection::vec(glucose(), 1..200)) {
        let mg_dl: Vec<f64> = values.iter().map(|g| g.mg_dl()).collect();
        let (low, high) = risk::lbgi_hbgi(&mg_dl).unwrap();
        prop_assert!((0.0..=250.0).contains(&low) && (0.0..=250.0).contains(&high));
        let gri = risk::Gri::of_values(values.into_iter()).unwrap();
        prop_assert!((0.0..=100.0).contains(&gri.index) && (gri.index - (3.0 * gri.hypo + 1.6 * gri.hyper).min(100.0)).abs() < 1e-9);
    }

    #[test]
    fn episodes_of_a_level_follow_each_other_and_hold_their_extreme(samples in samples(), preset in preset()) {
        let got = forced(&samples, KOLKATA, preset);
        prop_assert!(got.episodes.windows(2).all(|w| w[0].from <= w[1].from));
        for (i, a) in got.episodes.iter().enumerate() {
            prop_assert!(a.from <= a.to);
            for b in got.episodes[i + 1..].iter().filter(|b| b.level == a.level) {
                prop_assert!(a.to < b.from, "{a:?} {b:?}");
            }
            let inside = samples.iter().filter(|s| (a.from..=a.to).contains(&s.at));
            prop_assert!(inside.into_iter().any(|s| (s.glucose.mg_dl() - a.extreme_mg_dl).abs() < 1e-9));
        }
    }

    #[test]
    fn a_days_curve_has_at_most_96_points_and_keeps_the_extremes(samples in samples(), zone in zone(), preset in preset()) {
        for day in days::summaries(&samples, period(), zone, preset) {
            prop_assert!(day.points.len() <= 96);
            prop_assert_eq!(day.points.is_empty(), day.readings == 0);
            prop_assert!(day.points.windows(2).all(|w| w[0].minute < w[1].minute));
            prop_assert!(day.points.iter().all(|p| (0..1440).contains(&p.minute) && p.mg_dl.is_finite()));
            if let Some(ranges) = day.ranges {
                let worst = |below: bool| day.points.iter().any(|p| (p.band < domain::metrics::range::Band::InRange) == below);
                prop_assert!(ranges.below() == 0.0 || worst(true), "a low of the day is on its curve");
            }
        }
    }

    #[test]
    fn nobody_with_a_severe_low_of_a_meter_is_steady(mut samples in samples(), zone in zone(), preset in preset()) {
        let newest = samples.iter().map(|s| s.at).max().unwrap_or_else(start);
        samples.push(Sample { sensor: false, ..sensor(newest + TimeDelta::hours(1), 41.0) });
        let got = standing(&samples, zone, preset);
        prop_assert!(got.reasons.iter().any(|r| r.code() == "severeLows"), "{got:?}");
        let reasons = reasons_at(&got, newest + TimeDelta::days(5));
        prop_assert!(need(&reasons) > need(&[]));
        prop_assert!(need(&reasons) > need(&got.reasons), "silence adds to the need");
    }

    #[test]
    fn the_trend_never_fails(samples in samples(), ago in 0i64..100) {
        let newest = samples.iter().map(|s| s.at).max().unwrap_or_else(start);
        let trend = today::trend(&samples, newest - TimeDelta::minutes(ago));
        prop_assert!(trend.is_none() || samples.iter().any(|s| s.sensor));
    }
}

#[test]
fn equal_values_have_no_spread_and_no_excursion() {
    let got = forced(&crate::support::every(5, start(), vec![123.4; 1000]), KOLKATA, Preset::Adult);
    assert_eq!(
        (got.mean_mg_dl, got.sd_mg_dl, got.cv_percent, got.mage_mg_dl),
        (Some(123.4), Some(0.0), Some(0.0), None)
    );
    assert!(got.profile.iter().all(|p| (p.p5 - 123.4).abs() < 1e-9 && (p.p95 - 123.4).abs() < 1e-9));
}

#[test]
fn targets_are_those_of_the_consensus() {
    let targets = |preset| {
        let t = Targets::of(preset);
        [t.very_low_below, t.low_below, t.in_range_above, t.high_below, t.very_high_below]
    };
    assert_eq!(targets(Preset::Adult), [1.0, 4.0, 70.0, 25.0, 5.0].map(Some));
    assert_eq!(targets(Preset::OlderHighRisk), [None, Some(1.0), Some(50.0), Some(50.0), Some(10.0)]);
    assert_eq!(targets(Preset::PregnancyType1), [Some(1.0), Some(4.0), Some(70.0), Some(25.0), None]);
    assert_eq!(targets(Preset::PregnancyType2OrGestational), [None; 5]);
}

#[test]
fn targets_count_the_graver_band_in_and_are_strict() {
    let met = |very_low, low, high, very_high| {
        let in_range = 100.0 - very_low - low - high - very_high;
        let met = Targets::of(Preset::Adult).met(&Ranges { very_low, low, in_range, high, very_high });
        [met.very_low, met.low, met.in_range, met.high, met.very_high].map(Option::unwrap)
    };
    assert_eq!(met(0.5, 3.0, 15.0, 4.0), [true, true, true, true, true]);
    assert_eq!(met(1.0, 3.0, 20.0, 5.0), [false, false, true, false, false]);
    assert_eq!(met(0.0, 0.0, 30.0, 0.0), [true, true, false, false, true]);
}

#[test]
fn rounding_gives_the_odd_point_to_whoever_lost_most() {
    let ranges = |a: [f64; 5]| Ranges { very_low: a[0], low: a[1], in_range: a[2], high: a[3], very_high: a[4] };
    assert_eq!(ranges([0.4, 2.4, 68.6, 24.3, 4.3]).rounded(0).to_array(), [1.0, 2.0, 69.0, 24.0, 4.0]);
    assert_eq!(
        ranges([33.333_333, 33.333_333, 33.333_334, 0.0, 0.0]).rounded(1).to_array(),
        [33.3, 33.3, 33.4, 0.0, 0.0]
    );
    assert_eq!(ranges([20.0; 5]).rounded(0).to_array(), [20.0; 5]);
    let third = 100.0 / 3.0;
    assert_eq!(ranges([third, third, third, 0.0, 0.0]).rounded(0).to_array(), [34.0, 33.0, 33.0, 0.0, 0.0]);
}
