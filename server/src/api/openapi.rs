//! The API's description (OpenAPI 3.1), made from the code, and the page that shows it.

use std::sync::LazyLock;

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{Html, IntoResponse},
    routing::get,
};
use domain::{
    glucose::{MealState, Source},
    meal::MealType,
    records::{DoseUnit, LabTest, LabUnit, MediaType, MedicineKind, RecordType},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        schema::{Object, ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{docs, error::ProblemBody, v1};
use crate::state::AppState;

/// Title, words around the calls, and how one signs in.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "ProCare API",
        description = "Glucose readings, meals, health records, imports and reports for ProCare's mobile app. Times are RFC 3339 in UTC. \
            Refusals are `application/problem+json`. Unknown fields are refused.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "auth", description = "Signing in by one-time password; short access tokens, rotating refresh tokens."),
        (name = "me", description = "Oneself and one's devices."),
        (name = "glucose", description = "Glucose readings."),
        (name = "meals", description = "Meals."),
        (name = "records", description = "Health records: lab reports with a file, medicines, doses, weight, blood pressure."),
        (name = "imports", description = "Files of readings: looked at first, then stored, undone as one."),
        (name = "report", description = "Figures of a period."),
        (name = "care team", description = "Who may see one's data: connecting with a doctor by a code."),
        (name = "doctor", description = "A doctor's patients."),
    ),
    components(schemas(ProblemBody)),
    modifiers(&Bearer)
)]
pub struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        document.components.get_or_insert_default().add_security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
        );
    }
}

/// The description.
pub fn document() -> Document {
    v1::description()
}

/// The description as JSON text, with a line break at its end.
pub fn json() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// `/openapi.json`, `/docs` and its style.
pub fn router() -> Router<AppState> {
    static JSON: LazyLock<String> = LazyLock::new(json);
    static PAGE: LazyLock<String> = LazyLock::new(|| docs::page(&document()));
    Router::new()
        .route("/openapi.json", get(|| async { public("application/json", JSON.as_str()) }))
        .route("/docs", get(|| async { (docs::POLICY, Html(PAGE.as_str())) }))
        .route("/docs.css", get(|| async { public("text/css; charset=utf-8", docs::STYLE) }))
}

fn public(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")], text)
}

fn choices(names: impl Iterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.collect::<Vec<_>>())).build()
}

/// Units of glucose.
pub(super) fn units() -> Object {
    choices(["mg/dL", "mmol/L"].into_iter())
}

/// States of a reading.
pub(super) fn states() -> Object {
    choices(MealState::ALL.iter().map(|state| state.as_str()))
}

/// Sources of a reading.
pub(super) fn sources() -> Object {
    choices(Source::ALL.iter().map(|source| source.as_str()))
}

/// Clips of a reading.
pub(super) fn clips() -> Object {
    choices(["LOW", "HIGH"].into_iter())
}

/// Types of a record.
pub(super) fn record_types() -> Object {
    choices(RecordType::ALL.iter().map(|kind| kind.as_str()))
}

/// Tests of a laboratory.
pub(super) fn lab_tests() -> Object {
    choices(LabTest::ALL.iter().map(|test| test.as_str()))
}

/// Units of a laboratory.
pub(super) fn lab_units() -> Object {
    choices(LabUnit::ALL.iter().map(|unit| unit.as_str()))
}

/// Kinds of a medicine.
pub(super) fn medicine_kinds() -> Object {
    choices(MedicineKind::ALL.iter().map(|kind| kind.as_str()))
}

/// Units of a dose.
pub(super) fn dose_units() -> Object {
    choices(DoseUnit::ALL.iter().map(|unit| unit.as_str()))
}

/// What a file is.
pub(super) fn media_types() -> Object {
    choices(MediaType::ALL.iter().map(|kind| kind.as_str()))
}

/// Types of a meal.
pub(super) fn meal_types() -> Object {
    choices(MealType::ALL.iter().map(|kind| kind.as_str()))
}
