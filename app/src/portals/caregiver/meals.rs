//! The meals of the days shown, where they are shared.

use domain::{clock::Moment, ids::PatientId, meal::Meal, ports::PeriodQuery};
use leptos::prelude::*;

use crate::{
    components::{SkeletonKind, load},
    context, format,
    server_fns::reports::load_meals_of,
    tr, words,
};

/// The card.
#[component]
pub fn Meals(
    /// Whose.
    id: PatientId,
    /// Today and so many days less one before it.
    days: Memo<u16>,
) -> impl IntoView {
    let meals = Resource::new(move || days.get(), move |days| load_meals_of(Some(id), PeriodQuery::LastDays(days)));
    view! {
        <section class="card" aria-labelledby="meals">
            <div class="card__head">
                <h2 id="meals">{tr!(caregiver.meals)}</h2>
            </div>
            {load(meals, SkeletonKind::Rows(2), move |meals| {
                if meals.is_empty() {
                    view! { <p class="soft">{tr!(caregiver.no_meals)}</p> }.into_any()
                } else {
                    meals.into_iter().map(|(at, meal)| row(at, &meal)).collect_view().into_any()
                }
            })}
        </section>
    }
    .into_any()
}

fn row(at: Moment, meal: &Meal) -> AnyView {
    let language = context::language();
    let when = format::date_time(language, at, context::page().now);
    let carbs = meal.estimated_carbs.map(|grams| tr!(caregiver.carbs, grams = format!("{grams:.0}")).to_string());
    view! {
        <div class="meal">
            <p>
                <strong>{words::meal(language, meal.meal_type)}</strong>
                " "
                <span class="soft small">{when}</span>
            </p>
            <p>{meal.food_items.join(", ")} {carbs.map(|carbs| view! { <span class="soft num">" · " {carbs}</span> })}</p>
        </div>
    }
    .into_any()
}
