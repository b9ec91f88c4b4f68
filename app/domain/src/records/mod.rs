//! Health records: reports of laboratories, medicines, doses, weight and blood pressure. One kind of thing with five shapes, so
//! that a time line, an app's sync and an export have one list.

mod file;
mod form;
mod labs;
mod port;
mod raw;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{clock::Moment, glucose::choice, ids::RecordId, metrics::gmi};

pub use file::{FileInfo, MAX_FILE, MAX_FILE_MIB, MediaType};
pub use form::{TypedRecord, When, form};
pub use labs::{LabTest, LabUnit, LabValue, RawLabValue};
pub use port::{RecordFile, RecordQuery, RecordSummary, Records};
pub use raw::RawRecord;

choice! {
    /// What a record is.
    RecordType {
        /// Values of a laboratory, with a file perhaps.
        LabReport = "LAB_REPORT",
        /// A medicine that is or was taken.
        Medicine = "MEDICINE",
        /// One dose of a medicine, taken.
        Dose = "DOSE",
        /// Body weight.
        Weight = "WEIGHT",
        /// Blood pressure.
        BloodPressure = "BLOOD_PRESSURE",
    }
}

choice! {
    /// What kind of medicine.
    MedicineKind {
        /// Tablets and capsules.
        Tablet = "TABLET",
        /// Insulin for meals and corrections.
        RapidInsulin = "INSULIN_RAPID",
        /// Long-acting insulin.
        BasalInsulin = "INSULIN_BASAL",
        /// Both in one.
        MixedInsulin = "INSULIN_MIXED",
        /// Anything else.
        Other = "OTHER",
    }
}

impl MedicineKind {
    /// Whether it is insulin: dosed in units, and in nothing else.
    pub fn is_insulin(self) -> bool {
        matches!(self, Self::RapidInsulin | Self::BasalInsulin | Self::MixedInsulin)
    }
}

choice! {
    /// In what a dose is counted.
    DoseUnit {
        /// Milligrams.
        Mg = "mg",
        /// Micrograms.
        Mcg = "mcg",
        /// Millilitres.
        Ml = "mL",
        /// Tablets.
        Tablet = "tablet",
        /// Units of insulin.
        Unit = "U",
    }
}

impl DoseUnit {
    /// Least and greatest dose that is taken.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Mg => (0.01, 5_000.0),
            Self::Mcg => (0.1, 5_000.0),
            Self::Ml => (0.01, 200.0),
            Self::Tablet => (0.25, 20.0),
            Self::Unit => (0.1, 300.0),
        }
    }
}

/// What a laboratory reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabReport {
    /// Which laboratory.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub laboratory: Option<String>,
    /// Its values, each test once.
    pub values: Vec<LabValue>,
}

/// A medicine that is or was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Medicine {
    /// As on its package.
    pub name: String,
    /// What it is.
    pub kind: MedicineKind,
    /// How much at a time, in `unit`.
    pub amount: f64,
    /// In what it is counted.
    pub unit: DoseUnit,
    /// How often a day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times_a_day: Option<u8>,
    /// When and how, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub instructions: Option<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<NaiveDate>,
}

impl Medicine {
    /// Whether it is taken on a day.
    pub fn in_use(&self, on: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= on) && self.until.is_none_or(|until| on <= until)
    }
}

/// A dose that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dose {
    /// Of which medicine, a record of the same patient.
    pub medicine_id: RecordId,
    /// What that medicine was called then: it may be changed or deleted later.
    pub name: String,
    /// What that medicine was then.
    pub kind: MedicineKind,
    /// How much, in `unit`.
    pub amount: f64,
    /// In what it is counted.
    pub unit: DoseUnit,
}

/// Body weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weight {
    /// Kilograms.
    pub weight_kg: f64,
}

/// Blood pressure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BloodPressure {
    /// mmHg.
    pub systolic: u16,
    /// mmHg.
    pub diastolic: u16,
    /// Beats a minute.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pulse: Option<u16>,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Body {
    /// See [`LabReport`].
    #[serde(rename = "LAB_REPORT")]
    LabReport(LabReport),
    /// See [`Medicine`].
    #[serde(rename = "MEDICINE")]
    Medicine(Medicine),
    /// See [`Dose`].
    #[serde(rename = "DOSE")]
    Dose(Dose),
    /// See [`Weight`].
    #[serde(rename = "WEIGHT")]
    Weight(Weight),
    /// See [`BloodPressure`].
    #[serde(rename = "BLOOD_PRESSURE")]
    BloodPressure(BloodPressure),
}

impl Body {
    /// What it is.
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::LabReport(_) => RecordType::LabReport,
            Self::Medicine(_) => RecordType::Medicine,
            Self::Dose(_) => RecordType::Dose,
            Self::Weight(_) => RecordType::Weight,
            Self::BloodPressure(_) => RecordType::BloodPressure,
        }
    }
}

/// A stored record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The id that the client made, if it made one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    /// When: the sample was taken, the dose was taken, the medicine was begun or noted. UTC.
    pub recorded_at: DateTime<Utc>,
    /// What it says.
    #[serde(flatten)]
    pub body: Body,
    /// Free text, at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notes: Option<String>,
    /// Its file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<FileInfo>,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// A record that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecord {
    /// The id that the client made: the same one twice is the same record.
    pub client_id: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// What it says.
    pub body: Body,
    /// Free text.
    pub notes: Option<String>,
}

/// A record as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownRecord {
    /// When, on the patient's wall.
    pub at: Moment,
    /// The record.
    pub record: Record,
}

/// The newest value of a test beside the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabTrend {
    /// The newest.
    pub value: LabValue,
    /// When its sample was taken.
    pub at: Moment,
    /// The one before, with the time of its sample.
    pub before: Option<(LabValue, Moment)>,
}

impl LabTrend {
    /// By how much it changed, in the unit of the newest value.
    pub fn change(&self) -> Option<f64> {
        let (before, _) = self.before.as_ref()?;
        Some(self.value.value - before.in_unit(self.value.unit)?)
    }
}

/// The newest value of every test of a list of records, newest first, in the order of [`LabTest::ALL`].
pub fn trends(records: &[ShownRecord]) -> Vec<LabTrend> {
    let values = |test: LabTest| {
        records.iter().filter_map(move |shown| match &shown.record.body {
            Body::LabReport(report) => report.values.iter().find(|v| v.test == test).map(|value| (*value, shown.at)),
            _ => None,
        })
    };
    LabTest::ALL
        .iter()
        .filter_map(|&test| {
            let mut values = values(test);
            let (value, at) = values.next()?;
            Some(LabTrend { value, at, before: values.next() })
        })
        .collect()
}

/// How old an HbA1c may be at the end of a report to stand beside its GMI: red cells live about 120 days, and the value is of the
/// two to three months before.
pub const HBA1C_DAYS: i64 = 100;

/// A laboratory's HbA1c beside the GMI of a report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hba1c {
    /// As received.
    pub value: LabValue,
    /// In per cent (NGSP).
    pub percent: f64,
    /// When the sample was taken.
    pub at: Moment,
    /// HbA1c less GMI, percentage points; none without a GMI.
    pub gap: Option<f64>,
}

impl Hba1c {
    /// Puts a value beside a GMI.
    pub fn beside(value: LabValue, at: Moment, gmi_percent: Option<f64>) -> Self {
        let percent = value.usual();
        Self { value, percent, at, gap: gmi_percent.map(|gmi| gmi::gap(percent, gmi)) }
    }
}

/// From when on a sample is new enough for a report that ends at an instant.
pub fn hba1c_since(end: DateTime<Utc>) -> DateTime<Utc> {
    end - TimeDelta::days(HBA1C_DAYS)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use uuid::Uuid;

    use super::*;

    fn shown(day: u32, values: Vec<LabValue>) -> ShownRecord {
        let at = NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default().and_hms_opt(6, 0, 0).unwrap_or_default();
        let record = Record {
            id: RecordId(Uuid::from_u128(day.into())),
            client_id: None,
            recorded_at: at.and_utc(),
            body: Body::LabReport(LabReport { laboratory: None, values }),
            notes: None,
            file: None,
            version: 1,
        };
        ShownRecord { at: Moment::new(at.and_utc(), Tz::Asia__Kolkata), record }
    }

    fn hba1c(value: f64, unit: LabUnit) -> LabValue {
        LabValue { test: LabTest::Hba1c, value, unit }
    }

    #[test]
    fn a_trend_compares_the_two_newest_values_in_the_newest_ones_unit() {
        let ldl = LabValue { test: LabTest::Ldl, value: 100.0, unit: LabUnit::MgDl };
        let found = trends(&[
            shown(20, vec![ldl]),
            shown(10, vec![hba1c(7.0, LabUnit::Percent)]),
            shown(5, vec![hba1c(64.0, LabUnit::MmolPerMol)]),
            shown(1, vec![hba1c(9.0, LabUnit::Percent)]),
        ]);
        let tests: Vec<_> = found.iter().map(|trend| trend.value.test).collect();
        assert_eq!(tests, [LabTest::Hba1c, LabTest::Ldl]);
        let changes: Vec<_> = found.iter().map(LabTrend::change).collect();
        assert!(
            changes.first().copied().flatten().is_some_and(|change| (change + 1.00672).abs() < 1e-9),
            "{changes:?}"
        );
        assert_eq!(changes.get(1), Some(&None));
    }

    #[test]
    fn the_gap_is_hba1c_less_gmi_in_percentage_points() {
        let at = Moment::new(DateTime::UNIX_EPOCH, Tz::UTC);
        let beside = Hba1c::beside(hba1c(53.0, LabUnit::MmolPerMol), at, Some(7.4));
        assert!((beside.percent - 7.00044).abs() < 1e-9);
        assert!(beside.gap.is_some_and(|gap| (gap + 0.39956).abs() < 1e-9), "{beside:?}");
        assert_eq!(Hba1c::beside(hba1c(7.0, LabUnit::Percent), at, None).gap, None);
    }

    #[test]
    fn a_medicine_is_in_use_from_its_first_to_its_last_day() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        let medicine = |since, until| Medicine {
            name: "Metformin".into(),
            kind: MedicineKind::Tablet,
            amount: 500.0,
            unit: DoseUnit::Mg,
            times_a_day: Some(2),
            instructions: None,
            since,
            until,
        };
        let today = day(24).unwrap_or_default();
        for (since, until, in_use) in
            [(None, None, true), (day(24), day(24), true), (day(25), None, false), (None, day(23), false)]
        {
            assert_eq!(medicine(since, until).in_use(today), in_use, "{since:?} {until:?}");
        }
    }

    #[test]
    fn a_record_reads_back_from_what_is_sealed() {
        let record = shown(3, vec![hba1c(7.0, LabUnit::Percent)]).record;
        let text = serde_json::to_string(&record).unwrap_or_default();
        assert!(text.contains(r#""type":"LAB_REPORT""#), "{text}");
        assert_eq!(serde_json::from_str::<Record>(&text).ok(), Some(record));
    }
}
