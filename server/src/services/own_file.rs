//! What a file of our own ([`crate::exports`]) needs besides others: it holds meals, and readings that were typed here, which
//! have no device's key to be known again by.

use std::collections::HashSet;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::{
    Result,
    glucose::{Clip, Glucose, Source, Unit},
    ids::{MealId, PatientId},
    meal::NewMeal,
    page::Cursor,
    ports::FileFormat,
};
use uuid::Uuid;

use super::{Deps, meals};
use crate::{
    error::StorageResult,
    imports::ParsedFile,
    storage::{Tx, meals as meal_rows, readings as reading_rows, time::to_ms},
};

/// What makes two readings the same one.
fn same(
    at: DateTime<Utc>,
    glucose: Glucose,
    clip: Option<Clip>,
    source: Source,
) -> (i64, u64, bool, Option<Clip>, bool) {
    let mmol = glucose.unit() == Unit::MmolL;
    (to_ms(at), glucose.value().to_bits(), mmol, clip, source == Source::Sensor)
}

/// The file without what is stored already: readings of the same instant, value and kind, meals of the same instant and type.
pub(super) async fn without_known(deps: &Deps, patient: PatientId, mut parsed: ParsedFile) -> Result<ParsedFile> {
    let of_meals = parsed.meals.iter().map(|meal| meal.recorded_at);
    let times = || parsed.rows.iter().map(|row| row.reading.recorded_at).chain(of_meals.clone());
    if parsed.format != FileFormat::Own {
        return Ok(parsed);
    }
    let (Some(from), Some(to)) = (times().min(), times().max()) else { return Ok(parsed) };
    let from = from.trunc_subsecs(3);
    let to = to + TimeDelta::milliseconds(1);
    let before = Cursor { at_ms: to_ms(to), id: Uuid::nil() };
    let stored = reading_rows::list(&deps.store, patient, from, before, i64::MAX).await.stored()?;
    let stored: HashSet<_> = stored.iter().map(|r| same(r.recorded_at, r.glucose, r.clip, r.source)).collect();
    let count = parsed.rows.len();
    parsed.rows.retain(|row| {
        let r = &row.reading;
        !stored.contains(&same(r.recorded_at, r.glucose, r.clip, r.source))
    });
    parsed.duplicates += u32::try_from(count - parsed.rows.len()).unwrap_or(u32::MAX);
    let eaten = meals::between(deps, patient, from, to).await?;
    let eaten: HashSet<_> = eaten.iter().map(|meal| (to_ms(meal.recorded_at), meal.meal_type)).collect();
    parsed.meals.retain(|meal| !eaten.contains(&(to_ms(meal.recorded_at), meal.meal_type)));
    Ok(parsed)
}

/// Stores a file's meals; their ids, by which the import is undone.
pub(super) async fn add_meals(
    deps: &Deps,
    tx: &mut Tx,
    patient: PatientId,
    new: Vec<NewMeal>,
    now: DateTime<Utc>,
) -> Result<Vec<MealId>> {
    let mut ids = Vec::with_capacity(new.len());
    for meal in new {
        let row = meals::sealed(&deps.keys, patient, meal)?;
        if meal_rows::add(tx, patient, &row, now).await.stored()? {
            ids.push(row.id);
        }
    }
    Ok(ids)
}

/// Takes the meals of an import away again, those that are still there.
pub(super) async fn delete_meals(tx: &mut Tx, patient: PatientId, ids: &[MealId], now: DateTime<Utc>) -> Result<()> {
    for id in ids {
        meal_rows::delete(tx, patient, *id, now).await.stored()?;
    }
    Ok(())
}
