//! The curve of a few hours up to 14 days: a sensor's line, broken at gaps, or a meter's points.

use std::{fmt::Write as _, sync::Arc};

use domain::{
    metrics::{Kind, range::Band},
    ports::{Curve, CurvePoint},
};

use super::{
    Fingerprint, Readout, Seek,
    canvas::{Ink, Plot},
    frame::{Frame, notice},
    reader::{Reader, band_class, wall},
    scale::{Axis, DAY, GAP_MINUTES, Window, drawable, ticks},
    svg::{escape, percent},
};
use crate::tr_in;

/// Most columns in which a line keeps its lowest and highest value: finer than any screen shows.
const COLUMNS: i32 = 700;

/// A curve as it is looked at.
#[derive(Debug, Clone)]
pub struct Daily {
    /// The data.
    pub curve: Arc<Curve>,
    /// Which part.
    pub window: Window,
    /// By whom.
    pub reader: Reader,
}

impl Daily {
    /// All of a curve.
    pub fn whole(curve: Arc<Curve>, reader: Reader) -> Self {
        let minutes = days_of(&curve).saturating_mul(DAY);
        Self { curve, window: Window { from: 0, minutes }, reader }
    }

    /// The last minute that the data can have.
    pub fn end_of_data(&self) -> i32 {
        days_of(&self.curve).saturating_mul(DAY)
    }

    /// The points to show, oldest first. A reading at the very end belongs to the stretch after.
    fn points(&self) -> Vec<CurvePoint> {
        let within = self.window.from..self.window.end();
        sorted(&self.curve.points).into_iter().filter(|p| within.contains(&p.minute)).collect()
    }

    /// What is shown, as people write it: `24 Nov`, `20 Nov – 24 Nov`, `24 Nov, 6 am – 12 pm`.
    pub fn period(&self) -> String {
        let (window, reader) = (self.window, self.reader);
        let first = wall(self.curve.from, window.from).date();
        let last = wall(self.curve.from, window.end().saturating_sub(1)).date();
        let whole_days = window.from.rem_euclid(DAY) == 0 && window.minutes % DAY == 0;
        if whole_days && first == last {
            reader.date(first)
        } else if whole_days {
            format!("{} – {}", reader.date(first), reader.date(last))
        } else {
            let (from, to) = (reader.hour(window.from.div_euclid(60)), reader.hour(window.end().div_euclid(60)));
            format!("{}, {from} – {to}", reader.date(first))
        }
    }

    /// What the chart shows, in a sentence.
    pub fn label(&self) -> String {
        let points = self.points();
        let language = self.reader.language;
        let lowest = points.iter().map(|p| p.mg_dl).min_by(f64::total_cmp);
        let highest = points.iter().map(|p| p.mg_dl).max_by(f64::total_cmp);
        match lowest.zip(highest) {
            None => tr_in!(language, charts.daily_none, period = self.period()).to_string(),
            Some((lowest, highest)) => {
                let (count, lowest, highest) = (points.len(), self.reader.value(lowest), self.reader.value(highest));
                self.reader.readings(&self.period(), count, &lowest, &highest)
            }
        }
    }

    /// Changes when anything that is drawn does.
    pub fn key(&self) -> String {
        let mut print = Fingerprint::of(self.reader);
        print.add(i64::from(self.window.from));
        print.add(i64::from(self.window.minutes));
        for point in &self.curve.points {
            print.add(i64::from(point.minute));
            print.add_value(point.mg_dl);
        }
        print.text()
    }

    /// The drawing.
    pub fn svg(&self) -> String {
        let points = self.points();
        let thresholds = &self.curve.thresholds;
        let axis = Axis::fitting(self.reader.unit, points.iter().map(|p| p.mg_dl));
        let ticks = ticks(self.window, self.curve.from, self.reader);
        let (mut shapes, mut over) = (String::new(), String::new());
        {
            let x = f64::from(self.window.from)..f64::from(self.window.end().max(self.window.from.saturating_add(1)));
            let plot = Plot::new(&mut shapes, x, axis.bottom..axis.top);
            plot.band(Ink::Target, axis.limit(thresholds.low), axis.limit(thresholds.high));
            for tick in ticks.iter().filter(|tick| tick.line) {
                plot.upright(Ink::Grid, tick.at);
            }
            for limit in [Some(thresholds.very_low), thresholds.very_high].into_iter().flatten() {
                plot.across(Ink::FarLimit, axis.limit(limit));
            }
            for limit in [thresholds.low, thresholds.high] {
                plot.across(Ink::Limit, axis.limit(limit));
            }
            if self.curve.kind == Kind::Sensor {
                let place = |p: &Spot| (p.minute, axis.clamped(p.mg_dl));
                for run in runs(&sorted(&self.curve.points), self.window) {
                    let run = thinned(run, self.window);
                    plot.line(Ink::Curve, run.iter().map(place).collect());
                    for (band, part) in outside(&run) {
                        plot.line(Ink::Outside(band), part.iter().map(place).collect());
                    }
                }
            }
        }
        if self.curve.kind == Kind::Meter {
            for point in &points {
                let (x, y) = self.place(point, &axis);
                let class = band_class(point.band);
                let _ = write!(
                    over,
                    r##"<use class="mark {class}" href="#chart-{class}" x="{}" y="{}"/>"##,
                    percent(x),
                    percent(y)
                );
            }
        }
        self.beyond(&points, &axis, &mut over);
        if points.is_empty() {
            over.push_str(&notice(tr_in!(self.reader.language, charts.no_readings)));
        }
        Frame {
            label: self.label(),
            key: self.key(),
            shapes,
            values: axis.labels(thresholds).into_iter().map(|v| (axis.percent(v), self.reader.limit(v))).collect(),
            ticks,
            over,
        }
        .svg()
    }

    /// Where a point lies, % from the left and from the top.
    fn place(&self, point: &CurvePoint, axis: &Axis) -> (f64, f64) {
        (self.window.percent(f64::from(point.minute)), axis.percent(axis.clamped(point.mg_dl)))
    }

    /// Values above the axis: a mark at its upper edge, with the highest of each stretch in figures.
    fn beyond(&self, points: &[CurvePoint], axis: &Axis, out: &mut String) {
        let mut highest: Option<CurvePoint> = None;
        let mut write = |point: CurvePoint| {
            let x = percent(self.window.percent(f64::from(point.minute)));
            let _ = write!(
                out,
                r##"<use class="mark b-very-high" href="#chart-beyond" x="{x}" y="0"/><text class="beyond-text" x="{x}" y="0" dy="-6" text-anchor="middle">{}</text>"##,
                escape(&self.reader.value(point.mg_dl)),
            );
        };
        // Marks closer than a twentieth of the width would cover each other.
        let apart = self.window.minutes / 20;
        for point in points.iter().filter(|p| axis.is_beyond(p.mg_dl)) {
            match highest {
                Some(top) if point.minute - top.minute <= apart => {
                    if point.mg_dl > top.mg_dl {
                        highest = Some(*point);
                    }
                }
                Some(top) => {
                    write(top);
                    highest = Some(*point);
                }
                None => highest = Some(*point),
            }
        }
        if let Some(top) = highest {
            write(top);
        }
    }

    /// One reading, with its value, unit and local time.
    pub fn read(&self, seek: Seek) -> Option<Readout> {
        let points = self.points();
        let last = points.len().checked_sub(1)?;
        let index = match seek {
            Seek::At(fraction) => {
                let minute = self.window.minute_at(fraction);
                let after = points.partition_point(|p| f64::from(p.minute) < minute).min(last);
                let before = after.saturating_sub(1);
                let far = |i: usize| points.get(i).map_or(f64::INFINITY, |p| (f64::from(p.minute) - minute).abs());
                if far(before) <= far(after) { before } else { after }
            }
            Seek::Nth(nth) => usize::try_from(nth.max(0)).unwrap_or(last).min(last),
            Seek::Last => last,
        };
        let point = points.get(index)?;
        let axis = Axis::fitting(self.reader.unit, points.iter().map(|p| p.mg_dl));
        let (x, y) = self.place(point, &axis);
        Some(Readout {
            index,
            of: points.len(),
            x,
            y,
            when: self.reader.date_time(wall(self.curve.from, point.minute)),
            value: self.reader.value_with_unit(point.mg_dl),
            note: self.reader.band(point.band).to_owned(),
        })
    }
}

/// Local days of a curve, 1 to 366.
pub(super) fn days_of(curve: &Curve) -> i32 {
    i32::try_from((curve.to - curve.from).num_days() + 1).unwrap_or(1).clamp(1, 366)
}

fn sorted(points: &[CurvePoint]) -> Vec<CurvePoint> {
    let mut points: Vec<_> = points.iter().filter(|p| drawable(p.mg_dl)).copied().collect();
    points.sort_by_key(|p| p.minute); // stable: of two at one minute the order stays
    points
}

/// A point of a line; the time is no whole minute where a line is cut at the window's edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub minute: f64,
    pub mg_dl: f64,
    pub band: Band,
}

impl From<&CurvePoint> for Spot {
    fn from(point: &CurvePoint) -> Self {
        Self { minute: f64::from(point.minute), mg_dl: point.mg_dl, band: point.band }
    }
}

/// The lines to draw: broken where no value came for more than 45 minutes, cut at the window's edges.
pub(super) fn runs(points: &[CurvePoint], window: Window) -> Vec<Vec<Spot>> {
    let mut runs: Vec<Vec<Spot>> = Vec::new();
    let mut run: Vec<Spot> = Vec::new();
    let mut previous: Option<&CurvePoint> = None;
    for point in points {
        let near = previous.filter(|before| point.minute.saturating_sub(before.minute) <= GAP_MINUTES);
        if near.is_none() && !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
        if let Some(before) = near {
            for edge in [window.from, window.end()] {
                if before.minute < edge && edge < point.minute {
                    let share = f64::from(edge - before.minute) / f64::from(point.minute - before.minute);
                    let mg_dl = before.mg_dl + share * (point.mg_dl - before.mg_dl);
                    run.push(Spot { minute: f64::from(edge), mg_dl, band: point.band });
                }
            }
        }
        if window.holds(point.minute) {
            run.push(point.into());
        }
        previous = Some(point);
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// A line with more points than a screen has columns keeps the lowest and the highest of each column.
fn thinned(run: Vec<Spot>, window: Window) -> Vec<Spot> {
    if run.len() <= 2 * usize::try_from(COLUMNS).unwrap_or(0) {
        return run;
    }
    let width = f64::from(window.minutes) / f64::from(COLUMNS);
    let mut kept: Vec<Spot> = Vec::new();
    for column in run.chunk_by(|a, b| (a.minute / width).floor().total_cmp(&(b.minute / width).floor()).is_eq()) {
        let lowest = column.iter().min_by(|a, b| a.mg_dl.total_cmp(&b.mg_dl));
        let highest = column.iter().max_by(|a, b| a.mg_dl.total_cmp(&b.mg_dl));
        if let Some((lowest, highest)) = lowest.zip(highest) {
            let (first, second) = if lowest.minute <= highest.minute { (lowest, highest) } else { (highest, lowest) };
            kept.push(*first);
            if first != second {
                kept.push(*second);
            }
        }
    }
    kept
}

/// The parts of a line outside the target range, each with its band. A part goes on from the end of the one before it.
fn outside(run: &[Spot]) -> Vec<(Band, Vec<Spot>)> {
    let mut parts: Vec<(Band, Vec<Spot>)> = Vec::new();
    let mut before: Option<Spot> = None;
    for part in run.chunk_by(|a, b| a.band == b.band) {
        if let Some(first) = part.first().filter(|first| first.band != Band::InRange) {
            let joint = before.filter(|b| b.band != Band::InRange);
            parts.push((first.band, joint.into_iter().chain(part.iter().copied()).collect()));
        }
        before = part.last().copied();
    }
    parts
}
