//! A doctor's patients: the work list, the head of a patient's page, reviews, targets.

use std::{cmp::Ordering, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    Error, Result,
    access::Action,
    clock::{DEFAULT_ZONE, Moment, local_date},
    field::{FieldErrors, Problem},
    ids::{PatientId, UserId},
    metrics::Kind,
    people::{Actor, Role},
    ports::{Panel, PanelFilter, PanelPage, PanelQuery, PanelRow, PanelSort, PatientHead, PatientTargets},
    review,
    targets::Goals,
    triage::{self, Need, Reason, SILENT_DAYS, Standing},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Deps,
    access::{refused, require_look},
    memory::{Known, looked_at},
    reviews, targets,
};
use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    storage::{
        panel::{self as rows, PanelEntry},
        standing as standing_rows,
    },
};

/// Least and greatest number of rows on a page, and what is given if none is asked for.
const LIMIT: (u32, u32, u32) = (1, 200, 50);

/// Implements [`Panel`].
pub struct PanelService {
    deps: Deps,
}

impl PanelService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
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
        if actor.role != Role::Doctor {
            refused(&self.deps, actor, None, Action::Review).await;
            return Err(Error::Forbidden);
        }
        self.deps.ready([actor.user.0]).await?;
        let (limit, after) = asked(&self.deps.keys, actor.user, query)?;
        let now = self.deps.clock.now();
        let zone =
            standing_rows::terms(&self.deps.store, actor.user.into()).await.stored()?.map_or(DEFAULT_ZONE, |t| t.zone);
        let search = query.q.as_deref().map(Search::new);
        let entries = rows::of_doctor(&self.deps.store, actor.user, now).await.stored()?;
        self.deps.ready(entries.iter().map(|entry| entry.patient.0)).await?;
        let mut candidates = Vec::with_capacity(entries.len());
        for entry in entries {
            let candidate = Candidate::new(self.known(&entry)?, entry, query.sort, now)?;
            if candidate.passes(query.filter, now) && search.as_ref().is_none_or(|s| s.finds(&candidate.known)) {
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
        let items = candidates.into_iter().map(|candidate| candidate.row(now)).collect();
        Ok(PanelPage { items, next_cursor, total, now: Moment::new(now, zone) })
    }

    async fn patient(&self, actor: &Actor, patient: PatientId) -> Result<PatientHead> {
        require_look(&self.deps, actor, patient, Action::ReadReport).await?;
        let now = self.deps.clock.now();
        let entry = rows::one(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)?;
        let standing = stored_standing(&entry)?;
        let moment = |at| Moment::new(at, entry.zone);
        Ok(PatientHead {
            id: patient,
            name: self.known(&entry)?.name.clone(),
            age: age(&entry, now),
            goals: entry.goals,
            time_zone: entry.zone.name().to_owned(),
            reviewed_at: entry.reviewed_at.map(moment),
            due_on: entry.due_on,
            last_reading_at: standing.last_reading_at.map(moment),
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

    async fn targets(&self, actor: &Actor, patient: PatientId) -> Result<PatientTargets> {
        targets::read(&self.deps, actor, patient).await
    }

    async fn set_targets(&self, actor: &Actor, patient: PatientId, goals: Goals) -> Result<()> {
        targets::set(&self.deps, actor, patient, goals).await
    }
}

/// The limit and the place to go on from.
fn asked(keys: &Keyring, doctor: UserId, query: &PanelQuery) -> Result<(usize, Option<After>)> {
    let mut errors = FieldErrors::default();
    let (min, max, default) = LIMIT;
    let limit = query.limit.unwrap_or(default);
    if !(min..=max).contains(&limit) {
        errors.push("limit", Problem::OutOfRange { min: min.into(), max: max.into(), unit: String::new() });
    }
    let after = query.cursor.as_deref().map(|text| After::open(keys, doctor, text, query.sort));
    if matches!(after, Some(None)) {
        errors.push("cursor", Problem::Malformed);
    }
    if errors.is_empty() { Ok((usize::try_from(limit).unwrap_or(0), after.flatten())) } else { Err(errors.into()) }
}

/// What a row is sorted by, smallest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Key {
    /// Greatest need first.
    Need(Need),
    /// By name.
    Name(String),
    /// Oldest first, those without one before all.
    LastReading(Option<DateTime<Utc>>),
    /// Least first, those without one last.
    InRange(Option<f64>),
}

impl Key {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Need(a), Self::Need(b)) => b.cmp(a),
            (Self::Name(a), Self::Name(b)) => a.cmp(b),
            (Self::LastReading(a), Self::LastReading(b)) => a.cmp(b),
            (Self::InRange(a), Self::InRange(b)) => a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)),
            _ => Ordering::Equal,
        }
    }

    fn sort(&self) -> PanelSort {
        match self {
            Self::Need(_) => PanelSort::Need,
            Self::Name(_) => PanelSort::Name,
            Self::LastReading(_) => PanelSort::LastReading,
            Self::InRange(_) => PanelSort::InRange,
        }
    }
}

/// The last row of a page: the next page begins after its place, wherever that row itself is by then. Sealed, since it
/// holds a name or figures and ends up in addresses; good only for the doctor it was made for.
#[derive(Debug, Serialize, Deserialize)]
struct After {
    key: Key,
    id: Uuid,
}

impl After {
    fn place(doctor: UserId) -> Place {
        Place { table: "panel", column: "cursor", row: doctor.0, patient: Uuid::nil() }
    }

    fn seal(&self, keys: &Keyring, actor: &Actor) -> Result<String> {
        let json = serde_json::to_vec(self).map_err(|_| internal("a cursor does not write"))?;
        Ok(URL_SAFE_NO_PAD.encode(keys.seal(&Self::place(actor.user), &json).map_err(internal)?))
    }

    fn open(keys: &Keyring, doctor: UserId, text: &str, sort: PanelSort) -> Option<Self> {
        let json = keys.open(&Self::place(doctor), &URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let after: Self = serde_json::from_slice(&json).ok()?;
        (after.key.sort() == sort).then_some(after)
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

    fn passes(&self, filter: PanelFilter, now: DateTime<Utc>) -> bool {
        match filter {
            PanelFilter::All => true,
            PanelFilter::NeedsAttention => !self.reasons.is_empty(),
            PanelFilter::NotReviewed => {
                !review::holds(self.entry.reviewed_at, self.standing.last_reading_at, self.is_due(now))
            }
            PanelFilter::Due => self.is_due(now),
            PanelFilter::NoData => {
                self.standing.last_reading_at.is_none_or(|last| (now - last).num_days() >= SILENT_DAYS)
            }
        }
    }

    /// Whether the day has come on which they were to be looked at again.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        review::is_due(self.entry.due_on, local_date(now, self.entry.zone))
    }

    fn row(self, now: DateTime<Utc>) -> PanelRow {
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
            reasons: self.reasons,
        }
    }
}

/// The standing that was kept; before the first computation it is that of somebody without readings.
fn stored_standing(entry: &PanelEntry) -> Result<Standing> {
    match &entry.standing {
        Some(json) => serde_json::from_str(json).map_err(|_| internal("a stored standing does not read")),
        None => Ok(Standing {
            last_reading_at: None,
            kind: Kind::Meter,
            ranges: None,
            gmi_percent: None,
            in_range_before: None,
            reasons: Vec::new(),
        }),
    }
}

/// Years since the year of birth; the day is not known.
fn age(entry: &PanelEntry, now: DateTime<Utc>) -> Option<u16> {
    u16::try_from(Moment::new(now, entry.zone).local().year() - entry.birth_year?).ok()
}

/// What is searched for: every word in the name, or the last digits of the phone number.
struct Search {
    words: Vec<String>,
    digits: Option<String>,
}

impl Search {
    fn new(text: &str) -> Self {
        let digits: Option<String> = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '+'))
            .map(|c| match c {
                '0'..='9' => Some(c),
                '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10),
                _ => None,
            })
            .collect();
        Self {
            words: text.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            digits: digits.filter(|d| !d.is_empty()),
        }
    }

    fn finds(&self, known: &Known) -> bool {
        match &self.digits {
            Some(digits) => known.digits.ends_with(digits.as_str()),
            None => self.words.iter().all(|word| known.lower.contains(word.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Known {
        Known { name: name.into(), lower: name.to_lowercase(), digits: "919876500010".into() }
    }

    #[test]
    fn a_search_finds_words_of_the_name_in_any_order_or_the_last_digits() {
        let asha = known("Asha Rani Verma");
        for (text, found) in [
            ("asha", true),
            ("VERMA ash", true),
            ("  ", true),
            ("0010", true),
            ("+91 98765-00010", true),
            ("००१०", true),
            ("9876", false),
            ("asha gupta", false),
            ("asha 10", false),
        ] {
            assert_eq!(Search::new(text).finds(&asha), found, "{text}");
        }
        assert!(Search::new("आशा").finds(&known("आशा वर्मा")));
    }
}
