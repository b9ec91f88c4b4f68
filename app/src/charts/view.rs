//! The components of the two large charts.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use domain::{
    ids::PatientId,
    ports::{Curve, PatientReport},
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Daily, Model, Profile, Reader,
    figure::Figure,
    scale::{DAY, Window},
};
use crate::{context, server_fns::reports::load_curve, tr_in};

/// The curve of 1 to 14 days, with the reading under the pointer and a zoom from 14 days to 6 hours. Days that the curve
/// does not hold are asked for.
#[component]
pub fn DailyChart(
    /// The days to show first.
    curve: Curve,
    /// Whose data; the signed-in patient's own if none.
    #[prop(default = None)]
    patient: Option<PatientId>,
) -> impl IntoView {
    let reader = Reader::of_page();
    let today = context::page().now.local().date();
    let figure = Figure::new(Model::Daily(Daily::whole(Arc::new(curve), reader)), reader);
    let zoom = Zoom { figure, today, patient, busy: RwSignal::new(false), failed: RwSignal::new(false) };
    view! {
        <figure class="chart chart--daily" aria-busy=move || zoom.busy.get().then_some("true")>
            {zoom.tools(reader)} {figure.view("chart-canvas--daily")}
        </figure>
    }
    .into_any()
}

/// The ambulatory profile with its legend, and the percentiles of the hour under the pointer.
#[component]
pub fn ProfileChart(
    /// The report whose profile is drawn; an empty profile says so.
    report: PatientReport,
) -> impl IntoView {
    let reader = Reader::of_page();
    let language = reader.language;
    let profile = Profile { points: Arc::new(report.report.profile), thresholds: report.thresholds, reader };
    let figure = Figure::new(Model::Profile(profile), reader);
    view! {
        <figure class="chart chart--profile">
            {figure.view("chart-canvas--profile")}
            <ul class="chart-legend">
                <li><span class="legend-mark legend-mark--median"></span>{tr_in!(language, charts.median)}</li>
                <li><span class="legend-mark legend-mark--inner"></span>{tr_in!(language, charts.legend_inner)}</li>
                <li><span class="legend-mark legend-mark--outer"></span>{tr_in!(language, charts.legend_outer)}</li>
                <li><span class="legend-mark legend-mark--target"></span>{tr_in!(language, charts.target_range)}</li>
            </ul>
        </figure>
    }
    .into_any()
}

/// Moving through the days of a daily chart.
#[derive(Clone, Copy)]
struct Zoom {
    figure: Figure,
    today: NaiveDate,
    patient: Option<PatientId>,
    busy: RwSignal<bool>,
    failed: RwSignal<bool>,
}

impl Zoom {
    fn daily<T>(self, get: impl Fn(&Daily) -> T) -> Option<T> {
        self.figure.model.with(|model| match model {
            Model::Daily(daily) => Some(get(daily)),
            Model::Profile(_) => None,
        })
    }

    /// The minute at which today ends, as the curve counts.
    fn end_of_today(self, daily: &Daily) -> i32 {
        i32::try_from((self.today - daily.curve.from).num_days() + 1).unwrap_or(0).saturating_mul(DAY)
    }

    fn zoomed(self, daily: &Daily, closer: bool) -> Option<Window> {
        let window = daily.window;
        let end = self.end_of_today(daily);
        let around = match self.figure.cursor_at() {
            Some(fraction) => fraction,
            // Today is looked at for its newest readings, another day for all of it.
            None if window.end() >= end => 1.0,
            None => 0.5,
        };
        #[expect(clippy::cast_possible_truncation, reason = "minutes within a year")]
        let around = window.minute_at(around) as i32;
        Some(window.zoomed(closer, around)?.ending_by(end))
    }

    fn moved(self, daily: &Daily, later: bool) -> Option<Window> {
        let end = self.end_of_today(daily);
        (!later || daily.window.end() < end).then(|| daily.window.moved(later).ending_by(end))
    }

    /// Shows a stretch, from the data at hand or from the server.
    fn go(self, wish: impl Fn(&Daily) -> Option<Window>) {
        let Some(daily) = untrack(|| self.daily(Clone::clone)) else { return };
        let Some(window) = wish(&daily) else { return };
        self.failed.set(false);
        if window.from >= 0 && window.end() <= daily.end_of_data() {
            self.figure.model.set(Model::Daily(Daily { window, ..daily }));
            return;
        }
        let first = window.from.div_euclid(DAY);
        let last = window.end().saturating_sub(1).div_euclid(DAY);
        let Some((from, to)) = shifted(daily.curve.from, first).zip(shifted(daily.curve.from, last)) else { return };
        self.busy.set(true);
        spawn_local(async move {
            let loaded = load_curve(self.patient, from, to).await;
            self.busy.try_set(false);
            match loaded {
                Ok(curve) => {
                    let window = Window { from: window.from - first * DAY, ..window };
                    let daily = Daily { curve: Arc::new(curve), window, reader: daily.reader };
                    self.figure.model.try_set(Model::Daily(daily));
                }
                Err(_) => {
                    self.failed.try_set(true);
                }
            }
        });
    }

    fn tools(self, reader: Reader) -> AnyView {
        let language = reader.language;
        let tool = move |sign: &'static str, name: &'static str, wish: fn(Self, &Daily) -> Option<Window>| {
            view! {
                <button
                    type="button"
                    class="chart-tool"
                    title=name
                    aria-label=name
                    disabled=move || self.busy.get() || self.daily(|daily| wish(self, daily)).flatten().is_none()
                    on:click=move |_| self.go(move |daily| wish(self, daily))
                >
                    <span aria-hidden="true">{sign}</span>
                </button>
            }
        };
        view! {
            <div class="chart-tools">
                <p class="chart-period" aria-live="polite">{move || self.daily(Daily::period)}</p>
                <div class="chart-buttons" class:is-off=move || !self.figure.is_ready()>
                    {tool("‹", tr_in!(language, charts.earlier), |zoom, daily| zoom.moved(daily, false))}
                    {tool("−", tr_in!(language, charts.zoom_out), |zoom, daily| zoom.zoomed(daily, false))}
                    {tool("+", tr_in!(language, charts.zoom_in), |zoom, daily| zoom.zoomed(daily, true))}
                    {tool("›", tr_in!(language, charts.later), |zoom, daily| zoom.moved(daily, true))}
                </div>
                <p class="chart-problem" role="status">
                    {move || self.failed.get().then(|| tr_in!(language, charts.load_failed))}
                </p>
            </div>
        }
        .into_any()
    }
}

/// A day so many days after (or before) another.
fn shifted(day: NaiveDate, by: i32) -> Option<NaiveDate> {
    let days = Days::new(u64::from(by.unsigned_abs()));
    if by < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }
}
