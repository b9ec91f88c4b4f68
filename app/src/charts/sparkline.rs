//! Small curves without axes: the last three hours, or one day of many.

use std::fmt::Write as _;

use chrono::NaiveDate;
use domain::{
    metrics::Kind,
    metrics::range::{Band, Thresholds},
    ports::CurvePoint,
};

use super::{
    daily::{Spot, runs},
    reader::{Reader, band_class},
    scale::{Axis, DAY, Window, drawable},
    svg::{escape, points as svg_points, whole},
};
use crate::tr_in;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 400.0;
/// Three hours.
const RECENT: i32 = 180;

/// What a small curve spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The three hours up to the newest point.
    LastThreeHours,
    /// One day, midnight to midnight.
    Day(NaiveDate),
}

/// A small curve: target range, line (or dots of a meter), the newest point.
pub fn sparkline(points: &[CurvePoint], kind: Kind, thresholds: &Thresholds, span: Span, reader: Reader) -> String {
    let mut all: Vec<CurvePoint> = points.iter().filter(|p| drawable(p.mg_dl)).copied().collect();
    all.sort_by_key(|p| p.minute);
    let newest = all.last().map_or(0, |p| p.minute);
    let window = match span {
        Span::LastThreeHours => Window { from: newest.saturating_sub(RECENT), minutes: RECENT },
        Span::Day(_) => Window { from: 0, minutes: DAY },
    };
    let inside: Vec<&CurvePoint> = all.iter().filter(|p| window.holds(p.minute)).collect();
    let axis = Axis::fitting(reader.unit, inside.iter().map(|p| p.mg_dl));
    let place = |minute: f64, mg_dl: f64| {
        let x = window.percent(minute) * WIDTH / 100.0;
        let y = axis.percent(axis.clamped(mg_dl)) * HEIGHT / 100.0;
        (whole(x), whole(y))
    };
    let mut out = format!(
        r#"<svg class="spark-svg" role="img" aria-label="{}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" width="100%" height="100%" xmlns="http://www.w3.org/2000/svg">"#,
        escape(&label(&inside, span, reader)),
    );
    let (top, bottom) = (
        whole(axis.percent(axis.limit(thresholds.high)) * HEIGHT / 100.0),
        whole(axis.percent(axis.limit(thresholds.low)) * HEIGHT / 100.0),
    );
    let _ = write!(out, r#"<rect class="target" x="0" y="{top}" width="{WIDTH}" height="{}"/>"#, bottom - top);
    let mut line = |class: &str, spots: &[Spot]| {
        let mut points: Vec<(i32, i32)> = spots.iter().map(|s| place(s.minute, s.mg_dl)).collect();
        if let [only] = points[..] {
            points.push(only);
        }
        let _ = write!(out, r#"<polyline class="{class}" points="{}"/>"#, svg_points(points));
    };
    match kind {
        Kind::Sensor => {
            for run in runs(&all, window) {
                line("curve", &run);
                for part in run.chunk_by(|a, b| a.band == b.band) {
                    if let Some(first) = part.first().filter(|first| first.band != Band::InRange) {
                        line(&format!("curve {}", band_class(first.band)), part);
                    }
                }
            }
        }
        Kind::Meter => {
            for point in &inside {
                line(&format!("dot {}", band_class(point.band)), &[(*point).into()]);
            }
        }
    }
    if let (Span::LastThreeHours, Some(last)) = (span, inside.last()) {
        line(&format!("dot {}", band_class(last.band)), &[(*last).into()]);
    }
    out.push_str("</svg>");
    out
}

fn label(points: &[&CurvePoint], span: Span, reader: Reader) -> String {
    let lowest = points.iter().map(|p| p.mg_dl).min_by(f64::total_cmp);
    let highest = points.iter().map(|p| p.mg_dl).max_by(f64::total_cmp);
    let (language, unit) = (reader.language, reader.unit.as_str());
    match (lowest.zip(highest), span) {
        (None, Span::LastThreeHours) => tr_in!(language, charts.no_readings).to_owned(),
        (None, Span::Day(date)) => tr_in!(language, charts.daily_none, period = reader.date(date)).to_string(),
        (Some((lowest, highest)), Span::LastThreeHours) => tr_in!(
            language,
            charts.recent_label,
            lowest = reader.value(lowest),
            highest = reader.value(highest),
            last = reader.value(points.last().map_or(lowest, |p| p.mg_dl)),
            unit = unit
        )
        .to_string(),
        (Some((lowest, highest)), Span::Day(date)) => {
            let (lowest, highest) = (reader.value(lowest), reader.value(highest));
            reader.readings(&reader.date(date), points.len(), &lowest, &highest)
        }
    }
}
