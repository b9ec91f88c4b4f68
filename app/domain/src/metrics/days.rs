//! Days and curves for the pages.
//!
//! Minutes are those of the wall clock. On the day the clocks are set back an hour comes twice: a curve goes over it
//! twice (oldest first), quarter hours take both. On the day they are set forward an hour is simply empty.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::{
    Kind, Period, Ranges,
    range::{Band, Thresholds},
    series::{Point, Series, date_of},
    variability,
};
use crate::{
    glucose::{Glucose, Sample, Unit},
    ports::{Curve, CurvePoint, DaySummary},
    targets::Goals,
};

/// Minutes to a point in a day's small curve: 96 points a day.
const SMALL_STEP: u16 = 15;
/// Minutes to a point in a curve of a sensor that stores more often than that.
const CURVE_STEP: u16 = 5;
/// Points a day above which a curve is thinned: more than a 5-minute sensor gives.
const MOST_A_DAY: usize = 300;

/// Every local day of the period, newest first, also those without a reading. A day's figures come from the sensor if it
/// gave at least as many values on that day as the meter; a meter's day has no ranges.
pub fn summaries(samples: &[Sample], period: Period, zone: Tz, goals: impl Into<Goals>) -> Vec<DaySummary> {
    let thresholds = Thresholds::of(goals);
    let (sensor, meter) = Series::both(samples, period, zone);
    let (mut sensor, mut meter) = (by_day(&sensor), by_day(&meter));
    let days = period.from.num_days_from_ce()..=period.to.num_days_from_ce();
    days.rev()
        .map(|day| {
            let (of_sensor, of_meter) =
                (sensor.remove(&day).unwrap_or_default(), meter.remove(&day).unwrap_or_default());
            let (kind, points) = if !of_sensor.is_empty() && of_sensor.len() >= of_meter.len() {
                (Kind::Sensor, of_sensor)
            } else {
                (Kind::Meter, of_meter)
            };
            let values: Vec<f64> = points.iter().map(|p| p.mg_dl).collect();
            DaySummary {
                date: date_of(day),
                readings: u32::try_from(points.len()).unwrap_or(u32::MAX),
                mean_mg_dl: variability::mean(&values),
                ranges: (kind == Kind::Sensor)
                    .then(|| Ranges::of(points.iter().map(|p| p.glucose), &thresholds))
                    .flatten(),
                points: thinned(&points, day, SMALL_STEP, &thresholds),
            }
        })
        .collect()
}

/// The curve of the local days `from..=to`: every value of the kind that most of them are ([`super::report`]), or of a
/// sensor that stores every minute, one for each five.
pub fn curve(samples: &[Sample], from: NaiveDate, to: NaiveDate, zone: Tz, goals: impl Into<Goals>) -> Curve {
    let thresholds = Thresholds::of(goals);
    let period = Period::new(from, to);
    let series = Series::select(samples, period, zone);
    let first_day = from.num_days_from_ce();
    let most = MOST_A_DAY.saturating_mul(usize::try_from(period.days).unwrap_or(1));
    let points = if series.points.len() > most {
        by_day(&series).values().flat_map(|day| thinned(day, first_day, CURVE_STEP, &thresholds)).collect()
    } else {
        series.points.iter().map(|p| curve_point(p, first_day, &thresholds)).collect()
    };
    Curve { from, to, kind: series.kind, points, thresholds }
}

fn by_day(series: &Series) -> BTreeMap<i32, Vec<Point>> {
    let mut days: BTreeMap<i32, Vec<Point>> = BTreeMap::new();
    for point in &series.points {
        days.entry(point.day).or_default().push(*point);
    }
    days
}

fn minute_on_curve(day: i32, minute: u16, first_day: i32) -> i32 {
    day.saturating_sub(first_day).saturating_mul(1440).saturating_add(i32::from(minute))
}

/// A value on a curve that begins with a day.
pub(super) fn curve_point(point: &Point, first_day: i32, thresholds: &Thresholds) -> CurvePoint {
    CurvePoint {
        minute: minute_on_curve(point.day, point.minute, first_day),
        mg_dl: point.mg_dl,
        band: thresholds.band(point.glucose),
    }
}

/// One point for each `step` minutes of a day. A step that holds a value out of range shows the one farthest out, low
/// before high, and the steps with the day's lowest and highest value show those: thinning never hides an extreme. Any
/// other step shows its mean. The point stands at the beginning of its step.
fn thinned(day: &[Point], first_day: i32, step: u16, thresholds: &Thresholds) -> Vec<CurvePoint> {
    let mut steps: BTreeMap<u16, Vec<&Point>> = BTreeMap::new();
    for point in day {
        steps.entry(point.minute / step).or_default().push(point);
    }
    let lowest = day.iter().map(|p| p.mg_dl).fold(f64::INFINITY, f64::min);
    let highest = day.iter().map(|p| p.mg_dl).fold(f64::NEG_INFINITY, f64::max);
    steps
        .into_iter()
        .filter_map(|(place, points)| {
            let low = *points.iter().min_by(|a, b| a.mg_dl.total_cmp(&b.mg_dl))?;
            let high = *points.iter().max_by(|a, b| a.mg_dl.total_cmp(&b.mg_dl))?;
            let kept = if thresholds.band(low.glucose) < Band::InRange {
                Some(low)
            } else if thresholds.band(high.glucose) > Band::InRange || high.mg_dl >= highest {
                Some(high)
            } else {
                (low.mg_dl <= lowest).then_some(low)
            };
            let minute = minute_on_curve(low.day, place * step, first_day);
            if let Some(point) = kept {
                return Some(CurvePoint { minute, ..curve_point(point, first_day, thresholds) });
            }
            let values: Vec<f64> = points.iter().map(|p| p.mg_dl).collect();
            let mg_dl = variability::mean(&values)?;
            Some(CurvePoint { minute, mg_dl, band: thresholds.band(Glucose::stored(mg_dl, Unit::MgDl)) })
        })
        .collect()
}
