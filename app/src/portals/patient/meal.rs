//! Log a meal; and the form of a meal, new or changed.

use domain::{
    clock::Moment,
    field::FieldErrors,
    forms::{self, Fields},
    meal::{Meal, MealType},
};
use leptos::prelude::*;

use super::reading_form::local_text;
use crate::{
    components::{Choices, Field, Form, Hidden, Page, Section, SubmitButton, TextArea, meal_word},
    context,
    forms::names,
    routes, tr,
};

/// What the form shows at first.
#[derive(Debug, Clone)]
pub(super) struct MealDefaults {
    items: String,
    meal_type: MealType,
    carbs: String,
    at: Moment,
    version: Option<i64>,
}

impl MealDefaults {
    /// A new meal, now.
    pub fn new() -> Self {
        let now = context::page().now;
        Self {
            items: String::new(),
            meal_type: likely_meal(now.minute_of_day()),
            carbs: String::new(),
            at: now,
            version: None,
        }
    }

    /// A meal to change.
    pub fn of(meal: &Meal, at: Moment) -> Self {
        Self {
            items: meal.food_items.join("\n"),
            meal_type: meal.meal_type,
            carbs: meal.estimated_carbs.map(|c| format!("{c}")).unwrap_or_default(),
            at,
            version: Some(meal.version),
        }
    }
}

/// The likeliest meal at a local minute of the day.
const fn likely_meal(minute_of_day: u16) -> MealType {
    match minute_of_day {
        300..=659 => MealType::Breakfast,
        720..=929 => MealType::Lunch,
        1140..=1379 => MealType::Dinner,
        _ => MealType::Snack,
    }
}

/// The browser's check needs an instant only to fill the place of one: the server reads the wall clock by the zone.
fn check(fields: &Fields) -> Option<FieldErrors> {
    forms::meal(fields, chrono::DateTime::UNIX_EPOCH).err()
}

/// The form.
#[component]
pub(super) fn MealForm(
    /// Where it posts.
    #[prop(into)]
    action: String,
    /// What it shows at first.
    defaults: MealDefaults,
) -> impl IntoView {
    let meals = MealType::ALL.iter().map(|m| (m.as_str().to_owned(), meal_word(*m).to_owned())).collect::<Vec<_>>();
    view! {
        <Form name=names::MEAL action=action validate=check>
            {defaults.version.map(|version| view! { <Hidden name="version" value=version.to_string() /> })}
            <Choices name="mealType" label=tr!(patient.meal_type) options=meals value=defaults.meal_type.as_str() />
            <TextArea
                name="foodItems"
                label=tr!(patient.food_items)
                hint=tr!(patient.food_items_hint)
                value=defaults.items.clone()
                rows=4
            />
            <Field
                name="estimatedCarbs"
                label=tr!(patient.carbs)
                hint=tr!(patient.carbs_hint)
                value=defaults.carbs.clone()
                class="input--short"
                inputmode="decimal"
                autocomplete="off"
                affix="g"
                optional=true
            />
            <Field name="recordedAt" label=tr!(patient.when) kind="datetime-local" value=local_text(defaults.at) />
            <SubmitButton label=tr!(common.save) wide=true large=true />
        </Form>
    }
    .into_any()
}

/// Log a meal.
#[component]
pub fn LogMealPage() -> impl IntoView {
    view! {
        <Page title=tr!(common.nav_meal) section=Section::Meal>
            <MealForm action=routes::PATIENT_MEAL_NEW defaults=MealDefaults::new() />
        </Page>
    }
    .into_any()
}
