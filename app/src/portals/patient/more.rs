//! Everything that the bottom bar of a phone has no room for.

use leptos::prelude::*;

use crate::{
    components::{
        Page, Section,
        icon::{Glyph, Icon},
        layout::SignOut,
    },
    context, routes, tr,
};

/// A line of a list that leads to another page.
pub(super) fn row(href: &'static str, glyph: Glyph, title: &'static str, text: &'static str) -> AnyView {
    view! {
        <li>
            <a class="list__row" href=href>
                <Icon glyph class="list__icon" />
                <span class="list__words">
                    <span>{title}</span>
                    <span class="soft small">{text}</span>
                </span>
                <Icon glyph=Glyph::Next class="list__icon" />
            </a>
        </li>
    }
    .into_any()
}

/// The page.
#[component]
pub fn MorePage() -> impl IntoView {
    let follows = context::page().me.is_some_and(|me| me.follows);
    view! {
        <Page title=tr!(common.nav_more) section=Section::More>
            <div class="stack">
                <ul class="list card card--flush">
                    {row(routes::PATIENT_MEAL_NEW, Glyph::Meal, tr!(common.nav_meal), tr!(patient.more_meal))}
                    {row(routes::PATIENT_IMPORT, Glyph::Upload, tr!(common.nav_import), tr!(patient.more_import))}
                    {row(routes::PATIENT_CARE_TEAM, Glyph::People, tr!(common.nav_care_team), tr!(patient.more_care_team))}
                    {row(routes::PATIENT_ACCESS_LOG, Glyph::Search, tr!(common.nav_access_log), tr!(patient.more_access))}
                    {row(routes::DATA, Glyph::Person, tr!(auth.data_title), tr!(auth.settings_data))}
                    {follows
                        .then(|| row(routes::CAREGIVER, Glyph::Heart, tr!(common.nav_people), tr!(patient.more_people)))}
                    {row(routes::SETTINGS, Glyph::Settings, tr!(common.nav_settings), tr!(patient.more_settings))}
                </ul>
                <SignOut />
            </div>
        </Page>
    }
    .into_any()
}
