//! A record as a client sends it, before any check.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    BloodPressure, Body, Dose, DoseUnit, LabReport, Medicine, MedicineKind, NewRecord, Record, RecordType, Weight,
    labs::{RawLabValue, parse_values},
};
use crate::{
    field::{FieldErrors, Problem},
    glucose::{not_in_future, parse_client_id, parse_instant, parse_notes},
};

/// Most characters of a name and of instructions.
const MAX_NAME: usize = 120;

/// All fields of all types. One that a record's type does not have is refused as an unknown one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RawRecord {
    /// A [`RecordType`].
    pub r#type: Option<String>,
    /// See [`NewRecord::client_id`].
    pub client_id: Option<String>,
    /// RFC 3339. Of a medicine it may be left out: it was noted now.
    pub recorded_at: Option<String>,
    /// At most 500 characters.
    pub notes: Option<String>,
    /// Which laboratory.
    pub laboratory: Option<String>,
    /// Its values.
    pub values: Option<Vec<RawLabValue>>,
    /// A medicine's name.
    pub name: Option<String>,
    /// A [`MedicineKind`].
    pub kind: Option<String>,
    /// How much at a time.
    pub amount: Option<f64>,
    /// A [`DoseUnit`].
    pub unit: Option<String>,
    /// 1 to 8.
    pub times_a_day: Option<f64>,
    /// When and how, in words.
    pub instructions: Option<String>,
    /// First day.
    pub since: Option<String>,
    /// Last day.
    pub until: Option<String>,
    /// Of which medicine a dose is.
    pub medicine_id: Option<String>,
    /// Kilograms.
    pub weight_kg: Option<f64>,
    /// mmHg.
    pub systolic: Option<f64>,
    /// mmHg.
    pub diastolic: Option<f64>,
    /// Beats a minute.
    pub pulse: Option<f64>,
}

impl RawRecord {
    /// A stored record as a client would send it: a change replaces some of it.
    pub fn of(record: &Record) -> Self {
        let mut raw = Self {
            r#type: Some(record.body.record_type().as_str().to_owned()),
            recorded_at: Some(record.recorded_at.to_rfc3339()),
            notes: record.notes.clone(),
            ..Self::default()
        };
        match &record.body {
            Body::LabReport(report) => {
                let value = |v: &super::LabValue| RawLabValue {
                    test: Some(v.test.as_str().to_owned()),
                    value: Some(v.value),
                    unit: Some(v.unit.as_str().to_owned()),
                };
                raw.laboratory.clone_from(&report.laboratory);
                raw.values = Some(report.values.iter().map(value).collect());
            }
            Body::Medicine(medicine) => {
                raw.name = Some(medicine.name.clone());
                raw.kind = Some(medicine.kind.as_str().to_owned());
                raw.amount = Some(medicine.amount);
                raw.unit = Some(medicine.unit.as_str().to_owned());
                raw.times_a_day = medicine.times_a_day.map(f64::from);
                raw.instructions.clone_from(&medicine.instructions);
                raw.since = medicine.since.map(|day| day.to_string());
                raw.until = medicine.until.map(|day| day.to_string());
            }
            Body::Dose(dose) => {
                raw.medicine_id = Some(dose.medicine_id.to_string());
                raw.amount = Some(dose.amount);
                raw.unit = Some(dose.unit.as_str().to_owned());
            }
            Body::Weight(weight) => raw.weight_kg = Some(weight.weight_kg),
            Body::BloodPressure(pressure) => {
                raw.systolic = Some(pressure.systolic.into());
                raw.diastolic = Some(pressure.diastolic.into());
                raw.pulse = pressure.pulse.map(f64::from);
            }
        }
        raw
    }

    /// Judges every field and names all that are wrong. Of a dose the service adds what its medicine is called.
    pub fn parse(mut self, now: DateTime<Utc>) -> Result<NewRecord, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kind =
            errors.take("type", self.r#type.take().as_deref().ok_or(Problem::Required).and_then(RecordType::parse));
        let client_id = errors.take("clientId", parse_client_id(self.client_id.take()));
        let notes = errors.take("notes", parse_notes(self.notes.take()));
        let at = self.recorded_at.take();
        let recorded_at = match (at, kind) {
            (None, Some(RecordType::Medicine)) => Some(now),
            (at, _) => errors.take("recordedAt", parse_instant(at.as_deref()).and_then(|at| not_in_future(at, now))),
        };
        let body = kind.and_then(|kind| self.body(kind, &mut errors));
        let record =
            (|| Some(NewRecord { client_id: client_id?, recorded_at: recorded_at?, body: body?, notes: notes? }))();
        errors.into_result(record)
    }

    /// Reads what the type has, and refuses what is left over.
    pub(super) fn body(mut self, kind: RecordType, errors: &mut FieldErrors) -> Option<Body> {
        let body = match kind {
            RecordType::LabReport => self.lab_report(errors).map(Body::LabReport),
            RecordType::Medicine => self.medicine(errors).map(Body::Medicine),
            RecordType::Dose => self.dose(errors).map(Body::Dose),
            RecordType::Weight => self.weight(errors).map(Body::Weight),
            RecordType::BloodPressure => self.blood_pressure(errors).map(Body::BloodPressure),
        };
        for field in self.left_over() {
            errors.push(field, Problem::UnknownField);
        }
        body
    }

    fn left_over(&self) -> impl Iterator<Item = &'static str> {
        [
            ("laboratory", self.laboratory.is_some()),
            ("values", self.values.is_some()),
            ("name", self.name.is_some()),
            ("kind", self.kind.is_some()),
            ("amount", self.amount.is_some()),
            ("unit", self.unit.is_some()),
            ("timesADay", self.times_a_day.is_some()),
            ("instructions", self.instructions.is_some()),
            ("since", self.since.is_some()),
            ("until", self.until.is_some()),
            ("medicineId", self.medicine_id.is_some()),
            ("weightKg", self.weight_kg.is_some()),
            ("systolic", self.systolic.is_some()),
            ("diastolic", self.diastolic.is_some()),
            ("pulse", self.pulse.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_left)| is_left.then_some(name))
    }

    fn lab_report(&mut self, errors: &mut FieldErrors) -> Option<LabReport> {
        let laboratory = errors.take("laboratory", words(self.laboratory.take()));
        let before = errors.0.len();
        let values = parse_values(&self.values.take().unwrap_or_default(), errors);
        // A report of a known laboratory may say nothing but what is in its file.
        if values.is_empty() && laboratory.as_ref().is_some_and(Option::is_none) && errors.0.len() == before {
            errors.push("values", Problem::Required);
        }
        Some(LabReport { laboratory: laboratory?, values })
    }

    fn medicine(&mut self, errors: &mut FieldErrors) -> Option<Medicine> {
        let name = errors.take("name", words(self.name.take()).and_then(|name| name.ok_or(Problem::Required)));
        let kind =
            errors.take("kind", self.kind.take().as_deref().ok_or(Problem::Required).and_then(MedicineKind::parse));
        let dosed = dosed(self.amount.take(), self.unit.take(), kind, errors);
        let times_a_day = errors.take("timesADay", self.times_a_day.take().map(times_a_day).transpose());
        let instructions = errors.take("instructions", words(self.instructions.take()));
        let since = errors.take("since", self.since.take().map(|day| parse_day(&day)).transpose());
        let until = errors.take("until", self.until.take().map(|day| parse_day(&day)).transpose());
        if let (Some(Some(since)), Some(Some(until))) = (since, until)
            && until < since
        {
            errors.push("until", Problem::BeforeStart);
        }
        let (amount, unit) = dosed?;
        Some(Medicine {
            name: name?,
            kind: kind?,
            amount,
            unit,
            times_a_day: times_a_day?,
            instructions: instructions?,
            since: since?,
            until: until?,
        })
    }

    fn dose(&mut self, errors: &mut FieldErrors) -> Option<Dose> {
        let id = self.medicine_id.take().ok_or(Problem::Required);
        let id = errors.take("medicineId", id.and_then(|id| id.parse().map_err(|_| Problem::UnknownChoice)));
        let (amount, unit) = dosed(self.amount.take(), self.unit.take(), None, errors)?;
        Some(Dose { medicine_id: id?, name: String::new(), kind: MedicineKind::Other, amount, unit })
    }

    fn weight(&mut self, errors: &mut FieldErrors) -> Option<Weight> {
        let kg = self.weight_kg.take().ok_or(Problem::Required).and_then(|kg| within(kg, 2.0, 400.0, "kg"));
        errors.take("weightKg", kg).map(|weight_kg| Weight { weight_kg })
    }

    fn blood_pressure(&mut self, errors: &mut FieldErrors) -> Option<BloodPressure> {
        let systolic = errors
            .take("systolic", self.systolic.take().ok_or(Problem::Required).and_then(|v| whole(v, 50, 300, "mmHg")));
        let diastolic = errors
            .take("diastolic", self.diastolic.take().ok_or(Problem::Required).and_then(|v| whole(v, 20, 200, "mmHg")));
        let pulse = errors.take("pulse", self.pulse.take().map(|v| whole(v, 20, 300, "/min")).transpose());
        if let (Some(systolic), Some(diastolic)) = (systolic, diastolic)
            && diastolic >= systolic
        {
            errors.push("diastolic", Problem::NotBelowSystolic);
        }
        Some(BloodPressure { systolic: systolic?, diastolic: diastolic?, pulse: pulse? })
    }
}

/// How much of what: insulin is dosed in units, and units measure nothing else.
pub(super) fn dosed(
    amount: Option<f64>,
    unit: Option<String>,
    kind: Option<MedicineKind>,
    errors: &mut FieldErrors,
) -> Option<(f64, DoseUnit)> {
    let unit = unit.as_deref().ok_or(Problem::Required).and_then(DoseUnit::parse);
    let unit = errors.take("unit", unit.and_then(|unit| fits(unit, kind)));
    let amount = errors.take("amount", amount.ok_or(Problem::Required));
    let (amount, unit) = (amount?, unit?);
    let (min, max) = unit.range();
    errors.take("amount", within(amount, min, max, unit.as_str())).map(|amount| (amount, unit))
}

/// Whether a medicine of a kind is counted in a unit.
fn fits(unit: DoseUnit, kind: Option<MedicineKind>) -> Result<DoseUnit, Problem> {
    match kind {
        Some(kind) if kind.is_insulin() && unit != DoseUnit::Unit => Err(Problem::InsulinInUnits),
        _ => Ok(unit),
    }
}

impl Dose {
    /// Judges a dose by the medicine that it is of, and takes over what that is called.
    pub fn of(mut self, medicine: &Medicine) -> Result<Self, FieldErrors> {
        fits(self.unit, Some(medicine.kind)).map_err(|problem| FieldErrors::one("unit", problem))?;
        self.name.clone_from(&medicine.name);
        self.kind = medicine.kind;
        Ok(self)
    }
}

/// One line of text: trimmed, spaces collapsed; empty is none.
fn words(text: Option<String>) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > MAX_NAME {
        return Err(Problem::TooLong { max: 120 });
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::Malformed);
    }
    Ok((!text.is_empty()).then_some(text))
}

fn within(value: f64, min: f64, max: f64, unit: &str) -> Result<f64, Problem> {
    if !value.is_finite() {
        return Err(Problem::NotANumber);
    }
    if (min..=max).contains(&value) { Ok(value) } else { Err(Problem::OutOfRange { min, max, unit: unit.into() }) }
}

fn whole(value: f64, min: u16, max: u16, unit: &str) -> Result<u16, Problem> {
    let value = within(value, min.into(), max.into(), unit)?;
    if value.fract() != 0.0 {
        return Err(Problem::NotANumber);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number between two u16")]
    Ok(value as u16)
}

fn times_a_day(value: f64) -> Result<u8, Problem> {
    whole(value, 1, 8, "").map(|times| u8::try_from(times).unwrap_or(8))
}

/// `2026-11-24`, in a year that a patient lives in.
pub(super) fn parse_day(text: &str) -> Result<NaiveDate, Problem> {
    use chrono::Datelike;
    let day: NaiveDate = text.trim().parse().map_err(|_| Problem::Time)?;
    if (1900..=2200).contains(&day.year()) { Ok(day) } else { Err(Problem::Time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-24T08:00:00Z";

    fn parse(json: &str) -> Result<NewRecord, Vec<String>> {
        let now = parse_instant(Some(NOW)).unwrap_or_default();
        let raw: RawRecord = serde_json::from_str(json).map_err(|error| vec![error.to_string()])?;
        raw.parse(now).map_err(|errors| errors.0.into_iter().map(|e| e.field).collect())
    }

    fn wrong(json: &str) -> Vec<String> {
        parse(json).err().unwrap_or_default()
    }

    #[test]
    fn every_type_is_read() {
        for json in [
            r#"{"type":"LAB_REPORT","recordedAt":"2026-11-20T06:00:00Z","laboratory":"City Lab","values":[{"test":"HBA1C","value":7.2,"unit":"%"}]}"#,
            r#"{"type":"LAB_REPORT","recordedAt":"2026-11-20T06:00:00Z","laboratory":"City Lab"}"#,
            r#"{"type":"MEDICINE","name":"Metformin","kind":"TABLET","amount":500,"unit":"mg","timesADay":2,"since":"2024-01-01"}"#,
            r#"{"type":"MEDICINE","name":"Glargine","kind":"INSULIN_BASAL","amount":14,"unit":"U"}"#,
            r#"{"type":"DOSE","recordedAt":"2026-11-20T06:00:00Z","medicineId":"0198c5a0-0000-7000-8000-000000000001","amount":6,"unit":"U"}"#,
            r#"{"type":"WEIGHT","recordedAt":"2026-11-20T06:00:00Z","weightKg":71.4,"notes":"after breakfast"}"#,
            r#"{"type":"BLOOD_PRESSURE","recordedAt":"2026-11-20T06:00:00Z","systolic":128,"diastolic":82}"#,
        ] {
            assert!(parse(json).is_ok(), "{json}: {:?}", parse(json));
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        for (json, expected) in [
            ("{}", &["type", "recordedAt"][..]),
            (r#"{"type":"LAB_REPORT","recordedAt":"2026-11-20T06:00:00Z"}"#, &["values"]),
            (r#"{"type":"MEDICINE"}"#, &["name", "kind", "unit", "amount"]),
            (r#"{"type":"MEDICINE","name":"Glargine","kind":"INSULIN_BASAL","amount":14,"unit":"mg"}"#, &["unit"]),
            (
                r#"{"type":"MEDICINE","name":"x","kind":"OTHER","amount":1,"unit":"mg","since":"2026-02-02","until":"2026-02-01"}"#,
                &["until"],
            ),
            (r#"{"type":"MEDICINE","name":"x","kind":"OTHER","amount":1,"unit":"mg","timesADay":1.5}"#, &["timesADay"]),
            (r#"{"type":"WEIGHT","recordedAt":"2026-11-24T08:06:00Z","weightKg":700}"#, &["recordedAt", "weightKg"]),
            (
                r#"{"type":"BLOOD_PRESSURE","recordedAt":"2026-11-20T06:00:00Z","systolic":80,"diastolic":120}"#,
                &["diastolic"],
            ),
            (
                r#"{"type":"DOSE","recordedAt":"2026-11-20T06:00:00Z","amount":400,"unit":"U"}"#,
                &["medicineId", "amount"],
            ),
        ] {
            assert_eq!(wrong(json), expected, "{json}");
        }
    }

    #[test]
    fn a_field_of_another_type_is_refused_as_an_unknown_one() {
        let json = r#"{"type":"WEIGHT","recordedAt":"2026-11-20T06:00:00Z","weightKg":71,"systolic":120,"values":[]}"#;
        assert_eq!(wrong(json), ["values", "systolic"]);
        assert!(wrong(r#"{"type":"WEIGHT","sex":"F"}"#).first().is_some_and(|e| e.contains("unknown field")));
    }

    #[test]
    fn a_stored_record_is_what_a_client_would_have_sent() {
        let json = r#"{"type":"MEDICINE","name":"Metformin  SR","kind":"TABLET","amount":500,"unit":"mg","timesADay":2,
            "instructions":"with food","since":"2024-01-01","until":"2026-12-01","notes":"n"}"#;
        let new = parse(json);
        assert!(new.is_ok(), "{new:?}");
        let Ok(new) = new else { return };
        let record = Record {
            id: uuid::Uuid::nil().into(),
            client_id: None,
            recorded_at: new.recorded_at,
            body: new.body.clone(),
            notes: new.notes.clone(),
            file: None,
            version: 1,
        };
        let now = parse_instant(Some(NOW)).unwrap_or_default();
        assert_eq!(RawRecord::of(&record).parse(now), Ok(new));
    }
}
