//! Days, curves and the figures of now; days are those of the wall clock.

use crate::support::{KOLKATA, every, meter, midnight, nov, sensor, v2};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::{
    clock::{Moment, day_start},
    glucose::{MealState, Sample},
    metrics::{
        Kind, Period, days,
        range::Band,
        report,
        today::{in_range_percent, local_days, next_state, streak_days, trend},
    },
    people::Preset,
    ports::Trend,
};

#[test]
fn every_day_of_the_period_is_there_newest_first() {
    let samples = every(5, midnight(nov(2)), (0..2 * 288).map(v2));
    let got = days::summaries(&samples, Period::new(nov(1), nov(4)), KOLKATA, Preset::Adult);
    assert_eq!(got.iter().map(|d| d.date).collect::<Vec<_>>(), [4, 3, 2, 1].map(nov));
    assert_eq!(got.iter().map(|d| d.readings).collect::<Vec<_>>(), [0, 288, 288, 0]);
    assert_eq!((got[0].mean_mg_dl, got[0].ranges, got[0].points.len()), (None, None, 0));
    assert_eq!((got[1].mean_mg_dl, got[1].points.len()), (Some(140.0), 96));
    assert!((got[1].ranges.unwrap().in_range - 68.75).abs() < 1e-9);
}

#[test]
fn a_small_curve_never_hides_an_extreme() {
    let mut values = vec![120.0; 288];
    values[100] = 52.0;
    values[200] = 300.0;
    values[201] = 60.0;
    let got = days::summaries(&every(5, midnight(nov(1)), values), Period::new(nov(1), nov(1)), KOLKATA, Preset::Adult);
    let at = |minute| got[0].points.iter().find(|p| p.minute == minute).unwrap();
    assert_eq!((at(495).mg_dl, at(495).band), (52.0, Band::VeryLow));
    assert_eq!((at(990).mg_dl, at(1005).mg_dl), (300.0, 60.0));
    assert_eq!((at(0).mg_dl, at(0).band), (120.0, Band::InRange));
}

#[test]
fn a_day_of_finger_sticks_has_points_and_no_ranges() {
    let samples = [meter(midnight(nov(1)) + TimeDelta::minutes(485), 250.0, MealState::Random)];
    let got = days::summaries(&samples, Period::new(nov(1), nov(1)), KOLKATA, Preset::Adult);
    assert_eq!((got[0].readings, got[0].ranges, got[0].points.len()), (1, None, 1));
    assert_eq!((got[0].points[0].minute, got[0].points[0].band), (480, Band::High));
}

#[test]
fn a_curve_counts_minutes_from_its_first_midnight() {
    let samples = every(60, midnight(nov(1)) + TimeDelta::minutes(7), (0..48).map(v2));
    let got = days::curve(&samples, nov(1), nov(2), KOLKATA, Preset::Adult);
    assert_eq!((got.kind, got.points.len()), (Kind::Sensor, 48));
    assert_eq!(
        got.points.iter().map(|p| p.minute).collect::<Vec<_>>(),
        (0..48).map(|h| h * 60 + 7).collect::<Vec<_>>()
    );
}

#[test]
fn a_curve_of_a_minute_sensor_is_thinned_to_five_minutes() {
    let samples = every(1, midnight(nov(1)), (0..1440).map(|i| v2(i / 5)));
    let got = days::curve(&samples, nov(1), nov(1), KOLKATA, Preset::Adult);
    assert_eq!(got.points.len(), 288);
    assert!(got.points.iter().enumerate().all(|(i, p)| p.mg_dl == v2(i)));
    let all = every(5, midnight(nov(1)), (0..288).map(v2));
    assert_eq!(days::curve(&all, nov(1), nov(1), KOLKATA, Preset::Adult).points.len(), 288);
}

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

#[test]
fn the_days_on_which_clocks_change_have_23_and_25_hours() {
    for (zone, day, hours) in [
        (Tz::Europe__Berlin, date(2026, 3, 29), 23),
        (Tz::Europe__Berlin, date(2026, 10, 25), 25),
        (Tz::America__New_York, date(2026, 3, 8), 23),
        (Tz::America__New_York, date(2026, 11, 1), 25),
    ] {
        let start = day_start(day, zone);
        // Three days around the change, every 5 minutes.
        let samples = every(5, start - TimeDelta::hours(24), vec![120.0; 73 * 12]);
        let period = Period::new(day, day);
        let got = report(&samples, period, domain::metrics::Terms { zone, goals: Preset::Adult.into(), force: true });
        assert_eq!(got.readings, hours * 12, "{zone} {day}");
        assert_eq!(got.sufficiency.active_percent, Some(100.0), "{zone} {day}");
        assert_eq!(got.profile.len(), if hours == 23 { 23 } else { 24 }, "the hour that is skipped has no point");
        let summary = days::summaries(&samples, period, zone, Preset::Adult);
        assert_eq!((summary[0].readings, summary[0].points.len()), (hours * 12, if hours == 23 { 92 } else { 96 }));
        let curve = days::curve(&samples, day, day, zone, Preset::Adult);
        assert_eq!(curve.points.len(), usize::try_from(hours).unwrap() * 12);
        assert!(curve.points.iter().all(|p| (0..1440).contains(&p.minute)));
    }
}

#[test]
fn the_place_on_the_wall_clock_agrees_with_the_moment_that_pages_show() {
    for zone in [Tz::Europe__Berlin, KOLKATA, Tz::Asia__Kathmandu, Tz::America__St_Johns, Tz::Pacific__Apia, Tz::UTC] {
        for hour in (0..24 * 366).step_by(7) {
            let at = midnight(date(2026, 1, 1)) + TimeDelta::hours(hour) + TimeDelta::seconds(59);
            let moment = Moment::new(at, zone);
            let day = moment.local().date();
            let got = days::curve(&[sensor(at, 100.0)], day, day, zone, Preset::Adult);
            assert_eq!(got.points.len(), 1, "{zone} {at}");
            assert_eq!(got.points[0].minute, i32::from(moment.minute_of_day()), "{zone} {at}");
        }
    }
}

fn slope(minutes: i64, values: &[f64]) -> Option<Trend> {
    let samples = every(minutes, midnight(nov(1)), values.iter().copied());
    trend(&samples, samples.last()?.at + TimeDelta::minutes(1))
}

#[test]
fn the_trend_is_the_slope_of_the_last_quarter_of_an_hour() {
    for (values, expected) in [
        ([100.0, 100.0, 102.0, 103.0], Trend::Steady),
        ([100.0, 105.0, 110.0, 115.0], Trend::Rising),
        ([100.0, 110.0, 120.0, 130.0], Trend::Rising),
        ([100.0, 111.0, 122.0, 133.0], Trend::RisingFast),
        ([200.0, 195.0, 190.0, 185.0], Trend::Falling),
        ([200.0, 185.0, 170.0, 155.0], Trend::FallingFast),
    ] {
        assert_eq!(slope(5, &values), Some(expected), "{values:?}");
    }
    assert_eq!(slope(15, &[100.0, 100.0, 140.0]), Some(Trend::RisingFast), "a sensor that stores every 15 minutes");
    let minute: Vec<f64> = (0..60).map(|i| if i < 40 { 100.0 } else { 100.0 + 1.5 * f64::from(i - 40) }).collect();
    assert_eq!(slope(1, &minute), Some(Trend::Rising), "a sensor that stores every minute");
}

#[test]
fn there_is_no_trend_without_recent_sensor_values() {
    assert_eq!(slope(5, &[100.0, 130.0]), None, "five minutes are too short");
    assert_eq!(slope(20, &[100.0, 130.0]), None);
    let samples = every(5, midnight(nov(1)), [100.0, 110.0, 120.0, 130.0]);
    assert_eq!(trend(&samples, samples[3].at + TimeDelta::minutes(20)), Some(Trend::Rising));
    assert_eq!(trend(&samples, samples[3].at + TimeDelta::minutes(21)), None, "too old");
    let sticks: Vec<Sample> = samples.iter().map(|s| Sample { sensor: false, ..*s }).collect();
    assert_eq!(trend(&sticks, samples[3].at), None);
    assert_eq!(trend(&[], midnight(nov(1))), None);
}

#[test]
fn a_streak_lasts_until_a_day_without_a_reading_and_today_may_still_come() {
    for (logged, today, streak) in [
        (vec![], 10, 0),
        (vec![10], 10, 1),
        (vec![9], 10, 1),
        (vec![8], 10, 0),
        (vec![7, 8, 9, 10], 10, 4),
        (vec![6, 7, 9, 10], 10, 2),
        (vec![9, 7, 8, 8], 10, 3),
        (vec![11, 10, 9], 10, 2),
    ] {
        let days: Vec<NaiveDate> = logged.iter().map(|d| nov(*d)).collect();
        assert_eq!(streak_days(&days, nov(today)), streak, "{logged:?}");
    }
    let samples = [
        meter(midnight(nov(2)), 100.0, MealState::Random),
        meter(midnight(nov(2)) - TimeDelta::seconds(1), 100.0, MealState::Random),
    ];
    assert_eq!(local_days(&samples, KOLKATA), [nov(1), nov(2)]);
}

#[test]
fn the_next_state_is_the_one_of_the_hour_or_the_first_after_it() {
    use MealState::{AfterBreakfast, AfterDinner, Bedtime, BeforeLunch, MorningFasting, Random};
    for (logged, hour, next) in [
        (vec![], 7, Some(MorningFasting)),
        (vec![MorningFasting], 7, Some(AfterBreakfast)),
        (vec![Random], 10, Some(AfterBreakfast)),
        (vec![AfterBreakfast], 10, Some(BeforeLunch)),
        (vec![], 2, Some(MorningFasting)),
        (vec![AfterDinner], 21, Some(Bedtime)),
        (vec![AfterDinner, Bedtime], 21, None),
        (vec![Bedtime], 23, None),
    ] {
        assert_eq!(next_state(&logged, hour * 60), next, "{logged:?} at {hour}");
    }
}

#[test]
fn todays_share_in_range_is_of_one_kind_of_reading() {
    let mut samples = every(5, midnight(nov(1)), [100.0, 100.0, 200.0, 100.0]);
    samples.push(meter(midnight(nov(1)), 300.0, MealState::Random));
    assert_eq!(in_range_percent(&samples, nov(1), KOLKATA, Preset::Adult), Some((75.0, Kind::Sensor)));
    assert_eq!(in_range_percent(&samples[4..], nov(1), KOLKATA, Preset::Adult), Some((0.0, Kind::Meter)));
    assert_eq!(in_range_percent(&samples, nov(2), KOLKATA, Preset::Adult), None);
}
