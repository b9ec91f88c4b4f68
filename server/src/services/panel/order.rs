//! The order of the work list, and where a page of it begins.

use std::cmp::Ordering;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{
    Result,
    field::{FieldErrors, Problem},
    ids::UserId,
    people::Actor,
    ports::{PanelQuery, PanelSort},
    triage::Need,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    crypto::{Keyring, Place},
    error::internal,
};

/// Least and greatest number of rows on a page, and what is given if none is asked for.
const LIMIT: (u32, u32, u32) = (1, 200, 50);

/// The limit and the place to go on from.
pub(super) fn asked(keys: &Keyring, doctor: UserId, query: &PanelQuery) -> Result<(usize, Option<After>)> {
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
pub(super) enum Key {
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
    /// How two rows of the same order follow each other.
    pub(super) fn order(&self, other: &Self) -> Ordering {
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
pub(super) struct After {
    /// What the row is sorted by.
    pub(super) key: Key,
    /// Whose row.
    pub(super) id: Uuid,
}

impl After {
    fn place(doctor: UserId) -> Place {
        Place { table: "panel", column: "cursor", row: doctor.0, patient: Uuid::nil() }
    }

    /// As a cursor.
    pub(super) fn seal(&self, keys: &Keyring, actor: &Actor) -> Result<String> {
        let json = serde_json::to_vec(self).map_err(|_| internal("a cursor does not write"))?;
        Ok(URL_SAFE_NO_PAD.encode(keys.seal(&Self::place(actor.user), &json).map_err(internal)?))
    }

    fn open(keys: &Keyring, doctor: UserId, text: &str, sort: PanelSort) -> Option<Self> {
        let json = keys.open(&Self::place(doctor), &URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let after: Self = serde_json::from_slice(&json).ok()?;
        (after.key.sort() == sort).then_some(after)
    }
}
