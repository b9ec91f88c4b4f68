//! Numbers committed rows, and signs how far it came.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::clock::Clock;
use tokio_util::sync::CancellationToken;

use super::{
    HeadFile,
    canonical::{HEAD, canonical, signed},
};
use crate::{
    crypto::PurposeKeys,
    error::StorageResult,
    storage::{
        Store,
        audit_chain::{self, Signed},
        time::to_ms,
    },
};

/// How often it looks: well within the second that a row may wait.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Rows of one transaction.
const BATCH: i64 = 1_000;
/// How often a new head is signed.
pub const HEAD_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Every process has one; a lock in the database lets one at a time go on.
pub struct Sequencer {
    store: Store,
    purposes: Arc<PurposeKeys>,
    clock: Arc<dyn Clock>,
    heads: HeadFile,
}

impl Sequencer {
    /// Over a database.
    pub fn new(store: Store, purposes: Arc<PurposeKeys>, clock: Arc<dyn Clock>, heads: HeadFile) -> Self {
        Self { store, purposes, clock, heads }
    }

    /// Runs until it is told to stop; then signs what there is.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.step().await {
                tracing::warn!(error.cause = %error, "the audit trail was not chained; the next round tries again");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        if let Err(error) = self.finish().await {
            tracing::warn!(error.cause = %error, "the end of the audit trail was not signed at the end of the process");
        }
    }

    /// Numbers what waits, and signs if it is time.
    pub async fn step(&self) -> domain::Result<()> {
        self.chain().await?;
        self.sign(HEAD_EVERY).await.map(|_| ())
    }

    /// Numbers what waits, and signs.
    async fn finish(&self) -> domain::Result<()> {
        self.chain().await?;
        self.sign(TimeDelta::zero()).await.map(|_| ())
    }

    /// Gives every committed row its number and code; how many there were.
    pub async fn chain(&self) -> domain::Result<usize> {
        let mut done = 0;
        while audit_chain::any_waiting(&self.store).await.stored()? {
            let mut tx = self.store.begin().await.stored()?;
            audit_chain::lock(&mut tx).await.stored()?;
            let (mut seq, mut before) = audit_chain::last(&mut tx).await.stored()?.unwrap_or((0, vec![0; 32]));
            let rows = audit_chain::waiting(&mut tx, BATCH).await.stored()?;
            let mut links = Vec::with_capacity(rows.len());
            for row in &rows {
                seq += 1;
                let mac = self.purposes.audit_mac(&before, &canonical(seq, row));
                before = mac.to_vec();
                links.push((seq, row.id, mac));
            }
            audit_chain::add(&mut tx, &links).await.stored()?;
            tx.commit().await.stored()?;
            done += links.len();
            // What is on the list but gone from the trail stays there for the verification to find.
            if links.is_empty() {
                break;
            }
        }
        Ok(done)
    }

    /// Signs the end of the chain if it moved and the newest head is at least `after` old; whether it did.
    pub async fn sign(&self, after: TimeDelta) -> domain::Result<bool> {
        let now = self.clock.now();
        // Asked outside of a transaction first: most rounds have nothing to sign.
        let (seq, newest) = audit_chain::ends(&self.store).await.stored()?;
        if seq.is_none() || newest.is_some_and(|(signed, at)| Some(signed) >= seq || at + after > now) {
            return Ok(false);
        }
        let mut tx = self.store.begin().await.stored()?;
        audit_chain::lock(&mut tx).await.stored()?;
        let Some((seq, mac)) = audit_chain::last(&mut tx).await.stored()? else { return Ok(false) };
        if audit_chain::newest_head(&mut tx).await.stored()?.is_some_and(|h| h.seq >= seq || h.at + after > now) {
            return Ok(false);
        }
        let signature = self.purposes.audit_sign(&signed(HEAD, seq, to_ms(now), &mac)).to_vec();
        let head = Signed { seq, at: now, mac, signature };
        audit_chain::add_head(&mut tx, &head).await.stored()?;
        tx.commit().await.stored()?;
        self.publish(head).await;
        Ok(true)
    }

    /// To the file and the log. A full disk must not stop the trail, but somebody has to hear of it.
    async fn publish(&self, head: Signed) {
        tracing::info!(
            audit.seq = head.seq,
            audit.mac = STANDARD.encode(&head.mac),
            audit.signature = STANDARD.encode(&head.signature),
            "the audit trail's head was signed"
        );
        let (file, key) = (self.heads.clone(), self.purposes.audit_public());
        let written = tokio::task::spawn_blocking(move || file.append(&head, &key)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::error!("a signed head of the audit trail was not written outside of the database");
        }
    }
}
