//! Log a reading: number, state (preselected), save.

use domain::glucose::MealState;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::reading_form::{ReadingDefaults, ReadingForm};
use crate::{
    components::{Page, Section, icon::Glyph, icon::Icon},
    routes, tr,
};

/// The page; `?state=AFTER_LUNCH` preselects.
#[component]
pub fn LogPage() -> impl IntoView {
    let state = use_query_map().with_untracked(|query| query.get("state")).and_then(|s| MealState::parse(&s).ok());
    let meal = view! {
        <a class="button" href=routes::PATIENT_MEAL_NEW>
            <Icon glyph=Glyph::Meal />
            <span>{tr!(patient.log_meal_instead)}</span>
        </a>
    };
    view! {
        <Page title=tr!(patient.log_title) section=Section::Log actions=meal.into_any()>
            <ReadingForm action=routes::PATIENT_LOG defaults=ReadingDefaults::new(state) />
        </Page>
    }
    .into_any()
}
