//! Meals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    field::{FieldErrors, Problem},
    glucose::{choice, not_in_future, parse_client_id, parse_instant},
    ids::MealId,
};

/// Most food items in one meal.
pub const MAX_ITEMS: usize = 20;
/// Most characters in one food item.
pub const MAX_ITEM_CHARS: usize = 120;
/// Most carbohydrate in one meal, g.
pub const MAX_CARBS_G: f64 = 500.0;

choice! {
    /// Which meal.
    MealType {
        /// Breakfast.
        Breakfast = "BREAKFAST",
        /// Lunch.
        Lunch = "LUNCH",
        /// Dinner.
        Dinner = "DINNER",
        /// Anything between.
        Snack = "SNACK",
    }
}

/// A stored meal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meal {
    /// Its id.
    pub id: MealId,
    /// The id that the client made, if it made one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    /// What was eaten, 1 to 20 items.
    pub food_items: Vec<String>,
    /// Which meal.
    pub meal_type: MealType,
    /// Carbohydrate, g, 0 to 500.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimated_carbs: Option<f64>,
    /// An uploaded photo's id (never a URL).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub photo_id: Option<String>,
    /// When it was eaten, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// A meal that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMeal {
    /// The id that the client made: the same one twice is the same meal.
    pub client_id: Option<String>,
    /// 1 to 20 items.
    pub food_items: Vec<String>,
    /// Which meal.
    pub meal_type: MealType,
    /// Carbohydrate, g.
    pub estimated_carbs: Option<f64>,
    /// When it was eaten.
    pub recorded_at: DateTime<Utc>,
}

/// A meal as a client sends it, before any check.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawMeal {
    /// See [`NewMeal::client_id`].
    #[serde(default)]
    pub client_id: Option<String>,
    /// 1 to 20 items of at most 120 characters.
    #[serde(default)]
    pub food_items: Vec<String>,
    /// A [`MealType`].
    pub meal_type: Option<String>,
    /// Carbohydrate, g, 0 to 500.
    #[serde(default)]
    pub estimated_carbs: Option<f64>,
    /// RFC 3339.
    pub recorded_at: Option<String>,
}

impl RawMeal {
    /// Judges every field and names all that are wrong.
    pub fn parse(self, now: DateTime<Utc>) -> Result<NewMeal, FieldErrors> {
        let mut errors = FieldErrors::default();
        let food_items = errors.take("foodItems", parse_items(self.food_items));
        let meal_type =
            errors.take("mealType", self.meal_type.as_deref().ok_or(Problem::Required).and_then(MealType::parse));
        let estimated_carbs = errors.take("estimatedCarbs", self.estimated_carbs.map(parse_carbs).transpose());
        let recorded_at =
            errors.take("recordedAt", parse_instant(self.recorded_at.as_deref()).and_then(|at| not_in_future(at, now)));
        let client_id = errors.take("clientId", parse_client_id(self.client_id));
        let meal = (|| {
            Some(NewMeal {
                client_id: client_id?,
                food_items: food_items?,
                meal_type: meal_type?,
                estimated_carbs: estimated_carbs?,
                recorded_at: recorded_at?,
            })
        })();
        errors.into_result(meal)
    }
}

fn parse_items(items: Vec<String>) -> Result<Vec<String>, Problem> {
    let items: Vec<String> =
        items.iter().map(|i| i.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|i| !i.is_empty()).collect();
    if items.is_empty() || items.len() > MAX_ITEMS {
        return Err(Problem::ItemCount { min: 1, max: 20 });
    }
    if items.iter().any(|i| i.chars().count() > MAX_ITEM_CHARS) {
        return Err(Problem::TooLong { max: 120 });
    }
    if items.iter().any(|i| i.chars().any(char::is_control)) {
        return Err(Problem::Malformed);
    }
    Ok(items)
}

fn parse_carbs(grams: f64) -> Result<f64, Problem> {
    if !grams.is_finite() {
        return Err(Problem::NotANumber);
    }
    if !(0.0..=MAX_CARBS_G).contains(&grams) {
        return Err(Problem::OutOfRange { min: 0.0, max: MAX_CARBS_G, unit: "g".into() });
    }
    Ok(grams)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(items: usize, carbs: Option<f64>) -> RawMeal {
        RawMeal {
            food_items: vec!["2 roti".into(); items],
            meal_type: Some("LUNCH".into()),
            estimated_carbs: carbs,
            recorded_at: Some("2026-11-20T08:00:00Z".into()),
            ..RawMeal::default()
        }
    }

    #[test]
    fn a_meal_has_one_to_twenty_items_and_at_most_500_g_of_carbohydrate() {
        let now = parse_instant(Some("2026-11-24T08:00:00Z")).unwrap_or_default();
        for (raw, ok) in [
            (raw(1, None), true),
            (raw(20, Some(500.0)), true),
            (raw(0, None), false),
            (raw(21, None), false),
            (raw(1, Some(500.5)), false),
            (raw(1, Some(-1.0)), false),
            (raw(1, Some(f64::NAN)), false),
        ] {
            assert_eq!(raw.clone().parse(now).is_ok(), ok, "{raw:?}");
        }
    }
}
