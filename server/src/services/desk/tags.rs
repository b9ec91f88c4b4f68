//! A doctor's tags. Their names are sealed with the doctor's key: nobody else reads them, and a change of one is no change of
//! a patient's data that others would have to know of.

use std::collections::HashMap;

use domain::{
    Error, Result,
    desk::{MOST_TAGS, Tag, parse_label},
    field::{FieldErrors, Problem},
    ids::{PatientId, TagId, UserId},
    people::Actor,
};
use uuid::Uuid;

use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    services::Deps,
    storage::{
        audit::{self, Entry},
        tags as rows, users,
    },
};

/// Where the name of a tag is sealed.
fn place(tag: TagId, doctor: UserId) -> Place {
    Place { table: "tags", column: "name_sealed", row: tag.0, patient: doctor.0 }
}

fn opened(keys: &Keyring, doctor: UserId, (id, name): &(TagId, Vec<u8>)) -> Result<Tag> {
    Ok(Tag { id: *id, name: keys.open_text(&place(*id, doctor), name).map_err(internal)? })
}

/// A doctor's tags, by name.
pub(super) struct TagBook {
    /// All of them.
    pub tags: Vec<Tag>,
}

impl TagBook {
    /// Reads them. The doctor's key has to be at hand.
    pub async fn of(deps: &Deps, doctor: UserId) -> Result<Self> {
        let found = rows::of_doctor(&deps.store, doctor).await.stored()?;
        let mut tags = found.iter().map(|row| opened(&deps.keys, doctor, row)).collect::<Result<Vec<_>>>()?;
        tags.sort_by_cached_key(|tag| tag.name.to_lowercase());
        Ok(Self { tags })
    }
}

/// A doctor's tags, and which patient bears which.
pub(in crate::services) struct TagsOfPanel {
    book: TagBook,
    borne: HashMap<PatientId, Vec<TagId>>,
}

impl TagsOfPanel {
    /// Reads them, in two statements however many patients there are.
    pub async fn of(deps: &Deps, doctor: UserId) -> Result<Self> {
        let book = TagBook::of(deps, doctor).await?;
        let mut borne: HashMap<PatientId, Vec<TagId>> = HashMap::new();
        if !book.tags.is_empty() {
            for (patient, tag) in rows::borne(&deps.store, doctor).await.stored()? {
                borne.entry(patient).or_default().push(tag);
            }
        }
        Ok(Self { book, borne })
    }

    /// Whether a patient bears a tag.
    pub fn bears(&self, patient: PatientId, tag: TagId) -> bool {
        self.borne.get(&patient).is_some_and(|tags| tags.contains(&tag))
    }

    /// A patient's tags, by name.
    pub fn on(&self, patient: PatientId) -> Vec<Tag> {
        self.book.tags.iter().filter(|tag| self.bears(patient, tag.id)).cloned().collect()
    }

    /// The others, by name.
    pub fn not_on(&self, patient: PatientId) -> Vec<Tag> {
        self.book.tags.iter().filter(|tag| !self.bears(patient, tag.id)).cloned().collect()
    }
}

/// Puts a tag on a patient by its name, whatever its case; a new one if the doctor has none of the name.
pub(super) async fn put_named(deps: &Deps, actor: &Actor, patient: PatientId, name: &str) -> Result<TagId> {
    let name = parse_label(name).map_err(|problem| FieldErrors::one("tag", problem))?;
    let lower = name.to_lowercase();
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    users::lock(&mut tx, actor.user).await.stored()?;
    let found = rows::of_doctor_in(&mut tx, actor.user).await.stored()?;
    let mut tags = Vec::with_capacity(found.len());
    for row in &found {
        tags.push(opened(&deps.keys, actor.user, row)?);
    }
    let id = if let Some(tag) = tags.iter().find(|tag| tag.name.to_lowercase() == lower) {
        tag.id
    } else {
        rows::forget_unused(&mut tx, actor.user).await.stored()?;
        if rows::of_doctor_in(&mut tx, actor.user).await.stored()?.len() >= MOST_TAGS as usize {
            return Err(FieldErrors::one("tag", Problem::ItemCount { min: 0, max: MOST_TAGS }).into());
        }
        let id = TagId(Uuid::now_v7());
        let sealed = deps.keys.seal_text(&place(id, actor.user), &name).map_err(internal)?;
        rows::add(&mut tx, id, actor.user, &sealed, now).await.stored()?;
        id
    };
    rows::put(&mut tx, id, actor.user, patient, now).await.stored()?;
    let line = Entry::by(actor, "patient.tag", now).on("tags", id.0).of(patient);
    audit::add(&mut tx, line).await.stored()?;
    tx.commit().await.stored()?;
    Ok(id)
}

/// Puts a tag on a patient; one that is not the actor's is unknown.
pub(super) async fn put(deps: &Deps, actor: &Actor, patient: PatientId, tag: TagId) -> Result<()> {
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    if !rows::put(&mut tx, tag, actor.user, patient, now).await.stored()? {
        return Err(Error::NotFound);
    }
    let line = Entry::by(actor, "patient.tag", now).on("tags", tag.0).of(patient);
    audit::add(&mut tx, line).await.stored()?;
    tx.commit().await.stored()
}

/// Takes a tag off a patient. One that they do not bear is off already.
pub(super) async fn take(deps: &Deps, actor: &Actor, patient: PatientId, tag: TagId) -> Result<()> {
    let now = deps.clock.now();
    let mut tx = deps.store.begin().await.stored()?;
    if rows::take(&mut tx, tag, actor.user, patient).await.stored()? {
        let line = Entry::by(actor, "patient.untag", now).on("tags", tag.0).of(patient);
        audit::add(&mut tx, line).await.stored()?;
        tx.commit().await.stored()?;
    }
    Ok(())
}
