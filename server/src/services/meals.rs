//! Meals of the one who acts: log, list, change, delete, restore.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use domain::{
    Error, Result,
    access::Action,
    events::EventKind,
    field::FieldErrors,
    glucose::not_in_future,
    ids::{MealId, PatientId},
    meal::{Meal, NewMeal},
    page::Page,
    people::Actor,
    ports::{ListQuery, MealChange, Meals},
};
use uuid::Uuid;

use super::{
    Deps,
    access::{require_own, require_own_look},
    paging::window,
    readings::instant,
    write::note,
};
use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    storage::meals::{self as rows, StoredMeal},
};

/// Implements [`Meals`].
pub struct MealService {
    deps: Deps,
}

impl MealService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }
}

#[async_trait]
impl Meals for MealService {
    async fn log(&self, actor: &Actor, new: NewMeal) -> Result<(Meal, bool)> {
        require_own(&self.deps, actor, Action::WriteMeals).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let row = sealed(&self.deps.keys, patient, new)?;
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::add(&mut tx, patient, &row, now).await.stored()? {
            let key = row.origin_key.unwrap_or_default();
            let known = rows::by_origin(&mut tx, patient, &key).await.stored()?;
            let known = known.ok_or_else(|| internal("a meal was not stored, and none with its key is there"))?;
            return Ok((opened(&self.deps.keys, patient, known)?, false));
        }
        note(&mut tx, actor, patient, "meal.add", ("meals", row.id.0), EventKind::MealsChanged, now).await?;
        tx.commit().await.stored()?;
        Ok((opened(&self.deps.keys, patient, row)?, true))
    }

    async fn log_typed(&self, actor: &Actor, new: NewMeal, local: chrono::NaiveDateTime) -> Result<Meal> {
        require_own(&self.deps, actor, Action::WriteMeals).await?;
        let recorded_at = instant(&self.deps, actor.user.into(), local).await?;
        Ok(self.log(actor, NewMeal { recorded_at, ..new }).await?.0)
    }

    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Meal>> {
        require_own_look(&self.deps, actor, Action::ReadMeals).await?;
        let (patient, window) = (PatientId::from(actor.user), window(query)?);
        let found = rows::list(&self.deps.store, patient, window.from, window.before, window.rows()).await.stored()?;
        window.page(found, |row| (row.recorded_at, row.id.0), |row| opened(&self.deps.keys, patient, row))
    }

    async fn get(&self, actor: &Actor, id: MealId) -> Result<Meal> {
        require_own_look(&self.deps, actor, Action::ReadMeals).await?;
        let patient = PatientId::from(actor.user);
        let row = rows::get(&self.deps.store, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        opened(&self.deps.keys, patient, row)
    }

    async fn change(&self, actor: &Actor, id: MealId, change: MealChange, version: Option<i64>) -> Result<Meal> {
        require_own(&self.deps, actor, Action::WriteMeals).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        not_in_future(change.recorded_at, now).map_err(|problem| FieldErrors::one("recordedAt", problem))?;
        let mut tx = self.deps.store.begin().await.stored()?;
        let mut row = rows::get_in(&mut tx, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(Error::Conflict);
        }
        row.items_sealed = seal_items(&self.deps.keys, patient, id, &change.food_items)?;
        row.meal_type = change.meal_type;
        row.carbs = change.estimated_carbs;
        row.recorded_at = change.recorded_at.trunc_subsecs(3);
        row.version = rows::change(&mut tx, patient, &row, now).await.stored()?.ok_or(Error::Conflict)?;
        note(&mut tx, actor, patient, "meal.change", ("meals", id.0), EventKind::MealsChanged, now).await?;
        tx.commit().await.stored()?;
        opened(&self.deps.keys, patient, row)
    }

    async fn delete(&self, actor: &Actor, id: MealId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteMeals).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::delete(&mut tx, patient, id, now).await.stored()? {
            return Err(Error::NotFound);
        }
        note(&mut tx, actor, patient, "meal.delete", ("meals", id.0), EventKind::MealsChanged, now).await?;
        tx.commit().await.stored()
    }

    async fn restore(&self, actor: &Actor, id: MealId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteMeals).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::restore(&mut tx, patient, id, now).await.stored()? {
            // Asked twice, it is there already.
            let there = rows::get_in(&mut tx, patient, id).await.stored()?.is_some();
            return if there { Ok(()) } else { Err(Error::NotFound) };
        }
        note(&mut tx, actor, patient, "meal.restore", ("meals", id.0), EventKind::MealsChanged, now).await?;
        tx.commit().await.stored()
    }
}

/// Meals of a patient in `[from, to)`, newest first.
pub(super) async fn between(
    deps: &Deps,
    patient: PatientId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Meal>> {
    let before = domain::page::Cursor { at_ms: crate::storage::time::to_ms(to), id: Uuid::nil() };
    let found = rows::list(&deps.store, patient, from, before, i64::MAX).await.stored()?;
    found.into_iter().map(|row| opened(&deps.keys, patient, row)).collect()
}

fn items_place(patient: PatientId, id: MealId) -> Place {
    Place { table: "meals", column: "items_sealed", row: id.0, patient: patient.0 }
}

fn seal_items(keys: &Keyring, patient: PatientId, id: MealId, items: &[String]) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(items).map_err(internal)?;
    keys.seal(&items_place(patient, id), &json).map_err(internal)
}

/// A new meal as a row.
pub(crate) fn sealed(keys: &Keyring, patient: PatientId, new: NewMeal) -> Result<StoredMeal> {
    let id = MealId(Uuid::now_v7());
    Ok(StoredMeal {
        id,
        origin_key: new.client_id.map(|client_id| format!("c:{client_id}")),
        items_sealed: seal_items(keys, patient, id, &new.food_items)?,
        meal_type: new.meal_type,
        carbs: new.estimated_carbs,
        photo_id: None,
        recorded_at: new.recorded_at.trunc_subsecs(3),
        version: 1,
    })
}

/// A row as those see it who may.
fn opened(keys: &Keyring, patient: PatientId, row: StoredMeal) -> Result<Meal> {
    let json = keys.open(&items_place(patient, row.id), &row.items_sealed).map_err(internal)?;
    let food_items = serde_json::from_slice(&json).map_err(|_| internal("sealed food items are not a JSON list"))?;
    Ok(Meal {
        id: row.id,
        client_id: row.origin_key.as_deref().and_then(|key| key.strip_prefix("c:")).map(str::to_owned),
        food_items,
        meal_type: row.meal_type,
        estimated_carbs: row.carbs,
        photo_id: row.photo_id.map(|id| id.to_string()),
        recorded_at: row.recorded_at,
        version: row.version,
    })
}
