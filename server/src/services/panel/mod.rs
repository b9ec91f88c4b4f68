//! A doctor's patients: the work list, the head of a patient's page, reviews, targets.

mod analytics;
mod order;
mod search;

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    Error, Result,
    access::Action,
    analytics::{AnalyticsPage, Group},
    clock::{DEFAULT_ZONE, Moment, local_date},
    desk::{Handover, Tag},
    ids::{PatientId, UserId},
    people::{Actor, Role},
    ports::{ExportFile, Panel, PanelFilter, PanelPage, PanelQuery, PanelRow, PanelSort, PatientHead, PatientTargets},
    review,
    targets::Goals,
    triage::{self, Reason, SILENT_DAYS, Standing},
};

use self::{
    order::{After, Key, asked},
    search::Search,
};
use super::{
    Deps,
    access::{refused, require_look},
    desk::{self, Passing, TagsOfPanel},
    memory::{Known, looked_at},
    reviews, targets,
};
use crate::{
    error::{StorageResult, internal},
    storage::{
        panel::{self as rows, PanelEntry},
        standing as standing_rows,
    },
};

/// Implements [`Panel`].
pub struct PanelService {
    deps: Deps,
}

impl PanelService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Goes on only for doctors, with their key at hand.
    async fn doctor(&self, actor: &Actor) -> Result<()> {
        if actor.role != Role::Doctor {
            refused(&self.deps, actor, None, Action::Review).await;
            return Err(Error::Forbidden);
        }
        self.deps.ready([actor.user.0]).await
    }

    fn known(&self, entry: &PanelEntry) -> Result<Arc<Known>> {
        let user = UserId::from(entry.patient);
        let (name, phone) = (entry.name_sealed.as_deref(), entry.phone_sealed.as_slice());
        self.deps.memory.known(&self.deps.keys, user, entry.updated_at, name, phone)
    }
}

#[async_trait]
impl Panel for PanelService {
    async fn list(&self, actor: &Actor, query: &PanelQuery) -> Result<PanelPage> {
        self.doctor(actor).await?;
        let (limit, after) = asked(&self.deps.keys, actor.user, query)?;
        let now = self.deps.clock.now();
        let zone =
            standing_rows::terms(&self.deps.store, actor.user.into()).await.stored()?.map_or(DEFAULT_ZONE, |t| t.zone);
        let search = query.q.as_deref().map(Search::new);
        let entries = rows::of_doctor(&self.deps.store, actor.user, now).await.stored()?;
        self.deps.ready(entries.iter().map(|entry| entry.patient.0)).await?;
        let kept = Kept::of(&self.deps, actor.user, now).await?;
        let mut candidates = Vec::with_capacity(entries.len());
        for entry in entries {
            let candidate = Candidate::new(self.known(&entry)?, entry, query.sort, now)?;
            let kept = query.tag.is_none_or(|tag| kept.tags.bears(candidate.entry.patient, tag))
                && candidate.passes(query.filter, kept.passed.get(&candidate.entry.patient), actor.user, now);
            if kept && search.as_ref().is_none_or(|s| s.finds(&candidate.known)) {
                candidates.push(candidate);
            }
        }
        let total = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        if let Some(after) = after {
            candidates.retain(|c| c.key.order(&after.key).then(c.entry.patient.0.cmp(&after.id)) == Ordering::Greater);
        }
        candidates.sort_unstable_by(|a, b| a.key.order(&b.key).then(a.entry.patient.cmp(&b.entry.patient)));
        let more = candidates.len() > limit;
        candidates.truncate(limit);
        let next_cursor = match candidates.last().filter(|_| more) {
            Some(last) => Some(After { key: last.key.clone(), id: last.entry.patient.0 }.seal(&self.deps.keys, actor)?),
            None => None,
        };
        let shown: Vec<PatientId> = candidates.iter().map(|candidate| candidate.entry.patient).collect();
        looked_at(&self.deps, actor, &shown, "patient.list").await?;
        let items = candidates
            .into_iter()
            .map(|candidate| {
                let patient = candidate.entry.patient;
                let passing =
                    kept.passed.get(&patient).map(|passing| passing.shown(&self.deps, actor.user)).transpose()?;
                Ok(candidate.row(kept.tags.on(patient), passing, now))
            })
            .collect::<Result<_>>()?;
        Ok(PanelPage { items, next_cursor, total, now: Moment::new(now, zone) })
    }

    async fn patient(&self, actor: &Actor, patient: PatientId) -> Result<PatientHead> {
        require_look(&self.deps, actor, patient, Action::ReadReport).await?;
        let now = self.deps.clock.now();
        let entry = rows::one(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)?;
        let standing = stored_standing(&entry)?;
        let moment = |at| Moment::new(at, entry.zone);
        let (tags, handover) = desk::head(&self.deps, actor, patient).await?;
        Ok(PatientHead {
            id: patient,
            name: self.known(&entry)?.name.clone(),
            age: age(&entry, now),
            goals: entry.goals,
            time_zone: entry.zone.name().to_owned(),
            reviewed_at: entry.reviewed_at.map(moment),
            due_on: entry.due_on,
            last_reading_at: standing.last_reading_at.map(moment),
            tags,
            handover,
            now: moment(now),
        })
    }

    async fn review(&self, actor: &Actor, patient: PatientId, reviewed: bool) -> Result<()> {
        if reviewed {
            reviews::add(&self.deps, actor, patient, None).await
        } else {
            reviews::undo(&self.deps, actor, patient).await
        }
    }

    async fn review_until(&self, actor: &Actor, patient: PatientId, due_on: NaiveDate) -> Result<()> {
        reviews::add(&self.deps, actor, patient, Some(due_on)).await
    }

    async fn analytics(&self, actor: &Actor, group: Option<Group>) -> Result<AnalyticsPage> {
        self.doctor(actor).await?;
        analytics::page(self, actor, group).await
    }

    async fn analytics_file(&self, actor: &Actor) -> Result<ExportFile> {
        self.doctor(actor).await?;
        analytics::file(self, actor).await
    }

    async fn targets(&self, actor: &Actor, patient: PatientId) -> Result<PatientTargets> {
        targets::read(&self.deps, actor, patient).await
    }

    async fn set_targets(&self, actor: &Actor, patient: PatientId, goals: Goals) -> Result<()> {
        targets::set(&self.deps, actor, patient, goals).await
    }
}

/// What the doctor keeps beside the list.
struct Kept {
    tags: TagsOfPanel,
    passed: HashMap<PatientId, Passing>,
}

impl Kept {
    async fn of(deps: &Deps, doctor: UserId, now: DateTime<Utc>) -> Result<Self> {
        let passed = desk::of_panel(deps, doctor, now).await?;
        Ok(Self {
            tags: TagsOfPanel::of(deps, doctor).await?,
            passed: passed.into_iter().map(|passing| (passing.patient(), passing)).collect(),
        })
    }
}

/// A patient on the way into the list.
struct Candidate {
    known: Arc<Known>,
    entry: PanelEntry,
    standing: Standing,
    reasons: Vec<Reason>,
    key: Key,
}

impl Candidate {
    fn new(known: Arc<Known>, entry: PanelEntry, sort: PanelSort, now: DateTime<Utc>) -> Result<Self> {
        let standing = stored_standing(&entry)?;
        let reasons = triage::reasons_at(&standing, now);
        let key = match sort {
            PanelSort::Need => Key::Need(triage::need(&reasons)),
            PanelSort::Name => Key::Name(known.lower.clone()),
            PanelSort::LastReading => Key::LastReading(standing.last_reading_at),
            PanelSort::InRange => Key::InRange(standing.ranges.map(|ranges| ranges.in_range)),
        };
        Ok(Self { known, entry, standing, reasons, key })
    }

    fn passes(&self, filter: PanelFilter, passing: Option<&Passing>, doctor: UserId, now: DateTime<Utc>) -> bool {
        match filter {
            PanelFilter::All => true,
            PanelFilter::NeedsAttention => !self.reasons.is_empty(),
            PanelFilter::NotReviewed => {
                !review::holds(self.entry.reviewed_at, self.standing.last_reading_at, self.is_due(now))
            }
            PanelFilter::Due => self.is_due(now),
            PanelFilter::HandedToMe => passing.is_some_and(|passing| passing.is_to(doctor)),
            PanelFilter::NoData => {
                self.standing.last_reading_at.is_none_or(|last| (now - last).num_days() >= SILENT_DAYS)
            }
        }
    }

    /// Whether the day has come on which they were to be looked at again.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        review::is_due(self.entry.due_on, local_date(now, self.entry.zone))
    }

    fn row(self, tags: Vec<Tag>, handover: Option<Handover>, now: DateTime<Utc>) -> PanelRow {
        let moment = |at| Moment::new(at, self.entry.zone);
        PanelRow {
            id: self.entry.patient,
            name: self.known.name.clone(),
            age: age(&self.entry, now),
            priority: triage::priority(&self.reasons),
            last_reading_at: self.standing.last_reading_at.map(moment),
            kind: self.standing.kind,
            ranges: self.standing.ranges,
            in_range_before: self.standing.in_range_before,
            gmi_percent: self.standing.gmi_percent,
            reviewed_at: self.entry.reviewed_at.map(moment),
            due_on: self.entry.due_on,
            tags,
            handover,
            reasons: self.reasons,
        }
    }
}

/// The standing that was kept; before the first computation it is that of somebody without readings.
fn stored_standing(entry: &PanelEntry) -> Result<Standing> {
    match &entry.standing {
        Some(json) => serde_json::from_str(json).map_err(|_| internal("a stored standing does not read")),
        None => Ok(Standing::nothing()),
    }
}

/// Years since the year of birth; the day is not known.
fn age(entry: &PanelEntry, now: DateTime<Utc>) -> Option<u16> {
    u16::try_from(Moment::new(now, entry.zone).local().year() - entry.birth_year?).ok()
}
