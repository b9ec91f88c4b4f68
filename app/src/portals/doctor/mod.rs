//! A doctor's pages: the work list, and one patient.

mod analytics;
mod connect;
mod desk;
mod emergency;
mod patient;
mod shortcuts;
mod tags;
mod work_list;

use connect::ConnectPage;
use emergency::EmergencyPage;
use leptos::prelude::*;
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};
use patient::PatientPage;
use work_list::WorkList;

crate::lazy_pages!(
    doctor:
    WorkList => WorkList,
    Connect => ConnectPage,
    Emergency => EmergencyPage,
    Patient => PatientPage,
);

/// Everything below `/doctor`.
#[component(transparent)]
pub fn DoctorRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    let s = StaticSegment;
    view! {
        <ParentRoute path=s("doctor") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=Page::WorkList.route() ssr=SsrMode::Async />
            <Route path=s("connect") view=Page::Connect.route() ssr=SsrMode::Async />
            <Route path=s("emergency") view=Page::Emergency.route() ssr=SsrMode::Async />
            <Route path=s("analytics") view=analytics::route() ssr=SsrMode::Async />
            <Route path=s("views") view=desk::views() ssr=SsrMode::Async />
            <Route path=(s("patients"), ParamSegment("id")) view=Page::Patient.route() ssr=SsrMode::Async />
            <Route
                path=(s("patients"), ParamSegment("id"), s("targets"))
                view=desk::targets()
                ssr=SsrMode::Async
            />
            <Route
                path=(s("patients"), ParamSegment("id"), s("desk"))
                view=desk::of_patient()
                ssr=SsrMode::Async
            />
        </ParentRoute>
    }
    .into_inner()
}
