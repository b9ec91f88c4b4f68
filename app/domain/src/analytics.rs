//! A doctor's panel in figures: how time in range, GMI and data coverage are spread over the patients, and who changed.
//!
//! Made from the standings of the patients ([`crate::triage`]), so that it says the same as the work list. Shares of time are of
//! sensors only: finger-stick values are taken when somebody chooses to, and have no time in range.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    ids::PatientId,
    metrics::{Kind, agp::quantile, range::Targets, sufficiency::LEAST_ACTIVE_PERCENT},
    targets::Goals,
    triage::{Standing, WINDOW_DAYS},
};

/// Percentage points of time in range from which on a person's change means something (Battelino et al. 2023, Lancet Diabetes
/// Endocrinol 11:42-57, doi:10.1016/S2213-8587(22)00319-9).
pub const CHANGE_POINTS: f64 = 5.0;
/// Where one class of GMI ends and the next begins, %.
pub const GMI_EDGES: [f64; 5] = [6.5, 7.0, 7.5, 8.0, 9.0];
/// Classes of time in range, each of ten points.
pub const RANGE_CLASSES: u8 = 10;

/// Some of the patients, by one of their figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Group {
    /// Time in range of so many times ten percent and less than ten more; 100 % belongs to the last.
    InRange(u8),
    /// GMI from the edge before this one (of [`GMI_EDGES`]) on and below this one; above the last for the greatest.
    Gmi(u8),
    /// The sensor was active for 70 % of 14 days or more.
    Covered,
    /// For less.
    LittleData,
    /// Finger-stick values only.
    FingerStick,
    /// No reading for 14 days.
    Silent,
    /// Time in range rose by [`CHANGE_POINTS`] or more against 90 days before.
    Improved,
    /// Neither rose nor fell by as much.
    Same,
    /// Fell by as much or more.
    Fell,
}

impl Group {
    /// Every group, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        let gmi = 0..=u8::try_from(GMI_EDGES.len()).unwrap_or(u8::MAX);
        let others =
            [Self::Covered, Self::LittleData, Self::FingerStick, Self::Silent, Self::Improved, Self::Same, Self::Fell];
        (0..RANGE_CLASSES).map(Self::InRange).chain(gmi.map(Self::Gmi)).chain(others)
    }

    /// Whether somebody belongs to it at an instant.
    pub fn holds(self, standing: &Standing, now: DateTime<Utc>) -> bool {
        if !is_current(standing, now) {
            return self == Self::Silent;
        }
        match self {
            Self::InRange(class) => in_range(standing).is_some_and(|percent| class_of(percent) == class),
            Self::Gmi(class) => standing.gmi_percent.is_some_and(|gmi| gmi_class(gmi) == class),
            Self::Covered => active(standing).is_some_and(|percent| percent >= LEAST_ACTIVE_PERCENT),
            Self::LittleData => active(standing).is_some_and(|percent| percent < LEAST_ACTIVE_PERCENT),
            Self::FingerStick => standing.kind == Kind::Meter,
            Self::Silent => false,
            Self::Improved => change(standing).is_some_and(|points| points >= CHANGE_POINTS),
            Self::Same => change(standing).is_some_and(|points| points.abs() < CHANGE_POINTS),
            Self::Fell => change(standing).is_some_and(|points| points <= -CHANGE_POINTS),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InRange(class) => write!(f, "range-{class}"),
            Self::Gmi(class) => write!(f, "gmi-{class}"),
            Self::Covered => f.write_str("covered"),
            Self::LittleData => f.write_str("little-data"),
            Self::FingerStick => f.write_str("finger-stick"),
            Self::Silent => f.write_str("silent"),
            Self::Improved => f.write_str("improved"),
            Self::Same => f.write_str("same"),
            Self::Fell => f.write_str("fell"),
        }
    }
}

impl FromStr for Group {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|group| group.to_string() == text).ok_or("no such group")
    }
}

impl From<Group> for String {
    fn from(group: Group) -> Self {
        group.to_string()
    }
}

impl TryFrom<String> for Group {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Whether the newest reading is young enough for the figures to say something of today.
fn is_current(standing: &Standing, now: DateTime<Utc>) -> bool {
    standing.last_reading_at.is_some_and(|last| now - last < TimeDelta::days(WINDOW_DAYS.into()))
}

fn in_range(standing: &Standing) -> Option<f64> {
    standing.ranges.map(|ranges| ranges.in_range)
}

fn active(standing: &Standing) -> Option<f64> {
    standing.active_percent.filter(|_| standing.kind == Kind::Sensor)
}

/// Percentage points of time in range against 90 days before.
pub fn change(standing: &Standing) -> Option<f64> {
    Some(in_range(standing)? - standing.in_range_quarter_before?)
}

fn class_of(percent: f64) -> u8 {
    (0..RANGE_CLASSES).rev().find(|class| percent >= f64::from(*class) * 10.0).unwrap_or(0)
}

fn gmi_class(gmi: f64) -> u8 {
    u8::try_from(GMI_EDGES.iter().filter(|edge| gmi >= **edge).count()).unwrap_or(0)
}

/// How many patients a group has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Which.
    pub group: Group,
    /// Patients in it.
    pub patients: u32,
    /// Of the classes of time in range: how many of those with a figure of 90 days before were in it then.
    pub before: Option<u32>,
}

/// A panel in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analytics {
    /// All patients.
    pub patients: u32,
    /// Those with a time in range.
    pub with_range: u32,
    /// Of these, those who meet their own target for it; none where nobody has such a target.
    pub meeting: Option<u32>,
    /// Of the times in range, %.
    pub median_in_range: Option<f64>,
    /// The same 90 days before, %.
    pub median_before: Option<f64>,
    /// Of the GMIs, %.
    pub median_gmi: Option<f64>,
    /// Every group, as [`Group::all`].
    pub counts: Vec<Count>,
}

impl Analytics {
    /// Of the patients' standings and goals.
    pub fn of(panel: &[(Standing, Goals)], now: DateTime<Utc>) -> Self {
        let current: Vec<&(Standing, Goals)> = panel.iter().filter(|(s, _)| is_current(s, now)).collect();
        let ranges: Vec<f64> = current.iter().filter_map(|(s, _)| in_range(s)).collect();
        let before: Vec<f64> = current.iter().filter_map(|(s, _)| s.in_range_quarter_before).collect();
        let gmi: Vec<f64> = current.iter().filter_map(|(s, _)| s.gmi_percent).collect();
        let judged = current.iter().filter_map(|(s, goals)| Some(in_range(s)? > Targets::of(*goals).in_range_above?));
        let judged: Vec<bool> = judged.collect();
        let counts = Group::all().map(|group| Count {
            group,
            patients: count(panel.iter().filter(|(standing, _)| group.holds(standing, now)).count()),
            before: match group {
                Group::InRange(class) => Some(count(before.iter().filter(|p| class_of(**p) == class).count())),
                _ => None,
            },
        });
        let counts = counts.collect();
        Self {
            patients: count(panel.len()),
            with_range: count(ranges.len()),
            meeting: (!judged.is_empty()).then(|| count(judged.iter().filter(|met| **met).count())),
            median_in_range: median(ranges),
            median_before: median(before),
            median_gmi: median(gmi),
            counts,
        }
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.5)
}

/// One patient behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalyticsRow {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number before one was given.
    pub name: String,
    /// Of 14 days, %.
    pub in_range: Option<f64>,
    /// Of the 14 days that ended 90 days before, %.
    pub in_range_before: Option<f64>,
    /// Of 14 days, %.
    pub gmi_percent: Option<f64>,
    /// The share of 14 days that the sensor was active, %.
    pub active_percent: Option<f64>,
    /// Newest reading.
    pub last_reading_at: Option<Moment>,
}

/// A panel in figures, and the patients behind one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalyticsPage {
    /// The figures.
    pub figures: Analytics,
    /// The patients of the group that was asked for, by name; at most [`MOST_ROWS`].
    pub rows: Vec<AnalyticsRow>,
    /// Now.
    pub now: Moment,
}

/// Most patients that a page names; the file names all.
pub const MOST_ROWS: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{metrics::Ranges, people::Preset};

    fn now() -> DateTime<Utc> {
        "2026-11-24T06:30:00Z".parse().unwrap()
    }

    fn wearing(in_range: f64, before: Option<f64>, gmi: Option<f64>, active: f64) -> (Standing, Goals) {
        let ranges = Ranges { very_low: 0.0, low: 0.0, in_range, high: 100.0 - in_range, very_high: 0.0 };
        let standing = Standing {
            last_reading_at: Some(now() - TimeDelta::hours(1)),
            kind: Kind::Sensor,
            ranges: Some(ranges),
            gmi_percent: gmi,
            active_percent: Some(active),
            in_range_quarter_before: before,
            ..Standing::nothing()
        };
        (standing, Preset::Adult.into())
    }

    fn of(analytics: &Analytics, code: &str) -> (u32, Option<u32>) {
        let count = analytics.counts.iter().find(|count| count.group.to_string() == code).unwrap();
        (count.patients, count.before)
    }

    #[test]
    fn everybody_is_counted_once_in_each_row_of_groups() {
        let mut meter = wearing(0.0, None, None, 0.0);
        meter.0 = Standing { kind: Kind::Meter, ranges: None, active_percent: None, ..meter.0 };
        let mut gone = wearing(80.0, Some(20.0), Some(6.0), 90.0);
        gone.0.last_reading_at = Some(now() - TimeDelta::days(14));
        let panel = [
            wearing(100.0, Some(94.9), Some(5.9), 95.0),
            wearing(70.0, Some(65.0), Some(6.5), 70.0),
            wearing(69.9, Some(74.9), Some(7.2), 69.9),
            wearing(30.0, Some(33.0), Some(9.0), 40.0),
            wearing(0.0, None, None, 20.0),
            meter,
            gone,
            (Standing::nothing(), Preset::Adult.into()),
        ];
        let all = Analytics::of(&panel, now());
        assert_eq!((all.patients, all.with_range, all.meeting), (8, 5, Some(1)), "70 % is not over 70 %");
        assert_eq!((all.median_in_range, all.median_before), (Some(69.9), Some(69.95)));
        assert_eq!(all.median_gmi.map(|gmi| (gmi * 1e9).round() / 1e9), Some(6.85));
        assert_eq!(of(&all, "range-9"), (1, Some(1)));
        assert_eq!(of(&all, "range-7"), (1, Some(1)), "70; 74.9 before");
        assert_eq!((of(&all, "range-6").0, of(&all, "range-3").0, of(&all, "range-0").0), (1, 1, 1));
        assert_eq!((of(&all, "gmi-0").0, of(&all, "gmi-1").0, of(&all, "gmi-2").0, of(&all, "gmi-5").0), (1, 1, 1, 1));
        let coverage = ["covered", "little-data", "finger-stick", "silent"].map(|code| of(&all, code).0);
        assert_eq!(coverage, [2, 3, 1, 2]);
        assert_eq!(coverage.iter().sum::<u32>(), all.patients, "everybody has one");
        assert_eq!(["improved", "same", "fell"].map(|code| of(&all, code).0), [2, 1, 1]);
    }

    #[test]
    fn an_empty_panel_has_no_figures() {
        let none = Analytics::of(&[], now());
        assert_eq!((none.patients, none.meeting, none.median_in_range, none.median_gmi), (0, None, None, None));
        assert!(none.counts.iter().all(|count| count.patients == 0));
    }

    #[test]
    fn groups_are_read_back_from_their_codes() {
        assert_eq!(Group::all().count(), 23);
        for group in Group::all() {
            assert_eq!(group.to_string().parse(), Ok(group));
        }
        for wrong in ["", "range-10", "gmi-6", "Improved"] {
            assert!(wrong.parse::<Group>().is_err(), "{wrong}");
        }
    }
}
