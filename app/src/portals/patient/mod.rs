//! A patient's own pages.

mod care_team;
mod edit;
mod history;
mod import;
mod import_one;
mod log;
mod meal;
mod more;
mod reading_form;
mod today;
mod trends;

use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes, ParamSegment, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};

use crate::lazy_page::LazyPage;

use care_team::CareTeamPage;
use edit::{EditMealPage, EditReadingPage};
use history::HistoryPage;
use import::ImportPage;
use import_one::ImportOnePage;
use log::LogPage;
use meal::LogMealPage;
use more::MorePage;
use today::TodayPage;
use trends::TrendsPage;

crate::lazy_pages!(
    patient:
    Today => TodayPage,
    Log => LogPage,
    LogMeal => LogMealPage,
    EditMeal => EditMealPage,
    History => HistoryPage,
    EditReading => EditReadingPage,
    Trends => TrendsPage,
    Import => ImportPage,
    ImportOne => ImportOnePage,
    CareTeam => CareTeamPage,
    More => MorePage,
);

/// Everything below `/patient`.
#[component(transparent)]
pub fn PatientRoutes() -> impl MatchNestedRoutes + Clone {
    let s = StaticSegment;
    let id = || ParamSegment("id");
    view! {
        <ParentRoute path=s("patient") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=LazyPage(|| page(Page::Today)) ssr=SsrMode::Async />
            <Route path=s("log") view=LazyPage(|| page(Page::Log)) ssr=SsrMode::Async />
            <Route path=(s("meals"), s("new")) view=LazyPage(|| page(Page::LogMeal)) ssr=SsrMode::Async />
            <Route path=(s("meals"), id()) view=LazyPage(|| page(Page::EditMeal)) ssr=SsrMode::Async />
            <Route path=s("history") view=LazyPage(|| page(Page::History)) ssr=SsrMode::Async />
            <Route path=(s("history"), id()) view=LazyPage(|| page(Page::EditReading)) ssr=SsrMode::Async />
            <Route path=s("trends") view=LazyPage(|| page(Page::Trends)) ssr=SsrMode::Async />
            <Route path=s("import") view=LazyPage(|| page(Page::Import)) ssr=SsrMode::Async />
            <Route path=(s("import"), id()) view=LazyPage(|| page(Page::ImportOne)) ssr=SsrMode::Async />
            <Route path=s("care-team") view=LazyPage(|| page(Page::CareTeam)) ssr=SsrMode::Async />
            // A form that comes back with errors is shown at the address that it was posted to.
            <Route path=(s("import"), id(), s("confirm")) view=LazyPage(|| page(Page::ImportOne)) ssr=SsrMode::Async />
            <Route path=(s("care-team"), s("invite")) view=LazyPage(|| page(Page::CareTeam)) ssr=SsrMode::Async />
            <Route path=s("more") view=LazyPage(|| page(Page::More)) ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
