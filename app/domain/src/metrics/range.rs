//! The five ranges and the targets of each preset (Battelino et al. 2019, Diabetes Care 42(8):1593-1603).

use serde::{Deserialize, Serialize};

use crate::{
    glucose::{Glucose, Unit, round_shown},
    people::Preset,
};

/// A limit in both units as the consensus prints it: a value is compared in the unit it came in, never converted first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// mg/dL.
    pub mg_dl: f64,
    /// mmol/L.
    pub mmol_l: f64,
}

impl Limit {
    const fn new(mg_dl: f64, mmol_l: f64) -> Self {
        Self { mg_dl, mmol_l }
    }

    /// The limit in a unit.
    pub fn in_unit(self, unit: Unit) -> f64 {
        match unit {
            Unit::MgDl => self.mg_dl,
            Unit::MmolL => self.mmol_l,
        }
    }

    fn order(self, value: Glucose) -> std::cmp::Ordering {
        round_shown(value.value(), value.unit()).total_cmp(&self.in_unit(value.unit()))
    }

    /// Whether the value, as shown, is below the limit.
    pub fn is_above(self, value: Glucose) -> bool {
        self.order(value).is_lt()
    }

    /// Whether the value, as shown, is above the limit.
    pub fn is_below(self, value: Glucose) -> bool {
        self.order(value).is_gt()
    }
}

/// 54 mg/dL: below it is level 2 hypoglycaemia.
pub const VERY_LOW: Limit = Limit::new(54.0, 3.0);
/// 70 mg/dL: below it is level 1 hypoglycaemia.
pub const LOW: Limit = Limit::new(70.0, 3.9);
/// 140 mg/dL: upper end of the tight range, and of the range in pregnancy.
pub const TIGHT_HIGH: Limit = Limit::new(140.0, 7.8);
/// 180 mg/dL: upper end of the range.
pub const HIGH: Limit = Limit::new(180.0, 10.0);
/// 250 mg/dL: above it is level 2 hyperglycaemia.
pub const VERY_HIGH: Limit = Limit::new(250.0, 13.9);
/// 63 mg/dL: lower end of the range in pregnancy.
pub const PREGNANCY_LOW: Limit = Limit::new(63.0, 3.5);

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Band {
    /// Below 54 mg/dL.
    VeryLow,
    /// Below range.
    Low,
    /// In range.
    InRange,
    /// Above range.
    High,
    /// Above 250 mg/dL.
    VeryHigh,
}

/// The limits of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// Below it: very low.
    pub very_low: Limit,
    /// Below it: low.
    pub low: Limit,
    /// Above it: high.
    pub high: Limit,
    /// Above it: very high; none in pregnancy.
    pub very_high: Option<Limit>,
}

impl Thresholds {
    /// The limits of a preset.
    pub fn of(preset: Preset) -> Self {
        match preset {
            Preset::Adult | Preset::OlderHighRisk => {
                Self { very_low: VERY_LOW, low: LOW, high: HIGH, very_high: Some(VERY_HIGH) }
            }
            Preset::PregnancyType1 | Preset::PregnancyType2OrGestational => {
                Self { very_low: VERY_LOW, low: PREGNANCY_LOW, high: TIGHT_HIGH, very_high: None }
            }
        }
    }

    /// Where a value, as it is shown in the unit it came in, lies. 70 and 180 mg/dL are in range, 54 is low, 250 is high.
    pub fn band(&self, value: Glucose) -> Band {
        if self.very_low.is_above(value) {
            Band::VeryLow
        } else if self.low.is_above(value) {
            Band::Low
        } else if self.very_high.is_some_and(|limit| limit.is_below(value)) {
            Band::VeryHigh
        } else if self.high.is_below(value) {
            Band::High
        } else {
            Band::InRange
        }
    }
}
