//! One patient: a head that stays, the figures with sufficiency first, the ranges beside the profile, the days, and
//! below them the log book, meals and the week in words as tabs.

use domain::{
    ids::PatientId,
    ports::{PatientHead, PeriodQuery},
    review,
    targets::Goals,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    charts::DailyChart,
    components::{
        ButtonKind, EmptyState, Page, PostButton, Section, SkeletonKind, Table, ago,
        icon::{Glyph, Icon},
        load,
        report::{
            Comparison, DayMultiples, LogBook, PatternsView, PeriodPicker, ReportView, WeeklyInsights, bounds,
            period_before, period_of,
        },
    },
    context, format,
    portals::{
        NotFound,
        doctor::{
            tags::TagChips,
            work_list::{due_words, passed_words},
        },
    },
    routes,
    server_fns::{
        doctor::load_patient_head,
        reports::{load_curve, load_days, load_log_book, load_meals_of, load_patterns, load_report, load_weekly},
    },
    tr, words,
};

/// What is shown below the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Days,
    LogBook,
    Meals,
    Week,
    Patterns,
    Compare,
}

impl Tab {
    const ALL: [Self; 6] = [Self::Days, Self::Patterns, Self::LogBook, Self::Meals, Self::Week, Self::Compare];

    fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::LogBook => "log-book",
            Self::Meals => "meals",
            Self::Week => "week",
            Self::Patterns => "patterns",
            Self::Compare => "compare",
        }
    }

    fn of(name: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|tab| Some(tab.name()) == name).unwrap_or(Self::Days)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Days => tr!(doctor.tab_days),
            Self::LogBook => tr!(doctor.log_book),
            Self::Meals => tr!(doctor.tab_meals),
            Self::Week => tr!(doctor.tab_week),
            Self::Patterns => tr!(doctor.tab_patterns),
            Self::Compare => tr!(doctor.tab_compare),
        }
    }
}

/// The page.
#[component]
pub fn PatientPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id").and_then(|id| id.parse::<PatientId>().ok())));
    move || match id.get() {
        Some(id) => view! { <Patient id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Patient(id: PatientId) -> impl IntoView {
    let head = Resource::new(|| (), move |()| load_patient_head(id));
    view! {
        <Page title=tr!(doctor.patient) section=Section::Patients wide=true own_head=true>
            {load(head, SkeletonKind::Value, move |head| view! { <Loaded head /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Loaded(head: PatientHead) -> impl IntoView {
    let (id, goals) = (head.id, head.goals);
    let query = use_query_map();
    let period = Memo::new(move |_| query.with(period_of));
    let tab = Memo::new(move |_| query.with(|map| Tab::of(map.get("tab").as_deref())));
    let report = Resource::new(move || period.get(), move |period| load_report(Some(id), period));
    view! {
        {move || view! { <Head head=head.clone() period=period.get() tab=tab.get() /> }}
        {load(report, SkeletonKind::Chart, move |report| view! { <ReportView report /> })}
        {move || view! { <Tabs id period=period.get() tab=tab.get() /> }}
        {move || match tab.get() {
            Tab::Days => view! { <DaysTab id period=period.get() goals /> }.into_any(),
            Tab::LogBook => view! { <LogBookTab id period=period.get() /> }.into_any(),
            Tab::Meals => view! { <MealsTab id period=period.get() /> }.into_any(),
            Tab::Week => view! { <WeekTab id /> }.into_any(),
            Tab::Patterns => view! { <PatternsTab id period=period.get() /> }.into_any(),
            Tab::Compare => view! { <CompareTab id period=period.get() /> }.into_any(),
        }}
    }
    .into_any()
}

/// Name, age, targets, period, print: stays in sight while the report scrolls.
#[component]
fn Head(head: PatientHead, period: PeriodQuery, tab: Tab) -> impl IntoView {
    let language = context::language();
    let path = routes::doctor_patient(head.id);
    let reviewed = head.reviewed_at;
    let today = head.now.local().date();
    let is_due = review::is_due(head.due_on, today);
    let is_reviewed = review::holds(reviewed.map(|at| at.at), head.last_reading_at.map(|last| last.at), is_due);
    view! {
        <div class="patient-head">
            <div class="patient-head__who">
                <a class="patient-head__back" href=format!("{}#p-{}", routes::DOCTOR, head.id)>
                    <Icon glyph=Glyph::Back />
                    <span class="visually-hidden">{tr!(doctor.back_to_list)}</span>
                </a>
                <div>
                    <h1>{head.name.clone()}</h1>
                    <p class="soft patient-head__facts">
                        {head.age.map(|age| view! { <span>{tr!(doctor.age, age = age).to_string()}</span> })}
                        <span>{words::goals(language, &head.goals)}</span>
                        {head
                            .last_reading_at
                            .map(|at| view! { <span>{tr!(doctor.last_reading, ago = ago(at, head.now)).to_string()}</span> })}
                        {reviewed.map(|at| view! { <span>{tr!(doctor.reviewed_at, ago = ago(at, head.now)).to_string()}</span> })}
                        {head.due_on.map(|day| view! { <span>{due_words(day, today)}</span> })}
                        <span class="print-only">{head.time_zone.clone()}</span>
                    </p>
                    <TagChips tags=head.tags />
                    {head.handover.map(|handover| view! { <p class="panel__passed">{passed_words(&handover)}</p> })}
                </div>
            </div>
            <div class="patient-head__actions">
                <PeriodPicker period path=path.clone() tab=tab.name().to_owned() />
                <PostButton
                    action=routes::doctor_review(head.id)
                    label=if is_reviewed { tr!(doctor.reviewed) } else { tr!(doctor.review) }
                    fields=vec![("reviewed", if is_reviewed { "no" } else { "yes" }.to_owned()), ("next", path.clone())]
                    kind=if is_reviewed { ButtonKind::Quiet } else { ButtonKind::Primary }
                    icon=Glyph::Check
                />
                <LookAgain id=head.id today next=path />
                <a class="button" href=routes::doctor_targets(head.id)>{tr!(doctor.targets)}</a>
                <a class="button" href=routes::doctor_desk(head.id)>{tr!(doctor.desk_title)}</a>
                <PrintButton />
                <ExportLinks id=head.id period />
            </div>
        </div>
    }
    .into_any()
}

/// Weeks after which a reviewed patient may be due again.
const AGAIN_WEEKS: [u64; 4] = [1, 2, 4, 12];

/// Marks as reviewed, to be looked at again in some weeks.
#[component]
fn LookAgain(id: PatientId, today: chrono::NaiveDate, next: String) -> impl IntoView {
    let buttons = AGAIN_WEEKS.into_iter().filter_map(|weeks| {
        let day = today.checked_add_days(chrono::Days::new(7 * weeks))?;
        let label = match weeks {
            1 => tr!(doctor.look_again_week).to_owned(),
            weeks => tr!(doctor.look_again_weeks, weeks = weeks).to_string(),
        };
        let fields = vec![("reviewed", "yes".to_owned()), ("due", day.to_string()), ("next", next.clone())];
        Some(view! { <PostButton action=routes::doctor_review(id) label fields kind=ButtonKind::Quiet /> })
    });
    view! {
        <details class="exports">
            <summary class="button">{tr!(doctor.look_again)}</summary>
            <div class="exports__list card">{buttons.collect_view()}</div>
        </details>
    }
    .into_any()
}

/// Opens the browser's print dialogue; shown only where it can.
#[component]
fn PrintButton() -> impl IntoView {
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let print = move |_| {
        // A browser that refuses to print says so itself.
        let _ = window().print();
    };
    view! {
        <button type="button" class="button" hidden=move || !ready.get() on:click=print>
            <Icon glyph=Glyph::Print />
            <span>{tr!(doctor.print)}</span>
        </button>
    }
    .into_any()
}

/// The period's data and figures as a file.
#[component]
fn ExportLinks(id: PatientId, period: PeriodQuery) -> impl IntoView {
    let link = move |format: &str, words: &'static str| {
        let href = format!("{}?format={format}&{}", routes::doctor_export(id), period_query(period));
        // A file, not a page: the router leaves it to the browser.
        view! { <a class="exports__link" href=href rel="external" download>{words}</a> }
    };
    view! {
        <details class="exports">
            <summary class="button">{tr!(doctor.export_file)}</summary>
            <div class="exports__list card">
                {link("csv", tr!(doctor.export_csv))} {link("json", tr!(doctor.export_json))}
                {link("fhir", tr!(doctor.export_fhir))}
            </div>
        </details>
    }
    .into_any()
}

/// The period of an address, for a link that keeps it.
fn period_query(period: PeriodQuery) -> String {
    match period {
        PeriodQuery::LastDays(days) => format!("days={days}"),
        PeriodQuery::Between(from, to) => format!("from={from}&to={to}"),
    }
}

#[component]
fn Tabs(id: PatientId, period: PeriodQuery, tab: Tab) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=tr!(doctor.tabs)>
            {Tab::ALL
                .into_iter()
                .map(|other| {
                    let href = format!("{}?{}&tab={}", routes::doctor_patient(id), period_query(period), other.name());
                    let current = (other == tab).then_some("page");
                    view! {
                        <a class="tabs__tab" href=href aria-current=current>
                            {other.label()}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
    .into_any()
}

/// The newest days as one curve, and all of them small.
#[component]
fn DaysTab(id: PatientId, period: PeriodQuery, goals: Goals) -> impl IntoView {
    let (from, to) = bounds(period, context::page().now.local().date());
    let first = std::cmp::max(from, to.checked_sub_days(chrono::Days::new(6)).unwrap_or(from));
    let curve = Resource::new(|| (), move |()| load_curve(Some(id), first, to));
    let days = Resource::new(|| (), move |()| load_days(Some(id), period));
    let thresholds = domain::metrics::range::Thresholds::of(goals);
    view! {
        <section class="card" aria-labelledby="curve-title">
            <div class="card__head">
                <h2 id="curve-title">{tr!(doctor.curve_title)}</h2>
            </div>
            {load(curve, SkeletonKind::Chart, move |curve| {
                if curve.points.is_empty() {
                    view! { <EmptyState title=tr!(doctor.no_readings_then) /> }.into_any()
                } else {
                    view! { <DailyChart curve patient=Some(id) /> }.into_any()
                }
            })}
        </section>
        <section class="card" aria-labelledby="days-title">
            <div class="card__head">
                <h2 id="days-title">{tr!(doctor.days_title)}</h2>
                <p class="soft">{tr!(doctor.days_note)}</p>
            </div>
            {load(days, SkeletonKind::Chart, move |days| {
                let kind = if days.iter().any(|day| day.ranges.is_some()) {
                    domain::metrics::Kind::Sensor
                } else {
                    domain::metrics::Kind::Meter
                };
                view! { <DayMultiples days thresholds kind /> }
            })}
        </section>
    }
    .into_any()
}

#[component]
fn LogBookTab(id: PatientId, period: PeriodQuery) -> impl IntoView {
    let days = Resource::new(|| (), move |()| load_log_book(Some(id), period));
    load(days, SkeletonKind::Rows(8), move |days| view! { <LogBook days /> })
}

#[component]
fn MealsTab(id: PatientId, period: PeriodQuery) -> impl IntoView {
    let meals = Resource::new(|| (), move |()| load_meals_of(Some(id), period));
    load(meals, SkeletonKind::Rows(8), move |meals| {
        let (language, now) = (context::language(), context::page().now);
        if meals.is_empty() {
            return view! { <EmptyState title=tr!(doctor.no_meals) body=tr!(doctor.no_meals_body) /> }.into_any();
        }
        let heads = vec![
            (tr!(doctor.date).to_owned(), false),
            (tr!(doctor.meal).to_owned(), false),
            (tr!(doctor.items).to_owned(), false),
            (tr!(doctor.carbs).to_owned(), true),
        ];
        view! {
            <Table caption=tr!(doctor.tab_meals) hide_caption=true heads>
                {meals
                    .into_iter()
                    .map(|(at, meal)| {
                        view! {
                            <tr>
                                <th scope="row">{format::date_time(language, at, now)}</th>
                                <td>{words::meal(language, meal.meal_type)}</td>
                                <td>{meal.food_items.join(", ")}</td>
                                <td class="num">{meal.estimated_carbs.map_or_else(|| "–".to_owned(), |g| format!("{g:.0} g"))}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
        }
        .into_any()
    })
}

#[component]
fn WeekTab(id: PatientId) -> impl IntoView {
    let weekly = Resource::new(|| (), move |()| load_weekly(Some(id)));
    view! {
        <section class="card" aria-labelledby="week-title">
            <div class="card__head">
                <h2 id="week-title">{tr!(doctor.tab_week)}</h2>
            </div>
            {load(weekly, SkeletonKind::Text, move |weekly| view! { <WeeklyInsights weekly /> })}
        </section>
    }
    .into_any()
}

/// Hours of weekdays and the risk grid of a sensor; the modal day and meals of finger-stick values.
#[component]
fn PatternsTab(id: PatientId, period: PeriodQuery) -> impl IntoView {
    let patterns = Resource::new(|| (), move |()| load_patterns(Some(id), period));
    load(patterns, SkeletonKind::Chart, |patterns| view! { <PatternsView patterns /> })
}

/// This period beside the one before it.
#[component]
fn CompareTab(id: PatientId, period: PeriodQuery) -> impl IntoView {
    let earlier = period_before(bounds(period, context::page().now.local().date()));
    let both = Resource::new(
        || (),
        move |()| async move { Ok((load_report(Some(id), earlier).await?, load_report(Some(id), period).await?)) },
    );
    view! {
        <section class="card" aria-labelledby="compare-title">
            <div class="card__head">
                <h2 id="compare-title">{tr!(doctor.tab_compare)}</h2>
            </div>
            {load(both, SkeletonKind::Rows(8), |(before, now)| view! { <Comparison before now /> })}
        </section>
    }
    .into_any()
}
