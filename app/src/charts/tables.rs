//! The data behind each chart as a table: for those who cannot see it, and for pages without WASM.

use std::fmt::Write as _;

use domain::{
    metrics::{
        ProfilePoint, Ranges,
        range::{Band, Targets, Thresholds},
    },
    ports::Curve,
};

use super::{
    daily::Daily,
    range_bar::{share, shown},
    reader::{Reader, TOP_DOWN, band_class, wall},
    scale::drawable,
    svg::escape,
};
use crate::tr_in;

/// Up to so many readings are listed one by one; more are summed up by the hour.
const MOST_ROWS: usize = 120;

pub(super) fn table(class: &str, caption: &str, heads: &[String], rows: &str) -> String {
    let mut out = format!(r#"<table class="table {class}"><caption>{}</caption><thead><tr>"#, escape(caption));
    for head in heads {
        let _ = write!(out, r#"<th scope="col">{}</th>"#, escape(head));
    }
    let _ = write!(out, "</tr></thead><tbody>{rows}</tbody></table>");
    out
}

pub(super) fn row(out: &mut String, head: &str, cells: &[String]) {
    let _ = write!(out, r#"<tr><th scope="row">{}</th>"#, escape(head));
    for cell in cells {
        let _ = write!(out, "<td>{}</td>", escape(cell));
    }
    out.push_str("</tr>");
}

fn head_with_unit(text: &str, reader: Reader) -> String {
    format!("{text} ({})", reader.unit.as_str())
}

/// All readings of a curve, or, of many, each hour's lowest, mean and highest.
pub(super) fn curve_table(curve: &Curve, caption: &str, reader: Reader) -> String {
    let language = reader.language;
    let mut points: Vec<_> = curve.points.iter().filter(|p| drawable(p.mg_dl)).collect();
    if points.is_empty() {
        return format!("<p>{}</p>", escape(tr_in!(language, charts.no_readings)));
    }
    points.sort_by_key(|p| p.minute);
    let mut rows = String::new();
    let time = tr_in!(language, charts.time).to_owned();
    if points.len() <= MOST_ROWS {
        for point in points {
            let when = reader.date_time(wall(curve.from, point.minute));
            row(&mut rows, &when, &[reader.value(point.mg_dl), reader.band(point.band).to_owned()]);
        }
        let heads =
            [time, head_with_unit(tr_in!(language, charts.glucose), reader), tr_in!(language, charts.range).to_owned()];
        return table("chart-table", caption, &heads, &rows);
    }
    for hour in points.chunk_by(|a, b| a.minute.div_euclid(60) == b.minute.div_euclid(60)) {
        let Some(first) = hour.first() else { continue };
        let (mut sum, mut lowest, mut highest) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
        for point in hour {
            sum += point.mg_dl;
            lowest = lowest.min(point.mg_dl);
            highest = highest.max(point.mg_dl);
        }
        let start = wall(curve.from, first.minute.div_euclid(60) * 60);
        let mean = sum / hour.len() as f64;
        let cells = [reader.value(lowest), reader.value(mean), reader.value(highest), hour.len().to_string()];
        row(&mut rows, &reader.date_time(start), &cells);
    }
    let heads = [
        tr_in!(language, charts.hour_from).to_owned(),
        head_with_unit(tr_in!(language, charts.lowest), reader),
        tr_in!(language, charts.mean).to_owned(),
        tr_in!(language, charts.highest).to_owned(),
        tr_in!(language, charts.readings).to_owned(),
    ];
    table("chart-table", caption, &heads, &rows)
}

/// The table of a daily chart's data.
pub(super) fn daily_table(daily: &Daily) -> String {
    let whole = Daily::whole(daily.curve.clone(), daily.reader);
    let caption = tr_in!(daily.reader.language, charts.daily_caption, period = whole.period()).to_string();
    curve_table(&daily.curve, &caption, daily.reader)
}

/// The percentiles of each hour.
pub(super) fn profile_table(points: &[ProfilePoint], reader: Reader) -> String {
    let language = reader.language;
    if points.is_empty() {
        return format!("<p>{}</p>", escape(tr_in!(language, charts.profile_none)));
    }
    let mut rows = String::new();
    for point in points {
        let hour = i32::from(point.minute) / 60;
        let cells = [point.p5, point.p25, point.p50, point.p75, point.p95].map(|v| reader.value(v));
        row(&mut rows, &format!("{} – {}", reader.hour(hour), reader.hour(hour + 1)), &cells);
    }
    let heads = [
        tr_in!(language, charts.hour).to_owned(),
        "5 %".to_owned(),
        "25 %".to_owned(),
        tr_in!(language, charts.median).to_owned(),
        "75 %".to_owned(),
        "95 %".to_owned(),
    ];
    let caption = tr_in!(language, charts.profile_caption, unit = reader.unit.as_str()).to_string();
    table("chart-table", &caption, &heads, &rows)
}

/// The five ranges: what they hold, their share, the time a day that this is, and the target.
pub(super) fn range_table(
    ranges: &Ranges,
    thresholds: &Thresholds,
    targets: Option<&Targets>,
    reader: Reader,
) -> String {
    let language = reader.language;
    let (shown, decimals) = shown(ranges);
    let mut rows = String::new();
    for band in TOP_DOWN {
        let Some(limits) = reader.band_limits(band, thresholds) else { continue };
        let class = band_class(band);
        let _ = write!(
            rows,
            r#"<tr><th scope="row"><svg class="swatch" width="16" height="16" aria-hidden="true"><rect class="segment {class}" width="16" height="16"/><rect class="pattern" fill="url(#chart-pattern-{class})" width="16" height="16"/></svg><span class="range-name">{}</span> <span class="range-limits">{}</span></th><td class="range-share">{:.decimals$} %</td><td>{}</td>"#,
            escape(reader.band(band)),
            escape(&limits),
            share(&shown, band),
            escape(&time_a_day(share(ranges, band), reader)),
        );
        if let Some(targets) = targets {
            let _ = write!(rows, "<td>{}</td>", target(band, ranges, targets, reader));
        }
        rows.push_str("</tr>");
    }
    let mut heads = vec![
        tr_in!(language, charts.range).to_owned(),
        tr_in!(language, charts.share).to_owned(),
        tr_in!(language, charts.a_day).to_owned(),
    ];
    if targets.is_some() {
        heads.push(tr_in!(language, charts.target).to_owned());
    }
    table("range-table", tr_in!(language, charts.ranges_caption), &heads, &rows)
}

/// 1 % of a day is 14.4 minutes.
fn time_a_day(percent: f64, reader: Reader) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1440")]
    let minutes = (percent.clamp(0.0, 100.0) * 14.4).round() as u32;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match hours {
        0 => tr_in!(reader.language, charts.minutes, minutes = minutes).to_string(),
        _ => tr_in!(reader.language, charts.hours_minutes, hours = hours, minutes = minutes).to_string(),
    }
}

/// The target of a band and whether it is met, as HTML. "Low" and "high" are judged together with very low and very high,
/// as the consensus counts them.
fn target(band: Band, ranges: &Ranges, targets: &Targets, reader: Reader) -> String {
    let language = reader.language;
    let met = targets.met(ranges);
    let under = |percent: f64| tr_in!(language, charts.target_under, percent = percent).to_string();
    let (text, met) = match band {
        Band::VeryLow => (targets.very_low_below.map(under), met.very_low),
        Band::Low => (targets.low_below.map(|p| tr_in!(language, charts.target_low, percent = p).to_string()), met.low),
        Band::InRange => (
            targets.in_range_above.map(|p| tr_in!(language, charts.target_over, percent = p).to_string()),
            met.in_range,
        ),
        Band::High => (
            targets.high_below.map(|p| match targets.very_high_below {
                Some(_) => tr_in!(language, charts.target_high, percent = p).to_string(),
                None => under(p),
            }),
            met.high,
        ),
        Band::VeryHigh => (targets.very_high_below.map(under), met.very_high),
    };
    let (Some(text), Some(met)) = (text, met) else { return "–".to_owned() };
    let (class, word) =
        if met { ("is-met", tr_in!(language, charts.met)) } else { ("is-missed", tr_in!(language, charts.missed)) };
    format!(
        r#"<span class="target-text">{}</span> <span class="target-state {class}">{}</span>"#,
        escape(&text),
        escape(word)
    )
}
