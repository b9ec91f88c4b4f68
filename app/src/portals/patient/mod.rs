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

/// Everything below `/patient`.
#[component(transparent)]
pub fn PatientRoutes() -> impl MatchNestedRoutes + Clone {
    let s = StaticSegment;
    let id = || ParamSegment("id");
    view! {
        <ParentRoute path=s("patient") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=TodayPage ssr=SsrMode::Async />
            <Route path=s("log") view=LogPage ssr=SsrMode::Async />
            <Route path=(s("meals"), s("new")) view=LogMealPage ssr=SsrMode::Async />
            <Route path=(s("meals"), id()) view=EditMealPage ssr=SsrMode::Async />
            <Route path=s("history") view=HistoryPage ssr=SsrMode::Async />
            <Route path=(s("history"), id()) view=EditReadingPage ssr=SsrMode::Async />
            <Route path=s("trends") view=TrendsPage ssr=SsrMode::Async />
            <Route path=s("import") view=ImportPage ssr=SsrMode::Async />
            <Route path=(s("import"), id()) view=ImportOnePage ssr=SsrMode::Async />
            <Route path=s("care-team") view=CareTeamPage ssr=SsrMode::Async />
            <Route path=s("more") view=MorePage ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
