//! A doctor's pages: the work list, and one patient.

mod analytics;
mod desk;
mod emergency;
mod patient;
mod shortcuts;
mod tags;
mod targets;
mod views;
mod work_list;

use analytics::AnalyticsPage;
use desk::DeskPage;
use emergency::EmergencyPage;
use leptos::prelude::*;
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};
use patient::PatientPage;
use targets::TargetsPage;
use views::ViewsPage;
use work_list::WorkList;

crate::lazy_pages!(
    doctor:
    WorkList => WorkList,
    Emergency => EmergencyPage,
    Patient => PatientPage,
    Targets => TargetsPage,
    Desk => DeskPage,
    Views => ViewsPage,
    Analytics => AnalyticsPage,
);

/// Everything below `/doctor`.
#[component(transparent)]
pub fn DoctorRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    let s = StaticSegment;
    view! {
        <ParentRoute path=s("doctor") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=Page::WorkList.route() ssr=SsrMode::Async />
            <Route path=s("emergency") view=Page::Emergency.route() ssr=SsrMode::Async />
            <Route path=s("analytics") view=Page::Analytics.route() ssr=SsrMode::Async />
            <Route path=s("views") view=Page::Views.route() ssr=SsrMode::Async />
            <Route path=(s("patients"), ParamSegment("id")) view=Page::Patient.route() ssr=SsrMode::Async />
            <Route
                path=(s("patients"), ParamSegment("id"), s("targets"))
                view=Page::Targets.route()
                ssr=SsrMode::Async
            />
            <Route
                path=(s("patients"), ParamSegment("id"), s("desk"))
                view=Page::Desk.route()
                ssr=SsrMode::Async
            />
        </ParentRoute>
    }
    .into_inner()
}
