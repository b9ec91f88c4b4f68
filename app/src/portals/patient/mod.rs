//! A patient's own pages.

mod access_log;
mod care_team;
mod connect;
mod edit;
mod history;
mod import;
mod import_one;
mod log;
mod meal;
mod more;
mod notice;
mod reading_form;
mod today;
mod trends;

use leptos::prelude::*;
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};

use access_log::AccessLogPage;
use care_team::CareTeamPage;
use connect::ConnectPage;
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
    Connect => ConnectPage,
    AccessLog => AccessLogPage,
    More => MorePage,
);

/// Everything below `/patient`.
#[component(transparent)]
pub fn PatientRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    let s = StaticSegment;
    let id = || ParamSegment("id");
    view! {
        <ParentRoute path=s("patient") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=Page::Today.route() ssr=SsrMode::Async />
            <Route path=s("log") view=Page::Log.route() ssr=SsrMode::Async />
            <Route path=(s("meals"), s("new")) view=Page::LogMeal.route() ssr=SsrMode::Async />
            <Route path=(s("meals"), id()) view=Page::EditMeal.route() ssr=SsrMode::Async />
            <Route path=s("history") view=Page::History.route() ssr=SsrMode::Async />
            <Route path=(s("history"), id()) view=Page::EditReading.route() ssr=SsrMode::Async />
            <Route path=s("trends") view=Page::Trends.route() ssr=SsrMode::Async />
            <Route path=s("import") view=Page::Import.route() ssr=SsrMode::Async />
            <Route path=(s("import"), id()) view=Page::ImportOne.route() ssr=SsrMode::Async />
            <Route path=s("care-team") view=Page::CareTeam.route() ssr=SsrMode::Async />
            <Route path=(s("care-team"), s("connect")) view=Page::Connect.route() ssr=SsrMode::Async />
            <Route path=s("access-log") view=Page::AccessLog.route() ssr=SsrMode::Async />
            // A form that comes back with errors is shown at the address that it was posted to.
            <Route path=(s("import"), id(), s("confirm")) view=Page::ImportOne.route() ssr=SsrMode::Async />
            <Route path=(s("care-team"), s("invite")) view=Page::CareTeam.route() ssr=SsrMode::Async />
            <Route path=s("more") view=Page::More.route() ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
