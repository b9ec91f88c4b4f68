//! Health records: log, list, change, delete, restore by the one whose they are; read by those who may.

mod files;
pub(super) mod hba1c;
mod sealing;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use domain::{
    Error, Result,
    access::Action,
    clock::{Moment, local_date},
    events::EventKind,
    field::{FieldErrors, Problem},
    glucose::not_in_future,
    ids::{PatientId, RecordId},
    page::{Cursor, Page},
    people::Actor,
    records::{
        Body, NewRecord, Record, RecordFile, RecordQuery, RecordSummary, RecordType, Records, ShownRecord, trends,
    },
};
use uuid::Uuid;

use self::sealing::{opened, seal_content, sealed};
use super::{
    Deps,
    access::{require_look, require_own, require_own_look},
    paging::window,
    write::note,
};
use crate::{
    error::{StorageResult, internal},
    storage::{Tx, records as rows, standing},
};

/// Lab reports that a summary looks at, and medicines: more than anybody has in some years.
const MOST: i64 = 200;
/// Later than every record.
const NEWEST: Cursor = Cursor { at_ms: i64::MAX, id: Uuid::nil() };

/// Implements [`Records`].
pub struct RecordService {
    deps: Deps,
}

impl RecordService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    async fn zone(&self, patient: PatientId) -> Result<Tz> {
        Ok(standing::terms(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.zone)
    }

    /// The newest records of a type, opened.
    async fn newest(&self, patient: PatientId, record_type: RecordType, zone: Tz) -> Result<Vec<ShownRecord>> {
        let since = DateTime::<Utc>::MIN_UTC;
        let found = rows::list(&self.deps.store, patient, Some(record_type), since, NEWEST, MOST).await.stored()?;
        found.into_iter().map(|row| self.shown(patient, row, zone)).collect()
    }

    fn shown(&self, patient: PatientId, row: rows::StoredRecord, zone: Tz) -> Result<ShownRecord> {
        let record = opened(&self.deps.keys, patient, row)?;
        Ok(ShownRecord { at: Moment::new(record.recorded_at, zone), record })
    }

    /// A dose takes over what its medicine is called. Of the one that it was of before, the medicine may be gone.
    async fn settled(&self, tx: &mut Tx, patient: PatientId, body: Body, before: Option<&Body>) -> Result<Body> {
        let Body::Dose(dose) = body else { return Ok(body) };
        let medicine = rows::get_in(tx, patient, dose.medicine_id).await.stored()?;
        let medicine = medicine.map(|row| opened(&self.deps.keys, patient, row)).transpose()?;
        match (medicine.map(|record| record.body), before) {
            (Some(Body::Medicine(medicine)), _) => Ok(Body::Dose(dose.of(&medicine)?)),
            (None, Some(Body::Dose(before))) if before.medicine_id == dose.medicine_id => {
                let known = before.clone();
                Ok(Body::Dose(domain::records::Dose { name: known.name, kind: known.kind, ..dose }))
            }
            _ => Err(FieldErrors::one("medicineId", Problem::UnknownChoice).into()),
        }
    }
}

#[async_trait]
impl Records for RecordService {
    async fn log(&self, actor: &Actor, new: NewRecord) -> Result<(Record, bool)> {
        require_own(&self.deps, actor, Action::WriteRecords).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        // Known already: what its medicine was then does not matter any more.
        let key = new.client_id.as_ref().map(|id| format!("c:{id}"));
        if let Some(key) = &key
            && let Some(known) = rows::by_origin(&mut tx, patient, key).await.stored()?
        {
            return Ok((opened(&self.deps.keys, patient, known)?, false));
        }
        let body = self.settled(&mut tx, patient, new.body, None).await?;
        let row = sealed(&self.deps.keys, patient, NewRecord { body, ..new })?;
        if !rows::add(&mut tx, patient, &row, now).await.stored()? {
            let known = rows::by_origin(&mut tx, patient, &key.unwrap_or_default()).await.stored()?;
            let known = known.ok_or_else(|| internal("a record was not stored, and none with its key is there"))?;
            return Ok((opened(&self.deps.keys, patient, known)?, false));
        }
        note(&mut tx, actor, patient, "record.add", ("records", row.id.0), EventKind::RecordsChanged, now).await?;
        tx.commit().await.stored()?;
        Ok((opened(&self.deps.keys, patient, row)?, true))
    }

    async fn list(&self, actor: &Actor, patient: PatientId, query: &RecordQuery) -> Result<Page<ShownRecord>> {
        require_look(&self.deps, actor, patient, Action::ReadRecords).await?;
        let window = window(&query.list)?;
        let zone = self.zone(patient).await?;
        let (store, kind) = (&self.deps.store, query.record_type);
        let found = rows::list(store, patient, kind, window.from, window.before, window.rows()).await.stored()?;
        window.page(found, |row| (row.recorded_at, row.id.0), |row| self.shown(patient, row, zone))
    }

    async fn summary(&self, actor: &Actor, patient: PatientId) -> Result<RecordSummary> {
        require_look(&self.deps, actor, patient, Action::ReadRecords).await?;
        let (now, zone) = (self.deps.clock.now(), self.zone(patient).await?);
        let labs = trends(&self.newest(patient, RecordType::LabReport, zone).await?);
        let today = local_date(now, zone);
        let in_use = |shown: ShownRecord| match &shown.record.body {
            Body::Medicine(medicine) if medicine.in_use(today) => Some(shown.record),
            _ => None,
        };
        let medicines =
            self.newest(patient, RecordType::Medicine, zone).await?.into_iter().filter_map(in_use).collect();
        Ok(RecordSummary { labs, medicines, now: Moment::new(now, zone) })
    }

    async fn get(&self, actor: &Actor, id: RecordId) -> Result<ShownRecord> {
        require_own_look(&self.deps, actor, Action::ReadRecords).await?;
        let patient = PatientId::from(actor.user);
        let row = rows::get(&self.deps.store, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        self.shown(patient, row, self.zone(patient).await?)
    }

    async fn change(&self, actor: &Actor, id: RecordId, change: NewRecord, version: Option<i64>) -> Result<Record> {
        require_own(&self.deps, actor, Action::WriteRecords).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        not_in_future(change.recorded_at, now).map_err(|problem| FieldErrors::one("recordedAt", problem))?;
        let mut tx = self.deps.store.begin().await.stored()?;
        let mut row = rows::get_in(&mut tx, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        if version.is_some_and(|version| version != row.version) {
            return Err(Error::Conflict);
        }
        let before = opened(&self.deps.keys, patient, row.clone())?;
        if before.body.record_type() != change.body.record_type() {
            return Err(FieldErrors::one("type", Problem::UnknownChoice).into());
        }
        let body = self.settled(&mut tx, patient, change.body, Some(&before.body)).await?;
        row.content_sealed = seal_content(&self.deps.keys, patient, id, &body, change.notes.as_deref())?;
        row.recorded_at = change.recorded_at.trunc_subsecs(3);
        row.version = rows::change(&mut tx, patient, &row, now).await.stored()?.ok_or(Error::Conflict)?;
        note(&mut tx, actor, patient, "record.change", ("records", id.0), EventKind::RecordsChanged, now).await?;
        tx.commit().await.stored()?;
        opened(&self.deps.keys, patient, row)
    }

    async fn delete(&self, actor: &Actor, id: RecordId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteRecords).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::delete(&mut tx, patient, id, now).await.stored()? {
            return Err(Error::NotFound);
        }
        note(&mut tx, actor, patient, "record.delete", ("records", id.0), EventKind::RecordsChanged, now).await?;
        tx.commit().await.stored()
    }

    async fn restore(&self, actor: &Actor, id: RecordId) -> Result<()> {
        require_own(&self.deps, actor, Action::WriteRecords).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let mut tx = self.deps.store.begin().await.stored()?;
        if !rows::restore(&mut tx, patient, id, now).await.stored()? {
            // Asked twice, it is there already.
            let there = rows::get_in(&mut tx, patient, id).await.stored()?.is_some();
            return if there { Ok(()) } else { Err(Error::NotFound) };
        }
        note(&mut tx, actor, patient, "record.restore", ("records", id.0), EventKind::RecordsChanged, now).await?;
        tx.commit().await.stored()
    }

    async fn attach(&self, actor: &Actor, id: RecordId, file: Vec<u8>) -> Result<Record> {
        files::attach(&self.deps, actor, id, file).await
    }

    async fn detach(&self, actor: &Actor, id: RecordId) -> Result<()> {
        files::detach(&self.deps, actor, id).await
    }

    async fn restore_file(&self, actor: &Actor, id: RecordId) -> Result<()> {
        files::restore(&self.deps, actor, id).await
    }

    async fn file(&self, actor: &Actor, patient: PatientId, id: RecordId) -> Result<RecordFile> {
        files::read(&self.deps, actor, patient, id, self).await
    }
}
