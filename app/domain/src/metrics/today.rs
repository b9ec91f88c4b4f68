//! What the first page of a patient and of a caregiver says about now.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    Ranges,
    range::Thresholds,
    series::{MINUTE_MS, Series},
};
use crate::{
    clock::local_date,
    glucose::{MealState, Sample},
    metrics::{Kind, Period},
    ports::Trend,
    targets::Goals,
};

/// How far back the values of a trend may lie: 15 minutes and the unevenness of a sensor's clock.
const TREND_WINDOW: TimeDelta = TimeDelta::minutes(17);
/// Over less time than this a slope says nothing.
const TREND_LEAST_MS: i64 = 9 * MINUTE_MS;
/// A newest value older than this has no trend: nobody knows how it went on.
const TREND_MAX_AGE: TimeDelta = TimeDelta::minutes(20);

/// How the newest sensor value moves: the slope (least squares) of the sensor values of the 15 minutes up to it. None if
/// they span less than 9 minutes or the newest is more than 20 minutes old.
pub fn trend(samples: &[Sample], now: DateTime<Utc>) -> Option<Trend> {
    let newest = samples.iter().filter(|s| s.sensor && s.at <= now + crate::glucose::CLOCK_SKEW).map(|s| s.at).max()?;
    if now - newest > TREND_MAX_AGE {
        return None;
    }
    let points: Vec<(i64, f64)> = samples
        .iter()
        .filter(|s| s.sensor && s.at <= newest && newest - s.at <= TREND_WINDOW)
        .map(|s| ((s.at - newest).num_milliseconds(), s.glucose.mg_dl()))
        .collect();
    if -points.iter().map(|(ms, _)| *ms).min()? < TREND_LEAST_MS {
        return None;
    }
    let n = points.len() as f64;
    let minutes = |ms: i64| ms as f64 / MINUTE_MS as f64;
    let mean_time = points.iter().map(|(ms, _)| minutes(*ms)).sum::<f64>() / n;
    let mean_value = points.iter().map(|(_, value)| value).sum::<f64>() / n;
    let (mut together, mut spread) = (0.0, 0.0);
    for (ms, value) in &points {
        let from_mean = minutes(*ms) - mean_time;
        together += from_mean * (value - mean_value);
        spread += from_mean * from_mean;
    }
    // 1e-9: a slope of exactly one is "rising" whatever the binary fractions say.
    let slope = together / spread;
    Some(match slope {
        s if s > 2.0 + 1e-9 => Trend::RisingFast,
        s if s >= 1.0 - 1e-9 => Trend::Rising,
        s if s < -2.0 - 1e-9 => Trend::FallingFast,
        s if s <= -1.0 + 1e-9 => Trend::Falling,
        _ => Trend::Steady,
    })
}

/// The share of a local day's readings in range, %, from the sensor's values or, on a day of finger-sticks, from those;
/// none without a reading. For a meter it is a share of readings, not of time: the page says which.
pub fn in_range_percent(samples: &[Sample], date: NaiveDate, zone: Tz, goals: impl Into<Goals>) -> Option<(f64, Kind)> {
    let series = Series::select(samples, Period::new(date, date), zone);
    Ranges::of(series.glucose(), &Thresholds::of(goals)).map(|ranges| (ranges.in_range, series.kind))
}

/// The local days of the samples, each once, oldest first.
pub fn local_days(samples: &[Sample], zone: Tz) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = samples.iter().map(|s| local_date(s.at, zone)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Days in a row with a reading, up to today, or to yesterday if today has none yet. `days` in any order.
pub fn streak_days(days: &[NaiveDate], today: NaiveDate) -> u32 {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let mut expected = today;
    let mut streak = 0;
    for day in days.into_iter().rev().skip_while(|day| *day > today) {
        if streak == 0 && Some(day) == today.pred_opt() {
            expected = day;
        }
        if day != expected {
            break;
        }
        streak += 1;
        match day.pred_opt() {
            Some(before) => expected = before,
            None => break,
        }
    }
    streak
}

/// What to log next today: the state that the time of day suggests, or the first after it that is not logged yet. None if
/// all that today still has are there; what was missed earlier cannot be measured any more.
pub fn next_state(logged_today: &[MealState], minute_of_day: u16) -> Option<MealState> {
    // Before four in the morning the day's first value is still to come; bedtime belongs to the day before.
    let from = if minute_of_day < 240 { MealState::MorningFasting } else { MealState::likely_at(minute_of_day) };
    MealState::ALL
        .iter()
        .copied()
        .filter(|state| *state != MealState::Random && *state >= from)
        .find(|state| !logged_today.contains(state))
}
