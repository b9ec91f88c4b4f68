//! The ambulatory profile: what a usual day looks like, midnight to midnight, as percentiles.

use std::sync::Arc;

use domain::{metrics::ProfilePoint, metrics::range::Thresholds};

use super::{
    Fingerprint, Readout, Seek,
    canvas::{Ink, Plot},
    frame::{Frame, notice},
    reader::Reader,
    scale::{Axis, DAY, Window, drawable, ticks},
};
use crate::tr_in;

/// Minutes between two drawn points of a curve.
const STEP: i32 = 10;
/// Minutes of a bin.
const BIN: i32 = 60;
const DAY_WINDOW: Window = Window { from: 0, minutes: DAY };

/// A profile as it is looked at.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The hours that have values, earliest first.
    pub points: Arc<Vec<ProfilePoint>>,
    /// The limits to draw.
    pub thresholds: Thresholds,
    /// By whom.
    pub reader: Reader,
}

type Percentiles = [f64; 5];

fn percentiles(point: &ProfilePoint) -> Percentiles {
    [point.p5, point.p25, point.p50, point.p75, point.p95]
}

impl Profile {
    fn points(&self) -> Vec<ProfilePoint> {
        let mut points: Vec<_> = self
            .points
            .iter()
            .filter(|p| i32::from(p.minute) < DAY && percentiles(p).into_iter().all(drawable))
            .copied()
            .collect();
        points.sort_by_key(|p| p.minute);
        points.dedup_by_key(|p| p.minute);
        points
    }

    /// What the chart shows, in a sentence.
    pub fn label(&self) -> String {
        let points = self.points();
        let lowest = points.iter().map(|p| p.p50).min_by(f64::total_cmp);
        let highest = points.iter().map(|p| p.p50).max_by(f64::total_cmp);
        match lowest.zip(highest) {
            None => tr_in!(self.reader.language, charts.profile_none).to_owned(),
            Some((lowest, highest)) => tr_in!(
                self.reader.language,
                charts.profile_label,
                lowest = self.reader.value(lowest),
                highest = self.reader.value(highest),
                unit = self.reader.unit.as_str()
            )
            .to_string(),
        }
    }

    /// Changes when anything that is drawn does.
    pub fn key(&self) -> String {
        let mut print = Fingerprint::of(self.reader);
        for point in self.points.iter() {
            print.add(i64::from(point.minute));
            for value in percentiles(point) {
                print.add_value(value);
            }
        }
        print.text()
    }

    /// The drawing.
    pub fn svg(&self) -> String {
        let points = self.points();
        let axis = Axis::fitting(self.reader.unit, points.iter().flat_map(percentiles_of_ends));
        // The hours' marks do not depend on the date.
        let ticks = ticks(DAY_WINDOW, chrono::NaiveDate::default(), self.reader);
        let mut shapes = String::new();
        {
            let plot = Plot::new(&mut shapes, 0.0..f64::from(DAY), axis.bottom..axis.top);
            plot.band(Ink::Target, axis.limit(self.thresholds.low), axis.limit(self.thresholds.high));
            for tick in ticks.iter().filter(|tick| tick.line) {
                plot.upright(Ink::Grid, tick.at);
            }
            let curves = curves(&points);
            for curve in &curves {
                let between = |low: usize, high: usize| -> Vec<(f64, f64)> {
                    let side = |n: usize| {
                        curve.iter().filter_map(move |(minute, p)| Some((*minute, axis.clamped(*p.get(n)?))))
                    };
                    side(high).chain(side(low).collect::<Vec<_>>().into_iter().rev()).collect()
                };
                plot.area(Ink::Outer, between(0, 4));
                plot.area(Ink::Inner, between(1, 3));
            }
            for limit in [Some(self.thresholds.very_low), self.thresholds.very_high].into_iter().flatten() {
                plot.across(Ink::FarLimit, axis.limit(limit));
            }
            for limit in [self.thresholds.low, self.thresholds.high] {
                plot.across(Ink::Limit, axis.limit(limit));
            }
            for curve in &curves {
                plot.line(Ink::Median, curve.iter().map(|(minute, p)| (*minute, axis.clamped(p[2]))).collect());
            }
        }
        Frame {
            label: self.label(),
            key: self.key(),
            shapes,
            values: axis
                .labels(&self.thresholds)
                .into_iter()
                .map(|v| (axis.percent(v), self.reader.limit(v)))
                .collect(),
            ticks,
            over: if points.is_empty() {
                notice(tr_in!(self.reader.language, charts.profile_none))
            } else {
                String::new()
            },
        }
        .svg()
    }

    /// One hour, with its percentiles.
    pub fn read(&self, seek: Seek) -> Option<Readout> {
        let points = self.points();
        let last = points.len().checked_sub(1)?;
        let index = match seek {
            Seek::At(fraction) => {
                let minute = DAY_WINDOW.minute_at(fraction);
                let far = |p: &ProfilePoint| (middle(p) - minute).abs();
                points.iter().enumerate().min_by(|(_, a), (_, b)| far(a).total_cmp(&far(b)))?.0
            }
            Seek::Nth(nth) => usize::try_from(nth.max(0)).unwrap_or(last).min(last),
            Seek::Last => last,
        };
        let point = points.get(index)?;
        let axis = Axis::fitting(self.reader.unit, points.iter().flat_map(percentiles_of_ends));
        let (language, hour) = (self.reader.language, i32::from(point.minute) / 60);
        let value = |mg_dl: f64| self.reader.value(mg_dl);
        Some(Readout {
            index,
            of: points.len(),
            x: DAY_WINDOW.percent(middle(point)),
            y: axis.percent(axis.clamped(point.p50)),
            when: format!("{} – {}", self.reader.hour(hour), self.reader.hour(hour + 1)),
            value: tr_in!(language, charts.median_value, value = self.reader.value_with_unit(point.p50)).to_string(),
            note: tr_in!(
                language,
                charts.profile_note,
                p25 = value(point.p25),
                p75 = value(point.p75),
                p5 = value(point.p5),
                p95 = value(point.p95)
            )
            .to_string(),
        })
    }
}

fn percentiles_of_ends(point: &ProfilePoint) -> [f64; 2] {
    [point.p5, point.p95]
}

/// An hour's values stand in its middle.
fn middle(point: &ProfilePoint) -> f64 {
    f64::from(point.minute) + f64::from(BIN) / 2.0
}

/// Smooth curves through the hours' middles, broken where an hour has no values. The day is a circle: yesterday's and
/// tomorrow's curve are the same one, so that it meets itself at midnight.
fn curves(points: &[ProfilePoint]) -> Vec<Vec<(f64, Percentiles)>> {
    let day = f64::from(DAY);
    let stations: Vec<(f64, Percentiles)> = [-day, 0.0, day]
        .iter()
        .flat_map(|shift| points.iter().map(move |p| (middle(p) + shift, percentiles(p))))
        .collect();
    stations
        .chunk_by(|a, b| b.0 - a.0 <= f64::from(BIN) + 0.5)
        .filter_map(|run| {
            let (from, to) = (run.first()?.0, run.last()?.0);
            if to < 0.0 || from > day {
                return None;
            }
            let edges = [from.max(0.0), to.min(day)];
            let inner = (0..=DAY / STEP).map(|n| f64::from(n * STEP)).filter(|m| edges[0] < *m && *m < edges[1]);
            let mut minutes: Vec<f64> = std::iter::once(edges[0]).chain(inner).chain([edges[1]]).collect();
            minutes.dedup();
            Some(minutes.into_iter().map(|minute| (minute, at(run, minute))).collect())
        })
        .collect()
}

/// The percentiles at a minute, in their order whatever the curves do between two stations.
fn at(run: &[(f64, Percentiles)], minute: f64) -> Percentiles {
    let mut values: Percentiles = std::array::from_fn(|n| {
        let curve: Vec<(f64, f64)> = run.iter().filter_map(|(x, p)| Some((*x, *p.get(n)?))).collect();
        monotone(&curve, minute)
    });
    values.sort_by(f64::total_cmp);
    values
}

/// Monotone cubic interpolation (Fritsch and Carlson 1980): smooth, and never beyond the two values it runs between.
fn monotone(points: &[(f64, f64)], x: f64) -> f64 {
    let right = points.partition_point(|p| p.0 < x);
    let get = |i: usize| points.get(i).copied();
    let Some((x1, y1)) = right.checked_sub(1).and_then(get) else {
        return get(0).map_or(0.0, |p| p.1);
    };
    let Some((x2, y2)) = get(right) else { return y1 };
    let slope = (y2 - y1) / (x2 - x1);
    let side = |other: Option<(f64, f64)>, here: (f64, f64)| other.map_or(slope, |o| (o.1 - here.1) / (o.0 - here.0));
    let tangent = |a: f64, b: f64| if a * b <= 0.0 { 0.0 } else { 2.0 * a * b / (a + b) };
    let m1 = tangent(side(right.checked_sub(2).and_then(get), (x1, y1)), slope);
    let m2 = tangent(slope, side(get(right + 1), (x2, y2)));
    let (h, t) = (x2 - x1, (x - x1) / (x2 - x1));
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * y1 + (t3 - 2.0 * t2 + t) * h * m1 + (3.0 * t2 - 2.0 * t3) * y2 + (t3 - t2) * h * m2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(h: u16, p50: f64) -> ProfilePoint {
        ProfilePoint { minute: h * 60, p5: p50 - 40.0, p25: p50 - 20.0, p50, p75: p50 + 20.0, p95: p50 + 60.0 }
    }

    #[test]
    fn a_whole_day_runs_from_midnight_to_midnight_and_meets_itself() {
        let points: Vec<_> = (0..24).map(|h| hour(h, 100.0 + f64::from(h))).collect();
        let curves = curves(&points);
        let [curve] = &curves[..] else { panic!("one curve") };
        let (first, last) = (curve[0], curve[curve.len() - 1]);
        assert_eq!((first.0, last.0), (0.0, 1440.0));
        assert!((first.1[2] - last.1[2]).abs() < 1e-9);
    }

    #[test]
    fn an_hour_without_values_breaks_the_curve() {
        let points: Vec<_> = (0..24).filter(|h| *h != 4).map(|h| hour(h, 120.0)).collect();
        let ends: Vec<_> = curves(&points).iter().map(|c| (c[0].0, c[c.len() - 1].0)).collect();
        assert_eq!(ends, [(0.0, 210.0), (330.0, 1440.0)]);
    }

    #[test]
    fn the_curve_passes_through_every_hour_and_never_overshoots() {
        let curve = [(0.0, 100.0), (60.0, 180.0), (120.0, 180.0), (180.0, 90.0)];
        for (x, y) in curve {
            assert!((monotone(&curve, x) - y).abs() < 1e-9);
        }
        for minute in 0..=180 {
            let y = monotone(&curve, f64::from(minute));
            assert!((90.0 - 1e-9..=180.0 + 1e-9).contains(&y), "{minute}: {y}");
        }
    }
}
