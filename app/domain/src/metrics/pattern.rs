//! Patterns: which hours of which weekdays, a usual day of finger-stick values, values before and after meals.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Kind, Period,
    agp::quantile,
    days::curve_point,
    meter::MeterTarget,
    range::{Band, Thresholds, percent_of},
    risk::Gri,
    series::{MINUTE_MS, Point, Series},
    sufficiency, variability,
};
use crate::{
    glucose::{Glucose, MealState, Sample, Unit},
    meal::MealType,
    ports::CurvePoint,
    targets::Goals,
};

/// A value counts as after a meal if it came so long after the one before it, ms. Later it tells of something else.
const AFTER_MEAL_MS: std::ops::RangeInclusive<i64> = 30 * MINUTE_MS..=240 * MINUTE_MS;

/// The meals of a day with their states before and after.
const MEALS: [(MealType, MealState, MealState); 3] = [
    (MealType::Breakfast, MealState::MorningFasting, MealState::AfterBreakfast),
    (MealType::Lunch, MealState::BeforeLunch, MealState::AfterLunch),
    (MealType::Dinner, MealState::BeforeDinner, MealState::AfterDinner),
];

/// An hour of a weekday, over all weeks of the period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HourCell {
    /// 0 is Monday.
    pub weekday: u8,
    /// By the wall clock, 0 to 23.
    pub hour: u8,
    /// Values in it.
    pub readings: u32,
    /// Their mean, mg/dL.
    pub mean_mg_dl: f64,
    /// Where the mean lies.
    pub band: Band,
    /// Share of the values below range, %: a mean hides them.
    pub below_percent: f64,
}

/// The finger-stick values of a meal state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StateSummary {
    /// Which.
    pub state: MealState,
    /// How many.
    pub readings: u32,
    /// mg/dL.
    pub lowest_mg_dl: f64,
    /// mg/dL.
    pub median_mg_dl: f64,
    /// mg/dL.
    pub highest_mg_dl: f64,
    /// Share within the state's target, %.
    pub met_percent: f64,
}

/// A value before a meal and the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MealPair {
    /// The local day of the first.
    pub date: NaiveDate,
    /// Minutes from the one to the other.
    pub minutes: u32,
    /// mg/dL.
    pub before_mg_dl: f64,
    /// mg/dL.
    pub after_mg_dl: f64,
    /// Whether the second is within its target.
    pub met: bool,
}

impl MealPair {
    /// How far the meal raised the value, mg/dL.
    pub fn rise_mg_dl(&self) -> f64 {
        self.after_mg_dl - self.before_mg_dl
    }
}

/// The pairs of one meal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MealPairs {
    /// Which meal.
    pub meal: MealType,
    /// Oldest first; at least one.
    pub pairs: Vec<MealPair>,
    /// mg/dL.
    pub median_before_mg_dl: f64,
    /// mg/dL.
    pub median_after_mg_dl: f64,
    /// Median of the rises (not the difference of the medians), mg/dL.
    pub median_rise_mg_dl: f64,
    /// Share of the values after the meal within their target, %.
    pub met_percent: f64,
}

/// The patterns of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Patterns {
    /// Glycemia risk index of a sensor's values; none under the consensus floor.
    pub gri: Option<Gri>,
    /// Hours of weekdays with values, Monday's midnight first. Of a sensor only: a meter's values are taken when there is a
    /// reason to, so that their mean tells of the reasons.
    pub hours: Vec<HourCell>,
    /// All finger-stick values by their minute of the day, whatever the day.
    pub modal: Vec<CurvePoint>,
    /// The meal states that have finger-stick values, in the order of the day.
    pub states: Vec<StateSummary>,
    /// The meals that have pairs of finger-stick values, in the order of the day.
    pub meals: Vec<MealPairs>,
    /// The limits to draw.
    pub thresholds: Thresholds,
}

/// The patterns of a period's local days (samples in any order; others are ignored).
pub fn patterns(samples: &[Sample], period: Period, zone: Tz, goals: Goals) -> Patterns {
    let thresholds = Thresholds::of(goals);
    let (sensor, meter) = Series::both(samples, period, zone);
    let mut modal: Vec<CurvePoint> = meter.points.iter().map(|p| curve_point(p, p.day, &thresholds)).collect();
    modal.sort_by(|a, b| a.minute.cmp(&b.minute).then(a.mg_dl.total_cmp(&b.mg_dl)));
    let states = MealState::ALL.iter().filter_map(|state| of_state(&meter.points, *state, goals)).collect();
    let meals = MEALS.iter().filter_map(|meal| of_meal(&meter.points, *meal, goals)).collect();
    let chosen = Series::choose(sensor, meter);
    let of_sensor = chosen.kind == Kind::Sensor;
    let enough = of_sensor && sufficiency::judge(&chosen, period, zone).enough;
    Patterns {
        gri: enough.then(|| Gri::of_values(chosen.glucose())).flatten(),
        hours: if of_sensor { hours(&chosen.points, &thresholds) } else { Vec::new() },
        modal,
        states,
        meals,
        thresholds,
    }
}

fn hours(points: &[Point], thresholds: &Thresholds) -> Vec<HourCell> {
    let mut cells: BTreeMap<(u8, u8), Vec<&Point>> = BTreeMap::new();
    for point in points {
        let weekday = u8::try_from(point.date().weekday().num_days_from_monday()).unwrap_or(0);
        let hour = u8::try_from(point.minute / 60).unwrap_or(0);
        cells.entry((weekday, hour)).or_default().push(point);
    }
    cells
        .into_iter()
        .filter_map(|((weekday, hour), points)| {
            let values: Vec<f64> = points.iter().map(|p| p.mg_dl).collect();
            let mean_mg_dl = variability::mean(&values)?;
            Some(HourCell {
                weekday,
                hour,
                readings: count(points.len()),
                mean_mg_dl,
                band: thresholds.band(Glucose::stored(mean_mg_dl, Unit::MgDl)),
                below_percent: share(&points, |p| thresholds.band(p.glucose) < Band::InRange),
            })
        })
        .collect()
}

fn of_state(points: &[Point], state: MealState, goals: Goals) -> Option<StateSummary> {
    let target = MeterTarget::of(goals, state);
    let of_state: Vec<&Point> = points.iter().filter(|p| p.state == state).collect();
    let values = sorted(of_state.iter().map(|p| p.mg_dl));
    Some(StateSummary {
        state,
        readings: count(values.len()),
        lowest_mg_dl: *values.first()?,
        median_mg_dl: quantile(&values, 0.5)?,
        highest_mg_dl: *values.last()?,
        met_percent: share(&of_state, |p| target.is_met(p.glucose)),
    })
}

/// Each value before the meal with the first one after it that comes in time. A second value before the meal takes the
/// place of the first.
fn of_meal(points: &[Point], meal: (MealType, MealState, MealState), goals: Goals) -> Option<MealPairs> {
    let (meal, before_state, after_state) = meal;
    let target = MeterTarget::of(goals, after_state);
    let mut before: Option<&Point> = None;
    let mut pairs = Vec::new();
    for point in points {
        if point.state == before_state {
            before = Some(point);
        } else if point.state == after_state {
            let Some(first) = before.filter(|b| AFTER_MEAL_MS.contains(&(point.at_ms - b.at_ms))) else { continue };
            before = None;
            pairs.push(MealPair {
                date: first.date(),
                minutes: u32::try_from((point.at_ms - first.at_ms) / MINUTE_MS).unwrap_or(0),
                before_mg_dl: first.mg_dl,
                after_mg_dl: point.mg_dl,
                met: target.is_met(point.glucose),
            });
        }
    }
    let median = |value: fn(&MealPair) -> f64| quantile(&sorted(pairs.iter().map(value)), 0.5);
    Some(MealPairs {
        meal,
        median_before_mg_dl: median(|p| p.before_mg_dl)?,
        median_after_mg_dl: median(|p| p.after_mg_dl)?,
        median_rise_mg_dl: median(MealPair::rise_mg_dl)?,
        met_percent: share(&pairs, |p| p.met),
        pairs,
    })
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Share of those that are so, %; 0 of none.
fn share<T>(all: &[T], is: impl Fn(&T) -> bool) -> f64 {
    percent_of(count(all.iter().filter(|one| is(one)).count()), count(all.len()))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::people::Preset;

    const ZONE: Tz = chrono_tz::Asia::Kolkata;

    /// Minutes after Monday 2 November 2026, 00:00 in India.
    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-01T18:30:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn stick(minutes: i64, mg_dl: f64, state: MealState) -> Sample {
        Sample { at: at(minutes), glucose: Glucose::stored(mg_dl, Unit::MgDl), sensor: false, state }
    }

    fn of(samples: &[Sample], days: u32) -> Patterns {
        let last = "2026-11-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(u64::from(days));
        patterns(samples, Period::ending(last, days), ZONE, Preset::Adult.into())
    }

    /// A sensor at five minutes for some days.
    fn sensor(days: i64, mg_dl: impl Fn(i64) -> f64) -> Vec<Sample> {
        (0..days * 288).map(|n| Sample { sensor: true, ..stick(n * 5, mg_dl(n * 5), MealState::Random) }).collect()
    }

    #[test]
    fn an_hour_of_a_weekday_holds_the_values_of_all_its_weeks() {
        // Two weeks at 120; on the second Monday from 8 to 9 at 280, a quarter of an hour of it at 60.
        let second = 7 * 1440 + 480;
        let samples = sensor(14, |minute| match minute - second {
            0..15 => 60.0,
            15..60 => 280.0,
            _ => 120.0,
        });
        let found = of(&samples, 14);
        assert_eq!(found.hours.len(), 7 * 24);
        let cell = found.hours.iter().find(|c| (c.weekday, c.hour) == (0, 8)).unwrap();
        assert_eq!(cell.readings, 24);
        assert!((cell.mean_mg_dl - (12.0 * 120.0 + 9.0 * 280.0 + 3.0 * 60.0) / 24.0).abs() < 1e-9);
        assert_eq!((cell.band, cell.below_percent), (Band::InRange, 12.5));
        let others = found.hours.iter().filter(|c| (c.weekday, c.hour) != (0, 8));
        assert!(others.clone().count() == 167 && others.into_iter().all(|c| (c.mean_mg_dl - 120.0).abs() < 1e-9));
        assert!(found.gri.is_some() && found.modal.is_empty() && found.states.is_empty() && found.meals.is_empty());
    }

    #[test]
    fn the_index_is_withheld_under_the_consensus_floor() {
        assert_eq!(of(&sensor(13, |_| 120.0), 14).gri, None);
        assert_eq!(of(&[], 14).hours, []);
    }

    #[test]
    fn a_meters_values_are_dots_by_the_minute_of_the_day_and_have_no_hours() {
        let found = of(&[stick(1440 + 450, 90.0, MealState::Random), stick(430, 190.0, MealState::Random)], 14);
        let dots: Vec<_> = found.modal.iter().map(|p| (p.minute, p.mg_dl, p.band)).collect();
        assert_eq!(dots, [(430, 190.0, Band::High), (450, 90.0, Band::InRange)]);
        assert_eq!((found.hours, found.gri), (vec![], None));
    }

    #[test]
    fn each_state_tells_its_spread_and_how_often_its_target_was_met() {
        use MealState::{AfterLunch, MorningFasting};
        let found = of(
            &[
                stick(400, 79.0, MorningFasting),
                stick(1840, 130.0, MorningFasting),
                stick(3280, 110.0, MorningFasting),
                stick(800, 180.0, AfterLunch),
            ],
            14,
        );
        let told: Vec<_> = found
            .states
            .iter()
            .map(|s| (s.state, s.readings, s.lowest_mg_dl, s.median_mg_dl, s.highest_mg_dl, s.met_percent.round()))
            .collect();
        assert_eq!(
            told,
            [(MorningFasting, 3, 79.0, 110.0, 130.0, 67.0), (AfterLunch, 1, 180.0, 180.0, 180.0, 0.0)],
            "79 is below 80, and 180 is not under 180"
        );
    }

    #[test]
    fn a_pair_is_the_last_value_before_a_meal_and_the_first_in_time_after_it() {
        use MealState::{AfterBreakfast, AfterDinner, AfterLunch, BeforeDinner, BeforeLunch, MorningFasting};
        let found = of(
            &[
                // The later one before breakfast; 29 minutes after it is too early, the first at two hours counts.
                stick(360, 100.0, MorningFasting),
                stick(420, 110.0, MorningFasting),
                stick(449, 250.0, AfterBreakfast),
                stick(540, 170.0, AfterBreakfast),
                stick(560, 300.0, AfterBreakfast),
                // Four hours and a minute are too late.
                stick(720, 100.0, BeforeLunch),
                stick(961, 150.0, AfterLunch),
                // Over midnight, named by the day of the first.
                stick(1400, 140.0, BeforeDinner),
                stick(1500, 120.0, AfterDinner),
                // The second day's breakfast.
                stick(1860, 90.0, MorningFasting),
                stick(1980, 190.0, AfterBreakfast),
            ],
            14,
        );
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let [breakfast, dinner] = &found.meals[..] else { panic!("{:?}", found.meals) };
        assert_eq!(breakfast.meal, MealType::Breakfast);
        let pairs: Vec<_> =
            breakfast.pairs.iter().map(|p| (p.date, p.minutes, p.before_mg_dl, p.after_mg_dl, p.met)).collect();
        assert_eq!(pairs, [(day("2026-11-02"), 120, 110.0, 170.0, true), (day("2026-11-03"), 120, 90.0, 190.0, false)]);
        assert_eq!((breakfast.median_before_mg_dl, breakfast.median_after_mg_dl), (100.0, 180.0));
        assert_eq!((breakfast.median_rise_mg_dl, breakfast.met_percent), (80.0, 50.0));
        assert_eq!(
            (dinner.meal, dinner.pairs[0].date, dinner.median_rise_mg_dl),
            (MealType::Dinner, day("2026-11-02"), -20.0)
        );
    }
}
