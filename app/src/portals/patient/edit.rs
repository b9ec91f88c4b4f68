//! Change or delete what was logged.

use domain::{
    Error,
    clock::Moment,
    glucose::Reading,
    ids::{MealId, ReadingId},
    meal::Meal,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    meal::{MealDefaults, MealForm},
    reading_form::{ReadingDefaults, ReadingForm, typed_value},
};
use crate::{
    components::{ButtonKind, Page, PostButton, Section, SkeletonKind, icon::Glyph, load},
    error::AppError,
    routes,
    server_fns::patient::{load_meal, load_reading},
    tr,
};

/// The id in the address; nonsense is answered as an unknown one.
fn id_of_address<T: From<Uuid>>() -> Option<T> {
    use_params_map().with_untracked(|params| params.get("id")).and_then(|id| Uuid::try_parse(&id).ok()).map(T::from)
}

fn unknown<T>() -> Result<T, AppError> {
    #[cfg(feature = "ssr")]
    return Err(crate::context::fail(Error::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::Domain(Error::NotFound))
}

/// One reading.
#[component]
pub fn EditReadingPage() -> impl IntoView {
    let id = id_of_address::<ReadingId>();
    let reading = Resource::new_blocking(
        move || id,
        |id| async move {
            match id {
                Some(id) => load_reading(id).await,
                None => unknown(),
            }
        },
    );
    view! {
        <Page title=tr!(patient.edit_reading) section=Section::History>
            {load(reading, SkeletonKind::Form(4), |(at, reading)| view! { <EditReading at reading /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn EditReading(at: Moment, reading: Reading) -> impl IntoView {
    let defaults = ReadingDefaults {
        value: typed_value(reading.glucose),
        unit: reading.glucose.unit(),
        state: reading.state,
        at,
        notes: reading.notes.clone().unwrap_or_default(),
        version: Some(reading.version),
    };
    view! {
        <div class="stack">
            <ReadingForm action=routes::reading(reading.id) defaults />
            <div class="row row--between">
                <a class="button button--quiet" href=routes::PATIENT_HISTORY>{tr!(common.cancel)}</a>
                <PostButton
                    action=routes::reading_delete(reading.id)
                    label=tr!(patient.delete_reading)
                    kind=ButtonKind::Danger
                    icon=Glyph::Delete
                />
            </div>
        </div>
    }
    .into_any()
}

/// One meal.
#[component]
pub fn EditMealPage() -> impl IntoView {
    let id = id_of_address::<MealId>();
    let meal = Resource::new_blocking(
        move || id,
        |id| async move {
            match id {
                Some(id) => load_meal(id).await,
                None => unknown(),
            }
        },
    );
    view! {
        <Page title=tr!(patient.edit_meal) section=Section::History>
            {load(meal, SkeletonKind::Form(4), |(at, meal)| view! { <EditMeal at meal /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn EditMeal(at: Moment, meal: Meal) -> impl IntoView {
    view! {
        <div class="stack">
            <MealForm action=routes::meal(meal.id) defaults=MealDefaults::of(&meal, at) />
            <div class="row row--between">
                <a class="button button--quiet" href=format!("{}?kind=meals", routes::PATIENT_HISTORY)>
                    {tr!(common.cancel)}
                </a>
                <PostButton
                    action=routes::meal_delete(meal.id)
                    label=tr!(patient.delete_meal)
                    kind=ButtonKind::Danger
                    icon=Glyph::Delete
                />
            </div>
        </div>
    }
    .into_any()
}
