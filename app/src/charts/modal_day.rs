//! The modal day: all finger-stick values by their time of day, whatever the day.

use std::fmt::Write as _;

use domain::{
    metrics::{pattern::StateSummary, range::Thresholds},
    ports::CurvePoint,
};

use super::{
    canvas::{HEIGHT, WIDTH},
    frame::Frame,
    reader::{Reader, band_class},
    scale::{Axis, DAY, Window, drawable, ticks},
    svg::whole,
    tables::{row, table},
};
use crate::{tr_in, words};

const DAY_WINDOW: Window = Window { from: 0, minutes: DAY };

/// The dots, the target range behind them.
pub fn modal_day(points: &[CurvePoint], thresholds: &Thresholds, reader: Reader) -> String {
    let points: Vec<&CurvePoint> = points.iter().filter(|p| drawable(p.mg_dl) && DAY_WINDOW.holds(p.minute)).collect();
    let axis = Axis::fitting(reader.unit, points.iter().map(|p| p.mg_dl));
    let ticks = ticks(DAY_WINDOW, chrono::NaiveDate::default(), reader);
    let across = |share: f64| whole(share * f64::from(WIDTH) / 100.0);
    let down = |value: f64| whole(axis.percent(value) * f64::from(HEIGHT) / 100.0);
    let (top, bottom) = (down(axis.limit(thresholds.high)), down(axis.limit(thresholds.low)));
    let mut shapes =
        format!(r#"<rect class="target" x="0" y="{top}" width="{WIDTH}" height="{}"/>"#, (bottom - top).max(0));
    for tick in ticks.iter().filter(|tick| tick.line) {
        let x = across(tick.at);
        let _ = write!(shapes, r#"<polyline class="grid" points="{x},0 {x},{HEIGHT}"/>"#);
    }
    for y in [top, bottom] {
        let _ = write!(shapes, r#"<polyline class="limit" points="0,{y} {WIDTH},{y}"/>"#);
    }
    for point in &points {
        let (x, y) = (across(DAY_WINDOW.percent(f64::from(point.minute))), down(axis.clamped(point.mg_dl)));
        // A line of no length: its round cap is the dot, which keeps its shape however the surface is stretched.
        let _ = write!(shapes, r#"<polyline class="dot {}" points="{x},{y} {x},{y}"/>"#, band_class(point.band));
    }
    let values = axis.labels(thresholds).into_iter().map(|v| (axis.percent(v), reader.limit(v))).collect();
    Frame { label: label(&points, reader), key: String::new(), shapes, values, ticks, over: String::new() }.svg()
}

fn label(points: &[&CurvePoint], reader: Reader) -> String {
    let lowest = points.iter().map(|p| p.mg_dl).min_by(f64::total_cmp);
    let highest = points.iter().map(|p| p.mg_dl).max_by(f64::total_cmp);
    match lowest.zip(highest) {
        None => tr_in!(reader.language, charts.no_readings).to_owned(),
        Some((lowest, highest)) => tr_in!(
            reader.language,
            charts.modal_label,
            count = points.len(),
            lowest = reader.value(lowest),
            highest = reader.value(highest),
            unit = reader.unit.as_str()
        )
        .to_string(),
    }
}

/// What stands behind it, by meal state: how many values, their spread, how often the state's target was met.
pub(super) fn modal_table(states: &[StateSummary], reader: Reader) -> String {
    let language = reader.language;
    let mut rows = String::new();
    for state in states {
        let values = [state.lowest_mg_dl, state.median_mg_dl, state.highest_mg_dl].map(|v| reader.value(v));
        let mut cells = vec![state.readings.to_string()];
        cells.extend(values);
        cells.push(crate::format::percent(state.met_percent));
        row(&mut rows, words::state(language, state.state), &cells);
    }
    let heads = [
        tr_in!(language, charts.meal_state).to_owned(),
        tr_in!(language, charts.readings).to_owned(),
        tr_in!(language, charts.lowest).to_owned(),
        tr_in!(language, charts.median).to_owned(),
        tr_in!(language, charts.highest).to_owned(),
        tr_in!(language, charts.on_target).to_owned(),
    ];
    let caption = tr_in!(language, charts.modal_caption, unit = reader.unit.as_str()).to_string();
    table("chart-table", &caption, &heads, &rows)
}

#[cfg(test)]
mod tests {
    use domain::{
        glucose::{MealState, Unit},
        metrics::range::Band,
        people::{Language, Preset},
    };

    use super::*;

    const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    fn dot(minute: i32, mg_dl: f64, band: Band) -> CurvePoint {
        CurvePoint { minute, mg_dl, band }
    }

    #[test]
    fn values_of_all_days_stand_at_their_time_of_day() {
        let points = [dot(420, 96.0, Band::InRange), dot(425, 62.0, Band::Low), dot(1320, 400.0, Band::VeryHigh)];
        let drawn = modal_day(&points, &Thresholds::of(Preset::Adult), READER);
        insta::assert_snapshot!(drawn.replace("><", ">\n<"));
    }

    #[test]
    fn what_is_no_value_is_left_out_and_nothing_at_all_says_so() {
        let broken = [dot(-5, 100.0, Band::InRange), dot(60, f64::NAN, Band::InRange)];
        let drawn = modal_day(&broken, &Thresholds::of(Preset::Adult), READER);
        assert!(drawn.contains("No readings") && !drawn.contains("dot"), "{drawn}");
    }

    #[test]
    fn the_table_tells_each_states_spread_and_hit_rate() {
        let state = StateSummary {
            state: MealState::MorningFasting,
            readings: 12,
            lowest_mg_dl: 71.0,
            median_mg_dl: 118.0,
            highest_mg_dl: 164.0,
            met_percent: 66.7,
        };
        let table = modal_table(&[state], READER);
        assert!(table.contains("<td>12</td><td>71</td><td>118</td><td>164</td><td>67 %</td>"), "{table}");
    }
}
