//! What a person types into a form, judged by the same code in the browser and on the server.
//!
//! A form arrives as a map of field names to texts; nothing of it is lost when a field is wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    field::{FieldErrors, Problem},
    glucose::{Glucose, MealState, Unit, parse_notes},
    meal::{NewMeal, RawMeal},
};

/// The fields of a form as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

impl Fields {
    /// A field, trimmed; empty is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// A field that must be there.
    pub fn required(&self, name: &str) -> Result<&str, Problem> {
        self.get(name).ok_or(Problem::Required)
    }
}

/// A number as people type it: Latin or Devanagari digits, decimal point or comma.
pub fn parse_number(text: &str) -> Result<f64, Problem> {
    let text: String = text
        .trim()
        .chars()
        .map(|c| match c {
            ',' => '.',
            '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10).unwrap_or(c),
            c => c,
        })
        .collect();
    if text.is_empty() || text.len() > 12 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
        return Err(if text.is_empty() { Problem::Required } else { Problem::NotANumber });
    }
    text.parse().map_err(|_| Problem::NotANumber)
}

/// A wall-clock time as `<input type="datetime-local">` gives it.
pub fn parse_local(text: &str) -> Result<NaiveDateTime, Problem> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text.trim(), f).ok())
        .ok_or(Problem::Time)
}

/// A reading typed into the form: its time is still the wall clock's, since the browser has no zone database.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedReading {
    /// Value and unit.
    pub glucose: Glucose,
    /// Before or after which meal.
    pub state: MealState,
    /// On the wall in the patient's zone.
    pub recorded_local: NaiveDateTime,
    /// Free text.
    pub notes: Option<String>,
}

/// Reads the form of a reading: `value`, `unit`, `state`, `recordedAt` (local), `notes`, `confirmed`.
pub fn reading(fields: &Fields) -> Result<TypedReading, FieldErrors> {
    let mut errors = FieldErrors::default();
    let unit = errors.take("unit", fields.required("unit").and_then(Unit::parse));
    let glucose = errors.take(
        "value",
        fields.required("value").and_then(parse_number).and_then(|v| Glucose::new(v, unit.unwrap_or_default())),
    );
    if let Some(glucose) = glucose
        && glucose.is_unusual()
        && fields.get("confirmed") != Some("yes")
    {
        errors.push("value", Problem::ConfirmUnusual);
    }
    let state = errors.take("state", fields.required("state").and_then(MealState::parse));
    let recorded_local = errors.take("recordedAt", fields.required("recordedAt").and_then(parse_local));
    let notes = errors.take("notes", parse_notes(fields.0.get("notes").cloned()));
    let typed =
        (|| Some(TypedReading { glucose: glucose?, state: state?, recorded_local: recorded_local?, notes: notes? }))();
    errors.into_result(typed)
}

/// Reads the form of a meal: `foodItems` (one a line), `mealType`, `estimatedCarbs`, `recordedAt` (local).
///
/// The time is returned beside the meal, whose own time is left at `at`: the server turns the wall clock into an instant.
pub fn meal(fields: &Fields, at: DateTime<Utc>) -> Result<(NewMeal, NaiveDateTime), FieldErrors> {
    let mut errors = FieldErrors::default();
    let carbs = errors.take("estimatedCarbs", fields.get("estimatedCarbs").map(parse_number).transpose());
    let local = errors.take("recordedAt", fields.required("recordedAt").and_then(parse_local));
    let raw = RawMeal {
        client_id: None,
        food_items: fields
            .get("foodItems")
            .map(|t| t.split(['\n', ',']).map(str::to_owned).collect())
            .unwrap_or_default(),
        meal_type: fields.get("mealType").map(str::to_owned),
        estimated_carbs: carbs.flatten(),
        recorded_at: Some(at.to_rfc3339()),
    };
    let meal = match raw.parse(at) {
        Ok(meal) => Some(meal),
        Err(more) => {
            errors.0.extend(more.0);
            None
        }
    };
    errors.into_result(meal.zip(local))
}

/// Reads the form of sign-in: `phone`.
pub fn phone(fields: &Fields) -> Result<crate::contact::Phone, FieldErrors> {
    crate::contact::Phone::parse(fields.get("phone").unwrap_or("")).map_err(|p| FieldErrors::one("phone", p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, value) in [("126", 126.0), (" 7,2 ", 7.2), ("१२६", 126.0), ("7.2", 7.2)] {
            assert_eq!(parse_number(text), Ok(value), "{text}");
        }
        for text in ["12 6", "1e3", "NaN", "inf", "1.2.3", "--1"] {
            assert_eq!(parse_number(text), Err(Problem::NotANumber), "{text}");
        }
    }

    #[test]
    fn an_unusual_value_is_asked_about_once_and_then_accepted() {
        let typed = [("value", "32"), ("unit", "mg/dL"), ("state", "RANDOM"), ("recordedAt", "2026-11-24T07:30")];
        let asked = reading(&fields(&typed));
        assert_eq!(asked.err().and_then(|e| e.of("value").cloned()), Some(Problem::ConfirmUnusual));
        let mut confirmed = typed.to_vec();
        confirmed.push(("confirmed", "yes"));
        assert!(reading(&fields(&confirmed)).is_ok());
    }

    #[test]
    fn an_empty_form_names_every_missing_field() {
        let errors = reading(&Fields::default()).err().unwrap_or_default();
        let names: Vec<_> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["unit", "value", "state", "recordedAt"]);
    }
}
