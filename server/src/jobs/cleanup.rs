//! Forgets what has served its purpose, once an hour.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    audit::retention,
    error::StorageResult,
    services::{Deps, imports, rights},
    storage::{connections, inbox, otp, outbox, passkeys, second_factor, sessions, web_sessions},
};

const EVERY: Duration = Duration::from_hours(1);

/// Runs until it is told to stop.
pub(super) async fn run(deps: Deps, stop: CancellationToken) {
    loop {
        if let Err(error) = once(&deps).await {
            tracing::warn!(error.cause = %error, "clean-up failed; the next hour tries again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// One round. Lifetimes: carried events 7 days; dealt-with events 30 days (no redelivery is that late); codes and
/// previews of files 1 day; ended sessions 30 days (the list of devices shows them no longer); the audit trail a year;
/// people who asked to be erased, seven days.
pub(super) async fn once(deps: &Deps) -> domain::Result<()> {
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    outbox::purge(&mut tx, now - TimeDelta::days(7)).await.stored()?;
    inbox::purge(&mut tx, now - TimeDelta::days(30)).await.stored()?;
    otp::purge(&mut tx, now - TimeDelta::days(1)).await.stored()?;
    second_factor::purge(&mut tx, now - TimeDelta::days(1)).await.stored()?;
    connections::purge(&mut tx, now - TimeDelta::days(1)).await.stored()?;
    passkeys::purge(&mut tx, now).await.stored()?;
    web_sessions::purge(&mut tx, now).await.stored()?;
    sessions::purge(&mut tx, now - TimeDelta::days(30)).await.stored()?;
    tx.commit().await.stored()?;
    retention(deps).await?;
    rights::erase_due(deps).await?;
    imports::forget_old_previews(deps).await.map(|_| ())
}
