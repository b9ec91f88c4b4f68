//! The five ranges and the targets of each preset (Battelino et al. 2019, Diabetes Care 42(8):1593-1603,
//! doi:10.2337/dci19-0028).

use serde::{Deserialize, Serialize};

use crate::{
    glucose::{Glucose, MG_DL_PER_MMOL_L, Unit, round_shown},
    metrics::{Ranges, variability::STABLE_CV_PERCENT},
    people::Preset,
    targets::Goals,
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

    /// A limit typed in one unit. In the other it is what the consensus prints, or the same rounded to what is shown.
    pub fn typed(value: f64, unit: Unit) -> Self {
        const PRINTED: [Limit; 6] = [VERY_LOW, PREGNANCY_LOW, LOW, TIGHT_HIGH, HIGH, VERY_HIGH];
        let shown = round_shown(value, unit);
        let same = |limit: &&Limit| limit.in_unit(unit).total_cmp(&shown).is_eq();
        PRINTED.iter().find(same).copied().unwrap_or_else(|| match unit {
            Unit::MgDl => Self { mg_dl: shown, mmol_l: round_shown(shown / MG_DL_PER_MMOL_L, Unit::MmolL) },
            Unit::MmolL => Self { mg_dl: round_shown(shown * MG_DL_PER_MMOL_L, Unit::MgDl), mmol_l: shown },
        })
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

/// The limits that a patient is judged by.
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
    /// The limits of a preset, or of a doctor's own numbers.
    pub fn of(goals: impl Into<Goals>) -> Self {
        match goals.into() {
            Goals::Preset(Preset::Adult | Preset::OlderHighRisk) => {
                Self { very_low: VERY_LOW, low: LOW, high: HIGH, very_high: Some(VERY_HIGH) }
            }
            Goals::Preset(Preset::PregnancyType1 | Preset::PregnancyType2OrGestational) => {
                Self { very_low: VERY_LOW, low: PREGNANCY_LOW, high: TIGHT_HIGH, very_high: None }
            }
            Goals::Own(own) => Self { very_low: VERY_LOW, low: own.low, high: own.high, very_high: Some(VERY_HIGH) },
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

impl Ranges {
    /// The share of each band among the values; none without a value.
    pub fn of(values: impl Iterator<Item = Glucose>, thresholds: &Thresholds) -> Option<Self> {
        let mut counts = [0u32; 5];
        for value in values {
            let place = match thresholds.band(value) {
                Band::VeryLow => 0,
                Band::Low => 1,
                Band::InRange => 2,
                Band::High => 3,
                Band::VeryHigh => 4,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        let n = counts.iter().sum::<u32>();
        (n > 0).then(|| Self::from_array(counts.map(|count| percent_of(count, n))))
    }

    /// Very low, low, in range, high, very high.
    pub fn to_array(&self) -> [f64; 5] {
        [self.very_low, self.low, self.in_range, self.high, self.very_high]
    }

    fn from_array([very_low, low, in_range, high, very_high]: [f64; 5]) -> Self {
        Self { very_low, low, in_range, high, very_high }
    }

    /// All time below range, %: very low included, as the consensus counts it.
    pub fn below(&self) -> f64 {
        self.very_low + self.low
    }

    /// All time above range, %: very high included.
    pub fn above(&self) -> f64 {
        self.high + self.very_high
    }

    /// Rounded to digits after the point so that the five still sum to 100: each is rounded down, and what is missing
    /// goes to those that lost most (largest remainder), of equals to the one that matters most to safety.
    #[must_use]
    pub fn rounded(&self, decimals: u8) -> Self {
        /// Very low, low, very high, high, in range.
        const BY_SAFETY: [usize; 5] = [0, 1, 4, 3, 2];
        let scale = 10f64.powi(i32::from(decimals.min(6)));
        // 1e-6 of the last digit: 28.999999999 is a 29 that binary numbers cannot say.
        let exact = self.to_array().map(|percent| (percent * scale * 1e6).round() / 1e6);
        let mut parts = exact.map(f64::floor);
        let missing = (100.0 * scale - parts.iter().sum::<f64>()).round();
        let mut order = BY_SAFETY;
        let remainder = |i: usize| exact.get(i).map_or(0.0, |x| x - x.floor());
        order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a))); // stable: of equals the first stays first
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 5: five values were rounded down"
        )]
        for place in order.into_iter().take(missing.clamp(0.0, 5.0) as usize) {
            if let Some(part) = parts.get_mut(place) {
                *part += 1.0;
            }
        }
        Self::from_array(parts.map(|part| part / scale))
    }
}

/// The share of values within 70 to 140 mg/dL (3.9 to 7.8 mmol/L), both included, %. There is no consensus target.
pub fn tight_percent(values: impl Iterator<Item = Glucose>) -> Option<f64> {
    let (mut n, mut within) = (0u32, 0u32);
    for value in values {
        n += 1;
        within += u32::from(!LOW.is_above(value) && !TIGHT_HIGH.is_below(value));
    }
    (n > 0).then(|| percent_of(within, n))
}

/// A part of a whole, %; 0 of nothing.
pub(crate) fn percent_of(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * f64::from(part) / f64::from(whole) }
}

/// The targets of a preset, % of readings. "Below" targets are met by less than the number, the in-range target by more;
/// none where the consensus gives none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Targets {
    /// Less than this below 54 mg/dL.
    pub very_low_below: Option<f64>,
    /// Less than this below range, very low included.
    pub low_below: Option<f64>,
    /// More than this in range.
    pub in_range_above: Option<f64>,
    /// Less than this above range, very high included.
    pub high_below: Option<f64>,
    /// Less than this above 250 mg/dL.
    pub very_high_below: Option<f64>,
    /// Coefficient of variation at most this.
    pub cv_at_most: f64,
}

/// Which targets are met; none where there is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Met {
    /// Below 54 mg/dL.
    pub very_low: Option<bool>,
    /// Below range, very low included.
    pub low: Option<bool>,
    /// In range.
    pub in_range: Option<bool>,
    /// Above range, very high included.
    pub high: Option<bool>,
    /// Above 250 mg/dL.
    pub very_high: Option<bool>,
}

impl Targets {
    /// The targets of a preset, or a doctor's own. Older people have no target of their own below 54 mg/dL: less than 1 % below 70 covers it.
    /// Pregnancy with type 2 or gestational diabetes has a range but no percentages.
    pub fn of(goals: impl Into<Goals>) -> Self {
        let targets = |very_low, low, in_range, high, very_high| Self {
            very_low_below: very_low,
            low_below: low,
            in_range_above: in_range,
            high_below: high,
            very_high_below: very_high,
            cv_at_most: STABLE_CV_PERCENT,
        };
        let preset = match goals.into() {
            Goals::Preset(preset) => preset,
            Goals::Own(own) => {
                return targets(
                    own.very_low_below,
                    own.low_below,
                    own.in_range_above,
                    own.high_below,
                    own.very_high_below,
                );
            }
        };
        match preset {
            Preset::Adult => targets(Some(1.0), Some(4.0), Some(70.0), Some(25.0), Some(5.0)),
            Preset::OlderHighRisk => targets(None, Some(1.0), Some(50.0), Some(50.0), Some(10.0)),
            Preset::PregnancyType1 => targets(Some(1.0), Some(4.0), Some(70.0), Some(25.0), None),
            Preset::PregnancyType2OrGestational => targets(None, None, None, None, None),
        }
    }

    /// Judges unrounded shares.
    pub fn met(&self, ranges: &Ranges) -> Met {
        let below = |target: Option<f64>, percent: f64| target.map(|target| percent < target);
        Met {
            very_low: below(self.very_low_below, ranges.very_low),
            low: below(self.low_below, ranges.below()),
            in_range: self.in_range_above.map(|target| ranges.in_range > target),
            high: below(self.high_below, ranges.above()),
            very_high: below(self.very_high_below, ranges.very_high),
        }
    }
}
