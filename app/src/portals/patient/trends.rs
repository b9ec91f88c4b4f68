//! One's own report: the same parts as on the doctor's page, and the week in words.

use domain::{
    metrics::Kind,
    ports::{DaySummary, LogBookDay, PatientReport},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        EmptyState, Page, Section, SkeletonKind,
        icon::Glyph,
        load,
        report::{DayMultiples, LogBook, PeriodPicker, ReportView, WeeklyInsights, period_of},
    },
    error::AppError,
    routes,
    server_fns::reports::{load_days, load_log_book, load_report, load_weekly},
    tr,
};

/// The page; `?days=30` or `?from=&to=`.
#[component]
pub fn TrendsPage() -> impl IntoView {
    let query = use_query_map();
    let period = Memo::new(move |_| query.with(period_of));
    let report = Resource::new_blocking(move || period.get(), |period| load_report(None, period));
    let weekly = Resource::new_blocking(|| (), |()| load_weekly(None));
    let days = Resource::new_blocking(move || period.get(), |period| load_days(None, period));
    let book = Resource::new_blocking(move || period.get(), |period| load_log_book(None, period));
    // On paper the report says whose it is.
    let name = crate::context::page().me.and_then(|me| me.name);
    view! {
        <Page title=tr!(common.nav_trends) section=Section::Trends wide=true>
            {name.map(|name| view! { <p class="print-only">{name}</p> })}
            <div class="stack stack--loose">
                <section class="card" aria-labelledby="week-title">
                    <div class="card__head">
                        <h2 id="week-title">{tr!(patient.week_title)}</h2>
                    </div>
                    {load(weekly, SkeletonKind::Text, |weekly| view! { <WeeklyInsights weekly /> })}
                </section>
                <div class="trends__period">
                    {move || view! { <PeriodPicker period=period.get() path=routes::PATIENT_TRENDS /> }}
                </div>
                {load(report, SkeletonKind::Chart, move |report| view! { <Report report days book /> })}
            </div>
        </Page>
    }
    .into_any()
}

type Loaded<T> = Resource<Result<T, AppError>>;

#[component]
fn Report(report: PatientReport, days: Loaded<Vec<DaySummary>>, book: Loaded<Vec<LogBookDay>>) -> impl IntoView {
    if report.report.readings == 0 {
        return view! {
            <div class="card">
                <EmptyState
                    glyph=Glyph::Trends
                    title=tr!(patient.no_data_title)
                    body=tr!(patient.no_data_body)
                    action=(routes::PATIENT_IMPORT.to_owned(), tr!(common.nav_import).to_owned())
                />
            </div>
        }
        .into_any();
    }
    let (thresholds, kind) = (report.thresholds, report.report.kind);
    view! {
        <div class="stack">
            <ReportView report />
            <section class="card" aria-labelledby="days-title">
                <div class="card__head">
                    <h2 id="days-title">{tr!(patient.day_by_day)}</h2>
                </div>
                {load(days, SkeletonKind::Chart, move |days| view! { <DayMultiples days thresholds kind /> })}
            </section>
            // Finger-stick values by meal: what their owner knows them by.
            {(kind == Kind::Meter)
                .then(|| {
                    view! {
                        <section class="stack stack--tight" aria-labelledby="book-title">
                            <h2 id="book-title" class="section-title">{tr!(patient.by_meal)}</h2>
                            {load(book, SkeletonKind::Rows(6), |days| view! { <LogBook days /> })}
                        </section>
                    }
                })}
        </div>
    }
    .into_any()
}
