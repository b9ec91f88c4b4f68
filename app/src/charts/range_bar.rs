//! The five ranges as one bar, and the in-range ring.

use std::fmt::Write as _;

use domain::metrics::{Ranges, range::Band};

use super::{
    reader::{Reader, band_class},
    svg::{escape, number, percent},
};
use crate::tr_in;

/// The share of a band, %.
pub(super) fn share(ranges: &Ranges, band: Band) -> f64 {
    match band {
        Band::VeryLow => ranges.very_low,
        Band::Low => ranges.low,
        Band::InRange => ranges.in_range,
        Band::High => ranges.high,
        Band::VeryHigh => ranges.very_high,
    }
}

/// The shares as they are shown: they sum to 100, and a band that has any time never shows as none.
pub(super) fn shown(ranges: &Ranges) -> (Ranges, usize) {
    let whole = ranges.rounded(0);
    let hidden = BANDS.iter().any(|band| share(ranges, *band) > 0.0 && share(&whole, *band) < 1.0);
    if hidden { (ranges.rounded(1), 1) } else { (whole, 0) }
}

/// From the left: as on every scale, low to high.
const BANDS: [Band; 5] = [Band::VeryLow, Band::Low, Band::InRange, Band::High, Band::VeryHigh];

/// The ranges in a sentence.
pub fn range_label(ranges: &Ranges, reader: Reader) -> String {
    let (shown, decimals) = shown(ranges);
    let parts: Vec<String> = BANDS
        .iter()
        .filter(|band| share(ranges, **band) > 0.0)
        .map(|band| format!("{} {:.decimals$} %", reader.band(*band), share(&shown, *band)))
        .collect();
    parts.join(", ")
}

/// The bar: five segments from very low to very high, each with its pattern; the figure in those that have room.
pub fn range_bar(ranges: &Ranges, reader: Reader, figures: bool) -> String {
    let (shown, decimals) = shown(ranges);
    let mut out = format!(
        r#"<svg class="range-svg" role="img" aria-label="{}" width="100%" height="100%" xmlns="http://www.w3.org/2000/svg">"#,
        escape(&range_label(ranges, reader)),
    );
    let mut at = 0.0;
    for band in BANDS {
        let share_of = share(ranges, band);
        let width = if share_of.is_finite() { share_of.clamp(0.0, 100.0 - at) } else { 0.0 };
        if width <= 0.0 {
            continue;
        }
        let class = band_class(band);
        let (x, w) = (percent(at), percent(width));
        let _ = write!(out, r#"<rect class="segment {class}" x="{x}" y="0" width="{w}" height="100%"/>"#);
        if band != Band::InRange {
            let _ = write!(
                out,
                r#"<rect class="pattern" fill="url(#chart-pattern-{class})" x="{x}" y="0" width="{w}" height="100%"/>"#
            );
        }
        if figures && width >= 12.0 {
            let _ = write!(
                out,
                r#"<text class="segment-text {class}" x="{}" y="50%" dy="5" text-anchor="middle">{:.decimals$} %</text>"#,
                percent(at + width / 2.0),
                share(&shown, band),
            );
        }
        at += width;
    }
    out.push_str("</svg>");
    out
}

/// A ring that fills with the share in range; empty without a value.
pub fn ring(in_range_percent: Option<f64>, reader: Reader) -> String {
    let share = in_range_percent.filter(|p| p.is_finite()).map(|p| p.clamp(0.0, 100.0));
    let text = share.map_or_else(|| "–".to_owned(), crate::format::percent);
    let label = if share.is_some() {
        tr_in!(reader.language, charts.ring_label, percent = text.as_str()).to_string()
    } else {
        tr_in!(reader.language, charts.no_readings).to_owned()
    };
    let mut out = format!(
        r#"<svg class="ring-svg" role="img" aria-label="{}" viewBox="0 0 42 42" xmlns="http://www.w3.org/2000/svg"><circle class="ring-rest" cx="21" cy="21" r="18" fill="none"/>"#,
        escape(&label),
    );
    if let Some(share) = share {
        // `pathLength` makes the circle 100 long; it starts at twelve o'clock.
        let _ = write!(
            out,
            r#"<circle class="ring-share" cx="21" cy="21" r="18" fill="none" pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 21 21)"/>"#,
            number(share),
        );
    }
    let _ = write!(
        out,
        r#"<text class="ring-text" x="21" y="21" dy="3" text-anchor="middle">{}</text></svg>"#,
        escape(&text)
    );
    out
}

#[cfg(test)]
mod tests {
    use domain::{glucose::Unit, people::Language};

    use super::*;

    const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    fn ranges(very_low: f64, low: f64, in_range: f64, high: f64, very_high: f64) -> Ranges {
        Ranges { very_low, low, in_range, high, very_high }
    }

    #[test]
    fn the_figures_sum_to_a_hundred() {
        let label = range_label(&ranges(1.4, 3.4, 70.4, 20.4, 4.4), READER);
        let sum: f64 = label.split(", ").map(|p| p.split(' ').rev().nth(1).unwrap().parse::<f64>().unwrap()).sum();
        assert!((sum - 100.0).abs() < 1e-9, "{label}");
    }

    #[test]
    fn a_little_time_very_low_is_never_shown_as_none() {
        let label = range_label(&ranges(0.3, 2.0, 90.0, 7.7, 0.0), READER);
        assert!(label.starts_with("Very low 0.3 %"), "{label}");
        assert!(!label.contains("Very high"), "{label}");
    }

    #[test]
    fn the_segments_fill_the_bar() {
        insta::assert_snapshot!(range_bar(&ranges(2.0, 5.0, 68.0, 20.0, 5.0), READER, true));
    }

    #[test]
    fn the_ring_says_its_share_or_that_there_is_none() {
        insta::assert_snapshot!(ring(Some(72.4), READER));
        let none = ring(None, READER);
        assert!(none.contains("–") && !none.contains("ring-share"), "{none}");
    }
}
