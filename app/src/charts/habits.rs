//! The components of the drawings of patterns: complete in the HTML, with their data as a table.

use domain::{
    metrics::{
        pattern::{HourCell, StateSummary},
        range::Thresholds,
        risk::Gri,
    },
    ports::CurvePoint,
};
use leptos::prelude::*;

use super::{
    heat_map::{heat_map, heat_table},
    modal_day::{modal_day, modal_table},
    reader::Reader,
    risk_grid::{risk_grid, risk_table},
};
use crate::tr_in;

/// The glycemia risk index in its grid.
#[component]
pub fn RiskGrid(
    /// The index with its components.
    gri: Gri,
) -> impl IntoView {
    let reader = Reader::of_page();
    drawn("chart-canvas--grid", risk_grid(&gri, reader), risk_table(&gri, reader), reader)
}

/// The mean by hour and weekday.
#[component]
pub fn HeatMap(
    /// The hours that have values.
    hours: Vec<HourCell>,
) -> impl IntoView {
    let reader = Reader::of_page();
    drawn("chart-canvas--heat", heat_map(&hours, reader), heat_table(&hours, reader), reader)
}

/// Finger-stick values by time of day.
#[component]
pub fn ModalDay(
    /// The values.
    points: Vec<CurvePoint>,
    /// What they tell by meal state.
    states: Vec<StateSummary>,
    /// The limits to draw.
    thresholds: Thresholds,
) -> impl IntoView {
    let reader = Reader::of_page();
    drawn("chart-canvas--modal", modal_day(&points, &thresholds, reader), modal_table(&states, reader), reader)
}

fn drawn(class: &'static str, svg: String, table: String, reader: Reader) -> AnyView {
    let caption = tr_in!(reader.language, charts.table);
    view! {
        <figure class="chart">
            <div class=format!("chart-canvas {class}") inner_html=svg></div>
            <details class="chart-data">
                <summary>{caption}</summary>
                <div class="chart-data__body" role="region" tabindex="0" aria-label=caption inner_html=table></div>
            </details>
        </figure>
    }
    .into_any()
}
