//! What a process remembers between requests, bounded: opened names, and who looked at whom lately.

use std::{sync::Arc, time::Duration};

use domain::{
    Result,
    ids::{PatientId, SessionId, UserId},
    people::Actor,
};
use moka::sync::Cache;

use super::{Deps, people, write};
use crate::{crypto::Keyring, storage::audit::Entry};

/// People whose names are kept open: a work list of 5,000 opens each name once, not at each request.
const PEOPLE: u64 = 50_000;
/// Within this time the same device looking at the same patient is one look in the audit trail.
const ONE_LOOK: Duration = Duration::from_mins(10);

/// A person's opened name and number, as lists show and search them.
#[derive(Debug)]
pub struct Known {
    /// Name, or the masked phone number before one was given.
    pub name: String,
    /// The name in lower case, for sorting and searching.
    pub lower: String,
    /// Digits of the phone number. Never log them.
    pub digits: String,
}

/// Cheap to share; forgets what is not used.
pub struct Memory {
    people: Cache<(UserId, i64), Arc<Known>>,
    looks: Cache<(SessionId, PatientId, &'static str), ()>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            people: Cache::builder().max_capacity(PEOPLE).time_to_idle(Duration::from_hours(1)).build(),
            looks: Cache::builder().max_capacity(PEOPLE).time_to_live(ONE_LOOK).build(),
        }
    }
}

impl Memory {
    /// A person's name and number; opened again once their row changes (`updated_at`, UTC milliseconds).
    pub(super) fn known(
        &self,
        keys: &Keyring,
        user: UserId,
        updated_at: i64,
        name_sealed: Option<&[u8]>,
        phone_sealed: &[u8],
    ) -> Result<Arc<Known>> {
        if let Some(known) = self.people.get(&(user, updated_at)) {
            return Ok(known);
        }
        let phone = people::phone(keys, user, phone_sealed)?;
        let name = match name_sealed {
            Some(sealed) => people::name(keys, user, sealed)?,
            None => phone.masked(),
        };
        let digits = phone.e164().trim_start_matches('+').to_owned();
        let known = Arc::new(Known { lower: name.to_lowercase(), name, digits });
        self.people.insert((user, updated_at), known.clone());
        Ok(known)
    }
}

/// Notes in the audit trail that somebody looks at a patient's data, their own or another's; patients see the lines about
/// others. Called before anything is read, with their keys at hand.
pub(super) async fn looked(deps: &Deps, actor: &Actor, patient: PatientId) -> Result<()> {
    looked_at(deps, actor, &[patient], "patient.view").await
}

/// The same for several patients at once, in one statement.
pub(super) async fn looked_at(deps: &Deps, actor: &Actor, patients: &[PatientId], action: &'static str) -> Result<()> {
    let new = |patient: &&PatientId| !deps.memory.looks.contains_key(&(actor.session, **patient, action));
    let now = deps.clock.now();
    let entries: Vec<Entry> = patients
        .iter()
        .filter(new)
        .map(|patient| Entry::by(actor, action, now).on("patients", patient.0).of(*patient))
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    write::trail(deps, &entries).await?;
    for patient in entries.iter().filter_map(|entry| entry.patient) {
        deps.memory.looks.insert((actor.session, patient, action), ());
    }
    Ok(())
}
