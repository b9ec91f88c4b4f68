//! Keeps the audit trail for a year. What is older goes in batches from the chain's beginning; a signed cut stays, and the
//! chain is verified from there.

use chrono::TimeDelta;

use super::canonical::{CUT, signed};
use crate::{
    error::StorageResult,
    services::Deps,
    storage::{
        audit_chain::{self, Signed},
        time::to_ms,
    },
};

/// Days that a row is kept at least.
pub const KEEP_DAYS: i64 = 366;
/// Rows of one cut: on SQLite nobody else writes meanwhile.
const BATCH: i64 = 2_000;

/// Takes away what is older than [`KEEP_DAYS`]; gives how many rows went.
pub async fn retention(deps: &Deps) -> domain::Result<usize> {
    let mut gone = 0;
    loop {
        let now = deps.clock.now();
        let until = to_ms(now - TimeDelta::days(KEEP_DAYS));
        let start = audit_chain::newest_cut(&deps.store).await.stored()?.map_or(0, |cut| cut.seq);
        let links = audit_chain::links_after(&deps.store, start, BATCH).await.stored()?;
        // A row that is gone already is for the verification to find, not to be cut away under.
        let old = links.iter().take_while(|link| link.entry.as_ref().is_some_and(|entry| entry.at < until));
        let (count, last) = old.fold((0, None), |(count, _), link| (count + 1, Some(link)));
        let Some(last) = last else { return Ok(gone) };
        let signature = deps.purposes.audit_sign(&signed(CUT, last.seq, to_ms(now), &last.mac)).to_vec();
        let cut = Signed { seq: last.seq, at: now, mac: last.mac.clone(), signature };
        let mut tx = deps.store.begin().await.stored()?;
        audit_chain::lock(&mut tx).await.stored()?;
        if audit_chain::newest_cut_in(&mut tx).await.stored()? > start {
            // Another process was faster.
            continue;
        }
        audit_chain::cut(&mut tx, &cut).await.stored()?;
        tx.commit().await.stored()?;
        gone += count;
    }
}
