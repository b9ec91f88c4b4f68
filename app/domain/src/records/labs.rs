//! Laboratory values: number and unit as the laboratory printed them, judged in that unit, converted only to be compared.
//!
//! The ranges are wide: between what analysers report and what people survive. They catch slips of the hand and mixed-up units,
//! not illness.

use serde::{Deserialize, Serialize};

use crate::{
    field::{FieldErrors, Problem},
    glucose::{MG_DL_PER_MMOL_L, choice},
};

choice! {
    /// What was measured.
    LabTest {
        /// Glycated haemoglobin.
        Hba1c = "HBA1C",
        /// Glucose in blood, fasting.
        FastingGlucose = "FASTING_GLUCOSE",
        /// Cholesterol, all of it.
        TotalCholesterol = "TOTAL_CHOLESTEROL",
        /// Cholesterol in low-density lipoprotein.
        Ldl = "LDL",
        /// Cholesterol in high-density lipoprotein.
        Hdl = "HDL",
        /// Triglycerides.
        Triglycerides = "TRIGLYCERIDES",
        /// Creatinine in serum.
        Creatinine = "CREATININE",
        /// Glomerular filtration rate, estimated by the laboratory.
        Egfr = "EGFR",
        /// Albumin to creatinine in urine.
        UrineAcr = "URINE_ACR",
    }
}

choice! {
    /// The unit of a laboratory value, as in the API.
    LabUnit {
        /// Per cent (NGSP).
        Percent = "%",
        /// Millimoles per mole (IFCC).
        MmolPerMol = "mmol/mol",
        /// Milligrams per decilitre.
        MgDl = "mg/dL",
        /// Millimoles per litre.
        MmolL = "mmol/L",
        /// Micromoles per litre.
        UmolL = "umol/L",
        /// Millilitres per minute and 1.73 m² of body surface.
        MlMin = "mL/min/1.73m2",
        /// Milligrams per gram.
        MgPerG = "mg/g",
        /// Milligrams per millimole.
        MgPerMmol = "mg/mmol",
    }
}

impl LabUnit {
    /// As people read it.
    pub fn shown(self) -> &'static str {
        match self {
            Self::UmolL => "µmol/L",
            Self::MlMin => "mL/min/1.73 m²",
            other => other.as_str(),
        }
    }
}

/// A unit in which a test is reported, with the least and the greatest value that is taken.
type Range = (LabUnit, f64, f64);

/// mg/dL in one mmol/L of cholesterol (386.65 g/mol).
const CHOLESTEROL: f64 = 38.67;
/// mg/dL in one mmol/L of triglycerides (a mean molar mass of 885.7 g/mol).
const TRIGLYCERIDES: f64 = 88.57;
/// µmol/L in one mg/dL of creatinine (113.12 g/mol).
const CREATININE: f64 = 88.42;
/// mg/g in one mg/mmol of albumin to creatinine: a millimole of creatinine weighs 0.1131 g.
const ACR: f64 = CREATININE / 10.0;

impl LabTest {
    /// The units it is reported in, the usual one in India first.
    pub fn units(self) -> &'static [Range] {
        match self {
            Self::Hba1c => &[(LabUnit::Percent, 3.8, 20.0), (LabUnit::MmolPerMol, 18.0, 195.0)],
            Self::FastingGlucose => &[(LabUnit::MgDl, 20.0, 1000.0), (LabUnit::MmolL, 1.1, 55.5)],
            Self::TotalCholesterol => &[(LabUnit::MgDl, 40.0, 1000.0), (LabUnit::MmolL, 1.0, 25.9)],
            Self::Ldl => &[(LabUnit::MgDl, 10.0, 800.0), (LabUnit::MmolL, 0.25, 20.7)],
            Self::Hdl => &[(LabUnit::MgDl, 5.0, 200.0), (LabUnit::MmolL, 0.13, 5.2)],
            Self::Triglycerides => &[(LabUnit::MgDl, 20.0, 8000.0), (LabUnit::MmolL, 0.2, 90.3)],
            Self::Creatinine => &[(LabUnit::MgDl, 0.1, 25.0), (LabUnit::UmolL, 9.0, 2210.0)],
            Self::Egfr => &[(LabUnit::MlMin, 2.0, 200.0)],
            Self::UrineAcr => &[(LabUnit::MgPerG, 0.1, 30_000.0), (LabUnit::MgPerMmol, 0.01, 3_400.0)],
        }
    }

    /// The usual unit.
    pub fn unit(self) -> LabUnit {
        self.units().first().map_or(LabUnit::Percent, |(unit, ..)| *unit)
    }
}

/// A laboratory value as it was received.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabValue {
    /// What was measured.
    pub test: LabTest,
    /// The number, in `unit`.
    pub value: f64,
    /// The unit as received.
    pub unit: LabUnit,
}

impl LabValue {
    /// Judges a value in a unit. One that is out of range but would do in another unit of the test says which.
    pub fn new(test: LabTest, value: f64, unit: LabUnit) -> Result<Self, Problem> {
        if !value.is_finite() {
            return Err(Problem::NotANumber);
        }
        let fits = |(_, min, max): &&Range| (*min..=*max).contains(&value);
        let Some(range) = test.units().iter().find(|(known, ..)| *known == unit) else {
            return Err(Problem::UnknownChoice);
        };
        if fits(&range) {
            return Ok(Self { test, value, unit });
        }
        match test.units().iter().filter(|(other, ..)| *other != unit).find(fits) {
            Some((other, ..)) => Err(Problem::FitsOtherUnit { unit: other.shown().into() }),
            None => Err(Problem::OutOfRange { min: range.1, max: range.2, unit: unit.shown().into() }),
        }
    }

    /// The value in another unit of its test; exact in the received one, none in a unit the test does not have.
    ///
    /// HbA1c: NGSP = 0.09148 · IFCC + 2.152 (NGSP/IFCC master equation, Hoelzel et al. 2004, Clin Chem 50:166-174; as updated by
    /// ngsp.org).
    pub fn in_unit(self, unit: LabUnit) -> Option<f64> {
        use LabUnit as U;
        if unit == self.unit {
            return Some(self.value);
        }
        if !self.test.units().iter().any(|(known, ..)| *known == unit) {
            return None;
        }
        let by = |factor: f64| match (self.unit, unit) {
            (U::MgDl, U::MmolL) | (U::MgPerG, U::MgPerMmol) | (U::UmolL, U::MgDl) => Some(self.value / factor),
            (U::MmolL, U::MgDl) | (U::MgPerMmol, U::MgPerG) | (U::MgDl, U::UmolL) => Some(self.value * factor),
            _ => None,
        };
        match self.test {
            LabTest::Hba1c => match (self.unit, unit) {
                (U::MmolPerMol, U::Percent) => Some(0.09148 * self.value + 2.152),
                (U::Percent, U::MmolPerMol) => Some((self.value - 2.152) / 0.09148),
                _ => None,
            },
            LabTest::FastingGlucose => by(MG_DL_PER_MMOL_L),
            LabTest::TotalCholesterol | LabTest::Ldl | LabTest::Hdl => by(CHOLESTEROL),
            LabTest::Triglycerides => by(TRIGLYCERIDES),
            LabTest::Creatinine => by(CREATININE),
            LabTest::UrineAcr => by(ACR),
            LabTest::Egfr => None,
        }
    }

    /// The value in the usual unit of its test: what values of different laboratories are compared in.
    pub fn usual(self) -> f64 {
        self.in_unit(self.test.unit()).unwrap_or(self.value)
    }
}

/// A value as a client sends it, before any check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawLabValue {
    /// A [`LabTest`].
    pub test: Option<String>,
    /// See [`LabValue::new`].
    pub value: Option<f64>,
    /// A [`LabUnit`].
    pub unit: Option<String>,
}

impl RawLabValue {
    /// Judges it; `at` is its place in the input, such as `values[0]`.
    fn parse(&self, at: &str, errors: &mut FieldErrors) -> Option<LabValue> {
        let test = self.test.as_deref().ok_or(Problem::Required).and_then(LabTest::parse);
        let test = errors.take(&format!("{at}.test"), test);
        let unit = self.unit.as_deref().ok_or(Problem::Required).and_then(LabUnit::parse);
        let unit = unit.and_then(|unit| match test {
            Some(test) if !test.units().iter().any(|(known, ..)| *known == unit) => Err(Problem::UnknownChoice),
            _ => Ok(unit),
        });
        let unit = errors.take(&format!("{at}.unit"), unit);
        let value = errors.take(&format!("{at}.value"), self.value.ok_or(Problem::Required));
        let value = LabValue::new(test?, value?, unit?);
        errors.take(&format!("{at}.value"), value)
    }
}

/// Reads the values of a report: each test at most once.
pub(super) fn parse_values(raw: &[RawLabValue], errors: &mut FieldErrors) -> Vec<LabValue> {
    let mut values: Vec<LabValue> = Vec::new();
    if raw.len() > LabTest::ALL.len() {
        errors.push("values", Problem::ItemCount { min: 0, max: u32::try_from(LabTest::ALL.len()).unwrap_or(0) });
        return values;
    }
    for (index, raw) in raw.iter().enumerate() {
        let at = format!("values[{index}]");
        let Some(value) = raw.parse(&at, errors) else { continue };
        if values.iter().any(|known| known.test == value.test) {
            errors.push(format!("{at}.test"), Problem::Exists);
        } else {
            values.push(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(test: LabTest, value: f64, unit: LabUnit) -> LabValue {
        LabValue { test, value, unit }
    }

    #[test]
    fn conversions_follow_the_published_factors() {
        use LabUnit as U;
        for (from, to, expected) in [
            (value(LabTest::Hba1c, 53.0, U::MmolPerMol), U::Percent, 7.000),
            (value(LabTest::Hba1c, 6.5, U::Percent), U::MmolPerMol, 47.5295),
            (value(LabTest::FastingGlucose, 7.0, U::MmolL), U::MgDl, 126.109),
            (value(LabTest::TotalCholesterol, 200.0, U::MgDl), U::MmolL, 5.172),
            (value(LabTest::Ldl, 2.6, U::MmolL), U::MgDl, 100.542),
            (value(LabTest::Hdl, 1.0, U::MmolL), U::MgDl, 38.67),
            (value(LabTest::Triglycerides, 150.0, U::MgDl), U::MmolL, 1.694),
            (value(LabTest::Creatinine, 1.0, U::MgDl), U::UmolL, 88.42),
            (value(LabTest::Creatinine, 115.0, U::UmolL), U::MgDl, 1.301),
            (value(LabTest::UrineAcr, 3.0, U::MgPerMmol), U::MgPerG, 26.526),
        ] {
            let converted = from.in_unit(to).unwrap_or(f64::NAN);
            assert!((converted - expected).abs() < 5e-4, "{from:?} is {converted} {to:?}");
        }
    }

    #[test]
    fn a_value_in_the_wrong_unit_says_which_one_it_fits() {
        for (test, number, unit, other) in [
            (LabTest::Hba1c, 53.0, LabUnit::Percent, "mmol/mol"),
            (LabTest::Hba1c, 7.2, LabUnit::MmolPerMol, "%"),
            (LabTest::FastingGlucose, 126.0, LabUnit::MmolL, "mg/dL"),
            (LabTest::FastingGlucose, 7.0, LabUnit::MgDl, "mmol/L"),
            (LabTest::TotalCholesterol, 5.2, LabUnit::MgDl, "mmol/L"),
            (LabTest::Creatinine, 88.0, LabUnit::MgDl, "µmol/L"),
            (LabTest::Creatinine, 1.1, LabUnit::UmolL, "mg/dL"),
        ] {
            assert_eq!(LabValue::new(test, number, unit), Err(Problem::FitsOtherUnit { unit: other.into() }));
        }
    }

    #[test]
    fn a_value_that_fits_no_unit_hears_the_bounds_of_its_own() {
        let bounds = |min, max, unit: &str| Err(Problem::OutOfRange { min, max, unit: unit.into() });
        assert_eq!(LabValue::new(LabTest::Hba1c, 700.0, LabUnit::Percent), bounds(3.8, 20.0, "%"));
        assert_eq!(LabValue::new(LabTest::Egfr, 0.0, LabUnit::MlMin), bounds(2.0, 200.0, "mL/min/1.73 m²"));
        assert_eq!(LabValue::new(LabTest::Ldl, -1.0, LabUnit::MgDl), bounds(10.0, 800.0, "mg/dL"));
        assert_eq!(LabValue::new(LabTest::Ldl, f64::NAN, LabUnit::MgDl), Err(Problem::NotANumber));
        assert_eq!(LabValue::new(LabTest::Ldl, 100.0, LabUnit::Percent), Err(Problem::UnknownChoice));
    }

    #[test]
    fn every_unit_of_a_test_converts_into_every_other_and_has_a_range_around_the_same_values() {
        for &test in LabTest::ALL {
            for &(unit, min, max) in test.units() {
                assert!(min < max && min > 0.0, "{test:?} {unit:?}");
                for &(other, other_min, other_max) in test.units() {
                    let convert = |number| value(test, number, unit).in_unit(other).unwrap_or(f64::NAN);
                    for (here, there) in [(min, other_min), (max, other_max)] {
                        let ratio = convert(here) / there;
                        assert!((0.85..1.18).contains(&ratio), "{test:?} {unit:?} {other:?}: {here} and {there}");
                    }
                }
            }
        }
    }

    #[test]
    fn each_wrong_value_of_a_report_is_named_by_its_place() {
        let raw =
            |test: &str, value, unit: &str| RawLabValue { test: Some(test.into()), value, unit: Some(unit.into()) };
        let mut errors = FieldErrors::default();
        let values = parse_values(
            &[
                raw("HBA1C", Some(7.2), "%"),
                raw("HBA1C", Some(7.3), "%"),
                raw("LDL", None, "mg/dL"),
                raw("HDL", Some(45.0), "%"),
                raw("SUGAR", Some(1.0), "mg/dL"),
                RawLabValue::default(),
            ],
            &mut errors,
        );
        assert_eq!(values, [value(LabTest::Hba1c, 7.2, LabUnit::Percent)]);
        let named: Vec<_> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            named,
            [
                "values[1].test",
                "values[2].value",
                "values[3].unit",
                "values[4].test",
                "values[5].test",
                "values[5].unit",
                "values[5].value"
            ]
        );
    }
}
