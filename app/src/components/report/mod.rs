//! The report, shared by the doctor's page of a patient and the patient's own trends: sufficiency first, then the
//! figures, the ranges beside the profile, the days, the log book.

mod compare;
mod days;
mod figures;
mod log_book;
mod patterns;
mod weekly;

use chrono::{Days, NaiveDate};
use domain::{
    metrics::{Kind, range::Targets},
    ports::{PatientReport, PeriodQuery},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

pub use compare::{Comparison, period_before};
pub use days::DayMultiples;
pub use figures::Figures;
pub use log_book::LogBook;
pub use patterns::PatternsView;
pub use weekly::WeeklyInsights;

use crate::{
    charts::{ProfileChart, RangeBar},
    context, format, tr,
};

/// Periods that are one click away, days.
pub const PERIODS: [u16; 3] = [14, 30, 90];

/// The period that an address asks for: `?days=30`, or `?from=2026-11-01&to=2026-11-14`; 14 days else.
pub fn period_of(query: &ParamsMap) -> PeriodQuery {
    let date = |name| query.get(name).and_then(|text| text.parse::<NaiveDate>().ok());
    match (date("from"), date("to")) {
        (Some(from), Some(to)) if from <= to => PeriodQuery::Between(from, to),
        _ => PeriodQuery::LastDays(
            query.get("days").and_then(|d| d.parse().ok()).filter(|d| (1..=366).contains(d)).unwrap_or(14),
        ),
    }
}

/// First and last day of a period, with today's date for those that end today.
pub fn bounds(period: PeriodQuery, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    match period {
        PeriodQuery::Between(from, to) => (from, to),
        PeriodQuery::LastDays(days) => {
            (today.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(today), today)
        }
    }
}

/// Links to the usual periods, and a small form for any other. Links and the form keep the rest of the address.
#[component]
pub fn PeriodPicker(
    /// Which is shown.
    period: PeriodQuery,
    /// The page, without its query.
    #[prop(into)]
    path: String,
    /// Its tab, to be kept.
    #[prop(optional, into)]
    tab: Option<String>,
) -> impl IntoView {
    let today = context::page().now.local().date();
    let (from, to) = bounds(period, today);
    let rest = tab.as_ref().map(|tab| format!("&tab={tab}")).unwrap_or_default();
    let custom = !PERIODS.iter().any(|days| period == PeriodQuery::LastDays(*days));
    view! {
        <div class="period">
            <nav class="segments" aria-label=tr!(doctor.period)>
                {PERIODS
                    .into_iter()
                    .map(|days| {
                        let current = (period == PeriodQuery::LastDays(days)).then_some("true");
                        view! {
                            <a class="segments__item" href=format!("{path}?days={days}{rest}") aria-current=current>
                                {tr!(doctor.period_days, days = days).to_string()}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <details class="period__custom" open=custom>
                <summary class="button button--small">{tr!(doctor.period_custom)}</summary>
                <form method="get" action=path class="period__form">
                    {tab.map(|tab| view! { <input type="hidden" name="tab" value=tab /> })}
                    <label>
                        <span class="visually-hidden">{tr!(doctor.period_from)}</span>
                        <input class="input" type="date" name="from" value=from.to_string() max=today.to_string() required />
                    </label>
                    <span aria-hidden="true">"–"</span>
                    <label>
                        <span class="visually-hidden">{tr!(doctor.period_to)}</span>
                        <input class="input" type="date" name="to" value=to.to_string() max=today.to_string() required />
                    </label>
                    <button type="submit" class="button button--small">{tr!(doctor.period_show)}</button>
                </form>
            </details>
        </div>
    }
    .into_any()
}

/// The figures, and for a sensor the ranges beside the profile.
#[component]
pub fn ReportView(
    /// What was computed.
    report: PatientReport,
) -> impl IntoView {
    let sensor = report.report.kind == Kind::Sensor;
    let ranges = report.report.ranges;
    let targets = Targets::of(report.goals);
    view! {
        <Figures report=report.clone() targets />
        {sensor
            .then(|| {
                view! {
                    <div class="report-pair">
                        <section class="card" aria-labelledby="ranges-title">
                            <div class="card__head">
                                <h2 id="ranges-title">{tr!(doctor.ranges_title)}</h2>
                            </div>
                            {match ranges {
                                Some(ranges) => {
                                    view! { <RangeBar ranges thresholds=report.thresholds targets=Some(targets) /> }
                                        .into_any()
                                }
                                None => view! { <p class="soft">{tr!(doctor.withheld)}</p> }.into_any(),
                            }}
                        </section>
                        <section class="card" aria-labelledby="profile-title">
                            <div class="card__head">
                                <h2 id="profile-title">{tr!(doctor.profile_title)}</h2>
                            </div>
                            {if report.report.profile.is_empty() {
                                view! { <p class="soft">{tr!(doctor.profile_withheld)}</p> }.into_any()
                            } else {
                                view! { <ProfileChart report=report.clone() /> }.into_any()
                            }}
                        </section>
                    </div>
                }
            })}
    }
    .into_any()
}

/// `11 Nov – 24 Nov, 14 days`.
pub fn period_words(report: &PatientReport) -> String {
    use chrono::Datelike;
    let (language, year) = (context::language(), report.now.local().year());
    let period = report.report.period;
    tr!(
        doctor.period_words,
        from = format::date(language, period.from, year),
        to = format::date(language, period.to, year),
        days = period.days
    )
    .to_string()
}
