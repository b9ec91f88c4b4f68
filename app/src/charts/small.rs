//! The components of the small drawings: complete in the HTML, and drawn by the browser without the chunk.

use domain::{
    metrics::{
        Kind, Ranges,
        range::{Targets, Thresholds},
    },
    ports::CurvePoint,
};
use leptos::prelude::*;

use super::{
    range_bar::{range_bar, ring},
    reader::Reader,
    sparkline::{Span, sparkline},
    tables::range_table,
};

/// The five ranges as a bar with figures, and under it the table: limits, share, time a day, target.
#[component]
pub fn RangeBar(
    /// The shares, unrounded.
    ranges: Ranges,
    /// The limits they were judged by.
    thresholds: Thresholds,
    /// The targets to show beside them; none for a reader who is not to judge.
    #[prop(default = None)]
    targets: Option<Targets>,
) -> impl IntoView {
    let reader = Reader::of_page();
    let table = range_table(&ranges, &thresholds, targets.as_ref(), reader);
    view! {
        <figure class="chart chart--ranges">
            <div class="range-bar" inner_html=range_bar(&ranges, reader, true)></div>
            <div class="range-legend" inner_html=table></div>
        </figure>
    }
}

/// The five ranges as a bare bar, for a row of a list. Its accessible name holds the figures.
#[component]
pub fn RangeStrip(
    /// The shares, unrounded.
    ranges: Ranges,
) -> impl IntoView {
    view! { <div class="range-strip" inner_html=range_bar(&ranges, Reader::of_page(), false)></div> }
}

/// A small curve without axes: the last three hours, or one day of a series. At most about 100 points are of use.
#[component]
pub fn Sparkline(
    /// The points, oldest first.
    points: Vec<CurvePoint>,
    /// The limits to draw.
    thresholds: Thresholds,
    /// What it spans.
    span: Span,
    /// A line, or dots.
    #[prop(default = Kind::Sensor)]
    kind: Kind,
) -> impl IntoView {
    let svg = sparkline(&points, kind, &thresholds, span, Reader::of_page());
    view! { <div class="spark" inner_html=svg></div> }
}

/// The share in range as a ring with its percentage.
#[component]
pub fn Ring(
    /// The share, %; none without a reading.
    in_range_percent: Option<f64>,
) -> impl IntoView {
    view! { <div class="ring" inner_html=ring(in_range_percent, Reader::of_page())></div> }
}
