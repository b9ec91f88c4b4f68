//! The figures of a report against the published vectors, and what is withheld when.
#![expect(clippy::float_cmp, reason = "shares of counted values are exact")]

use crate::support::{KOLKATA, V1, days, every, meter, midnight, nov, sensor, terms, v2};
use chrono::TimeDelta;
use domain::{
    glucose::{Glucose, MealState, Sample, Unit},
    metrics::{
        EpisodeLevel, Kind, Ranges, Report, Shortfall, Terms, report,
        risk::{Gri, Zone},
    },
    people::Preset,
};

fn close(got: Option<f64>, expected: f64, within: f64) {
    let got = got.expect("a figure");
    assert!((got - expected).abs() <= within, "{got} is not {expected}");
}

fn shares(ranges: Option<Ranges>) -> [f64; 5] {
    ranges.expect("ranges").to_array()
}

#[test]
fn the_first_vector_gives_every_published_figure() {
    let samples = every(5, midnight(nov(1)), V1);
    let got = report(&samples, days(nov(1), nov(1)), terms(true));
    assert_eq!((got.kind, got.readings), (Kind::Sensor, 10));
    close(got.mean_mg_dl, 165.6, 1e-9);
    close(got.sd_mg_dl, 82.4246, 5e-5);
    close(got.cv_percent, 49.7733, 5e-5);
    close(got.gmi_percent, 7.2712, 5e-5);
    close(got.lbgi, 2.66986, 5e-6);
    close(got.hbgi, 9.77233, 5e-6);
    assert_eq!(shares(got.ranges), [0.0, 10.0, 50.0, 20.0, 20.0]);
    close(got.gri, 72.0, 1e-9);
    assert_eq!(Gri::of(&got.ranges.unwrap()).zone(), Zone::D);
    assert_eq!(got.tight_range_percent, Some(30.0));
}

#[test]
fn the_second_vector_gives_every_published_figure() {
    let samples = every(5, midnight(nov(1)), (0..288).map(v2));
    let got = report(&samples, days(nov(1), nov(1)), terms(true));
    assert_eq!(got.readings, 288);
    close(got.mean_mg_dl, 140.0, 1e-9);
    close(got.sd_mg_dl, 46.05496, 5e-6);
    close(got.cv_percent, 32.8964, 5e-5);
    close(got.gmi_percent, 6.6588, 5e-5);
    let [very_low, low, in_range, high, very_high] = shares(got.ranges);
    close(Some(low), 6.9444, 5e-5);
    close(Some(high), 24.3056, 5e-5);
    assert_eq!([very_low, in_range, very_high], [0.0, 68.75, 0.0]);
    close(got.tight_range_percent, 43.4028, 5e-5);
    close(got.lbgi, 1.29378, 5e-6);
    close(got.hbgi, 4.10529, 5e-6);
    close(got.gri, 36.1111, 5e-5);
    assert_eq!(Gri::of(&got.ranges.unwrap()).zone(), Zone::B);
    assert_eq!(got.sufficiency.active_percent, Some(100.0));
}

/// Fourteen days of the second vector.
fn two_weeks() -> Vec<Sample> {
    every(5, midnight(nov(1)), (0..14 * 288).map(v2))
}

#[test]
fn two_full_weeks_withhold_nothing() {
    let got = report(&two_weeks(), days(nov(1), nov(14)), terms(false));
    assert!(got.sufficiency.enough && got.sufficiency.reasons.is_empty(), "{:?}", got.sufficiency);
    assert_eq!((got.sufficiency.days, got.sufficiency.active_percent), (14, Some(100.0)));
    assert!(got.gmi_percent.is_some() && got.gri.is_some() && got.mage_mg_dl.is_some());
    assert_eq!(got.profile.iter().map(|p| p.minute).collect::<Vec<_>>(), (0..24).map(|h| h * 60).collect::<Vec<_>>());
    assert_eq!(
        report(&two_weeks(), days(nov(1), nov(14)), terms(true)),
        got,
        "force changes nothing where nothing is withheld"
    );
}

fn assert_withheld(got: &Report) {
    assert!(!got.sufficiency.enough);
    assert_eq!((got.gmi_percent, got.gri, got.profile.len()), (None, None, 0));
}

#[test]
fn thirteen_days_withhold_gmi_gri_and_profile_but_not_the_ranges() {
    let samples = every(5, midnight(nov(2)), (0..13 * 288).map(v2));
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    assert_withheld(&got);
    assert_eq!(got.sufficiency.reasons, [Shortfall::TooFewDays]);
    close(got.sufficiency.active_percent, 100.0 * 13.0 / 14.0, 1e-9);
    assert!(
        got.ranges.is_some() && got.tight_range_percent.is_some() && got.lbgi.is_some() && got.mage_mg_dl.is_some()
    );
    let forced = report(&samples, days(nov(1), nov(14)), terms(true));
    assert!(forced.gmi_percent.is_some() && forced.gri.is_some() && forced.profile.len() == 24);
    assert_eq!(forced.sufficiency, got.sufficiency, "force never hides that there is too little");
}

#[test]
fn seventy_percent_of_the_sensors_own_interval_is_enough_and_less_is_not() {
    for (minutes, per_day) in [(1, 1440), (5, 288), (15, 96)] {
        for (kept_hours, enough) in [(18, true), (16, false)] {
            let kept = per_day * kept_hours / 24;
            let samples: Vec<Sample> = (1..=14)
                .flat_map(|d| every(minutes, midnight(nov(d)), (0..kept).map(|i| v2(i * 1440 / per_day / 5))))
                .collect();
            let got = report(&samples, days(nov(1), nov(14)), terms(false));
            assert_eq!(got.sufficiency.enough, enough, "{minutes} min, {kept_hours} h: {:?}", got.sufficiency);
            assert_eq!(got.gmi_percent.is_some(), enough);
            // The last day counts up to its last value.
            let expected = 100.0 * (14 * kept_hours) as f64 / (13 * 24 + kept_hours) as f64;
            close(got.sufficiency.active_percent, expected, 1e-9);
        }
    }
}

#[test]
fn a_sensor_that_loses_every_other_value_is_not_taken_for_a_slower_one() {
    let samples: Vec<Sample> = two_weeks().into_iter().step_by(2).collect();
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    close(got.sufficiency.active_percent, 50.0, 0.05);
    assert_eq!(got.sufficiency.reasons, [Shortfall::TooLittleActive]);
}

#[test]
fn a_change_of_sensor_within_the_period_is_not_missing_data() {
    let mut samples = every(15, midnight(nov(1)), (0..7 * 96).map(|i| v2(i * 3)));
    samples.extend(every(1, midnight(nov(8)), (0..7 * 1440).map(|i| v2(i / 5))));
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    assert_eq!(got.sufficiency.active_percent, Some(100.0));
}

#[test]
fn scans_between_stored_values_do_not_count_as_more_wear() {
    let mut samples: Vec<Sample> = (1..=14).flat_map(|d| every(15, midnight(nov(d)), (0..48).map(v2))).collect();
    samples.extend((1..=14).flat_map(|d| every(60, midnight(nov(d)) + TimeDelta::minutes(4), (0..12).map(v2))));
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    assert!(got.sufficiency.active_percent.unwrap() < 56.0, "{:?}", got.sufficiency);
}

#[test]
fn a_clock_that_runs_unevenly_loses_no_wear() {
    let jitter = [0, 40, -35, 20, -50, 10];
    let samples: Vec<Sample> = two_weeks()
        .into_iter()
        .zip(jitter.into_iter().cycle())
        .map(|(s, seconds)| Sample { at: s.at + TimeDelta::seconds(seconds + 60), ..s })
        .collect();
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    close(got.sufficiency.active_percent, 100.0, 0.1);
}

#[test]
fn under_a_day_of_data_says_so() {
    let got = report(&every(5, midnight(nov(3)), (0..280).map(v2)), days(nov(1), nov(14)), terms(false));
    assert_withheld(&got);
    assert_eq!(got.sufficiency.reasons, [Shortfall::TooFewDays, Shortfall::TooLittleActive, Shortfall::Under24Hours]);
}

/// A meter's two weeks: 42 values.
fn finger_sticks() -> Vec<Sample> {
    (1..=14)
        .flat_map(|d| [(7, 110.0), (13, 190.0), (21, 150.0)].map(|(h, v)| (d, h, v)))
        .map(|(d, h, value)| meter(midnight(nov(d)) + TimeDelta::hours(h), value + f64::from(d), MealState::Random))
        .collect()
}

#[test]
fn a_meter_never_shows_time_in_range_gmi_or_a_profile() {
    let got = report(&finger_sticks(), days(nov(1), nov(14)), terms(false));
    assert_eq!((got.kind, got.readings), (Kind::Meter, 42));
    assert_withheld(&got);
    assert_eq!((got.ranges, got.tight_range_percent, got.mage_mg_dl, got.episodes.len()), (None, None, None, 0));
    assert_eq!((got.sufficiency.reasons, got.sufficiency.active_percent), (vec![Shortfall::MeterOnly], None));
    assert!(got.mean_mg_dl.is_some() && got.sd_mg_dl.is_some() && got.cv_percent.is_some() && got.lbgi.is_some());
}

#[test]
fn force_gives_the_arithmetic_of_a_meter_too() {
    let samples: Vec<Sample> =
        every(5, midnight(nov(1)), V1).into_iter().map(|s| Sample { sensor: false, ..s }).collect();
    let got = report(&samples, days(nov(1), nov(1)), terms(true));
    assert_eq!((got.kind, shares(got.ranges)), (Kind::Meter, [0.0, 10.0, 50.0, 20.0, 20.0]));
    close(got.gmi_percent, 7.2712, 5e-5);
    close(got.gri, 72.0, 1e-9);
    assert_eq!(got.sufficiency.reasons, [Shortfall::MeterOnly, Shortfall::TooFewReadings]);
}

#[test]
fn a_sensors_figures_leave_the_calibrating_finger_sticks_out() {
    let mut samples = two_weeks();
    samples.extend(finger_sticks());
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    assert_eq!(got, report(&two_weeks(), days(nov(1), nov(14)), terms(false)));
}

#[test]
fn an_hour_of_sensor_in_a_month_of_finger_sticks_is_still_a_meter() {
    let mut samples = finger_sticks();
    samples.extend(every(5, midnight(nov(3)), [120.0; 12]));
    let got = report(&samples, days(nov(1), nov(14)), terms(false));
    assert_eq!((got.kind, got.readings), (Kind::Meter, 42));
}

#[test]
fn no_reading_gives_no_figure() {
    let got = report(&[], days(nov(1), nov(14)), terms(true));
    assert_eq!(got.sufficiency.reasons, [Shortfall::NoReadings]);
    assert_eq!((got.readings, got.mean_mg_dl, got.ranges, got.gri, got.lbgi), (0, None, None, None, None));
    assert!(got.profile.is_empty() && got.episodes.is_empty());
}

#[test]
fn one_reading_has_a_mean_and_no_spread() {
    let got = report(&[sensor(midnight(nov(1)), 100.0)], days(nov(1), nov(1)), terms(true));
    assert_eq!((got.mean_mg_dl, got.sd_mg_dl, got.cv_percent, got.mage_mg_dl), (Some(100.0), None, None, None));
    assert_eq!(shares(got.ranges), [0.0, 0.0, 100.0, 0.0, 0.0]);
    assert_eq!(got.profile.len(), 1);
}

#[test]
fn readings_of_other_days_are_ignored() {
    let mut samples = every(5, midnight(nov(1)), V1);
    samples.push(sensor(midnight(nov(1)) - TimeDelta::milliseconds(1), 400.0));
    samples.push(sensor(midnight(nov(2)), 400.0));
    assert_eq!(report(&samples, days(nov(1), nov(1)), terms(true)).readings, 10);
}

#[test]
fn mmol_values_are_judged_by_the_limits_the_consensus_prints_in_mmol() {
    // 3.0 mmol/L is 54.05 mg/dL, 3.9 is 70.3, 10.0 is 180.2, 13.9 is 250.4: converted, two of them would change band.
    for (mmol, band) in [(2.9, 0), (3.0, 1), (3.8, 1), (3.9, 2), (10.0, 2), (10.1, 3), (13.9, 3), (14.0, 4)] {
        let value = Sample { glucose: Glucose::new(mmol, Unit::MmolL).unwrap(), ..sensor(midnight(nov(1)), 100.0) };
        let got = report(&[value], days(nov(1), nov(1)), terms(true));
        assert_eq!(shares(got.ranges)[band], 100.0, "{mmol}");
    }
    let tight = |mmol| {
        let value = Sample { glucose: Glucose::new(mmol, Unit::MmolL).unwrap(), ..sensor(midnight(nov(1)), 100.0) };
        report(&[value], days(nov(1), nov(1)), terms(true)).tight_range_percent
    };
    assert_eq!([3.8, 3.9, 7.8, 7.9].map(tight), [0.0, 100.0, 100.0, 0.0].map(Some));
}

#[test]
fn pregnancy_is_judged_by_63_to_140_and_has_no_very_high() {
    let samples = every(5, midnight(nov(1)), [53.0, 54.0, 62.0, 63.0, 140.0, 141.0, 251.0, 300.0]);
    for preset in [Preset::PregnancyType1, Preset::PregnancyType2OrGestational] {
        let got = report(&samples, days(nov(1), nov(1)), Terms { zone: KOLKATA, goals: preset.into(), force: true });
        assert_eq!(shares(got.ranges), [12.5, 25.0, 25.0, 37.5, 0.0]);
        assert!(got.episodes.iter().all(|e| e.level != EpisodeLevel::VeryHigh));
        assert!(got.episodes.iter().any(|e| e.level == EpisodeLevel::High && e.extreme_mg_dl == 300.0));
    }
}

#[test]
fn the_api_names_are_camel_case_and_withheld_figures_are_null() {
    let json = serde_json::to_value(report(&finger_sticks(), days(nov(1), nov(14)), terms(false))).unwrap();
    assert_eq!(json["period"], serde_json::json!({"from": "2026-11-01", "to": "2026-11-14", "days": 14}));
    assert_eq!(json["kind"], "meter");
    assert_eq!(json["sufficiency"]["reasons"], serde_json::json!(["meterOnly"]));
    for name in ["gmiPercent", "ranges", "tightRangePercent", "gri", "mageMgDl"] {
        assert!(json.as_object().unwrap().contains_key(name) && json[name].is_null(), "{name}");
    }
    for name in ["meanMgDl", "sdMgDl", "cvPercent", "lbgi", "hbgi"] {
        assert!(json[name].is_f64(), "{name}");
    }
}
