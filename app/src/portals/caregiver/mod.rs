//! A caregiver's pages: the people followed, and one of them. Read at night, on a phone: large, and never out of date
//! without saying so.

mod invitations;
mod live;
mod meals;
mod now;
mod people;
mod person;
mod sharing;

use leptos::prelude::*;
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};

use people::People;
use person::PersonPage;

crate::lazy_pages!(
    caregiver:
    People => People,
    Person => PersonPage,
);

/// Everything below `/caregiver`.
#[component(transparent)]
pub fn CaregiverRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=StaticSegment("caregiver") view=Outlet ssr=SsrMode::Async>
            <Route path=StaticSegment("") view=Page::People.route() ssr=SsrMode::Async />
            <Route path=ParamSegment("id") view=Page::Person.route() ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
