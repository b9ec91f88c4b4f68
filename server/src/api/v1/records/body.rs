//! A record in JSON: all fields of all types beside each other, those that its type has filled in.

use chrono::{DateTime, NaiveDate, Utc};
use domain::records::{self, Body as RecordContent, LabValue, RawLabValue, RawRecord, Record};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    input::present,
    openapi::{dose_units, lab_tests, lab_units, media_types, medicine_kinds, record_types},
};

/// A laboratory's value, in the unit that it was reported in.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewLabValueBody {
    /// What was measured.
    #[schema(required, schema_with = lab_tests)]
    test: Option<String>,
    /// The number. One that would do in another unit of the test is refused and told so.
    #[schema(required)]
    value: Option<f64>,
    /// One of the test's units.
    #[schema(required, schema_with = lab_units)]
    unit: Option<String>,
}

impl From<NewLabValueBody> for RawLabValue {
    fn from(body: NewLabValueBody) -> Self {
        Self { test: body.test, value: body.value, unit: body.unit }
    }
}

/// A record to store: the fields of its type. A field of another type is refused.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRecordBody {
    /// What it is.
    #[schema(required, schema_with = record_types)]
    r#type: Option<String>,
    /// An id that the client made, 1 to 64 characters: the same one twice is the same record.
    client_id: Option<String>,
    /// When: the sample or the dose was taken, the value measured, the medicine begun or noted; at most 5 minutes in the
    /// future. Only of a medicine may it be absent: now.
    #[schema(value_type = Option<DateTime<Utc>>)]
    recorded_at: Option<String>,
    /// At most 500 characters.
    notes: Option<String>,
    /// `LAB_REPORT`: which laboratory, at most 120 characters.
    laboratory: Option<String>,
    /// `LAB_REPORT`: its values, each test once. May be absent if the laboratory is named.
    #[schema(max_items = 9)]
    values: Option<Vec<NewLabValueBody>>,
    /// `MEDICINE`: its name, at most 120 characters.
    name: Option<String>,
    /// `MEDICINE`: what kind.
    #[schema(schema_with = medicine_kinds)]
    kind: Option<String>,
    /// `MEDICINE`: how much at a time. `DOSE`: how much was taken.
    amount: Option<f64>,
    /// `MEDICINE`, `DOSE`: in what it is counted; insulin in `U` only.
    #[schema(schema_with = dose_units)]
    unit: Option<String>,
    /// `MEDICINE`: how often a day, 1 to 8.
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 8)]
    times_a_day: Option<f64>,
    /// `MEDICINE`: when and how, in words, at most 120 characters.
    instructions: Option<String>,
    /// `MEDICINE`: first day.
    #[schema(value_type = Option<NaiveDate>)]
    since: Option<String>,
    /// `MEDICINE`: last day.
    #[schema(value_type = Option<NaiveDate>)]
    until: Option<String>,
    /// `DOSE`: of which medicine, a record of one's own.
    #[schema(value_type = Option<Uuid>)]
    medicine_id: Option<String>,
    /// `WEIGHT`: kilograms, 2 to 400.
    weight_kg: Option<f64>,
    /// `BLOOD_PRESSURE`: mmHg, 50 to 300.
    #[schema(value_type = Option<u16>)]
    systolic: Option<f64>,
    /// `BLOOD_PRESSURE`: mmHg, 20 to 200, below the systolic.
    #[schema(value_type = Option<u16>)]
    diastolic: Option<f64>,
    /// `BLOOD_PRESSURE`: beats a minute, 20 to 300.
    #[schema(value_type = Option<u16>)]
    pulse: Option<f64>,
}

impl From<NewRecordBody> for RawRecord {
    fn from(body: NewRecordBody) -> Self {
        Self {
            r#type: body.r#type,
            client_id: body.client_id,
            recorded_at: body.recorded_at,
            notes: body.notes,
            laboratory: body.laboratory,
            values: body.values.map(|values| values.into_iter().map(Into::into).collect()),
            name: body.name,
            kind: body.kind,
            amount: body.amount,
            unit: body.unit,
            times_a_day: body.times_a_day,
            instructions: body.instructions,
            since: body.since,
            until: body.until,
            medicine_id: body.medicine_id,
            weight_kg: body.weight_kg,
            systolic: body.systolic,
            diastolic: body.diastolic,
            pulse: body.pulse,
        }
    }
}

/// What to change; absent fields stay. A field of another type is refused.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
pub(super) struct RecordPatch {
    /// New time.
    #[schema(value_type = Option<DateTime<Utc>>)]
    recorded_at: Option<String>,
    /// New notes; null removes them.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    notes: Option<Option<String>>,
    /// New laboratory; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    laboratory: Option<Option<String>>,
    /// New values, all of them.
    values: Option<Vec<NewLabValueBody>>,
    /// New name.
    name: Option<String>,
    /// New kind.
    #[schema(schema_with = medicine_kinds)]
    kind: Option<String>,
    /// New amount.
    amount: Option<f64>,
    /// New unit.
    #[schema(schema_with = dose_units)]
    unit: Option<String>,
    /// New count; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u8>)]
    times_a_day: Option<Option<f64>>,
    /// New words; null removes them.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    instructions: Option<Option<String>>,
    /// New first day; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    since: Option<Option<String>>,
    /// New last day; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    until: Option<Option<String>>,
    /// Another medicine.
    #[schema(value_type = Option<Uuid>)]
    medicine_id: Option<String>,
    /// New weight.
    weight_kg: Option<f64>,
    /// New upper pressure.
    #[schema(value_type = Option<u16>)]
    systolic: Option<f64>,
    /// New lower pressure.
    #[schema(value_type = Option<u16>)]
    diastolic: Option<f64>,
    /// New pulse; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u16>)]
    pulse: Option<Option<f64>>,
    /// The version that was read: if it is not the present one, the answer is 409.
    pub(super) version: Option<i64>,
}

impl RecordPatch {
    /// The record with this changed.
    pub(super) fn over(self, present: RawRecord) -> RawRecord {
        RawRecord {
            r#type: present.r#type,
            client_id: None,
            recorded_at: self.recorded_at.or(present.recorded_at),
            notes: self.notes.unwrap_or(present.notes),
            laboratory: self.laboratory.unwrap_or(present.laboratory),
            values: self.values.map(|values| values.into_iter().map(Into::into).collect()).or(present.values),
            name: self.name.or(present.name),
            kind: self.kind.or(present.kind),
            amount: self.amount.or(present.amount),
            unit: self.unit.or(present.unit),
            times_a_day: self.times_a_day.unwrap_or(present.times_a_day),
            instructions: self.instructions.unwrap_or(present.instructions),
            since: self.since.unwrap_or(present.since),
            until: self.until.unwrap_or(present.until),
            medicine_id: self.medicine_id.or(present.medicine_id),
            weight_kg: self.weight_kg.or(present.weight_kg),
            systolic: self.systolic.or(present.systolic),
            diastolic: self.diastolic.or(present.diastolic),
            pulse: self.pulse.unwrap_or(present.pulse),
        }
    }
}

/// A laboratory's value.
#[derive(Serialize, ToSchema)]
struct LabValueBody {
    /// What was measured.
    #[schema(schema_with = lab_tests)]
    test: &'static str,
    /// The number as received.
    value: f64,
    /// The unit as received.
    #[schema(schema_with = lab_units)]
    unit: &'static str,
}

impl From<LabValue> for LabValueBody {
    fn from(value: LabValue) -> Self {
        Self { test: value.test.as_str(), value: value.value, unit: value.unit.as_str() }
    }
}

/// What is known of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileBody {
    /// What it is.
    #[schema(schema_with = media_types)]
    media_type: &'static str,
    /// Bytes.
    size: u32,
}

/// A stored record: the fields of its type.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordBody {
    /// Its id.
    id: Uuid,
    /// What it is.
    #[schema(schema_with = record_types)]
    r#type: &'static str,
    /// The id that the client made.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// When.
    recorded_at: DateTime<Utc>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    /// `LAB_REPORT`: which laboratory.
    #[serde(skip_serializing_if = "Option::is_none")]
    laboratory: Option<String>,
    /// `LAB_REPORT`: its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<LabValueBody>>,
    /// `LAB_REPORT`: its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileBody>,
    /// `MEDICINE`: its name. `DOSE`: what its medicine was called then.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// `MEDICINE`: what kind. `DOSE`: of what kind its medicine was then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = medicine_kinds)]
    kind: Option<&'static str>,
    /// `MEDICINE`: how much at a time. `DOSE`: how much was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<f64>,
    /// `MEDICINE`, `DOSE`: in what it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = dose_units)]
    unit: Option<&'static str>,
    /// `MEDICINE`: how often a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    times_a_day: Option<u8>,
    /// `MEDICINE`: when and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    /// `MEDICINE`: first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<NaiveDate>,
    /// `MEDICINE`: last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    /// `DOSE`: of which medicine.
    #[serde(skip_serializing_if = "Option::is_none")]
    medicine_id: Option<Uuid>,
    /// `WEIGHT`: kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_kg: Option<f64>,
    /// `BLOOD_PRESSURE`: mmHg.
    #[serde(skip_serializing_if = "Option::is_none")]
    systolic: Option<u16>,
    /// `BLOOD_PRESSURE`: mmHg.
    #[serde(skip_serializing_if = "Option::is_none")]
    diastolic: Option<u16>,
    /// `BLOOD_PRESSURE`: beats a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pulse: Option<u16>,
    /// Counts its changes, from 1.
    version: i64,
}

impl From<Record> for RecordBody {
    fn from(record: Record) -> Self {
        let file = |info: records::FileInfo| FileBody { media_type: info.media_type.as_str(), size: info.size };
        let common = Self {
            id: record.id.0,
            r#type: record.body.record_type().as_str(),
            client_id: record.client_id,
            recorded_at: record.recorded_at,
            notes: record.notes,
            file: record.file.map(file),
            version: record.version,
            ..Self::default()
        };
        match record.body {
            RecordContent::LabReport(report) => Self {
                laboratory: report.laboratory,
                values: Some(report.values.into_iter().map(Into::into).collect()),
                ..common
            },
            RecordContent::Medicine(medicine) => Self {
                name: Some(medicine.name),
                kind: Some(medicine.kind.as_str()),
                amount: Some(medicine.amount),
                unit: Some(medicine.unit.as_str()),
                times_a_day: medicine.times_a_day,
                instructions: medicine.instructions,
                since: medicine.since,
                until: medicine.until,
                ..common
            },
            RecordContent::Dose(dose) => Self {
                medicine_id: Some(dose.medicine_id.0),
                name: Some(dose.name),
                kind: Some(dose.kind.as_str()),
                amount: Some(dose.amount),
                unit: Some(dose.unit.as_str()),
                ..common
            },
            RecordContent::Weight(weight) => Self { weight_kg: Some(weight.weight_kg), ..common },
            RecordContent::BloodPressure(pressure) => Self {
                systolic: Some(pressure.systolic),
                diastolic: Some(pressure.diastolic),
                pulse: pressure.pulse,
                ..common
            },
        }
    }
}
