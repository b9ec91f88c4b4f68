//! The work list: every linked patient, most in need first, with the reasons in words.

mod controls;
mod row;

use domain::{
    desk::ViewQuery,
    ports::{PanelFilter, PanelPage, PanelQuery},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use controls::Controls;
pub(super) use controls::{filter_label, sort_label};
use row::Row;
pub(super) use row::{due_words, passed_words};

use super::shortcuts::Shortcuts;
use crate::{
    components::{EmptyState, Page, Section, SkeletonKind, icon::Glyph, load},
    context,
    forms::names,
    routes,
    server_fns::doctor::{load_desk, load_work_list},
    tr,
};

/// Rows of a search, which has no further pages: a search text never stands in an address.
const SEARCH_ROWS: u32 = 200;

/// What the address asks for, and what was typed into the search.
fn query_of(map: &ParamsMap, q: Option<String>) -> PanelQuery {
    let ViewQuery { sort, filter, tag } = ViewQuery::read(|name| map.get(name));
    PanelQuery {
        sort,
        filter,
        tag,
        cursor: map.get("cursor").filter(|_| q.is_none()),
        limit: q.is_some().then_some(SEARCH_ROWS),
        q,
    }
}

/// The part of a query that an address holds: the search text is part of a name and never stands in one.
fn view_of(query: &PanelQuery) -> ViewQuery {
    ViewQuery { sort: query.sort, filter: query.filter, tag: query.tag }
}

/// The address of a view, below a path.
pub(super) fn address(path: &str, view: &ViewQuery) -> String {
    // Fixed words and an id: nothing that an address would have to escape.
    let query: Vec<String> = view.parameters().iter().map(|(name, value)| format!("{name}={value}")).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
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
    let desk = Resource::new(|| (), |()| load_desk());
    view! {
        <Page title=tr!(doctor.work_list) section=Section::Patients wide=true>
            {move || view! { <Controls query=query.get() q desk /> }}
            {load(list, SkeletonKind::Rows(12), move |page| view! { <List page query=query.get_untracked() /> })}
            <p class="panel-more">
                <a class="link" href=routes::DOCTOR_CONNECT>{tr!(doctor.connect_title)}</a>
                <a class="link" href=routes::DOCTOR_EMERGENCY>{tr!(doctor.emergency_link)}</a>
            </p>
            <Shortcuts />
        </Page>
    }
    .into_any()
}

#[component]
fn List(page: PanelPage, query: PanelQuery) -> impl IntoView {
    let narrowed = query.q.is_some() || query.filter != PanelFilter::All || query.tag.is_some();
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
        let address = address(routes::DOCTOR, &view_of(&query));
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
            {(!first_page).then(|| view! { <a class="button" href=address(routes::DOCTOR, &view_of(&query))>{tr!(doctor.first_page)}</a> })}
            {next.map(|href| view! { <a class="button" rel="next" href=href>{tr!(doctor.next_page)}</a> })}
        </nav>
    }
    .into_any()
}
