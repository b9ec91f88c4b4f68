//! A record typed into a form. The browser has no zone database, so that its time is still the wall clock's.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Body, LabReport, LabTest, LabUnit, LabValue, RawRecord, RecordType, raw::parse_day};
use crate::{
    field::{FieldErrors, Problem},
    forms::{Fields, parse_local, parse_number},
    glucose::parse_notes,
};

/// When something was, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On the wall in the patient's zone.
    Local(NaiveDateTime),
    /// On a day: of a sample people know no more.
    Day(NaiveDate),
    /// Not said.
    Unsaid,
}

/// A record that was typed in.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedRecord {
    /// When.
    pub when: When,
    /// What it says.
    pub body: Body,
    /// Free text.
    pub notes: Option<String>,
}

/// Reads the form of a record of a type. Fields are named as in the API; of a laboratory's value, by its test (`HBA1C`), with
/// `HBA1C_unit` beside it; of a sample's day, `sampledOn`.
pub fn form(kind: RecordType, fields: &Fields) -> Result<TypedRecord, FieldErrors> {
    let mut errors = FieldErrors::default();
    let when = match kind {
        RecordType::LabReport => {
            errors.take("sampledOn", fields.required("sampledOn").and_then(parse_day)).map(When::Day)
        }
        RecordType::Medicine => {
            Some(fields.get("since").and_then(|day| parse_day(day).ok()).map_or(When::Unsaid, When::Day))
        }
        _ => errors.take("recordedAt", fields.required("recordedAt").and_then(parse_local)).map(When::Local),
    };
    let body = match kind {
        RecordType::LabReport => lab_report(fields, &mut errors),
        _ => others(kind, fields, &mut errors),
    };
    let notes = errors.take("notes", parse_notes(fields.0.get("notes").cloned()));
    let typed = (|| Some(TypedRecord { when: when?, body: body?, notes: notes? }))();
    errors.into_result(typed)
}

fn lab_report(fields: &Fields, errors: &mut FieldErrors) -> Option<Body> {
    let raw = RawRecord { laboratory: text(fields, "laboratory"), ..RawRecord::default() };
    let mut values = Vec::new();
    let mut typed = false;
    for test in LabTest::ALL {
        let Some(number) = fields.get(test.as_str()) else { continue };
        typed = true;
        let unit = fields.get(&format!("{}_unit", test.as_str())).map_or(Ok(test.unit()), LabUnit::parse);
        let value = unit.and_then(|unit| LabValue::new(*test, parse_number(number)?, unit));
        values.extend(errors.take(test.as_str(), value));
    }
    let mut more = FieldErrors::default();
    let report = raw.body(RecordType::LabReport, &mut more);
    // Judged without the values, a report without a laboratory lacks them; with values it lacks nothing.
    let lacking = more.of("values").is_some();
    more.0.retain(|error| error.field != "values");
    errors.0.extend(more.0);
    if lacking && !typed {
        errors.push(LabTest::Hba1c.as_str(), Problem::Required);
    }
    match report? {
        Body::LabReport(report) => Some(Body::LabReport(LabReport { values, ..report })),
        _ => None,
    }
}

fn others(kind: RecordType, fields: &Fields, errors: &mut FieldErrors) -> Option<Body> {
    let before = errors.0.len();
    let mut number = |name: &str| errors.take(name, fields.get(name).map(parse_number).transpose()).flatten();
    // Only what the type has: a browser that was left open over a change of type sends nothing wrong.
    let raw = match kind {
        RecordType::Medicine => RawRecord {
            name: text(fields, "name"),
            kind: text(fields, "kind"),
            amount: number("amount"),
            unit: text(fields, "unit"),
            times_a_day: number("timesADay"),
            instructions: text(fields, "instructions"),
            since: text(fields, "since"),
            until: text(fields, "until"),
            ..RawRecord::default()
        },
        RecordType::Dose => RawRecord {
            medicine_id: text(fields, "medicineId"),
            amount: number("amount"),
            unit: text(fields, "unit"),
            ..RawRecord::default()
        },
        RecordType::Weight => RawRecord { weight_kg: number("weightKg"), ..RawRecord::default() },
        RecordType::BloodPressure => RawRecord {
            systolic: number("systolic"),
            diastolic: number("diastolic"),
            pulse: number("pulse"),
            ..RawRecord::default()
        },
        RecordType::LabReport => return None,
    };
    let unreadable: Vec<String> = errors.0.iter().skip(before).map(|error| error.field.clone()).collect();
    let mut more = FieldErrors::default();
    let body = raw.body(kind, &mut more);
    // What is no number was left out above, and is not missing.
    more.0.retain(|error| !unreadable.contains(&error.field));
    errors.0.extend(more.0);
    body
}

fn text(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    fn wrong(kind: RecordType, pairs: &[(&str, &str)]) -> Vec<(String, Problem)> {
        let errors = form(kind, &fields(pairs)).err().unwrap_or_default();
        errors.0.into_iter().map(|e| (e.field, e.problem)).collect()
    }

    #[test]
    fn a_lab_form_takes_the_values_that_were_typed_in_the_units_that_were_chosen() {
        let typed = form(
            RecordType::LabReport,
            &fields(&[
                ("sampledOn", "2026-11-20"),
                ("laboratory", "City Lab"),
                ("HBA1C", "५३"),
                ("HBA1C_unit", "mmol/mol"),
                ("LDL", ""),
                ("LDL_unit", "mg/dL"),
                ("CREATININE", "0,9"),
            ]),
        );
        let Ok(TypedRecord { when, body: Body::LabReport(report), .. }) = typed else { panic!("{typed:?}") };
        assert_eq!(when, When::Day(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default()));
        assert_eq!(
            report.values,
            [
                LabValue { test: LabTest::Hba1c, value: 53.0, unit: LabUnit::MmolPerMol },
                LabValue { test: LabTest::Creatinine, value: 0.9, unit: LabUnit::MgDl },
            ]
        );
    }

    #[test]
    fn a_lab_form_needs_a_day_and_a_value_or_a_laboratory() {
        let day = ("sampledOn", "2026-11-20");
        let missing = |field: &str| (field.to_owned(), Problem::Required);
        assert_eq!(wrong(RecordType::LabReport, &[]), [missing("sampledOn"), missing("HBA1C")]);
        assert_eq!(wrong(RecordType::LabReport, &[day]), [missing("HBA1C")]);
        assert_eq!(wrong(RecordType::LabReport, &[day, ("laboratory", "City Lab")]), []);
        assert_eq!(
            wrong(RecordType::LabReport, &[day, ("HBA1C", "53")]),
            [("HBA1C".to_owned(), Problem::FitsOtherUnit { unit: "mmol/mol".into() })]
        );
    }

    #[test]
    fn the_other_forms_name_what_is_wrong_once() {
        let at = ("recordedAt", "2026-11-20T07:30");
        assert_eq!(
            wrong(RecordType::Weight, &[at, ("weightKg", "seventy")]),
            [("weightKg".to_owned(), Problem::NotANumber)]
        );
        assert_eq!(wrong(RecordType::Weight, &[("weightKg", "71,5")]), [("recordedAt".to_owned(), Problem::Required)]);
        let names = |kind| wrong(kind, &[]).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(names(RecordType::Medicine), ["name", "kind", "unit", "amount"]);
        assert_eq!(names(RecordType::Dose), ["recordedAt", "medicineId", "unit", "amount"]);
        assert_eq!(names(RecordType::BloodPressure), ["recordedAt", "systolic", "diastolic"]);
    }
}
