//! Rotation of the master keys: what an older one wraps is wrapped by the newest, batch by batch, while the service runs.
//! What was sealed with people's own keys stays as it is.

use domain::Result;

use super::Deps;
use crate::{
    crypto::PurposeKeys,
    error::{StorageResult, internal},
    storage::{patient_keys, sealed_values},
};

/// Keys of one transaction.
const BATCH: i64 = 500;

/// What hangs on which master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The master keys that the process has, newest first.
    pub masters: Vec<u32>,
    /// Master key and how many people's keys it wraps.
    pub people: Vec<(i64, i64)>,
    /// Master key and how many keys of one purpose each it seals.
    pub purposes: Vec<(u32, usize)>,
    /// Values that are sealed with a master key itself, from before people had keys of their own.
    pub direct: i64,
}

impl KeyStatus {
    /// Older master keys on which nothing hangs any more.
    pub fn free(&self) -> Vec<u32> {
        let used = |id: u32| {
            self.people.iter().any(|(master, _)| *master == i64::from(id))
                || self.purposes.iter().any(|(master, _)| *master == id)
        };
        // What is sealed directly does not tell by which key, short of reading all of it.
        let old = self.masters.iter().skip(1).copied();
        old.filter(|id| self.direct == 0 && !used(*id)).collect()
    }
}

/// Wraps everything that older master keys wrap with the newest; gives how many keys that were. May be stopped and started
/// again at any point.
pub async fn rotate(deps: &Deps) -> Result<usize> {
    let newest = deps.keys.newest_id().ok_or_else(|| internal("no master key"))?;
    let mut done = 0;
    loop {
        let mut tx = deps.store.begin().await.stored()?;
        let keys = patient_keys::not_under(&mut tx, newest, BATCH).await.stored()?;
        for key in &keys {
            let anew = deps.keys.rewrap(key).map_err(internal)?;
            patient_keys::rewrap(&mut tx, &anew, key.master).await.stored()?;
        }
        tx.commit().await.stored()?;
        if keys.is_empty() {
            break;
        }
        done += keys.len();
    }
    let purposes = PurposeKeys::rewrap(&deps.store, &deps.keys).await.map_err(internal)?;
    Ok(done + purposes)
}

/// What hangs on which master key.
pub async fn status(deps: &Deps) -> Result<KeyStatus> {
    Ok(KeyStatus {
        masters: deps.keys.ids(),
        people: patient_keys::by_master(&deps.store).await.stored()?,
        purposes: PurposeKeys::by_master(&deps.store).await.map_err(internal)?,
        direct: sealed_values::by_master_itself(&deps.store).await.stored()?,
    })
}
