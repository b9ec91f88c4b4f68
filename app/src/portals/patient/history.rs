//! What was logged, newest first, by day: readings and meals, with change and delete.

use chrono::NaiveDate;
use domain::{clock::Moment, glucose::Source, meal::Meal, page::Page as ListPage, ports::ShownReading};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        BandChip, ButtonKind, EmptyState, Page, PostButton, Section, SkeletonKind,
        icon::{Glyph, Icon},
        load, meal_word,
        names::shown_value,
        relative::day_head,
        source_word, state_word,
    },
    context, format, routes,
    server_fns::patient::{load_history, load_own_meals},
    tr,
};

/// The page; `?kind=meals` for meals, `?cursor=` for older ones.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let meals = Memo::new(move |_| query.with(|q| q.get("kind").as_deref() == Some("meals")));
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor").filter(|c| !c.is_empty())));
    let tab = move |href: String, label: &'static str, kind: bool| {
        view! {
            <a class="tabs__tab" href=href aria-current=move || (meals.get() == kind).then_some("page")>
                {label}
            </a>
        }
    };
    view! {
        <Page title=tr!(common.nav_history) section=Section::History>
            <nav class="tabs" aria-label=tr!(patient.history_kinds)>
                {tab(routes::PATIENT_HISTORY.to_owned(), tr!(patient.readings), false)}
                {tab(format!("{}?kind=meals", routes::PATIENT_HISTORY), tr!(patient.meals), true)}
            </nav>
            {move || {
                if meals.get() {
                    view! { <MealHistory cursor /> }.into_any()
                } else {
                    view! { <ReadingHistory cursor /> }.into_any()
                }
            }}
        </Page>
    }
    .into_any()
}

#[component]
fn ReadingHistory(cursor: Memo<Option<String>>) -> impl IntoView {
    let readings = Resource::new_blocking(move || cursor.get(), load_history);
    load(readings, SkeletonKind::Rows(8), move |page| {
        if page.items.is_empty() {
            return view! {
                <EmptyState
                    glyph=Glyph::Drop
                    title=tr!(patient.no_readings_title)
                    body=tr!(patient.no_readings_body)
                    action=(routes::PATIENT_LOG.to_owned(), tr!(patient.log_first).to_owned())
                />
            }
            .into_any();
        }
        let older = older_link(&page, "");
        view! { <DayList days=by_day(page.items, |r| r.at) row=reading_row /> {older} }.into_any()
    })
}

#[component]
fn MealHistory(cursor: Memo<Option<String>>) -> impl IntoView {
    let meals = Resource::new_blocking(move || cursor.get(), load_own_meals);
    load(meals, SkeletonKind::Rows(8), move |page| {
        if page.items.is_empty() {
            return view! {
                <EmptyState
                    glyph=Glyph::Meal
                    title=tr!(patient.no_meals_title)
                    body=tr!(patient.no_meals_body)
                    action=(routes::PATIENT_MEAL_NEW.to_owned(), tr!(common.nav_meal).to_owned())
                />
            }
            .into_any();
        }
        let older = older_link(&page, "kind=meals&");
        view! { <DayList days=by_day(page.items, |m| m.0) row=meal_row /> {older} }.into_any()
    })
}

/// Items of one local day after another, in the order they come.
pub(super) fn by_day<T>(items: Vec<T>, at: impl Fn(&T) -> Moment) -> Vec<(NaiveDate, Vec<T>)> {
    let mut days: Vec<(NaiveDate, Vec<T>)> = vec![];
    for item in items {
        let day = at(&item).local().date();
        match days.last_mut() {
            Some((last, of_day)) if *last == day => of_day.push(item),
            _ => days.push((day, vec![item])),
        }
    }
    days
}

/// Lists of days, each under its head.
#[component]
pub(super) fn DayList<T: Send + 'static>(days: Vec<(NaiveDate, Vec<T>)>, row: fn(T) -> AnyView) -> impl IntoView {
    let today = context::page().now.local().date();
    days.into_iter()
        .map(|(day, items)| {
            view! {
                <section class="day">
                    <h2 class="day__head">{day_head(day, today)}</h2>
                    <ul class="list card card--flush">
                        {items.into_iter().map(|item| view! { <li>{row(item)}</li> }).collect_view()}
                    </ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn reading_row(reading: ShownReading) -> AnyView {
    let language = context::language();
    let value = shown_value(reading.glucose, reading.clip, context::unit());
    let time = format::time(language, reading.at.local());
    let source = (reading.source != Source::Manual).then(|| source_word(reading.source));
    let spoken = format!("{value}, {time}");
    let (number, unit) = match value.split_once(' ') {
        Some((number, unit)) => (number.to_owned(), unit.to_owned()),
        None => (value, String::new()),
    };
    view! {
        <div class="list__row entry">
            <time class="entry__time num">{time}</time>
            <div class="list__words">
                <div class="row">
                    <span class="num">
                        <span class="entry__value">{number}</span>
                        " "
                        <span class="entry__unit">{unit}</span>
                    </span>
                    <BandChip band=reading.band />
                </div>
                <div class="soft entry__about">
                    {state_word(reading.state)} {source.map(|source| format!(" · {source}"))}
                </div>
                {reading.notes.map(|notes| view! { <p class="entry__notes">{notes}</p> })}
            </div>
            <RowActions
                edit=routes::reading(reading.id)
                delete=routes::reading_delete(reading.id)
                spoken
            />
        </div>
    }
    .into_any()
}

fn meal_row((at, meal): (Moment, Meal)) -> AnyView {
    let time = format::time(context::language(), at.local());
    let carbs = meal.estimated_carbs.map(|c| tr!(patient.carbs_shown, grams = format!("{c:.0}")).to_string());
    let spoken = format!("{}, {time}", meal_word(meal.meal_type));
    view! {
        <div class="list__row entry">
            <time class="entry__time num">{time}</time>
            <div class="list__words">
                <div class="entry__meal">{meal.food_items.join(", ")}</div>
                <div class="soft entry__about">
                    {meal_word(meal.meal_type)} {carbs.map(|carbs| format!(" · {carbs}"))}
                </div>
            </div>
            <RowActions edit=routes::meal(meal.id) delete=routes::meal_delete(meal.id) spoken />
        </div>
    }
    .into_any()
}

#[component]
fn RowActions(edit: String, delete: String, spoken: String) -> impl IntoView {
    view! {
        <div class="entry__actions">
            <a
                class="button button--quiet button--icon"
                href=edit
                aria-label=format!("{}: {spoken}", tr!(common.edit))
            >
                <Icon glyph=Glyph::Edit />
            </a>
            <PostButton
                action=delete
                label=tr!(common.delete)
                spoken=format!("{}: {spoken}", tr!(common.delete))
                kind=ButtonKind::Quiet
                icon=Glyph::Delete
                icon_only=true
            />
        </div>
    }
    .into_any()
}

fn older_link<T>(page: &ListPage<T>, kind: &str) -> Option<AnyView> {
    page.next_cursor.as_ref().map(|cursor| {
        view! {
            <p class="older">
                <a class="button" href=format!("{}?{kind}cursor={cursor}", routes::PATIENT_HISTORY)>
                    {tr!(patient.older)}
                </a>
            </p>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    #[test]
    fn a_list_breaks_at_local_midnight() {
        // 00:10 in India; the second is half an hour before, on the day before by the wall clock, the same day in UTC.
        let at = DateTime::parse_from_rfc3339("2026-11-23T18:40:00Z").unwrap().with_timezone(&Utc);
        let moments =
            [at, at - TimeDelta::minutes(30), at - TimeDelta::minutes(40)].map(|at| Moment { at, offset_s: 19_800 });
        let days: Vec<_> =
            by_day(moments.to_vec(), |m| *m).into_iter().map(|(day, items)| (day.to_string(), items.len())).collect();
        assert_eq!(days, [("2026-11-24".to_owned(), 1), ("2026-11-23".to_owned(), 2)]);
    }
}
