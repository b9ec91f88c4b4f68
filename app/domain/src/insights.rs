//! A week in plain sentences, each with the numbers behind it.

use serde::{Deserialize, Serialize};

use crate::{glucose::MealState, metrics::Period};

/// One sentence's code and evidence; the words are the reader's language's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase")]
pub enum Insight {
    /// In range this week, and the week before if known.
    InRange {
        /// Percent this week.
        percent: f64,
        /// Percent the week before.
        before: Option<f64>,
    },
    /// Mean of meter readings this week, mg/dL, and the week before if known.
    MeterMean {
        /// This week.
        mean_mg_dl: f64,
        /// The week before.
        before: Option<f64>,
    },
    /// After a meal above 180 mg/dL on several days.
    HighAfter {
        /// Which meal.
        state: MealState,
        /// Days on which it was.
        days: u32,
        /// Days with a reading then.
        of: u32,
    },
    /// Below 70 mg/dL on several nights (22:00 to 06:00).
    LowNights {
        /// Nights on which it was.
        nights: u32,
        /// Nights with data.
        of: u32,
    },
    /// Lows in the week.
    Lows {
        /// Episodes or readings below 70 mg/dL.
        count: u32,
    },
    /// No low in the week.
    NoLows,
    /// The day with the most time in range.
    BestDay {
        /// Which day.
        date: chrono::NaiveDate,
        /// Percent in range.
        percent: f64,
    },
    /// The day with the least time in range.
    HardestDay {
        /// Which day.
        date: chrono::NaiveDate,
        /// Percent in range.
        percent: f64,
    },
    /// Nothing was recorded.
    NoReadings,
}

/// The sentences of a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weekly {
    /// The seven local days.
    pub period: Period,
    /// Readings in them.
    pub readings: u32,
    /// The sentences, weightiest first.
    pub insights: Vec<Insight>,
}
