//! The work list: every linked patient, most in need first, with the reasons in words.

use chrono::{Datelike, NaiveDate};
use domain::{
    metrics::{Kind, Ranges},
    ports::{PanelFilter, PanelPage, PanelQuery, PanelRow, PanelSort},
    review,
    triage::Priority,
};
use leptos::{ev, html, prelude::*};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::shortcuts::Shortcuts;
use crate::{
    charts::RangeStrip,
    components::{
        ButtonKind, EmptyState, Page, PostButton, Section, SkeletonKind, ago,
        icon::{Glyph, Icon},
        load,
    },
    context,
    format::percent,
    forms::names,
    routes,
    server_fns::doctor::load_work_list,
    tr, words,
};

/// Rows of a search, which has no further pages: a search text never stands in an address.
const SEARCH_ROWS: u32 = 200;

/// What the address asks for, and what was typed into the search.
fn query_of(map: &ParamsMap, q: Option<String>) -> PanelQuery {
    let is = |name: &str, value: &str| map.get(name).as_deref() == Some(value);
    PanelQuery {
        sort: match () {
            () if is("sort", "name") => PanelSort::Name,
            () if is("sort", "last") => PanelSort::LastReading,
            () if is("sort", "range") => PanelSort::InRange,
            () => PanelSort::Need,
        },
        filter: match () {
            () if is("filter", "attention") => PanelFilter::NeedsAttention,
            () if is("filter", "unreviewed") => PanelFilter::NotReviewed,
            () if is("filter", "due") => PanelFilter::Due,
            () if is("filter", "silent") => PanelFilter::NoData,
            () => PanelFilter::All,
        },
        cursor: map.get("cursor").filter(|_| q.is_none()),
        limit: q.is_some().then_some(SEARCH_ROWS),
        q,
    }
}

fn sort_name(sort: PanelSort) -> &'static str {
    match sort {
        PanelSort::Need => "need",
        PanelSort::Name => "name",
        PanelSort::LastReading => "last",
        PanelSort::InRange => "range",
    }
}

fn filter_name(filter: PanelFilter) -> &'static str {
    match filter {
        PanelFilter::All => "all",
        PanelFilter::NeedsAttention => "attention",
        PanelFilter::NotReviewed => "unreviewed",
        PanelFilter::Due => "due",
        PanelFilter::NoData => "silent",
    }
}

/// The address of a list, without its cursor and without the search text, which is part of a name.
fn address(query: &PanelQuery) -> String {
    let mut map = ParamsMap::new();
    if query.sort != PanelSort::Need {
        map.insert("sort", sort_name(query.sort).to_owned());
    }
    if query.filter != PanelFilter::All {
        map.insert("filter", filter_name(query.filter).to_owned());
    }
    format!("{}{}", routes::DOCTOR, map.to_query_string())
}

/// The page.
#[component]
pub fn WorkList() -> impl IntoView {
    let map = use_query_map();
    // Without WASM a search is a post that comes back with what was typed.
    let posted = context::page().form.filter(|form| form.form == names::PANEL_SEARCH);
    let q = RwSignal::new(posted.and_then(|form| form.fields.get("q").map(str::to_owned)));
    let query = Memo::new(move |_| map.with(|map| query_of(map, q.get())));
    let list = Resource::new(move || query.get(), load_work_list);
    view! {
        <Page title=tr!(doctor.work_list) section=Section::Patients wide=true>
            {move || view! { <Controls query=query.get() q /> }}
            {load(list, SkeletonKind::Rows(12), move |page| view! { <List page query=query.get_untracked() /> })}
            <p class="small">
                <a href=routes::DOCTOR_CONNECT>{tr!(doctor.connect_title)}</a>
            </p>
            <p class="small">
                <a href=routes::DOCTOR_EMERGENCY>{tr!(doctor.emergency_link)}</a>
            </p>
            <Shortcuts />
        </Page>
    }
    .into_any()
}

/// Search, filters and order. Filters and orders are links, so that each view has an address.
#[component]
fn Controls(query: PanelQuery, q: RwSignal<Option<String>>) -> impl IntoView {
    let filters = [
        (PanelFilter::All, tr!(doctor.filter_all)),
        (PanelFilter::NeedsAttention, tr!(doctor.filter_attention)),
        (PanelFilter::NotReviewed, tr!(doctor.filter_unreviewed)),
        (PanelFilter::Due, tr!(doctor.filter_due)),
        (PanelFilter::NoData, tr!(doctor.filter_silent)),
    ];
    let sorts = [
        (PanelSort::Need, tr!(doctor.sort_need)),
        (PanelSort::Name, tr!(doctor.sort_name)),
        (PanelSort::LastReading, tr!(doctor.sort_last)),
        (PanelSort::InRange, tr!(doctor.sort_range)),
    ];
    let current = query.clone();
    let sorted = query.clone();
    let field = NodeRef::<html::Input>::new();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        q.set((!typed.is_empty()).then_some(typed));
    };
    view! {
        <div class="panel-controls">
            <form method="post" action=address(&query) class="panel-search" role="search" on:submit=on_submit>
                <label>
                    <span class="visually-hidden">{tr!(doctor.search)}</span>
                    <Icon glyph=Glyph::Search />
                    <input
                        class="input"
                        id="panel-search"
                        type="search"
                        name="q"
                        node_ref=field
                        value=query.q.clone().unwrap_or_default()
                        placeholder=tr!(doctor.search)
                        autocomplete="off"
                        maxlength="60"
                    />
                </label>
                <button type="submit" class="button">{tr!(doctor.search_button)}</button>
            </form>
            <nav class="segments panel-filters" aria-label=tr!(doctor.filters)>
                {filters
                    .into_iter()
                    .map(|(filter, label)| {
                        let href = address(&PanelQuery { filter, ..current.clone() });
                        let current = (filter == current.filter).then_some("true");
                        view! { <a class="segments__item" href=href aria-current=current>{label}</a> }
                    })
                    .collect_view()}
            </nav>
            <nav class="segments panel-sorts" aria-label=tr!(doctor.sort)>
                {sorts
                    .into_iter()
                    .map(|(sort, label)| {
                        let href = address(&PanelQuery { sort, ..sorted.clone() });
                        let current = (sort == sorted.sort).then_some("true");
                        view! { <a class="segments__item" href=href aria-current=current>{label}</a> }
                    })
                    .collect_view()}
            </nav>
        </div>
    }
    .into_any()
}

#[component]
fn List(page: PanelPage, query: PanelQuery) -> impl IntoView {
    let narrowed = query.q.is_some() || query.filter != PanelFilter::All;
    if page.items.is_empty() {
        return if narrowed {
            view! {
                <EmptyState
                    title=tr!(doctor.none_match)
                    body=tr!(doctor.none_match_body)
                    action=(routes::DOCTOR.to_owned(), tr!(doctor.show_all).to_owned())
                    glyph=Glyph::Search
                />
            }
            .into_any()
        } else {
            view! { <EmptyState title=tr!(doctor.no_patients) body=tr!(doctor.no_patients_body) glyph=Glyph::People /> }
                .into_any()
        };
    }
    let first_page = query.cursor.is_none();
    let next = page.next_cursor.map(|cursor| {
        let address = address(&query);
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}cursor={cursor}")
    });
    let now = page.now;
    let count = if crate::i18n::is_one(context::language(), page.total) {
        tr!(doctor.patients_single, count = page.total).to_string()
    } else {
        tr!(doctor.patients_many, count = page.total).to_string()
    };
    view! {
        <p class="panel-count soft" role="status">
            <span>{count}</span>
            <span>{tr!(doctor.as_of, time = crate::format::time(context::language(), now.local())).to_string()}</span>
        </p>
        <div class="table-wrap panel" role="region" aria-label=tr!(doctor.work_list) tabindex="0">
            <table class="table table--hover panel__table">
                <caption class="visually-hidden">{tr!(doctor.work_list)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr!(doctor.col_patient)}</th>
                        <th scope="col">{tr!(doctor.col_why)}</th>
                        <th scope="col">{tr!(doctor.col_range)}</th>
                        <th scope="col" class="num">{tr!(doctor.gmi)}</th>
                        <th scope="col">{tr!(doctor.col_last)}</th>
                        <th scope="col">{tr!(doctor.col_reviewed)}</th>
                    </tr>
                </thead>
                <tbody>
                    {page.items.into_iter().map(|row| view! { <Row row now /> }).collect_view()}
                </tbody>
            </table>
        </div>
        <nav class="pager" aria-label=tr!(doctor.pages)>
            {(!first_page).then(|| view! { <a class="button" href=address(&query)>{tr!(doctor.first_page)}</a> })}
            {next.map(|href| view! { <a class="button" rel="next" href=href>{tr!(doctor.next_page)}</a> })}
        </nav>
    }
    .into_any()
}

const fn priority_class(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "priority priority--urgent",
        Priority::Soon => "priority priority--soon",
        Priority::Watch => "priority priority--watch",
        Priority::Steady => "priority priority--steady",
    }
}

#[component]
fn Row(row: PanelRow, now: domain::clock::Moment) -> impl IntoView {
    let language = context::language();
    let why: Vec<String> = row.reasons.iter().map(|reason| words::reason(language, reason)).collect();
    let today = now.local().date();
    let due = review::is_due(row.due_on, today);
    let reviewed = review::holds(row.reviewed_at.map(|at| at.at), row.last_reading_at.map(|last| last.at), due);
    let again = row.due_on.map(|day| due_words(day, today));
    let age = row.age.map(|age| tr!(doctor.age, age = age).to_string());
    let href = routes::doctor_patient(row.id);
    let name = row.name.clone();
    view! {
        <tr id=format!("p-{}", row.id) class="panel__row" data-row="">
            <th scope="row" class="panel__who">
                <div class="panel__person">
                    <span class=priority_class(row.priority)>{words::priority(language, row.priority)}</span>
                    <span class="panel__name">
                        <a href=href data-open="">{row.name.clone()}</a>
                        {age.map(|age| view! { <span class="soft">{age}</span> })}
                    </span>
                </div>
            </th>
            <td class="panel__why">
                {match why.split_first() {
                    None => view! { <span class="soft">{tr!(doctor.nothing_to_note)}</span> }.into_any(),
                    Some((first, rest)) => {
                        view! {
                            <span class="panel__first">{first.clone()}</span>
                            {rest.iter().take(2).map(|text| view! { <span class="soft panel__rest">{text.clone()}</span> }).collect_view()}
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="panel__range">{ranges(row.kind, row.ranges, row.in_range_before)}</td>
            <td class="panel__gmi num">
                <span class="panel__label">{tr!(doctor.gmi)}</span>
                {row.gmi_percent.map_or_else(|| "–".to_owned(), |gmi| format!("{gmi:.1} %"))}
            </td>
            <td class="panel__last">
                <span class="panel__label">{tr!(doctor.col_last)}</span>
                {row.last_reading_at.map_or_else(|| "–".to_owned(), |at| ago(at, now))}
            </td>
            <td class="panel__review">
                {if reviewed {
                    view! {
                        <PostButton
                            action=routes::doctor_review(row.id)
                            label=tr!(doctor.reviewed)
                            spoken=tr!(doctor.unreview_spoken, name = name).to_string()
                            fields=vec![("reviewed", "no".to_owned()), ("next", routes::DOCTOR.to_owned())]
                            kind=ButtonKind::Quiet
                            icon=Glyph::Check
                            small=true
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <PostButton
                            action=routes::doctor_review(row.id)
                            label=tr!(doctor.review)
                            spoken=tr!(doctor.review_spoken, name = name).to_string()
                            fields=vec![("reviewed", "yes".to_owned()), ("next", routes::DOCTOR.to_owned())]
                            small=true
                        />
                    }
                        .into_any()
                }}
                {again.map(|text| view! { <span class="soft panel__due">{text}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// `again on 8 Dec`, or from that day on `due since 8 Dec`.
pub(super) fn due_words(day: NaiveDate, today: NaiveDate) -> String {
    let date = crate::format::date(context::language(), day, today.year());
    if day <= today {
        tr!(doctor.due_since, date = date).to_string()
    } else {
        tr!(doctor.due_on, date = date).to_string()
    }
}

/// The five ranges with the share in range, and how it moved.
fn ranges(kind: Kind, ranges: Option<Ranges>, before: Option<f64>) -> AnyView {
    match (kind, ranges) {
        (Kind::Sensor, Some(ranges)) => {
            let moved = before.map(|before| ranges.in_range - before).filter(|moved| moved.abs() >= 1.0);
            view! {
                <span class="panel__bar"><RangeStrip ranges /></span>
                <span class="num panel__percent">{percent(ranges.in_range)}</span>
                {moved
                    .map(|moved| {
                        let class = if moved < 0.0 { "panel__moved panel__moved--down" } else { "panel__moved" };
                        let spoken = if moved < 0.0 {
                            tr!(doctor.down_by, points = format!("{:.0}", -moved)).to_string()
                        } else {
                            tr!(doctor.up_by, points = format!("{moved:.0}")).to_string()
                        };
                        let (title, arrow) = (spoken.clone(), if moved < 0.0 { "↓" } else { "↑" });
                        view! {
                            <span class=class title=title>
                                <span aria-hidden="true">{format!("{arrow}{:.0}", moved.abs())}</span>
                                <span class="visually-hidden">{spoken}</span>
                            </span>
                        }
                    })}
            }
            .into_any()
        }
        (Kind::Meter, _) => view! { <span class="soft">{tr!(doctor.finger_stick)}</span> }.into_any(),
        (Kind::Sensor, None) => view! { <span class="soft">{tr!(doctor.too_little)}</span> }.into_any(),
    }
}
