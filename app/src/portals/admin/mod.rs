//! An admin's pages: staff, clinics, links and the audit trail. They hold no patient data: of a patient only the masked phone number.

mod audit;
mod clinics;
mod links;
mod parts;
mod staff;

use leptos::prelude::*;
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};

use audit::AuditPage;
use clinics::ClinicsPage;
use links::LinksPage;
use staff::StaffPage;

crate::lazy_pages!(
    admin:
    Staff => StaffPage,
    Clinics => ClinicsPage,
    Links => LinksPage,
    Audit => AuditPage,
);

/// Everything below `/admin`. The staff page has a second address: where its form posts, and comes back to if it is wrong.
#[component(transparent)]
pub fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    let s = StaticSegment;
    view! {
        <ParentRoute path=s("admin") view=Outlet ssr=SsrMode::Async>
            <Route path=s("") view=Page::Staff.route() ssr=SsrMode::Async />
            <Route path=s("staff") view=Page::Staff.route() ssr=SsrMode::Async />
            <Route path=s("clinics") view=Page::Clinics.route() ssr=SsrMode::Async />
            <Route path=s("links") view=Page::Links.route() ssr=SsrMode::Async />
            <Route path=s("audit") view=Page::Audit.route() ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
