//! Export and erasure of one's own data.
//!
//! Both ask for a fresh proof of who it is.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    access::Action,
    consent::ConsentLine,
    events::EventKind,
    ids::{PatientId, UserId},
    people::{Actor, Role},
    rights::{ERASURE_GRACE, Profile, Rights},
    targets::StoredChange,
};

use super::{
    Deps, access,
    care_team::{label_place, note_withdrawal},
    people, step_up, write,
};
use crate::{
    error::{StorageResult, internal},
    messages::{Notice, NoticeKind},
    storage::{Tx, audit, consents, erasures, links, panel, sessions, targets, users},
};

/// Longer than the clean-up takes to come round again.
const FORGOTTEN_WITHIN: TimeDelta = TimeDelta::hours(3);

/// Implements [`Rights`].
pub struct RightsService {
    deps: Deps,
}

impl RightsService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }
}

fn entry(actor: &Actor, action: &'static str, now: DateTime<Utc>) -> audit::Entry {
    let entry = audit::Entry::by(actor, action, now).on("users", actor.user.0);
    if actor.role == Role::Patient { entry.of(actor.user.into()) } else { entry }
}

#[async_trait]
impl Rights for RightsService {
    async fn begin_export(&self, actor: &Actor) -> Result<Profile> {
        let (deps, now) = (&self.deps, self.deps.clock.now());
        step_up::require(deps, actor).await?;
        deps.ready([actor.user.0]).await?;
        let user = users::get(&deps.store, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let about = panel::one(&deps.store, user.id.into()).await.stored()?;
        let profile = Profile {
            id: user.id,
            role: user.role.as_str(),
            name: user.name_sealed.map(|sealed| people::name(&deps.keys, user.id, &sealed)).transpose()?,
            phone_number: people::phone(&deps.keys, user.id, &user.phone_sealed)?.e164().to_owned(),
            unit: user.unit.as_str(),
            time_zone: user.time_zone,
            language: user.language.as_str(),
            birth_year: about.as_ref().and_then(|about| about.birth_year),
            goals: about.map(|about| about.goals),
            exported_at: now,
        };
        write::trail(deps, &[entry(actor, "user.export", now)]).await?;
        Ok(profile)
    }

    async fn ask_erasure(&self, actor: &Actor) -> Result<DateTime<Utc>> {
        if !matches!(actor.role, Role::Patient | Role::Caregiver) {
            return Err(Error::Forbidden);
        }
        step_up::require(&self.deps, actor).await?;
        let (deps, now) = (&self.deps, self.deps.clock.now());
        deps.ready([actor.user.0]).await?;
        let mut tx = deps.store.begin().await.stored()?;
        let user = users::get_in(&mut tx, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let due = erasures::ask(&mut tx, actor.user, now, now + ERASURE_GRACE).await.stored()?;
        audit::add(&mut tx, entry(actor, "user.erase-ask", now)).await.stored()?;
        tx.commit().await.stored()?;
        // Whoever took over a session cannot have everything destroyed unseen.
        let to = people::phone(&deps.keys, actor.user, &user.phone_sealed)?;
        if deps.codes.notify(Notice { to, kind: NoticeKind::ErasureAsked, at: now }).await.is_err() {
            tracing::warn!("a notice of an erasure was not accepted for sending");
        }
        Ok(due)
    }

    async fn erasure(&self, actor: &Actor) -> Result<Option<DateTime<Utc>>> {
        erasures::due_of(&self.deps.store, actor.user).await.stored()
    }

    async fn consents(&self, actor: &Actor, most: u32) -> Result<Vec<ConsentLine>> {
        access::require_own(&self.deps, actor, Action::ManageCareTeam).await?;
        let patient = PatientId::from(actor.user);
        let rows = consents::of_patient(&self.deps.store, patient, most).await.stored()?;
        self.deps.ready(rows.iter().map(|row| row.consent.viewer.0)).await?;
        let keys = &self.deps.keys;
        rows.into_iter()
            .map(|row| {
                let consent = row.consent;
                let name = match (row.role, row.name_sealed, row.label_sealed) {
                    (Some(Role::Doctor), Some(sealed), _) => Some(people::name(keys, consent.viewer, &sealed)?),
                    (_, _, Some(label)) => {
                        Some(keys.open_text(&label_place(consent.link, patient), &label).map_err(internal)?)
                    }
                    _ => None,
                };
                Ok(ConsentLine {
                    id: consent.id,
                    at: consent.at,
                    given: consent.given,
                    purpose: consent.purpose,
                    role: row.role,
                    name,
                    data_types: consent.data_types,
                    text_version: consent.text_version,
                    language: consent.language,
                    until: consent.until,
                })
            })
            .collect()
    }

    async fn targets(&self, actor: &Actor) -> Result<Vec<StoredChange>> {
        access::require_own(&self.deps, actor, Action::ReadReport).await?;
        let rows = targets::history(&self.deps.store, actor.user.into()).await.stored()?;
        self.deps.ready(rows.iter().map(|row| row.by.0)).await?;
        rows.into_iter()
            .map(|row| {
                let by = people::shown_name(&self.deps.keys, row.by, row.name_sealed.as_deref(), &row.phone_sealed)?;
                Ok(StoredChange { goals: row.goals, by, at: row.at })
            })
            .collect()
    }

    async fn keep(&self, actor: &Actor) -> Result<()> {
        let mut tx = self.deps.store.begin().await.stored()?;
        if erasures::cancel(&mut tx, actor.user).await.stored()? {
            audit::add(&mut tx, entry(actor, "user.erase-cancel", self.deps.clock.now())).await.stored()?;
            tx.commit().await.stored()?;
        }
        Ok(())
    }
}

/// Erases whoever is due; gives how many that were. What is sealed goes with the key, what is not with its rows.
pub async fn erase_due(deps: &Deps) -> Result<usize> {
    let mut done = 0;
    for user in erasures::due(&deps.store, deps.clock.now()).await.stored()? {
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        let ended = sessions::end_all(&mut tx, user, now).await.stored()?;
        leave(&mut tx, user, now).await?;
        if !erasures::erase(&mut tx, user, &rand::random(), now).await.stored()? {
            continue;
        }
        let entry = audit::Entry::by_nobody("user.erase", now).on("users", user.0);
        audit::add(&mut tx, entry.of(user.into())).await.stored()?;
        tx.commit().await.stored()?;
        deps.sessions.forget(&ended).await;
        deps.keys.forget(user.0);
        for kind in crate::cache::Kind::ALL {
            deps.cache.drop_person(kind, user.0).await;
        }
        done += 1;
    }
    if done > 0 {
        deps.store.settle().await.stored()?;
    }
    forget_keys(deps).await?;
    Ok(done)
}

/// Those whom somebody followed see in their ledger that it is over.
async fn leave(tx: &mut Tx, viewer: UserId, now: DateTime<Utc>) -> Result<()> {
    for (link, patient) in links::live_of_viewer(tx, viewer).await.stored()? {
        note_withdrawal(tx, link, now).await?;
        let entry = audit::Entry::by_nobody("link.end", now).on("links", link.0);
        audit::add(tx, entry.of(patient)).await.stored()?;
        write::tell(tx, patient, EventKind::LinksChanged, now).await?;
    }
    Ok(())
}

/// This process no longer holds the keys of those whom another one erased.
async fn forget_keys(deps: &Deps) -> Result<()> {
    for user in erasures::done_since(&deps.store, deps.clock.now() - FORGOTTEN_WITHIN).await.stored()? {
        deps.keys.forget(user.0);
    }
    Ok(())
}
