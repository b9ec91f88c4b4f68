//! The first page of a patient: the last value, today, and one next step.

use chrono::Datelike;
use domain::{
    glucose::Unit,
    ports::{ShownReading, Today, Trend},
};
use leptos::prelude::*;

use crate::{
    charts::{DailyChart, Ring},
    components::{
        BandChip, EmptyState, Page, Section, SkeletonKind, ago,
        fresh::on_return,
        icon::{Glyph, Icon},
        load,
        names::{shown_value, trend_glyph},
        state_word, trend_word,
    },
    context, format,
    i18n::is_one,
    routes,
    server_fns::patient::{load_care_team, load_erasure, load_today},
    tr,
};

/// The page.
#[component]
pub fn TodayPage() -> impl IntoView {
    let today = Resource::new_blocking(|| (), |()| load_today());
    on_return(move || today.refetch());
    let page = context::page();
    let day = page.now.local().date();
    let date = format!("{}, {}", format::weekday(page.language, day), format::date(page.language, day, day.year()));
    view! {
        <Page title=tr!(common.nav_today) section=Section::Today lead=date>
            <Erasing />
            <Requests />
            {load(today, SkeletonKind::Value, |today| view! { <TodayView today /> })}
        </Page>
    }
    .into_any()
}

/// Everything is going to be erased: whoever did not mean that sees it here first, and can keep it.
#[component]
fn Erasing() -> impl IntoView {
    let erasure = Resource::new_blocking(|| (), |()| load_erasure());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // A failure here is shown by the page of one's own data; the day comes first.
                erasure
                    .await
                    .ok()
                    .flatten()
                    .map(|due| {
                        let page = context::page();
                        let date = format::date(page.language, due.local().date(), page.now.local().year());
                        view! {
                            <a class="notice notice--link notice--warn" href=routes::DATA>
                                <Icon glyph=Glyph::Warning />
                                <span>{tr!(auth.erase_due, date = date).to_string()}</span>
                            </a>
                        }
                    })
            })}
        </Suspense>
    }
}

/// Doctors who ask to see the data: the patient decides.
#[component]
fn Requests() -> impl IntoView {
    let links = Resource::new_blocking(|| (), |()| load_care_team());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // A failure here is shown by the care team's own page; the day comes first.
                let asking = links.await.unwrap_or_default().into_iter().filter(|link| link.awaits_me).collect::<Vec<_>>();
                asking
                    .into_iter()
                    .map(|link| {
                        view! {
                            <a class="notice notice--link" href=routes::PATIENT_CARE_TEAM>
                                <Icon glyph=Glyph::Doctor />
                                <span>{tr!(patient.asks_to_see, name = link.name).to_string()}</span>
                            </a>
                        }
                    })
                    .collect_view()
            })}
        </Suspense>
    }
}

#[component]
fn TodayView(today: Today) -> impl IntoView {
    let unit = context::unit();
    let Some(last) = today.last.clone() else {
        return view! { <Welcome /> }.into_any();
    };
    let streak = today.streak_days;
    view! {
        <div class="today">
            <section class="card today__last" aria-labelledby="last-title">
                <h2 id="last-title" class="today__title">{tr!(patient.last_reading)}</h2>
                <LastValue last trend=today.trend now=today.now unit />
            </section>
            <section class="card today__range" aria-labelledby="range-title">
                <h2 id="range-title" class="today__title">{tr!(patient.in_range_today)}</h2>
                <Ring in_range_percent=today.in_range_percent />
                <p class="soft small">{readings_words(today.readings)}</p>
            </section>
            <NextStep next=today.next_state streak />
            <section class="card today__curve" aria-labelledby="curve-title">
                <div class="card__head">
                    <h2 id="curve-title">{tr!(patient.curve_today)}</h2>
                </div>
                {if today.readings == 0 {
                    view! { <p class="soft">{tr!(patient.no_reading_today)}</p> }.into_any()
                } else {
                    view! { <DailyChart curve=today.curve /> }.into_any()
                }}
            </section>
            <a class="card today__team" href=routes::PATIENT_CARE_TEAM>
                <Icon glyph=Glyph::People class="list__icon" />
                <span>{team_words(today.care_team)}</span>
                <Icon glyph=Glyph::Next class="list__icon" />
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn LastValue(last: ShownReading, trend: Option<Trend>, now: domain::clock::Moment, unit: Unit) -> impl IntoView {
    let text = shown_value(last.glucose, last.clip, unit);
    let (number, unit_text) = match text.split_once(' ') {
        Some((number, unit)) => (number.to_owned(), Some(unit.to_owned())),
        None => (text, None),
    };
    view! {
        <p class="today__value">
            <span class="today__number">{number}</span>
            {unit_text.map(|unit| view! { <span class="today__unit">{unit}</span> })}
            {trend
                .map(|trend| {
                    view! {
                        <span class="today__trend">
                            <Icon glyph=trend_glyph(trend) />
                            <span>{trend_word(trend)}</span>
                        </span>
                    }
                })}
        </p>
        <p class="row today__about">
            <BandChip band=last.band />
            <span class="soft">{ago(last.at, now)} " · " {state_word(last.state)}</span>
        </p>
    }
    .into_any()
}

/// One thing to do now.
#[component]
fn NextStep(next: Option<domain::glucose::MealState>, streak: u32) -> impl IntoView {
    let language = context::language();
    let streak = (streak > 1 || (streak == 1 && next.is_none())).then(|| {
        if is_one(language, streak) {
            tr!(patient.streak_single, count = streak).to_string()
        } else {
            tr!(patient.streak_plural, count = streak).to_string()
        }
    });
    let (href, title) = match next {
        Some(state) => (
            format!("{}?state={}", routes::PATIENT_LOG, state.as_str()),
            tr!(patient.next_log, state = state_word(state)).to_string(),
        ),
        None => (routes::PATIENT_LOG.to_owned(), tr!(patient.log_another).to_owned()),
    };
    view! {
        <section class="today__next" aria-label=tr!(patient.next_step)>
            <a class="button button--primary button--large button--wide" href=href>
                <Icon glyph=Glyph::Plus />
                <span>{title}</span>
            </a>
            {streak.map(|streak| view! { <p class="soft small">{streak}</p> })}
        </section>
    }
    .into_any()
}

/// Nothing was ever recorded.
#[component]
fn Welcome() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState
                glyph=Glyph::Drop
                title=tr!(patient.welcome_title)
                body=tr!(patient.welcome_body)
                action=(routes::PATIENT_LOG.to_owned(), tr!(patient.log_first).to_owned())
            />
            <p class="today__or">
                <a href=routes::PATIENT_IMPORT>{tr!(patient.or_import)}</a>
            </p>
        </div>
    }
    .into_any()
}

fn readings_words(count: u32) -> String {
    if is_one(context::language(), count) {
        tr!(patient.readings_today_single, count = count).to_string()
    } else {
        tr!(patient.readings_today_plural, count = count).to_string()
    }
}

fn team_words(count: u32) -> String {
    if count == 0 {
        tr!(patient.team_nobody).to_owned()
    } else if is_one(context::language(), count) {
        tr!(patient.team_single, count = count).to_string()
    } else {
        tr!(patient.team_plural, count = count).to_string()
    }
}
