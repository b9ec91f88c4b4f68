//! The samples of one kind in order of time, with their wall-clock place looked up once for all figures.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Kind, Period};
use crate::glucose::{Glucose, MealState, Sample, Unit};

/// One minute in the milliseconds that the series counts in.
pub(crate) const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day of 24 hours in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;
/// Nights begin at this minute of the day, 22:00, and end before the other, 06:00.
const NIGHT_FROM: u16 = 22 * 60;
const NIGHT_UNTIL: u16 = 6 * 60;
/// Intervals at which continuous sensors store values, minutes: Libre 3 (1), iCan (3), Dexcom and Medtronic (5), Libre 1 and 2 (15).
const KNOWN_INTERVALS: [(f64, i64); 3] = [(12.5, 15), (4.0, 5), (2.5, 3)];
/// Fewer gaps than this on a day say nothing about that day's sensor; the whole series' interval is taken.
const GAPS_FOR_A_DAY: usize = 12;

/// A sample with its place on the wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    /// Instant, milliseconds UTC.
    pub at_ms: i64,
    /// Local day, counted as [`Datelike::num_days_from_ce`].
    pub day: i32,
    /// Minutes since local midnight by the wall clock, 0 to 1439.
    pub minute: u16,
    /// The value in mg/dL.
    pub mg_dl: f64,
    /// The value as received: bands are judged in its unit.
    pub glucose: Glucose,
    /// Relative to meals.
    pub state: MealState,
    /// The sensor's interval on that day, ms.
    pub interval_ms: i64,
    /// How long the value stands for, ms: to the next value, or if that is missing, for the sensor's interval.
    pub covers_ms: i64,
}

impl Point {
    fn new(sample: &Sample, zone: Tz) -> Self {
        let offset_s = zone.offset_from_utc_datetime(&sample.at.naive_utc()).fix().local_minus_utc();
        let at_ms = sample.at.timestamp_millis();
        let local_ms = at_ms + i64::from(offset_s) * 1000;
        let days = local_ms.div_euclid(DAY_MS);
        Self {
            at_ms,
            day: i32::try_from(days).unwrap_or(0).saturating_add(EPOCH_DAY),
            minute: u16::try_from(local_ms.rem_euclid(DAY_MS) / MINUTE_MS).unwrap_or(0),
            mg_dl: sample.glucose.mg_dl(),
            glucose: sample.glucose,
            state: sample.state,
            interval_ms: 0,
            covers_ms: 0,
        }
    }

    /// The night it belongs to, from 22:00 to 06:00 by the wall clock, named by the day on which it ends.
    pub fn night(&self) -> Option<i32> {
        match self.minute {
            NIGHT_FROM.. => Some(self.day.saturating_add(1)),
            ..NIGHT_UNTIL => Some(self.day),
            _ => None,
        }
    }

    /// The instant.
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.at_ms).unwrap_or_default()
    }

    /// The local date.
    pub fn date(&self) -> NaiveDate {
        date_of(self.day)
    }
}

/// 1970-01-01 as [`Datelike::num_days_from_ce`].
const EPOCH_DAY: i32 = 719_163;

/// The date of a day number.
pub(crate) fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()
}

/// Samples of one kind, oldest first; the same for any order of the input.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// From what they come.
    pub kind: Kind,
    /// Oldest first.
    pub points: Vec<Point>,
}

impl Series {
    /// Takes the samples of the period's local days and decides from which kind its figures come. Figures never mix the
    /// two: a sensor's values are evenly spaced in time, a meter's are taken when there is a reason to.
    pub fn select(samples: &[Sample], period: Period, zone: Tz) -> Self {
        let (sensor, meter) = Self::both(samples, period, zone);
        Self::choose(sensor, meter)
    }

    /// The sensor's and the meter's samples of the period's local days.
    pub fn both(samples: &[Sample], period: Period, zone: Tz) -> (Self, Self) {
        let days = period.from.num_days_from_ce()..=period.to.num_days_from_ce();
        let (mut sensor, mut meter) = (Vec::with_capacity(samples.len()), Vec::new());
        for sample in samples {
            let point = Point::new(sample, zone);
            if days.contains(&point.day) {
                if sample.sensor { &mut sensor } else { &mut meter }.push(point);
            }
        }
        (Self::ordered(Kind::Sensor, sensor), Self::ordered(Kind::Meter, meter))
    }

    /// It is a sensor's period if there is at least a day's worth of sensor values, or at least as many of them as of
    /// meter values; otherwise, and with no values at all, a meter's.
    pub fn choose(sensor: Self, meter: Self) -> Self {
        let most = !sensor.points.is_empty() && sensor.points.len() >= meter.points.len();
        if most || sensor.covered_ms() >= DAY_MS { sensor } else { meter }
    }

    fn ordered(kind: Kind, mut points: Vec<Point>) -> Self {
        points.sort_by(|a, b| {
            (a.at_ms.cmp(&b.at_ms))
                .then(a.mg_dl.total_cmp(&b.mg_dl))
                .then((a.glucose.unit() == Unit::MmolL).cmp(&(b.glucose.unit() == Unit::MmolL)))
                .then(a.state.cmp(&b.state))
        });
        set_coverage(&mut points);
        Self { kind, points }
    }

    /// The part of the series on the period's local days.
    pub fn within(&self, period: Period) -> Self {
        let days = period.from.num_days_from_ce()..=period.to.num_days_from_ce();
        Self { kind: self.kind, points: self.points.iter().filter(|p| days.contains(&p.day)).copied().collect() }
    }

    /// The value measured first at or after an instant.
    pub fn first_from(&self, at_ms: i64) -> Option<&Point> {
        self.points.get(self.points.partition_point(|p| p.at_ms < at_ms))
    }

    /// The values measured at or after one instant and at or before another, ms.
    pub fn points_between(&self, from_ms: i64, to_ms: i64) -> &[Point] {
        let from = self.points.partition_point(|p| p.at_ms < from_ms);
        let until = self.points.partition_point(|p| p.at_ms <= to_ms);
        self.points.get(from..until).unwrap_or_default()
    }

    /// Time that the values stand for, ms.
    pub fn covered_ms(&self) -> i64 {
        self.points.iter().map(|p| p.covers_ms).sum()
    }

    /// Local days with at least one value.
    pub fn days(&self) -> u32 {
        let mut days: Vec<i32> = self.points.iter().map(|p| p.day).collect();
        days.sort_unstable();
        days.dedup();
        u32::try_from(days.len()).unwrap_or(u32::MAX)
    }

    /// The values, mg/dL, oldest first.
    pub fn values(&self) -> Vec<f64> {
        self.points.iter().map(|p| p.mg_dl).collect()
    }

    /// The values as received, oldest first.
    pub fn glucose(&self) -> impl Iterator<Item = Glucose> + '_ {
        self.points.iter().map(|p| p.glucose)
    }
}

/// The sensor's own interval, ms, from the gaps between its values: their median in whole minutes (iglu `active_percent`),
/// taken down to an interval that sensors have. So a sensor of which every other value was lost is not taken for a slower one.
fn interval_ms(gaps: &mut [i64]) -> Option<i64> {
    let middle = gaps.len() / 2;
    let median = *gaps.select_nth_unstable(middle.min(gaps.len().checked_sub(1)?)).1;
    let minutes = (median as f64 / MINUTE_MS as f64).round();
    let known = KNOWN_INTERVALS.iter().find(|(least, _)| minutes >= *least).map_or(1, |(_, interval)| *interval);
    Some(known * MINUTE_MS)
}

/// Gives every value the time it stands for. The interval is taken per day, so that a change of sensor within the
/// period is not mistaken for missing data.
fn set_coverage(points: &mut [Point]) {
    let mut all: Vec<i64> = points.windows(2).filter_map(|w| gap_between(w.first()?, w.last()?)).collect();
    let overall = interval_ms(&mut all).unwrap_or(5 * MINUTE_MS);
    for day in points.chunk_by_mut(|a, b| a.day == b.day) {
        let mut gaps: Vec<i64> = day.windows(2).filter_map(|w| gap_between(w.first()?, w.last()?)).collect();
        let interval = (gaps.len() >= GAPS_FOR_A_DAY).then(|| interval_ms(&mut gaps)).flatten().unwrap_or(overall);
        for point in day {
            (point.interval_ms, point.covers_ms) = (interval, interval);
        }
    }
    let next: Vec<i64> = points.iter().skip(1).map(|p| p.at_ms).collect();
    for (point, next) in points.iter_mut().zip(next) {
        let gap = next - point.at_ms;
        // Up to one and a half intervals nothing is missing, the sensor's clock is only uneven: the times add up.
        if gap * 2 <= point.interval_ms * 3 {
            point.covers_ms = gap;
        }
    }
}

fn gap_between(a: &Point, b: &Point) -> Option<i64> {
    Some(b.at_ms - a.at_ms).filter(|gap| *gap > 0)
}
