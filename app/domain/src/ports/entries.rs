//! Readings and meals: what a patient writes down.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{
    Result,
    field::FieldErrors,
    forms::TypedReading,
    glucose::{Glucose, MealState, NewReading, Reading},
    ids::{MealId, ReadingId},
    meal::{Meal, NewMeal},
    page::Page,
    people::Actor,
};

/// Which entries of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListQuery {
    /// From this instant, included.
    pub from: Option<DateTime<Utc>>,
    /// To this instant, not included.
    pub to: Option<DateTime<Utc>>,
    /// 1 to 1000; 100 if absent.
    pub limit: Option<u32>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// One reading of a batch: parsed, or what is wrong with it.
pub type BatchItem = std::result::Result<NewReading, (Option<String>, FieldErrors)>;

/// What became of one reading of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchOutcome {
    /// Stored.
    Created {
        /// The client's id.
        client_id: Option<String>,
        /// Ours.
        id: ReadingId,
    },
    /// Was there already.
    Exists {
        /// The client's id.
        client_id: Option<String>,
        /// Ours.
        id: ReadingId,
    },
    /// Wrong; the others went in.
    Rejected {
        /// The client's id.
        client_id: Option<String>,
        /// What is wrong.
        errors: FieldErrors,
    },
}

/// A change to a reading; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadingChange {
    /// New value.
    pub glucose: Option<Glucose>,
    /// New state.
    pub state: Option<MealState>,
    /// New time.
    pub recorded_at: Option<DateTime<Utc>>,
    /// New notes; `Some(None)` removes them.
    pub notes: Option<Option<String>>,
    /// If given, the change is refused with a conflict unless this is the present version.
    pub version: Option<i64>,
}

/// Glucose readings.
#[async_trait]
pub trait Readings: Send + Sync {
    /// Stores a reading; `false` if the client id was known already (the stored one is returned).
    async fn log(&self, actor: &Actor, new: NewReading) -> Result<(Reading, bool)>;
    /// Stores a reading typed into a form; its wall-clock time is the patient's zone's.
    async fn log_typed(&self, actor: &Actor, typed: TypedReading) -> Result<Reading>;
    /// Stores many; a bad one never spoils the rest. Same order.
    async fn log_many(&self, actor: &Actor, items: Vec<BatchItem>) -> Result<Vec<BatchOutcome>>;
    /// One's own readings, newest first.
    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Reading>>;
    /// One reading.
    async fn get(&self, actor: &Actor, id: ReadingId) -> Result<Reading>;
    /// Changes a reading.
    async fn change(&self, actor: &Actor, id: ReadingId, change: ReadingChange) -> Result<Reading>;
    /// Changes a reading from a form.
    async fn change_typed(&self, actor: &Actor, id: ReadingId, typed: TypedReading) -> Result<Reading>;
    /// Deletes a reading; it can be restored.
    async fn delete(&self, actor: &Actor, id: ReadingId) -> Result<()>;
    /// Undoes a deletion.
    async fn restore(&self, actor: &Actor, id: ReadingId) -> Result<()>;
}

/// A change to a meal: the whole meal anew.
pub type MealChange = NewMeal;

/// Meals.
#[async_trait]
pub trait Meals: Send + Sync {
    /// Stores a meal; `false` if the client id was known already.
    async fn log(&self, actor: &Actor, new: NewMeal) -> Result<(Meal, bool)>;
    /// Stores a meal typed into a form at a wall-clock time of the patient's zone.
    async fn log_typed(&self, actor: &Actor, new: NewMeal, local: chrono::NaiveDateTime) -> Result<Meal>;
    /// One's own meals, newest first.
    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Meal>>;
    /// One meal.
    async fn get(&self, actor: &Actor, id: MealId) -> Result<Meal>;
    /// Changes a meal.
    async fn change(&self, actor: &Actor, id: MealId, change: MealChange, version: Option<i64>) -> Result<Meal>;
    /// Deletes a meal; it can be restored.
    async fn delete(&self, actor: &Actor, id: MealId) -> Result<()>;
    /// Undoes a deletion.
    async fn restore(&self, actor: &Actor, id: MealId) -> Result<()>;
}
