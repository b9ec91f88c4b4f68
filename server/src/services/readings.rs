//! Glucose readings of the one who acts: log, list, change, delete, restore.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use domain::{
    Error, Result,
    access::Action,
    clock::{Moment, from_local},
    events::EventKind,
    field::{FieldErrors, Problem},
    forms::TypedReading,
    glucose::{NewReading, Reading, not_in_future},
    ids::{PatientId, ReadingId},
    page::Page,
    people::Actor,
    ports::{BatchItem, BatchOutcome, ListQuery, ReadingChange, Readings},
};
use uuid::Uuid;

use super::{
    Deps,
    access::{require_own, require_own_look},
    paging::{Window, window},
    write::note,
};
use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    storage::{
        readings::{self as rows, StoredReading},
        standing,
    },
};

/// Most readings in one batch.
pub const MAX_BATCH: usize = 1_000;

/// Implements [`Readings`].
pub struct ReadingService {
    deps: Deps,
}

impl ReadingService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Reads, changes and stores one reading of the actor, all in one transaction.
    async fn edit(
        &self,
        actor: &Actor,
        id: ReadingId,
        version: Option<i64>,
        apply: impl FnOnce(&Keyring, &mut StoredReading) -> Result<()> + Send,
    ) -> Result<Reading> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        let mut row = rows::get_in(&mut tx, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(Error::Conflict);
        }
        apply(&self.deps.keys, &mut row)?;
        row.version = rows::change(&mut tx, patient, &row, now).await.stored()?.ok_or(Error::Conflict)?;
        note(&mut tx, actor, patient, "reading.change", ("readings", id.0), EventKind::ReadingsChanged, now).await?;
        tx.commit().await.stored()?;
        opened(&self.deps.keys, patient, row)
    }
}

#[async_trait]
impl Readings for ReadingService {
    async fn log(&self, actor: &Actor, new: NewReading) -> Result<(Reading, bool)> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let row = sealed(&self.deps.keys, patient, new)?;
        let mut tx = self.deps.store.begin().await.stored()?;
        if rows::add(&mut tx, patient, std::slice::from_ref(&row), now).await.stored()?.is_empty() {
            let key = row.origin_key.into_iter().collect::<Vec<_>>();
            let known = rows::by_origin(&mut tx, patient, &key).await.stored()?.pop();
            let known = known.ok_or_else(|| internal("a reading was not stored, and none with its key is there"))?;
            return Ok((opened(&self.deps.keys, patient, known)?, false));
        }
        note(&mut tx, actor, patient, "reading.add", ("readings", row.id.0), EventKind::ReadingsChanged, now).await?;
        tx.commit().await.stored()?;
        Ok((opened(&self.deps.keys, patient, row)?, true))
    }

    async fn log_typed(&self, actor: &Actor, typed: TypedReading) -> Result<Reading> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let recorded_at = instant(&self.deps, actor.user.into(), typed.recorded_local).await?;
        let new = NewReading {
            client_id: None,
            glucose: typed.glucose,
            clip: None,
            state: typed.state,
            source: domain::glucose::Source::Manual,
            recorded_at,
            notes: typed.notes,
        };
        Ok(self.log(actor, new).await?.0)
    }

    async fn log_many(&self, actor: &Actor, items: Vec<BatchItem>) -> Result<Vec<BatchOutcome>> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        if items.len() > MAX_BATCH {
            return Err(FieldErrors::one("items", Problem::ItemCount { min: 1, max: 1_000 }).into());
        }
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut good = Vec::with_capacity(items.len());
        let mut slots = Vec::with_capacity(items.len());
        for item in items {
            slots.push(match item {
                Ok(new) => {
                    let client_id = new.client_id.clone();
                    let row = sealed(&self.deps.keys, patient, new)?;
                    let slot = Slot::Good { client_id, id: row.id };
                    good.push(row);
                    slot
                }
                Err((client_id, errors)) => Slot::Bad { client_id, errors },
            });
        }
        let mut tx = self.deps.store.begin().await.stored()?;
        let created: HashSet<ReadingId> = rows::add(&mut tx, patient, &good, now).await.stored()?.into_iter().collect();
        let known_keys: Vec<String> =
            good.iter().filter(|row| !created.contains(&row.id)).filter_map(|row| row.origin_key.clone()).collect();
        let known = rows::by_origin(&mut tx, patient, &known_keys).await.stored()?;
        let known: HashMap<String, ReadingId> = known
            .into_iter()
            .filter_map(|row| Some((client_id(row.origin_key.as_deref())?.to_owned(), row.id)))
            .collect();
        if let Some(first) = good.iter().find(|row| created.contains(&row.id)) {
            let on = ("readings", first.id.0);
            note(&mut tx, actor, patient, "reading.add-batch", on, EventKind::ReadingsChanged, now).await?;
        }
        tx.commit().await.stored()?;
        slots.into_iter().map(|slot| slot.outcome(&created, &known)).collect()
    }

    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Reading>> {
        require_own_look(&self.deps, actor, Action::ReadGlucose).await?;
        let (patient, window) = (PatientId::from(actor.user), window(query)?);
        let found = find(&self.deps, patient, &window).await?;
        window.page(found, place, |row| opened(&self.deps.keys, patient, row))
    }

    async fn get(&self, actor: &Actor, id: ReadingId) -> Result<Reading> {
        require_own_look(&self.deps, actor, Action::ReadGlucose).await?;
        let patient = PatientId::from(actor.user);
        let row = rows::get(&self.deps.store, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        opened(&self.deps.keys, patient, row)
    }

    async fn change(&self, actor: &Actor, id: ReadingId, change: ReadingChange) -> Result<Reading> {
        let now = self.deps.clock.now();
        let patient = PatientId::from(actor.user);
        if let Some(at) = change.recorded_at {
            not_in_future(at, now).map_err(|problem| FieldErrors::one("recordedAt", problem))?;
        }
        self.edit(actor, id, change.version, move |keys, row| {
            if let Some(glucose) = change.glucose.filter(|glucose| *glucose != row.glucose) {
                row.glucose = glucose;
                // "LO" and "HI" were said of the value that the device gave.
                row.clip = None;
            }
            row.state = change.state.unwrap_or(row.state);
            row.recorded_at = change.recorded_at.map_or(row.recorded_at, |at| at.trunc_subsecs(3));
            if let Some(notes) = change.notes {
                row.notes_sealed = seal_notes(keys, patient, id, notes.as_deref())?;
            }
            Ok(())
        })
        .await
    }

    /// What the form shows is rounded: a value or a minute that was left as it was shown stays as it was received.
    async fn change_typed(&self, actor: &Actor, id: ReadingId, typed: TypedReading) -> Result<Reading> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let zone = standing::terms(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.zone;
        self.edit(actor, id, None, move |keys, row| {
            let unit = typed.glucose.unit();
            if row.glucose.shown(unit) != typed.glucose.shown(unit) {
                row.glucose = typed.glucose;
                row.clip = None;
            }
            if !same_minute(Moment::new(row.recorded_at, zone).local(), typed.recorded_local) {
                row.recorded_at = from_local(typed.recorded_local, zone)
                    .and_then(|at| not_in_future(at, now))
                    .map_err(|problem| FieldErrors::one("recordedAt", problem))?;
            }
            row.state = typed.state;
            row.notes_sealed = seal_notes(keys, patient, id, typed.notes.as_deref())?;
            Ok(())
        })
        .await
    }

    async fn delete(&self, actor: &Actor, id: ReadingId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::delete(&mut tx, patient, id, now).await.stored()? {
            return Err(Error::NotFound);
        }
        note(&mut tx, actor, patient, "reading.delete", ("readings", id.0), EventKind::ReadingsChanged, now).await?;
        tx.commit().await.stored()
    }

    async fn restore(&self, actor: &Actor, id: ReadingId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::restore(&mut tx, patient, id, now).await.stored()? {
            // Asked twice, it is there already.
            let there = rows::get_in(&mut tx, patient, id).await.stored()?.is_some();
            return if there { Ok(()) } else { Err(Error::NotFound) };
        }
        note(&mut tx, actor, patient, "reading.restore", ("readings", id.0), EventKind::ReadingsChanged, now).await?;
        tx.commit().await.stored()
    }
}

/// One item of a batch on its way.
enum Slot {
    Good { client_id: Option<String>, id: ReadingId },
    Bad { client_id: Option<String>, errors: FieldErrors },
}

impl Slot {
    fn outcome(self, created: &HashSet<ReadingId>, known: &HashMap<String, ReadingId>) -> Result<BatchOutcome> {
        match self {
            Self::Bad { client_id, errors } => Ok(BatchOutcome::Rejected { client_id, errors }),
            Self::Good { client_id, id } if created.contains(&id) => Ok(BatchOutcome::Created { client_id, id }),
            Self::Good { client_id, .. } => {
                let id = client_id.as_ref().and_then(|key| known.get(key)).copied();
                let id = id.ok_or_else(|| internal("a reading of a batch was neither stored nor known"))?;
                Ok(BatchOutcome::Exists { client_id, id })
            }
        }
    }
}

/// The rows of a window; the hot path: one statement, nothing around it.
pub(super) async fn find(deps: &Deps, patient: PatientId, window: &Window) -> Result<Vec<StoredReading>> {
    rows::list(&deps.store, patient, window.from, window.before, window.rows()).await.stored()
}

/// Where a reading stands in its list.
pub(super) fn place(row: &StoredReading) -> (DateTime<Utc>, Uuid) {
    (row.recorded_at, row.id.0)
}

/// The instant of a wall-clock time in the patient's zone, not in the future.
pub(super) async fn instant(deps: &Deps, patient: PatientId, local: NaiveDateTime) -> Result<DateTime<Utc>> {
    let zone = standing::terms(&deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.zone;
    from_local(local, zone)
        .and_then(|at| not_in_future(at, deps.clock.now()))
        .map_err(|problem| FieldErrors::one("recordedAt", problem).into())
}

/// Whether two wall-clock times are the same to the minute: a form shows no seconds.
pub(super) fn same_minute(a: NaiveDateTime, b: NaiveDateTime) -> bool {
    let minute = |t: NaiveDateTime| t.and_utc().timestamp().div_euclid(60);
    minute(a) == minute(b)
}

/// The client's id in an origin key, if the reading came from a client.
fn client_id(origin_key: Option<&str>) -> Option<&str> {
    origin_key?.strip_prefix("c:")
}

fn notes_place(patient: PatientId, id: ReadingId) -> Place {
    Place { table: "readings", column: "notes_sealed", row: id.0, patient: patient.0 }
}

fn seal_notes(keys: &Keyring, patient: PatientId, id: ReadingId, notes: Option<&str>) -> Result<Option<Vec<u8>>> {
    notes.map(|notes| keys.seal_text(&notes_place(patient, id), notes)).transpose().map_err(internal)
}

/// The notes of a reading; nothing is opened where there are none.
pub(super) fn open_notes(keys: &Keyring, patient: PatientId, row: &StoredReading) -> Result<Option<String>> {
    let Some(sealed) = &row.notes_sealed else { return Ok(None) };
    keys.open_text(&notes_place(patient, row.id), sealed).map(Some).map_err(internal)
}

/// A new reading as a row.
pub(crate) fn sealed(keys: &Keyring, patient: PatientId, new: NewReading) -> Result<StoredReading> {
    let id = ReadingId(Uuid::now_v7());
    Ok(StoredReading {
        id,
        origin_key: new.client_id.map(|client_id| format!("c:{client_id}")),
        glucose: new.glucose,
        clip: new.clip,
        state: new.state,
        source: new.source,
        recorded_at: new.recorded_at.trunc_subsecs(3),
        notes_sealed: seal_notes(keys, patient, id, new.notes.as_deref())?,
        version: 1,
    })
}

/// A row as its owner sees it.
fn opened(keys: &Keyring, patient: PatientId, row: StoredReading) -> Result<Reading> {
    Ok(Reading {
        id: row.id,
        notes: open_notes(keys, patient, &row)?,
        client_id: client_id(row.origin_key.as_deref()).map(str::to_owned),
        glucose: row.glucose,
        clip: row.clip,
        state: row.state,
        source: row.source,
        recorded_at: row.recorded_at,
        version: row.version,
    })
}
