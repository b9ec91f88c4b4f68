//! What a person types into a form, judged by the same code in the browser and on the server.
//!
//! A form arrives as a map of field names to texts; nothing of it is lost when a field is wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    contact::{Phone, parse_name},
    field::{FieldErrors, Problem},
    glucose::{Glucose, MealState, Unit, parse_notes},
    ids::{ClinicId, UserId},
    meal::{NewMeal, RawMeal},
    people::Role,
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
pub fn phone(fields: &Fields) -> Result<Phone, FieldErrors> {
    Phone::parse(fields.get("phone").unwrap_or("")).map_err(|p| FieldErrors::one("phone", p))
}

/// A member of staff to add.
#[derive(Debug, Clone, PartialEq)]
pub struct NewStaff {
    /// As the pages show it.
    pub name: String,
    /// With which they sign in.
    pub phone: Phone,
    /// Doctor or admin: patients come by signing in, caregivers by an invitation.
    pub role: Role,
    /// Where they work.
    pub clinic: Option<ClinicId>,
}

/// Reads the form of a member of staff: `name`, `phone`, `role` (`DOCTOR` or `ADMIN`), `clinic` (an id, may be empty).
pub fn staff(fields: &Fields) -> Result<NewStaff, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", fields.required("name").and_then(parse_name));
    let phone = errors.take("phone", fields.required("phone").and_then(Phone::parse));
    let role = errors.take("role", fields.required("role").and_then(staff_role));
    let clinic = errors.take("clinic", fields.get("clinic").map(known_id).transpose());
    let staff = (|| Some(NewStaff { name: name?, phone: phone?, role: role?, clinic: clinic? }))();
    errors.into_result(staff)
}

fn staff_role(text: &str) -> Result<Role, Problem> {
    Role::parse(text).and_then(|role| match role {
        Role::Doctor | Role::Admin => Ok(role),
        Role::Patient | Role::Caregiver => Err(Problem::UnknownChoice),
    })
}

/// The id of something chosen from a list.
fn known_id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::UnknownChoice)
}

/// A clinic to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClinic {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: String,
}

/// Reads the form of a clinic: `name` and `city`, 1 to 80 characters each.
pub fn clinic(fields: &Fields) -> Result<NewClinic, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", fields.required("name").and_then(parse_name));
    let city = errors.take("city", fields.required("city").and_then(parse_name));
    let clinic = (|| Some(NewClinic { name: name?, city: city? }))();
    errors.into_result(clinic)
}

/// A link between a patient and a doctor to ask the patient for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The patient's number: an admin knows patients by nothing else.
    pub phone: Phone,
    /// Which doctor.
    pub doctor: UserId,
}

/// Reads the form of a link: `phone` of the patient, `doctor` (an id).
pub fn link(fields: &Fields) -> Result<NewLink, FieldErrors> {
    let mut errors = FieldErrors::default();
    let phone = errors.take("phone", fields.required("phone").and_then(Phone::parse));
    let doctor = errors.take("doctor", fields.required("doctor").and_then(known_id));
    let link = (|| Some(NewLink { phone: phone?, doctor: doctor? }))();
    errors.into_result(link)
}

/// Fewest characters of a reason for an emergency: it has to say something to the patient who reads it.
pub const LEAST_REASON: u32 = 20;
const MOST_REASON: u32 = 500;

/// Reads the reason for an emergency.
pub fn emergency_reason(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    match length {
        0 => Err(Problem::Required),
        length if length < LEAST_REASON => Err(Problem::TooShort { min: LEAST_REASON }),
        length if length > MOST_REASON => Err(Problem::TooLong { max: MOST_REASON }),
        _ if text.chars().any(|c| c.is_control() && !c.is_whitespace()) => Err(Problem::Malformed),
        _ => Ok(text),
    }
}

/// Reads the form of an emergency: `phone` of the patient, `reason`.
pub fn emergency(fields: &Fields) -> Result<(Phone, String), FieldErrors> {
    let mut errors = FieldErrors::default();
    let phone = errors.take("phone", fields.required("phone").and_then(Phone::parse));
    let reason = errors.take("reason", emergency_reason(fields.get("reason").unwrap_or("")));
    let parsed = phone.zip(reason.map(str::to_owned));
    errors.into_result(parsed)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_reason_says_something_and_not_a_novel() {
        for (text, expected) in [
            ("", Err(Problem::Required)),
            ("urgent", Err(Problem::TooShort { min: 20 })),
            ("                    urgent                ", Err(Problem::TooShort { min: 20 })),
            ("Unconscious in casualty", Ok("Unconscious in casualty")),
            ("Unconscious\u{0} in casualty", Err(Problem::Malformed)),
        ] {
            assert_eq!(emergency_reason(text), expected, "{text}");
        }
        assert_eq!(emergency_reason(&"x".repeat(501)), Err(Problem::TooLong { max: 500 }));
    }

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

    const ID: &str = "0198c5a0-0000-7000-8000-000000000001";

    fn wrong(errors: FieldErrors) -> Vec<(String, Problem)> {
        errors.0.into_iter().map(|e| (e.field, e.problem)).collect()
    }

    #[test]
    fn only_doctors_and_admins_are_added_as_staff() {
        for (role, ok) in
            [("DOCTOR", true), ("ADMIN", true), ("PATIENT", false), ("CAREGIVER", false), ("doctor", false)]
        {
            let typed = fields(&[("name", " Dr  Asha Rao "), ("phone", "98765 43210"), ("role", role), ("clinic", "")]);
            match staff(&typed) {
                Ok(added) => {
                    assert!(ok, "{role}");
                    assert_eq!((added.name.as_str(), added.clinic), ("Dr Asha Rao", None));
                }
                Err(errors) => {
                    assert!(!ok, "{role}");
                    assert_eq!(wrong(errors), [("role".to_owned(), Problem::UnknownChoice)]);
                }
            }
        }
    }

    #[test]
    fn a_member_of_staff_may_belong_to_a_clinic_that_was_chosen_from_the_list() {
        let typed =
            |clinic| fields(&[("name", "Asha"), ("phone", "9876543210"), ("role", "ADMIN"), ("clinic", clinic)]);
        assert_eq!(staff(&typed(ID)).map(|s| s.clinic), Ok(ID.parse().ok()));
        assert_eq!(staff(&typed("1")).map_err(wrong), Err(vec![("clinic".to_owned(), Problem::UnknownChoice)]));
    }

    #[test]
    fn a_clinic_needs_a_name_and_a_city_that_fit_the_lists() {
        let typed = |city| clinic(&fields(&[("name", "Lotus Diabetes Centre"), ("city", city)]));
        assert_eq!(typed("Pune").map(|c| c.city), Ok("Pune".to_owned()));
        assert_eq!(typed("  ").map_err(wrong), Err(vec![("city".to_owned(), Problem::Required)]));
        let long = "x".repeat(81);
        assert_eq!(typed(&long).map_err(wrong), Err(vec![("city".to_owned(), Problem::TooLong { max: 80 })]));
    }

    #[test]
    fn a_link_names_a_patient_by_phone_and_a_doctor_from_the_list() {
        let good = link(&fields(&[("phone", "+91-98765-43210"), ("doctor", ID)]));
        assert_eq!(
            good.map(|l| (l.phone.e164().to_owned(), l.doctor.to_string())),
            Ok(("+919876543210".to_owned(), ID.to_owned()))
        );
        let nothing = link(&Fields::default()).map_err(wrong);
        assert_eq!(
            nothing,
            Err(vec![("phone".to_owned(), Problem::Required), ("doctor".to_owned(), Problem::Required)])
        );
        let odd = link(&fields(&[("phone", "12345"), ("doctor", "Dr Rao")])).map_err(wrong);
        assert_eq!(odd, Err(vec![("phone".to_owned(), Problem::Phone), ("doctor".to_owned(), Problem::UnknownChoice)]));
    }
}
