//! Files of readings of the one who acts: looked at first, then stored, undone as one.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::{
    Error, Result,
    access::Action,
    clock::Moment,
    events::EventKind,
    field::{FieldErrors, Problem},
    ids::{ImportId, MealId, PatientId},
    people::Actor,
    ports::{ImportAnswers, ImportPreview, ImportQuestion, ImportStatus, Imports},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Deps, access::require_own, own_file, readings, work::blocking, write::note};
use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    imports::{self as files, ParsedFile},
    storage::{
        audit,
        imports::{self as rows, StoredImport},
        readings::{self as reading_rows, StoredReading},
        standing,
    },
};

/// Largest file, in mebibytes.
pub const MAX_MIB: u32 = 20;
/// How long a file waits to be confirmed.
pub const PREVIEW_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Most refused lines that a preview names.
const MAX_REJECTED: usize = 1_000;
/// Imports in the list.
const MAX_LISTED: i64 = 20;

/// Implements [`Imports`].
pub struct ImportService {
    deps: Deps,
}

/// What is kept of an import beside its file.
#[derive(Clone, Serialize, Deserialize)]
struct Summary {
    preview: ImportPreview,
    /// Answers given so far.
    answers: ImportAnswers,
    /// Readings added by confirming.
    inserted: u32,
    /// Meals added by confirming.
    #[serde(default)]
    meals: Vec<MealId>,
}

impl ImportService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    async fn newest(&self, actor: &Actor, most: i64) -> Result<Vec<ImportPreview>> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let found = rows::list(&self.deps.store, actor.user.into(), most).await.stored()?;
        found.iter().map(|row| Ok(summary(row)?.preview)).collect()
    }

    async fn zone(&self, patient: PatientId) -> Result<Tz> {
        Ok(standing::terms(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)?.zone)
    }

    /// What a file would add, by what is stored already. One statement for ten thousand rows.
    async fn look(
        &self,
        patient: PatientId,
        id: ImportId,
        zone: Tz,
        answers: ImportAnswers,
        parsed: &ParsedFile,
    ) -> Result<Summary> {
        let keys: Vec<String> = distinct(parsed).map(origin_key).collect();
        let known = reading_rows::count_known(&self.deps.store, patient, &keys).await.stored()?;
        let known = count(usize::try_from(known).unwrap_or(0));
        let period = parsed.period();
        Ok(Summary {
            preview: ImportPreview {
                id,
                format: parsed.format,
                unit: parsed.unit,
                from: period.map(|(from, _)| Moment::new(from, zone)),
                to: period.map(|(_, to)| Moment::new(to, zone)),
                rows: parsed.glucose_rows,
                accepted: count(keys.len()).saturating_sub(known),
                duplicates: parsed.duplicates + count(parsed.rows.len() - keys.len()) + known,
                meals: count(parsed.meals.len()),
                rejected: parsed.rejected.iter().take(MAX_REJECTED).cloned().collect(),
                questions: parsed.questions.clone(),
                status: ImportStatus::Preview,
            },
            answers,
            inserted: 0,
            meals: Vec::new(),
        })
    }

    /// The stored import of the actor.
    async fn stored(&self, patient: PatientId, id: ImportId) -> Result<(ImportStatus, Summary)> {
        let row = rows::get(&self.deps.store, patient, id).await.stored()?.ok_or(Error::NotFound)?;
        Ok((row.status, summary(&row)?))
    }

    /// The file of a preview, opened; [`Error::Conflict`] if it was confirmed or undone meanwhile.
    async fn file(&self, patient: PatientId, id: ImportId) -> Result<Vec<u8>> {
        let sealed = rows::content(&self.deps.store, patient, id).await.stored()?.ok_or(Error::Conflict)?;
        let keys = self.deps.keys.clone();
        blocking(move || keys.open(&place(patient, id), &sealed).map_err(internal)).await
    }

    async fn parse(
        &self,
        patient: PatientId,
        file: Arc<Vec<u8>>,
        answers: ImportAnswers,
        zone: Tz,
    ) -> Result<ParsedFile> {
        let now = self.deps.clock.now();
        let parsed = blocking(move || {
            files::parse(&file, &answers, zone, now).map_err(|problem| {
                let field = if problem == Problem::TimeZone { "timeZone" } else { "file" };
                FieldErrors::one(field, problem).into()
            })
        })
        .await?;
        own_file::without_known(&self.deps, patient, parsed).await
    }
}

#[async_trait]
impl Imports for ImportService {
    async fn preview(&self, actor: &Actor, file: Vec<u8>) -> Result<ImportPreview> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        if file.len() > MAX_MIB as usize * 1024 * 1024 {
            return Err(FieldErrors::one("file", Problem::FileTooLarge { max_mib: MAX_MIB }).into());
        }
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let id = ImportId(Uuid::now_v7());
        let zone = self.zone(patient).await?;
        let file = Arc::new(file);
        let parsed = self.parse(patient, file.clone(), ImportAnswers::default(), zone).await?;
        let summary = self.look(patient, id, zone, ImportAnswers::default(), &parsed).await?;
        let keys = self.deps.keys.clone();
        let content = blocking(move || keys.seal(&place(patient, id), &file).map_err(internal)).await?;
        let row = StoredImport { id, status: ImportStatus::Preview, summary: json(&summary)? };
        let mut tx = self.deps.store.begin().await.stored()?;
        rows::add(&mut tx, patient, &row, content, now).await.stored()?;
        audit::add(&mut tx, audit::Entry::by(actor, "import.preview", now).on("imports", id.0).of(patient))
            .await
            .stored()?;
        tx.commit().await.stored()?;
        Ok(summary.preview)
    }

    async fn answer(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<ImportPreview> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let patient = PatientId::from(actor.user);
        let (status, known) = self.stored(patient, id).await?;
        if status != ImportStatus::Preview {
            return Err(Error::Conflict);
        }
        let answers = merged(answers, known.answers);
        let zone = self.zone(patient).await?;
        let file = Arc::new(self.file(patient, id).await?);
        let parsed = self.parse(patient, file, answers.clone(), zone).await?;
        let summary = self.look(patient, id, zone, answers, &parsed).await?;
        let mut tx = self.deps.store.begin().await.stored()?;
        rows::set_summary(&mut tx, patient, id, &json(&summary)?).await.stored()?;
        tx.commit().await.stored()?;
        Ok(summary.preview)
    }

    async fn confirm(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<u32> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let (status, mut summary) = self.stored(patient, id).await?;
        match status {
            ImportStatus::Preview => {}
            ImportStatus::Confirmed => return Ok(summary.inserted),
            ImportStatus::Undone => return Err(Error::Conflict),
        }
        summary.answers = merged(answers, summary.answers);
        let zone = self.zone(patient).await?;
        let file = Arc::new(self.file(patient, id).await?);
        let mut parsed = self.parse(patient, file, summary.answers.clone(), zone).await?;
        if !parsed.questions.is_empty() {
            let mut errors = FieldErrors::default();
            for question in &parsed.questions {
                errors.push(field_of(*question), Problem::Required);
            }
            return Err(errors.into());
        }
        let period = parsed.period();
        summary.preview.unit = parsed.unit;
        summary.preview.from = period.map(|(from, _)| Moment::new(from, zone));
        summary.preview.to = period.map(|(_, to)| Moment::new(to, zone));
        summary.preview.questions.clear();
        summary.preview.status = ImportStatus::Confirmed;
        let total = count(parsed.rows.len()) + parsed.duplicates;
        let meals = std::mem::take(&mut parsed.meals);
        let keys = self.deps.keys.clone();
        let new = blocking(move || sealed(&keys, patient, parsed)).await?;

        let mut tx = self.deps.store.begin().await.stored()?;
        let inserted = reading_rows::add_import(&mut tx, patient, id, &new, now).await.stored()?;
        summary.inserted = u32::try_from(inserted).unwrap_or(u32::MAX);
        summary.meals = own_file::add_meals(&self.deps, &mut tx, patient, meals, now).await?;
        summary.preview.meals = count(summary.meals.len());
        summary.preview.accepted = summary.inserted;
        summary.preview.duplicates = total.saturating_sub(summary.inserted);
        let (from, to) = (ImportStatus::Preview, ImportStatus::Confirmed);
        if !rows::advance(&mut tx, patient, id, from, to, &json(&summary)?, now).await.stored()? {
            // Somebody else confirmed it while we read the file: their rows stand, ours are rolled back.
            drop(tx);
            let (status, summary) = self.stored(patient, id).await?;
            return if status == ImportStatus::Confirmed { Ok(summary.inserted) } else { Err(Error::Conflict) };
        }
        let on = ("imports", id.0);
        note(&mut tx, actor, patient, "import.confirm", on, EventKind::ReadingsChanged, now).await?;
        if !summary.meals.is_empty() {
            note(&mut tx, actor, patient, "import.confirm", on, EventKind::MealsChanged, now).await?;
        }
        tx.commit().await.stored()?;
        Ok(summary.inserted)
    }

    async fn undo(&self, actor: &Actor, id: ImportId) -> Result<u32> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        let (patient, now) = (PatientId::from(actor.user), self.deps.clock.now());
        let (status, mut summary) = self.stored(patient, id).await?;
        let mut tx = self.deps.store.begin().await.stored()?;
        match status {
            ImportStatus::Undone => Ok(0),
            ImportStatus::Preview => {
                if !rows::delete_preview(&mut tx, patient, id).await.stored()? {
                    return Err(Error::Conflict);
                }
                let entry = audit::Entry::by(actor, "import.forget", now).on("imports", id.0).of(patient);
                audit::add(&mut tx, entry).await.stored()?;
                tx.commit().await.stored()?;
                Ok(0)
            }
            ImportStatus::Confirmed => {
                summary.preview.status = ImportStatus::Undone;
                let (from, to) = (ImportStatus::Confirmed, ImportStatus::Undone);
                if !rows::advance(&mut tx, patient, id, from, to, &json(&summary)?, now).await.stored()? {
                    // Undone by somebody else meanwhile.
                    return Ok(0);
                }
                let removed = reading_rows::delete_import(&mut tx, patient, id, now).await.stored()?;
                own_file::delete_meals(&mut tx, patient, &summary.meals, now).await?;
                let on = ("imports", id.0);
                note(&mut tx, actor, patient, "import.undo", on, EventKind::ReadingsChanged, now).await?;
                if !summary.meals.is_empty() {
                    note(&mut tx, actor, patient, "import.undo", on, EventKind::MealsChanged, now).await?;
                }
                tx.commit().await.stored()?;
                Ok(u32::try_from(removed).unwrap_or(u32::MAX))
            }
        }
    }

    async fn get(&self, actor: &Actor, id: ImportId) -> Result<ImportPreview> {
        require_own(&self.deps, actor, Action::WriteGlucose).await?;
        Ok(self.stored(actor.user.into(), id).await?.1.preview)
    }

    async fn list(&self, actor: &Actor) -> Result<Vec<ImportPreview>> {
        self.newest(actor, MAX_LISTED).await
    }

    async fn all(&self, actor: &Actor) -> Result<Vec<ImportPreview>> {
        self.newest(actor, i64::MAX).await
    }
}

/// Forgets files that nobody confirmed within [`PREVIEW_LIFETIME`]; how many. Run as often as you like.
pub async fn forget_old_previews(deps: &Deps) -> Result<u64> {
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    let removed = rows::delete_previews_before(&mut tx, now - PREVIEW_LIFETIME).await.stored()?;
    if removed > 0 {
        audit::add(&mut tx, audit::Entry::by_nobody("import.expire", now)).await.stored()?;
    }
    tx.commit().await.stored()?;
    Ok(removed)
}

/// The field of a form and of the API that answers a question.
fn field_of(question: ImportQuestion) -> &'static str {
    match question {
        ImportQuestion::DateOrder => "dateOrder",
        ImportQuestion::Unit => "unit",
    }
}

/// New answers over the ones given before.
fn merged(new: ImportAnswers, old: ImportAnswers) -> ImportAnswers {
    ImportAnswers {
        date_order: new.date_order.or(old.date_order),
        unit: new.unit.or(old.unit),
        time_zone: new.time_zone.or(old.time_zone),
    }
}

fn place(patient: PatientId, id: ImportId) -> Place {
    Place { table: "imports", column: "content_sealed", row: id.0, patient: patient.0 }
}

fn origin_key(import_key: &str) -> String {
    format!("i:{import_key}")
}

/// The keys of a file, each once.
fn distinct(parsed: &ParsedFile) -> impl Iterator<Item = &str> {
    let mut seen = HashSet::with_capacity(parsed.rows.len());
    parsed.rows.iter().map(|row| row.import_key.as_str()).filter(move |key| seen.insert(*key))
}

/// The rows to store: the first of each key.
fn sealed(keys: &Keyring, patient: PatientId, parsed: ParsedFile) -> Result<Vec<StoredReading>> {
    let mut seen = HashSet::with_capacity(parsed.rows.len());
    let fresh = parsed.rows.into_iter().filter(|row| seen.insert(row.import_key.clone()));
    fresh
        .map(|row| {
            Ok(StoredReading {
                origin_key: Some(origin_key(&row.import_key)),
                ..readings::sealed(keys, patient, row.reading)?
            })
        })
        .collect()
}

fn summary(row: &StoredImport) -> Result<Summary> {
    serde_json::from_str(&row.summary).map_err(|_| internal("an import's summary does not read"))
}

fn json(summary: &Summary) -> Result<String> {
    serde_json::to_string(summary).map_err(|_| internal("an import's summary does not write"))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
