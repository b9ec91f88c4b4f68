//! A week in plain sentences, each with the numbers behind it.
//!
//! A sentence is only there if there is data enough for it to be true: a pattern needs at least two days and half of
//! those with data, a comparison of days half a day of sensor values on each.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::Datelike;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    glucose::{MealState, Sample},
    metrics::{
        EpisodeLevel, Kind, Period, Ranges, episode,
        range::Thresholds,
        series::{DAY_MS, MINUTE_MS, Point, Series, date_of},
        variability,
    },
    targets::Goals,
};

/// The states after a meal, in the order of the day.
const AFTER_MEALS: [MealState; 3] = [MealState::AfterBreakfast, MealState::AfterLunch, MealState::AfterDinner];
/// Days or nights that make a pattern.
const SEVERAL: u32 = 2;
/// Sensor values above range after a meal for at least this long, ms, make it a high.
const HIGH_MS: i64 = 30 * MINUTE_MS;
/// Sensor data of the hours after a meal that a day needs to be counted, ms.
const AFTER_MEAL_MS: i64 = 60 * MINUTE_MS;
/// Sensor data that a night needs to be counted: half of it, ms.
const NIGHT_MS: i64 = 4 * 60 * MINUTE_MS;
/// Sensor data that a day needs to be compared with others: half of it, ms.
const HALF_DAY_MS: i64 = DAY_MS / 2;
/// Days that can be compared before the best and the hardest are named, and by how many points they have to differ.
const COMPARED_DAYS: usize = 3;
const APART_POINTS: f64 = 10.0;
/// Finger-sticks without a low that allow to say that there was none: one a day.
const METER_NO_LOWS: usize = 7;

/// One sentence's code and evidence; the words are the reader's language's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Insight {
    /// In range this week, and the week before if known.
    InRange {
        /// Percent this week.
        percent: f64,
        /// Percent the week before.
        before: Option<f64>,
    },
    /// Mean of meter readings this week, mg/dL, and the week before if known.
    MeterMean {
        /// This week.
        mean_mg_dl: f64,
        /// The week before.
        before: Option<f64>,
    },
    /// After a meal above 180 mg/dL on several days.
    HighAfter {
        /// Which meal.
        state: MealState,
        /// Days on which it was.
        days: u32,
        /// Days with a reading then.
        of: u32,
    },
    /// Below 70 mg/dL on several nights (22:00 to 06:00).
    LowNights {
        /// Nights on which it was.
        nights: u32,
        /// Nights with data.
        of: u32,
    },
    /// Lows in the week.
    Lows {
        /// Episodes or readings below 70 mg/dL.
        count: u32,
    },
    /// No low in the week.
    NoLows,
    /// The day with the most time in range.
    BestDay {
        /// Which day.
        date: chrono::NaiveDate,
        /// Percent in range.
        percent: f64,
    },
    /// The day with the least time in range.
    HardestDay {
        /// Which day.
        date: chrono::NaiveDate,
        /// Percent in range.
        percent: f64,
    },
    /// Nothing was recorded.
    NoReadings,
}

/// The sentences of a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weekly {
    /// The seven local days.
    pub period: Period,
    /// Readings in them.
    pub readings: u32,
    /// The sentences, weightiest first.
    pub insights: Vec<Insight>,
}

/// The sentences of a week, weightiest first: what is dangerous, then how the week was, then patterns and days.
///
/// `samples` are those of both periods (any order; others are ignored). Figures come from one kind of reading
/// ([`crate::metrics::report`]); meals are told apart by the states of the readings, or where a sensor's values have
/// none, by the usual hours ([`MealState::likely_at`]).
pub fn weekly(samples: &[Sample], week: Period, previous: Period, zone: Tz, goals: impl Into<Goals>) -> Weekly {
    let span = Period::new(previous.from.min(week.from), week.to);
    let (sensor, meter) = Series::both(samples, span, zone);
    let this = Series::choose(sensor.within(week), meter.within(week));
    let readings = u32::try_from(this.points.len()).unwrap_or(u32::MAX);
    if readings == 0 {
        return Weekly { period: week, readings, insights: vec![Insight::NoReadings] };
    }
    let thresholds = Thresholds::of(goals);
    let all = if this.kind == Kind::Sensor { &sensor } else { &meter };
    let before = all.within(previous);

    let mut insights = Vec::new();
    let nights = nights(all, week, &thresholds);
    insights.extend(nights.map(|(nights, of)| Insight::LowNights { nights, of }));
    let lows = lows(&this, &thresholds);
    if lows > 0 {
        insights.push(Insight::Lows { count: lows });
    }
    insights.extend(overall(&this, &before, &thresholds));
    let tagged: Vec<Series> = [&sensor, &meter].map(|series| series.within(week)).into();
    let mut highs: Vec<(MealState, u32, u32)> =
        AFTER_MEALS.iter().filter_map(|state| high_after(*state, &tagged, &this, &thresholds)).collect();
    highs.sort_by_key(|(_, days, of)| (Reverse(*days), *of)); // stable: of equals the earlier meal first
    insights.extend(highs.into_iter().map(|(state, days, of)| Insight::HighAfter { state, days, of }));
    insights.extend(best_and_hardest(&this, &thresholds).into_iter().flatten());
    let watched = match this.kind {
        Kind::Sensor => this.covered_ms() >= DAY_MS,
        Kind::Meter => this.points.len() >= METER_NO_LOWS,
    };
    if lows == 0 && watched {
        insights.push(Insight::NoLows);
    }
    Weekly { period: week, readings, insights }
}

/// Episodes of a sensor, readings of a meter below range.
fn lows(series: &Series, thresholds: &Thresholds) -> u32 {
    let count = match series.kind {
        Kind::Sensor => low_episodes(series, thresholds).count(),
        Kind::Meter => series.glucose().filter(|g| thresholds.low.is_above(*g)).count(),
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn low_episodes(series: &Series, thresholds: &Thresholds) -> impl Iterator<Item = crate::metrics::Episode> {
    episode::episodes(series, thresholds).into_iter().filter(|e| e.level == EpisodeLevel::Low)
}

/// Nights that end in the week: on how many there was a low, of how many with data. None if there is no pattern.
fn nights(series: &Series, week: Period, thresholds: &Thresholds) -> Option<(u32, u32)> {
    let mut covered: BTreeMap<i32, i64> = BTreeMap::new();
    let mut low: BTreeSet<i32> = BTreeSet::new();
    let in_week = week.from.num_days_from_ce()..=week.to.num_days_from_ce();
    for point in &series.points {
        if let Some(night) = point.night().filter(|night| in_week.contains(night)) {
            *covered.entry(night).or_default() += point.covers_ms;
            if series.kind == Kind::Meter && thresholds.low.is_above(point.glucose) {
                low.insert(night);
            }
        }
    }
    if series.kind == Kind::Sensor {
        covered.retain(|_, ms| *ms >= NIGHT_MS);
        for episode in low_episodes(series, thresholds) {
            let (from, to) = (episode.from.timestamp_millis(), episode.to.timestamp_millis());
            let points = series.points_between(from, to).iter().filter(|p| thresholds.low.is_above(p.glucose));
            low.extend(points.filter_map(Point::night).filter(|night| in_week.contains(night)));
        }
    }
    let of = covered.keys().copied().chain(low.iter().copied()).collect::<BTreeSet<i32>>().len();
    pattern(low.len(), of)
}

/// A number of days out of those with data, if it is a pattern.
fn pattern(days: usize, of: usize) -> Option<(u32, u32)> {
    let (days, of) = (u32::try_from(days).ok()?, u32::try_from(of).ok()?);
    (days >= SEVERAL && days.saturating_mul(2) >= of).then_some((days, of))
}

fn overall(this: &Series, before: &Series, thresholds: &Thresholds) -> Option<Insight> {
    if this.kind == Kind::Meter {
        let mean_mg_dl = variability::mean(&this.values())?;
        return Some(Insight::MeterMean { mean_mg_dl, before: variability::mean(&before.values()) });
    }
    let in_range = |series: &Series| {
        let ranges = (series.covered_ms() >= DAY_MS).then(|| Ranges::of(series.glucose(), thresholds)).flatten();
        ranges.map(|r| r.in_range)
    };
    in_range(this).map(|percent| Insight::InRange { percent, before: in_range(before) })
}

/// On how many days the readings after a meal were above range, of how many with such readings.
fn high_after(
    state: MealState,
    tagged: &[Series],
    this: &Series,
    thresholds: &Thresholds,
) -> Option<(MealState, u32, u32)> {
    let mut days: BTreeMap<i32, bool> = BTreeMap::new();
    for point in tagged.iter().flat_map(|series| &series.points).filter(|p| p.state == state) {
        *days.entry(point.day).or_default() |= thresholds.high.is_below(point.glucose);
    }
    if days.is_empty() && this.kind == Kind::Sensor {
        let mut time: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
        for point in this.points.iter().filter(|p| MealState::likely_at(p.minute) == state) {
            let (covered, high) = time.entry(point.day).or_default();
            *covered += point.covers_ms;
            if thresholds.high.is_below(point.glucose) {
                *high += point.covers_ms;
            }
        }
        days.extend(
            time.into_iter()
                .filter(|(_, (covered, _))| *covered >= AFTER_MEAL_MS)
                .map(|(day, (_, high))| (day, high >= HIGH_MS)),
        );
    }
    let (high, of) = pattern(days.values().filter(|high| **high).count(), days.len())?;
    Some((state, high, of))
}

/// The hardest and the best day, if enough days can be compared and they differ.
fn best_and_hardest(series: &Series, thresholds: &Thresholds) -> Option<[Insight; 2]> {
    if series.kind == Kind::Meter {
        return None;
    }
    let mut by_day: BTreeMap<i32, (i64, Vec<crate::glucose::Glucose>)> = BTreeMap::new();
    for point in &series.points {
        let (covered, values) = by_day.entry(point.day).or_default();
        *covered += point.covers_ms;
        values.push(point.glucose);
    }
    let days: Vec<(i32, f64)> = by_day
        .into_iter()
        .filter(|(_, (covered, _))| *covered >= HALF_DAY_MS)
        .filter_map(|(day, (_, values))| Some((day, Ranges::of(values.into_iter(), thresholds)?.in_range)))
        .collect();
    // Of equals the later day: it is better remembered.
    let best = days.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))?;
    let hardest = days.iter().min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    (days.len() >= COMPARED_DAYS && best.1 - hardest.1 >= APART_POINTS).then(|| {
        [
            Insight::HardestDay { date: date_of(hardest.0), percent: hardest.1 },
            Insight::BestDay { date: date_of(best.0), percent: best.1 },
        ]
    })
}
