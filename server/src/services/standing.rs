//! Where a patient stands: computed when their readings change, kept for the work lists.

use chrono::TimeDelta;
use domain::{
    Result,
    ids::PatientId,
    triage::{self, QUARTER_DAYS, WINDOW_DAYS},
};

use super::{Deps, work::blocking};
use crate::{
    error::{StorageResult, internal},
    storage::{readings, standing},
};

/// Computes and keeps a patient's standing from the readings that are stored now. Running it again changes nothing; of
/// two at once the one that began later wins, so what is kept is never older than the newest event handled.
///
/// A user who is no patient has no standing: nothing happens.
pub async fn recompute(deps: &Deps, patient: PatientId) -> Result<()> {
    let began = deps.clock.now();
    let Some(terms) = standing::terms(&deps.store, patient).await.stored()? else { return Ok(()) };
    // Both windows in local days, and one day more for the hours of the first.
    let span = TimeDelta::days(i64::from(2 * WINDOW_DAYS) + 1);
    let mut samples = readings::samples_up_to_newest(&deps.store, patient, span).await.stored()?;
    // And the days a quarter before, with which a panel's figures compare.
    if let Some(newest) = samples.last().map(|sample| sample.at) {
        let to = newest - TimeDelta::days(i64::from(QUARTER_DAYS) - 1);
        let from = newest - TimeDelta::days(i64::from(QUARTER_DAYS + WINDOW_DAYS) + 1);
        samples.extend(readings::samples(&deps.store, patient, from, to).await.stored()?);
    }
    let json = blocking(move || {
        let standing = triage::standing(&samples, terms.zone, terms.goals);
        serde_json::to_string(&standing).map_err(|_| internal("a standing does not write"))
    })
    .await?;
    let mut tx = deps.store.begin().await.stored()?;
    standing::set(&mut tx, patient, &json, began).await.stored()?;
    tx.commit().await.stored()
}
