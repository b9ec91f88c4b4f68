//! Who looked at one's data, newest first, by day.

use domain::{clock::Moment, people::Role, trail::AccessLine};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::history::{DayList, by_day};
use crate::{
    components::{EmptyState, Page, Section, SkeletonKind, icon::Glyph, load, role_word},
    context, format, routes,
    server_fns::patient::load_access_log,
    tr, words,
};

/// The page; `?cursor=` for older lines.
#[component]
pub fn AccessLogPage() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor").filter(|c| !c.is_empty())));
    let lines = Resource::new_blocking(move || cursor.get(), load_access_log);
    let list = load(lines, SkeletonKind::Rows(8), move |page| {
        if page.items.is_empty() {
            return view! {
                <EmptyState
                    glyph=Glyph::Person
                    title=tr!(patient.access_none_title)
                    body=tr!(patient.access_none_body)
                    action=(routes::PATIENT_CARE_TEAM.to_owned(), tr!(common.nav_care_team).to_owned())
                />
            }
            .into_any();
        }
        let older = page.next_cursor.as_ref().map(|cursor| {
            let href = format!("{}?cursor={cursor}", routes::PATIENT_ACCESS_LOG);
            view! { <p class="older"><a class="button" href=href>{tr!(patient.older)}</a></p> }
        });
        view! { <DayList days=by_day(page.items, |line| line.0) row=row /> {older} }.into_any()
    });
    view! {
        <Page title=tr!(patient.access_title) section=Section::CareTeam lead=tr!(patient.access_lead)>
            {list}
        </Page>
    }
    .into_any()
}

fn row((at, line): (Moment, AccessLine)) -> AnyView {
    let language = context::language();
    let role = line.role.map(|role| if role == Role::Admin { tr!(patient.access_staff) } else { role_word(role) });
    let who = line.name.or_else(|| role.map(str::to_owned)).unwrap_or_else(|| tr!(patient.access_unknown).to_owned());
    let about: Vec<_> = role.map(str::to_owned).filter(|role| *role != who).into_iter().chain(line.clinic).collect();
    view! {
        <div class="list__row entry">
            <time class="entry__time num">{format::time(language, at.local())}</time>
            <div class="list__words">
                <div class="entry__meal">{who}</div>
                <div class="soft entry__about">{about.join(" · ")}</div>
                <div>{words::access(language, line.what)}</div>
            </div>
        </div>
    }
    .into_any()
}
