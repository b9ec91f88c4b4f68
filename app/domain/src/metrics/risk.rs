//! Risk indices.
//!
//! - LBGI and HBGI: Kovatchev et al. 1997, Diabetes Care 20(11):1655-1658, doi:10.2337/diacare.20.11.1655.
//! - Glycemia risk index: Klonoff et al. 2023, J Diabetes Sci Technol 17(5):1226-1242, doi:10.1177/19322968221085273.

use serde::{Deserialize, Serialize};

use super::{Ranges, range};
use crate::glucose::Glucose;

/// Kovatchev's symmetrised glucose, without unit: 0 at 112.5 mg/dL, negative below, positive above.
///
/// Values below 1 mg/dL (which no meter shows and [`Glucose::new`] refuses) count as 1: the logarithm ends there.
pub fn symmetrised(mg_dl: f64) -> f64 {
    1.509 * (mg_dl.max(1.0).ln().powf(1.084) - 5.381)
}

/// Low and high blood glucose index of values in mg/dL: the mean over **all** values of 10 f² of those on that side.
/// None without a value.
pub fn lbgi_hbgi(mg_dl: &[f64]) -> Option<(f64, f64)> {
    if mg_dl.is_empty() {
        return None;
    }
    let (mut low, mut high) = (0.0, 0.0);
    for value in mg_dl {
        let f = symmetrised(*value);
        *(if f < 0.0 { &mut low } else { &mut high }) += 10.0 * f * f;
    }
    let n = mg_dl.len() as f64;
    Some((low / n, high / n))
}

/// The risk that an LBGI stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LowRisk {
    /// At most 1.1.
    Minimal,
    /// At most 2.5.
    Low,
    /// At most 5.
    Moderate,
    /// Above 5.
    High,
}

impl LowRisk {
    /// The category of an LBGI.
    pub fn of(lbgi: f64) -> Self {
        match lbgi {
            x if x <= 1.1 => Self::Minimal,
            x if x <= 2.5 => Self::Low,
            x if x <= 5.0 => Self::Moderate,
            _ => Self::High,
        }
    }
}

/// The risk that an HBGI stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HighRisk {
    /// At most 4.5.
    Low,
    /// At most 9.
    Moderate,
    /// Above 9.
    High,
}

impl HighRisk {
    /// The category of an HBGI.
    pub fn of(hbgi: f64) -> Self {
        match hbgi {
            x if x <= 4.5 => Self::Low,
            x if x <= 9.0 => Self::Moderate,
            _ => Self::High,
        }
    }
}

/// The zone of a glycemia risk index: A is the least risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// At most 20.
    A,
    /// At most 40.
    B,
    /// At most 60.
    C,
    /// At most 80.
    D,
    /// Above 80.
    E,
}

impl Zone {
    /// The index that a zone ends at, included; the last goes on to 100.
    pub fn ends_at(self) -> Option<f64> {
        match self {
            Self::A => Some(20.0),
            Self::B => Some(40.0),
            Self::C => Some(60.0),
            Self::D => Some(80.0),
            Self::E => None,
        }
    }
}

/// Glycemia risk index with its two components.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gri {
    /// The index, 0 to 100.
    pub index: f64,
    /// Very low + 0.8 x low, percentage points.
    pub hypo: f64,
    /// Very high + 0.5 x high, percentage points.
    pub hyper: f64,
}

impl Gri {
    /// What a percentage point of the component of lows adds to the index.
    pub const HYPO_WEIGHT: f64 = 3.0;
    /// What a percentage point of the component of highs adds to the index.
    pub const HYPER_WEIGHT: f64 = 1.6;

    /// From the share of each (exclusive) band: 3.0 very low + 2.4 low + 1.6 very high + 0.8 high, at most 100.
    ///
    /// The bands must be the index's own, 54, 70, 180 and 250 mg/dL: see [`Gri::of_values`].
    pub fn of(ranges: &Ranges) -> Self {
        let hypo = ranges.very_low + 0.8 * ranges.low;
        let hyper = ranges.very_high + 0.5 * ranges.high;
        Self { index: (Self::HYPO_WEIGHT * hypo + Self::HYPER_WEIGHT * hyper).min(100.0), hypo, hyper }
    }

    /// From values: judged by the index's own bands whatever the patient's preset, for it was fitted on those. None without a value.
    pub fn of_values(values: impl Iterator<Item = Glucose>) -> Option<Self> {
        Ranges::of(values, &range::Thresholds::of(crate::people::Preset::Adult)).as_ref().map(Self::of)
    }

    /// The zone, decided on the unrounded index.
    pub fn zone(&self) -> Zone {
        let holds = |zone: &Zone| zone.ends_at().is_some_and(|end| self.index <= end);
        [Zone::A, Zone::B, Zone::C, Zone::D].into_iter().find(holds).unwrap_or(Zone::E)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Value, f, 10 f².
    const TABLE: [(f64, f64, f64); 14] = [
        (20.0, -3.16293, 100.0415),
        (40.0, -1.90834, 36.4175),
        (54.0, -1.35873, 18.4614),
        (70.0, -0.88064, 7.7552),
        (100.0, -0.21956, 0.4821),
        (120.0, 0.12005, 0.1441),
        (140.0, 0.40804, 1.6650),
        (150.0, 0.53718, 2.8857),
        (180.0, 0.87917, 7.7293),
        (200.0, 1.07725, 11.6047),
        (250.0, 1.49787, 22.4362),
        (300.0, 1.84261, 33.9520),
        (400.0, 2.38843, 57.0461),
        (600.0, 3.16146, 99.9481),
    ];

    #[test]
    fn the_risk_of_a_value_follows_the_table() {
        for (value, f, risk) in TABLE {
            assert!((symmetrised(value) - f).abs() < 5e-6, "{value}: {}", symmetrised(value));
            let (low, high) = lbgi_hbgi(&[value]).unwrap();
            assert!((low + high - risk).abs() < 5e-5, "{value}: {low} {high}");
            assert_eq!(low > 0.0, value < 112.5, "a value carries risk on one side only");
        }
    }

    #[test]
    fn the_logarithm_is_taken_of_mg_dl_and_the_power_of_the_logarithm() {
        // A known implementation takes both of mmol/L, and so finds 7.9 at 54, 10.1 at 250 and NaN below 18 mg/dL.
        assert!((lbgi_hbgi(&[54.0]).unwrap().0 - 18.4614).abs() < 5e-5);
        assert!((lbgi_hbgi(&[250.0]).unwrap().1 - 22.4362).abs() < 5e-5);
        for value in [10.0, 17.9, 1.0, 0.5, 0.0] {
            let (low, high) = lbgi_hbgi(&[value]).unwrap();
            assert!(low.is_finite() && low > 100.0 && high == 0.0, "{value}: {low}");
        }
    }

    #[test]
    fn the_mean_is_over_all_values_not_over_those_on_one_side() {
        let (low, high) = lbgi_hbgi(&[54.0, 250.0]).unwrap();
        assert!((low - 18.4614 / 2.0).abs() < 5e-5 && (high - 22.4362 / 2.0).abs() < 5e-5);
        assert_eq!(lbgi_hbgi(&[]), None);
    }

    #[test]
    fn categories_include_their_upper_end() {
        assert_eq!([1.1, 1.11, 2.5, 5.0, 5.01].map(LowRisk::of), {
            use LowRisk::{High, Low, Minimal, Moderate};
            [Minimal, Low, Low, Moderate, High]
        });
        assert_eq!([4.5, 4.51, 9.0, 9.01].map(HighRisk::of), {
            use HighRisk::{High, Low, Moderate};
            [Low, Moderate, Moderate, High]
        });
    }

    fn gri(very_low: f64, low: f64, high: f64, very_high: f64) -> Gri {
        Gri::of(&Ranges { very_low, low, in_range: 100.0 - very_low - low - high - very_high, high, very_high })
    }

    #[test]
    fn the_index_weighs_each_band_and_ends_at_100() {
        assert!(gri(0.0, 0.0, 0.0, 0.0).index.abs() < 1e-12);
        for (gri, index) in [
            (gri(1.0, 0.0, 0.0, 0.0), 3.0),
            (gri(0.0, 1.0, 0.0, 0.0), 2.4),
            (gri(0.0, 0.0, 0.0, 1.0), 1.6),
            (gri(0.0, 0.0, 1.0, 0.0), 0.8),
            (gri(40.0, 0.0, 0.0, 0.0), 100.0),
        ] {
            assert!((gri.index - index).abs() < 1e-12, "{gri:?}");
        }
    }

    #[test]
    fn zones_are_decided_on_the_unrounded_index() {
        let zone = |index| Gri { index, hypo: 0.0, hyper: 0.0 }.zone();
        assert_eq!([20.0, 20.4, 40.0, 40.1, 60.0, 80.0, 80.1].map(zone), {
            use Zone::{A, B, C, D, E};
            [A, B, B, C, C, D, E]
        });
    }
}
