//! Who needs attention first, and why: the order of a doctor's work list.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::metrics::{Kind, Ranges};

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
    /// Reasons found in the data, weightiest first.
    pub reasons: Vec<Reason>,
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
