//! Who needs attention first, and why: the order of a doctor's work list.
//!
//! The limits are the patient's targets ([`crate::targets`]; those of the presets are of Battelino et al. 2019, doi:10.2337/dci19-0028), raised as the TIDE
//! programme does (Scheinker et al. 2022, JMIR Diabetes 7(2):e27284, doi:10.2196/27284): a reason is there when the target is
//! passed. Finger-stick values are judged by [`MeterTarget`].

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    clock::local_date,
    glucose::Sample,
    metrics::{
        EpisodeLevel, Kind, Period, Ranges, episode, gmi,
        meter::MeterTarget,
        range::{LOW, Targets, Thresholds, VERY_LOW, percent_of},
        series::{DAY_MS, Series},
        sufficiency, variability,
    },
    targets::Goals,
};

/// Days of a standing, up to the newest reading; the same number before them is what it is compared with.
pub const WINDOW_DAYS: u32 = 14;
/// Days between the last 14 days and those of a quarter before, with which a panel's figures compare.
pub const QUARTER_DAYS: u32 = 90;
/// Percentage points that time in range has to fall by.
const DROP_POINTS: f64 = 15.0;
/// Sensor data that a period needs before its time in range is compared with another's.
const COMPARED_MS: i64 = 3 * DAY_MS;
/// Days without a reading from which on it is a reason.
pub const SILENT_DAYS: i64 = 3;
/// Days without a reading after which what the data said is too old to act on; only the silence is left.
pub const STALE_DAYS: i64 = 28;
/// Least finger-sticks before their share out of target counts.
const LEAST_METER: u32 = 5;
/// Share of finger-sticks out of target that is a reason, and that makes it one for soon, %.
const METER_OUT_PERCENT: (f64, f64) = (30.0, 50.0);
/// Finger-sticks below 70 mg/dL that are a reason whatever the share.
const METER_LOWS: usize = 2;
/// A finger-stick this close to a sensor's episode is the same low, seen twice.
const SAME_LOW: TimeDelta = TimeDelta::minutes(30);

/// One reason why a patient is on top. The words are the reader's language's; the numbers are the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase")]
pub enum Reason {
    /// Episodes below 54 mg/dL in the last 14 days, and how many of them began between 22:00 and 06:00.
    SevereLows {
        /// Episodes (sensor) or readings (meter).
        count: u32,
        /// Of them at night.
        nights: u32,
    },
    /// More time below 54 mg/dL than the target.
    VeryLowTime {
        /// Percent of readings.
        percent: f64,
    },
    /// More time below range than the target.
    LowTime {
        /// Percent of readings.
        percent: f64,
    },
    /// More time above 250 mg/dL than the target.
    VeryHighTime {
        /// Percent of readings.
        percent: f64,
    },
    /// More time above range than the target.
    HighTime {
        /// Percent of readings.
        percent: f64,
    },
    /// Less time in range than the target.
    BelowTarget {
        /// Percent of readings in range.
        percent: f64,
    },
    /// Time in range fell by more than 15 points against the 14 days before.
    RangeDrop {
        /// Percent before.
        was: f64,
        /// Percent now.
        now: f64,
    },
    /// Finger-stick values out of target.
    MeterOutOfTarget {
        /// How many.
        out: u32,
        /// Of how many.
        of: u32,
    },
    /// No reading for days.
    NoDataFor {
        /// Whole days.
        days: u32,
    },
    /// Never a reading.
    NoDataEver,
    /// The sensor was active for less than 70 %.
    LittleData {
        /// Percent active.
        percent: f64,
    },
}

impl Reason {
    /// The code, as in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SevereLows { .. } => "severeLows",
            Self::VeryLowTime { .. } => "veryLowTime",
            Self::LowTime { .. } => "lowTime",
            Self::VeryHighTime { .. } => "veryHighTime",
            Self::HighTime { .. } => "highTime",
            Self::BelowTarget { .. } => "belowTarget",
            Self::RangeDrop { .. } => "rangeDrop",
            Self::MeterOutOfTarget { .. } => "meterOutOfTarget",
            Self::NoDataFor { .. } => "noDataFor",
            Self::NoDataEver => "noDataEver",
            Self::LittleData { .. } => "littleData",
        }
    }
}

/// The part of a patient's standing that only a change of their data changes. Stored; time-dependent reasons are added when it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Newest reading, UTC.
    pub last_reading_at: Option<DateTime<Utc>>,
    /// Sensor or meter, of the last 14 days.
    pub kind: Kind,
    /// The five ranges of the last 14 days up to the newest reading; none for a meter or too little data.
    pub ranges: Option<Ranges>,
    /// GMI of the same days, %.
    pub gmi_percent: Option<f64>,
    /// Time in range of the 14 days before, %.
    pub in_range_before: Option<f64>,
    /// The share of the last 14 days that the sensor was active, %; none for a meter.
    #[serde(default)]
    pub active_percent: Option<f64>,
    /// Time in range of the 14 days that ended [`QUARTER_DAYS`] before the newest reading's, %.
    #[serde(default)]
    pub in_range_quarter_before: Option<f64>,
    /// Reasons found in the data, weightiest first.
    pub reasons: Vec<Reason>,
}

impl Standing {
    /// Of somebody without readings.
    pub const fn nothing() -> Self {
        Self {
            last_reading_at: None,
            kind: Kind::Meter,
            ranges: None,
            gmi_percent: None,
            in_range_before: None,
            active_percent: None,
            in_range_quarter_before: None,
            reasons: Vec::new(),
        }
    }
}

/// How urgent a patient is; sorts the work list, greatest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// Nothing to do.
    Steady,
    /// To be looked at.
    Watch,
    /// To be looked at soon.
    Soon,
    /// To be looked at first.
    Urgent,
}

/// What a patient's data says, from the samples of the 28 local days up to the newest reading, and of 14 days [`QUARTER_DAYS`]
/// before (others are ignored, any order).
///
/// A time-based figure needs a day's worth of sensor values, a comparison three on each side; a severe low counts always,
/// from whichever device.
pub fn standing(samples: &[Sample], zone: Tz, goals: impl Into<Goals>) -> Standing {
    let goals = goals.into();
    let last_reading_at = samples.iter().map(|s| s.at).max();
    let Some(newest) = last_reading_at else {
        return Standing::nothing();
    };
    let window = Period::ending(local_date(newest, zone), WINDOW_DAYS);
    let before = Period::ending(window.from.pred_opt().unwrap_or(window.from), WINDOW_DAYS);
    let (sensor, meter) = Series::both(samples, window, zone);
    let mut reasons: Vec<Reason> = severe_lows(&sensor, &meter, goals).into_iter().collect();
    let earlier = Series::select(samples, before, zone);
    let series = Series::choose(sensor, meter);
    if series.kind == Kind::Meter {
        reasons.extend(meter_out_of_target(&series, goals));
    }

    let thresholds = Thresholds::of(goals);
    let shares = |series: &Series| {
        let by_time = series.kind == Kind::Sensor && series.covered_ms() >= DAY_MS;
        by_time.then(|| Ranges::of(series.glucose(), &thresholds)).flatten()
    };
    let (ranges, was) = (shares(&series), shares(&earlier));
    let quarter = window.to.checked_sub_days(chrono::Days::new(QUARTER_DAYS.into()));
    let quarter = quarter.map(|day| Series::select(samples, Period::ending(day, WINDOW_DAYS), zone));
    if let Some(ranges) = &ranges {
        reasons.extend(out_of_target(ranges, &Targets::of(goals)));
        if let Some(was) = &was
            && was.in_range - ranges.in_range > DROP_POINTS
            && series.covered_ms().min(earlier.covered_ms()) >= COMPARED_MS
        {
            reasons.push(Reason::RangeDrop { was: was.in_range, now: ranges.in_range });
        }
    }
    let mut active_percent = None;
    if series.kind == Kind::Sensor {
        // Whoever has just begun is not late: time before the first reading does not count.
        let since = if earlier.points.is_empty() { series.points.first() } else { None };
        let percent = sufficiency::active_percent(&series, since.map(|p| p.at_ms), window, zone);
        if percent < sufficiency::LEAST_ACTIVE_PERCENT {
            reasons.push(Reason::LittleData { percent });
        }
        active_percent = Some(percent);
    }
    sort(&mut reasons);
    let enough = sufficiency::judge(&series, window, zone).enough;
    let mean = variability::mean(&series.values());
    Standing {
        last_reading_at,
        kind: series.kind,
        ranges,
        gmi_percent: mean.filter(|_| enough).map(gmi::percent),
        in_range_before: was.map(|r| r.in_range),
        active_percent,
        in_range_quarter_before: quarter.as_ref().and_then(shares).map(|r| r.in_range),
        reasons,
    }
}

/// All reasons at an instant, weightiest first: what the data said, until it is [`STALE_DAYS`] old, and silence.
pub fn reasons_at(standing: &Standing, now: DateTime<Utc>) -> Vec<Reason> {
    let Some(last) = standing.last_reading_at else { return vec![Reason::NoDataEver] };
    let days = (now - last).num_days();
    let mut reasons = if days < STALE_DAYS { standing.reasons.clone() } else { Vec::new() };
    if days >= SILENT_DAYS {
        reasons.push(Reason::NoDataFor { days: u32::try_from(days).unwrap_or(u32::MAX) });
    }
    sort(&mut reasons);
    reasons
}

/// The priority that reasons add up to: that of the gravest.
pub fn priority(reasons: &[Reason]) -> Priority {
    reasons.iter().map(Reason::priority).max().unwrap_or(Priority::Steady)
}

/// The place in the work list; the greatest comes first. Equal needs are equal: the list breaks ties by id.
///
/// Priority decides first, then the gravest reason and its size, then the next one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    priority: Priority,
    weights: Vec<u32>,
}

/// The need of somebody with these reasons, in any order.
pub fn need(reasons: &[Reason]) -> Need {
    let mut weights: Vec<u32> = reasons.iter().map(Reason::weight).collect();
    weights.sort_unstable_by_key(|w| Reverse(*w));
    Need { priority: priority(reasons), weights }
}

fn sort(reasons: &mut [Reason]) {
    reasons.sort_by_key(|reason| (Reverse(reason.priority()), Reverse(reason.weight()), reason.code()));
}

impl Reason {
    /// How urgent it is by itself.
    pub fn priority(&self) -> Priority {
        match self {
            Self::SevereLows { .. } | Self::VeryLowTime { .. } => Priority::Urgent,
            Self::LowTime { .. } | Self::VeryHighTime { .. } | Self::RangeDrop { .. } => Priority::Soon,
            Self::MeterOutOfTarget { out, of } if percent_of(*out, *of) > METER_OUT_PERCENT.1 && *of >= LEAST_METER => {
                Priority::Soon
            }
            Self::HighTime { .. }
            | Self::BelowTarget { .. }
            | Self::MeterOutOfTarget { .. }
            | Self::NoDataFor { .. }
            | Self::NoDataEver
            | Self::LittleData { .. } => Priority::Watch,
        }
    }

    /// The kind of reason in the hundred-thousands, its size below: a whole number, so that the order is total.
    fn weight(&self) -> u32 {
        let (kind, size) = match *self {
            Self::SevereLows { count, nights } => (11, f64::from(count) + f64::from(nights)),
            Self::VeryLowTime { percent } => (10, percent),
            Self::LowTime { percent } => (9, percent),
            Self::VeryHighTime { percent } => (8, percent),
            Self::RangeDrop { was, now } => (7, was - now),
            Self::MeterOutOfTarget { out, of } => (6, percent_of(out, of)),
            Self::BelowTarget { percent } => (5, 100.0 - percent),
            Self::HighTime { percent } => (4, percent),
            Self::NoDataFor { days } => (3, f64::from(days)),
            Self::LittleData { percent } => (2, 100.0 - percent),
            Self::NoDataEver => (1, 0.0),
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=99999; NaN becomes 0"
        )]
        let size = (size * 100.0).clamp(0.0, 99_999.0) as u32;
        kind * 100_000 + size
    }
}

/// The sensor's episodes below 54 mg/dL and the meter's values below it that no episode explains.
fn severe_lows(sensor: &Series, meter: &Series, goals: Goals) -> Option<Reason> {
    let episodes: Vec<_> = episode::episodes(sensor, &Thresholds::of(goals))
        .into_iter()
        .filter(|e| e.level == EpisodeLevel::VeryLow)
        .collect();
    let seen = |at: DateTime<Utc>| episodes.iter().any(|e| e.from - SAME_LOW <= at && at <= e.to + SAME_LOW);
    let by_meter = meter.points.iter().filter(|p| VERY_LOW.is_above(p.glucose) && !seen(p.at()));
    let begins = episodes.iter().filter_map(|e| sensor.first_from(e.from.timestamp_millis()));
    let (mut count, mut nights) = (0, 0);
    for point in begins.chain(by_meter) {
        count += 1;
        nights += u32::from(point.night().is_some());
    }
    (count > 0).then_some(Reason::SevereLows { count, nights })
}

fn out_of_target(ranges: &Ranges, targets: &Targets) -> impl Iterator<Item = Reason> {
    let over = |percent: f64, target: Option<f64>| target.is_some_and(|target| percent > target);
    let short = |percent: f64, target: Option<f64>| target.is_some_and(|target| percent < target);
    [
        over(ranges.very_low, targets.very_low_below).then_some(Reason::VeryLowTime { percent: ranges.very_low }),
        over(ranges.below(), targets.low_below).then(|| Reason::LowTime { percent: ranges.below() }),
        over(ranges.very_high, targets.very_high_below).then_some(Reason::VeryHighTime { percent: ranges.very_high }),
        over(ranges.above(), targets.high_below).then(|| Reason::HighTime { percent: ranges.above() }),
        short(ranges.in_range, targets.in_range_above).then_some(Reason::BelowTarget { percent: ranges.in_range }),
    ]
    .into_iter()
    .flatten()
}

/// Finger-sticks: too great a share out of target, or two below 70 mg/dL.
fn meter_out_of_target(meter: &Series, goals: Goals) -> Option<Reason> {
    let of = u32::try_from(meter.points.len()).unwrap_or(u32::MAX);
    let out = meter.points.iter().filter(|p| !MeterTarget::of(goals, p.state).is_met(p.glucose)).count();
    let out = u32::try_from(out).unwrap_or(u32::MAX);
    let lows = meter.points.iter().filter(|p| LOW.is_above(p.glucose)).count();
    let many = of >= LEAST_METER && percent_of(out, of) > METER_OUT_PERCENT.0;
    (many || lows >= METER_LOWS).then_some(Reason::MeterOutOfTarget { out, of })
}
