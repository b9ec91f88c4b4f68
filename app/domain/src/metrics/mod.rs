//! The clinical figures of a period, computed once for screen, print, API and export.
//!
//! Percentages are 0 to 100 and unrounded; rounding is the reader's business. A figure that may not be shown is absent
//! and `sufficiency.reasons` says why.

pub mod agp;
pub mod days;
pub(crate) mod episode;
pub mod gmi;
mod mage;
pub mod meter;
pub mod pattern;
pub mod range;
pub mod risk;
pub(crate) mod series;
pub mod sufficiency;
pub mod today;
pub mod variability;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use self::series::Series;
use crate::{glucose::Sample, targets::Goals};

/// The period of a report, in local days of the patient's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
    /// Number of days.
    pub days: u32,
}

impl Period {
    /// The local days `from..=to`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Self {
        let days = u32::try_from((to - from).num_days() + 1).unwrap_or(0);
        Self { from, to, days }
    }

    /// The `days` local days that end with `to`.
    pub fn ending(to: NaiveDate, days: u32) -> Self {
        let back = chrono::Days::new(u64::from(days.saturating_sub(1)));
        Self { from: to.checked_sub_days(back).unwrap_or(to), to, days }
    }
}

/// From what the figures come: a meter's values never show time in range or GMI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A continuous sensor.
    Sensor,
    /// Finger-stick values.
    Meter,
}

/// Why figures are withheld or to be read with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shortfall {
    /// No reading in the period.
    NoReadings,
    /// Fewer than 14 days with data.
    TooFewDays,
    /// The sensor was active for less than 70 % of the time.
    TooLittleActive,
    /// Less than 24 h of data.
    Under24Hours,
    /// Fewer than 30 readings.
    TooFewReadings,
    /// Finger-stick values: time in range, GMI and profile do not apply.
    MeterOnly,
}

/// How much data there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sufficiency {
    /// Local days with at least one reading.
    pub days: u32,
    /// Share of the expected sensor readings that are there; none for a meter.
    pub active_percent: Option<f64>,
    /// Whether the consensus floor (14 days, 70 %) is met.
    pub enough: bool,
    /// What is short.
    pub reasons: Vec<Shortfall>,
}

/// Share of readings in each band; sums to 100.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ranges {
    /// Below 54 mg/dL (3.0 mmol/L).
    pub very_low: f64,
    /// From there to below 70 (63 in pregnancy).
    pub low: f64,
    /// In range.
    pub in_range: f64,
    /// Above range up to 250 mg/dL (no upper end in pregnancy).
    pub high: f64,
    /// Above 250 mg/dL (13.9 mmol/L).
    pub very_high: f64,
}

/// A level that an episode passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EpisodeLevel {
    /// Below 54 mg/dL.
    VeryLow,
    /// Below 70 mg/dL.
    Low,
    /// Above 180 mg/dL.
    High,
    /// Above 250 mg/dL.
    VeryHigh,
}

/// At least 15 minutes beyond a level, until at least 15 minutes back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Episode {
    /// The level.
    pub level: EpisodeLevel,
    /// First reading beyond it, UTC.
    pub from: DateTime<Utc>,
    /// Last reading beyond it, UTC.
    pub to: DateTime<Utc>,
    /// The most extreme value, mg/dL.
    pub extreme_mg_dl: f64,
}

/// One point of the ambulatory profile, mg/dL.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProfilePoint {
    /// Start of the hour, minutes since local midnight.
    pub minute: u16,
    /// 5th percentile.
    pub p5: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Which days.
    pub period: Period,
    /// Sensor or meter.
    pub kind: Kind,
    /// Number of readings the figures come from.
    pub readings: u32,
    /// How much data there is, and what is withheld for lack of it.
    pub sufficiency: Sufficiency,
    /// Mean, mg/dL.
    pub mean_mg_dl: Option<f64>,
    /// Sample standard deviation (n - 1), mg/dL.
    pub sd_mg_dl: Option<f64>,
    /// Coefficient of variation, %.
    pub cv_percent: Option<f64>,
    /// Glucose management indicator, %.
    pub gmi_percent: Option<f64>,
    /// The five ranges, %.
    pub ranges: Option<Ranges>,
    /// 70 to 140 mg/dL, %.
    pub tight_range_percent: Option<f64>,
    /// Low blood glucose index.
    pub lbgi: Option<f64>,
    /// High blood glucose index.
    pub hbgi: Option<f64>,
    /// Glycemia risk index, 0 to 100.
    pub gri: Option<f64>,
    /// Mean amplitude of glycemic excursions, mg/dL.
    pub mage_mg_dl: Option<f64>,
    /// Episodes beyond a level, oldest first.
    pub episodes: Vec<Episode>,
    /// The ambulatory profile; empty where withheld.
    pub profile: Vec<ProfilePoint>,
}

/// What a report is computed under.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The patient's zone: it cuts the days.
    pub zone: Tz,
    /// Which ranges.
    pub goals: Goals,
    /// Give figures that would be withheld, for those who check the arithmetic.
    pub force: bool,
}

/// Computes the report of a period from the samples in it (any order; samples of other days are ignored).
///
/// The figures come from one kind of reading: the sensor's, if there is at least a day's worth of its values or it gave
/// at least as many values as the meter; else the meter's. `readings` counts those. A clipped value ("LO", "HI") counts
/// as the limit it was clipped at.
///
/// Withheld unless forced: under the consensus floor GMI, GRI and profile; for a meter also ranges, tight range, MAGE
/// and episodes, which need evenly spaced values.
pub fn report(samples: &[Sample], period: Period, terms: Terms) -> Report {
    let thresholds = range::Thresholds::of(terms.goals);
    let series = Series::select(samples, period, terms.zone);
    let sufficiency = sufficiency::judge(&series, period, terms.zone);
    let values = series.values();
    let mean = variability::mean(&values);
    let risk = risk::lbgi_hbgi(&values);
    let by_time = series.kind == Kind::Sensor || terms.force;
    let judged = sufficiency.enough || terms.force;
    Report {
        period,
        kind: series.kind,
        readings: u32::try_from(values.len()).unwrap_or(u32::MAX),
        mean_mg_dl: mean,
        sd_mg_dl: variability::sd(&values),
        cv_percent: variability::cv_percent(&values),
        gmi_percent: mean.filter(|_| judged).map(gmi::percent),
        ranges: by_time.then(|| Ranges::of(series.glucose(), &thresholds)).flatten(),
        tight_range_percent: by_time.then(|| range::tight_percent(series.glucose())).flatten(),
        lbgi: risk.map(|(low, _)| low),
        hbgi: risk.map(|(_, high)| high),
        gri: judged.then(|| risk::Gri::of_values(series.glucose())).flatten().map(|gri| gri.index),
        mage_mg_dl: by_time.then(|| mage::mage(&series)).flatten(),
        episodes: if by_time { episode::episodes(&series, &thresholds) } else { Vec::new() },
        profile: if judged { agp::profile(&series) } else { Vec::new() },
        sufficiency,
    }
}
