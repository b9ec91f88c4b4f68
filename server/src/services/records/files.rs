//! A lab report's file: one, sealed in the database.

use domain::{
    Error, Result,
    access::Action,
    clock::Moment,
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::{PatientId, RecordId},
    people::Actor,
    records::{FileInfo, MediaType, Record, RecordFile, RecordType},
};
use uuid::Uuid;

use super::{RecordService, sealing::opened};
use crate::{
    crypto::Place,
    error::{StorageResult, internal},
    services::{
        Deps,
        access::{require_look, require_own},
        work::blocking,
        write::{self, note},
    },
    storage::{
        audit,
        record_files::{self as rows, StoredFile},
        records,
    },
};

fn place(patient: PatientId, id: Uuid) -> Place {
    Place { table: "record_files", column: "content_sealed", row: id, patient: patient.0 }
}

/// Puts a file to a lab report, in place of the one that it has.
pub(super) async fn attach(deps: &Deps, actor: &Actor, record: RecordId, file: Vec<u8>) -> Result<Record> {
    require_own(deps, actor, Action::WriteRecords).await?;
    let media_type = MediaType::of(&file).map_err(|problem| FieldErrors::one("file", problem))?;
    let (patient, now) = (PatientId::from(actor.user), deps.clock.now());
    let known = records::get(&deps.store, patient, record).await.stored()?.ok_or(Error::NotFound)?;
    if known.record_type != RecordType::LabReport {
        return Err(FieldErrors::one("file", Problem::UnknownField).into());
    }
    let info = FileInfo { media_type, size: u32::try_from(file.len()).map_err(internal)? };
    let (id, keys) = (Uuid::now_v7(), deps.keys.clone());
    let content_sealed = blocking(move || keys.seal(&place(patient, id), &file).map_err(internal)).await?;
    let mut tx = deps.store.begin().await.stored()?;
    // Deleted meanwhile, it is not there any more.
    if !rows::touch(&mut tx, patient, record, now).await.stored()? {
        return Err(Error::NotFound);
    }
    rows::put(&mut tx, patient, record, &StoredFile { id, info, content_sealed }, now).await.stored()?;
    let row = records::get_in(&mut tx, patient, record).await.stored()?.ok_or(Error::NotFound)?;
    note(&mut tx, actor, patient, "record.attach", ("records", record.0), EventKind::RecordsChanged, now).await?;
    tx.commit().await.stored()?;
    opened(&deps.keys, patient, row)
}

/// Takes a record's file away.
pub(super) async fn detach(deps: &Deps, actor: &Actor, record: RecordId) -> Result<()> {
    require_own(deps, actor, Action::WriteRecords).await?;
    let (patient, now) = (PatientId::from(actor.user), deps.clock.now());
    let mut tx = deps.store.begin().await.stored()?;
    if !rows::touch(&mut tx, patient, record, now).await.stored()?
        || !rows::delete(&mut tx, patient, record, now).await.stored()?
    {
        return Err(Error::NotFound);
    }
    note(&mut tx, actor, patient, "record.detach", ("records", record.0), EventKind::RecordsChanged, now).await?;
    tx.commit().await.stored()
}

/// Brings it back.
pub(super) async fn restore(deps: &Deps, actor: &Actor, record: RecordId) -> Result<()> {
    require_own(deps, actor, Action::WriteRecords).await?;
    let (patient, now) = (PatientId::from(actor.user), deps.clock.now());
    let mut tx = deps.store.begin().await.stored()?;
    let row = records::get_in(&mut tx, patient, record).await.stored()?.ok_or(Error::NotFound)?;
    if row.file.is_some() {
        // Asked twice, it is there already; or another one has its place.
        return Ok(());
    }
    if !rows::restore(&mut tx, patient, record).await.stored()?
        || !rows::touch(&mut tx, patient, record, now).await.stored()?
    {
        return Err(Error::NotFound);
    }
    note(&mut tx, actor, patient, "record.attach", ("records", record.0), EventKind::RecordsChanged, now).await?;
    tx.commit().await.stored()
}

/// A record's file, opened, for whoever may read the patient's records.
pub(super) async fn read(
    deps: &Deps,
    actor: &Actor,
    patient: PatientId,
    record: RecordId,
    service: &RecordService,
) -> Result<RecordFile> {
    require_look(deps, actor, patient, Action::ReadRecords).await?;
    let row = records::get(&deps.store, patient, record).await.stored()?.ok_or(Error::NotFound)?;
    if row.file.is_none() {
        return Err(Error::NotFound);
    }
    // It leaves us with this: noted before it is read.
    let line = audit::Entry::by(actor, "record.file", deps.clock.now()).on("records", record.0).of(patient);
    write::trail(deps, &[line]).await?;
    let file = rows::get(&deps.store, patient, record).await.stored()?.ok_or(Error::NotFound)?;
    let day = Moment::new(row.recorded_at, service.zone(patient).await?).local().date();
    let (media_type, keys) = (file.info.media_type, deps.keys.clone());
    let bytes = blocking(move || keys.open(&place(patient, file.id), &file.content_sealed).map_err(internal)).await?;
    // Neither name nor laboratory: a file's name ends up in lists of downloads.
    Ok(RecordFile { name: format!("lab-report-{day}.{}", media_type.extension()), media_type, bytes })
}
