//! Rows for spreadsheets. A text that a spreadsheet would take for a formula is guarded as in the other exports.

use std::io::Write;

use chrono::{DateTime, Utc};
use domain::{
    consent::{ConsentLine, DataType, Link},
    glucose::Reading,
    meal::Meal,
    people::Role,
    ports::{Device, Emergency, ImportPreview, ShownPasskey},
    records::{Body, Record},
    targets::StoredChange,
    trail::AccessLine,
};

use super::Failure;
use crate::exports::guarded;

/// Heads of a reading's columns.
pub(super) const READING: [&str; 9] =
    ["id", "client_id", "recorded_at", "value", "unit", "clip", "state", "source", "notes"];
/// Heads of a meal's columns.
pub(super) const MEAL: [&str; 6] = ["id", "client_id", "recorded_at", "type", "carbs_g", "items"];
/// Heads of a record's columns.
pub(super) const RECORD: [&str; 12] = [
    "id",
    "client_id",
    "recorded_at",
    "type",
    "what",
    "value",
    "unit",
    "times_a_day",
    "since",
    "until",
    "notes",
    "file",
];
/// Heads of the access log's columns.
pub(super) const ACCESS: [&str; 5] = ["at", "role", "name", "clinic", "what"];
/// Heads of a device's columns.
pub(super) const DEVICE: [&str; 4] = ["id", "name", "signed_in_at", "last_used_at"];
/// Heads of a passkey's columns.
pub(super) const PASSKEY: [&str; 4] = ["id", "device", "created_at", "last_used_at"];
/// Heads of a connection's columns.
pub(super) const LINK: [&str; 8] = ["id", "kind", "status", "name", "clinic", "data", "since", "until"];
/// Heads of a consent's columns.
pub(super) const CONSENT: [&str; 10] =
    ["id", "at", "given", "purpose", "role", "name", "data", "text_version", "language", "until"];
/// Heads of an emergency's columns.
pub(super) const EMERGENCY: [&str; 5] = ["from", "until", "doctor", "clinic", "reason"];
/// Heads of the columns of a change of targets.
pub(super) const TARGETS: [&str; 5] = ["at", "by", "targets", "low_mg_dl", "high_mg_dl"];
/// Heads of an import's columns.
pub(super) const IMPORT: [&str; 7] = ["id", "format", "from", "to", "rows", "accepted", "duplicates"];

/// Writes one row.
pub(super) fn row<T: AsRef<[u8]>>(to: &mut impl Write, cells: impl IntoIterator<Item = T>) -> Result<(), Failure> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    Ok(to.write_all(&writer.into_inner()?)?)
}

fn optional(cell: Option<&String>) -> String {
    cell.map(|cell| guarded(cell)).unwrap_or_default()
}

fn time(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.to_rfc3339()).unwrap_or_default()
}

fn role(role: Option<Role>) -> String {
    role.map(|role| role.as_str().to_owned()).unwrap_or_default()
}

fn data(types: &[DataType]) -> String {
    types.iter().map(|data| data.as_str()).collect::<Vec<_>>().join("; ")
}

/// A reading.
pub(super) fn reading(reading: &Reading) -> [String; 9] {
    [
        reading.id.to_string(),
        optional(reading.client_id.as_ref()),
        reading.recorded_at.to_rfc3339(),
        reading.glucose.value().to_string(),
        reading.glucose.unit().as_str().to_owned(),
        reading.clip.map(|clip| clip.as_str().to_owned()).unwrap_or_default(),
        reading.state.as_str().to_owned(),
        reading.source.as_str().to_owned(),
        optional(reading.notes.as_ref()),
    ]
}

/// A meal.
pub(super) fn meal(meal: &Meal) -> [String; 6] {
    [
        meal.id.to_string(),
        optional(meal.client_id.as_ref()),
        meal.recorded_at.to_rfc3339(),
        meal.meal_type.as_str().to_owned(),
        meal.estimated_carbs.map(|carbs| carbs.to_string()).unwrap_or_default(),
        guarded(&meal.food_items.join("; ")),
    ]
}

/// A record: the fields of its type in columns that several types share.
pub(super) fn record(record: &Record) -> [String; 12] {
    let [what, value, unit, times, since, until] = match &record.body {
        Body::LabReport(report) => {
            let values: Vec<String> =
                report.values.iter().map(|v| format!("{} {} {}", v.test.as_str(), v.value, v.unit.as_str())).collect();
            [
                optional(report.laboratory.as_ref()),
                values.join("; "),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ]
        }
        Body::Medicine(medicine) => [
            guarded(
                &[Some(medicine.name.as_str()), medicine.instructions.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(": "),
            ),
            medicine.amount.to_string(),
            medicine.unit.as_str().to_owned(),
            medicine.times_a_day.map(|times| times.to_string()).unwrap_or_default(),
            medicine.since.map(|day| day.to_string()).unwrap_or_default(),
            medicine.until.map(|day| day.to_string()).unwrap_or_default(),
        ],
        Body::Dose(dose) => [
            guarded(&dose.name),
            dose.amount.to_string(),
            dose.unit.as_str().to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ],
        Body::Weight(weight) => {
            [String::new(), weight.weight_kg.to_string(), "kg".to_owned(), String::new(), String::new(), String::new()]
        }
        Body::BloodPressure(pressure) => [
            pressure.pulse.map(|pulse| format!("pulse {pulse}")).unwrap_or_default(),
            format!("{}/{}", pressure.systolic, pressure.diastolic),
            "mmHg".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ],
    };
    [
        record.id.to_string(),
        optional(record.client_id.as_ref()),
        record.recorded_at.to_rfc3339(),
        record.body.record_type().as_str().to_owned(),
        what,
        value,
        unit,
        times,
        since,
        until,
        optional(record.notes.as_ref()),
        record.file.map(|file| format!("records/{}.{}", record.id, file.media_type.extension())).unwrap_or_default(),
    ]
}

/// A line of the access log.
pub(super) fn access(line: &AccessLine) -> [String; 5] {
    [
        line.at.to_rfc3339(),
        role(line.role),
        optional(line.name.as_ref()),
        optional(line.clinic.as_ref()),
        line.what.as_str().to_owned(),
    ]
}

/// A device.
pub(super) fn device(device: &Device) -> [String; 4] {
    [
        device.id.to_string(),
        optional(device.name.as_ref()),
        device.signed_in_at.to_rfc3339(),
        device.last_used_at.to_rfc3339(),
    ]
}

/// A passkey.
pub(super) fn passkey(passkey: &ShownPasskey) -> [String; 4] {
    [
        passkey.id.to_string(),
        optional(passkey.device.as_ref()),
        passkey.created_at.to_rfc3339(),
        time(passkey.last_used_at),
    ]
}

/// A connection.
pub(super) fn link(link: &Link) -> [String; 8] {
    [
        link.id.to_string(),
        link.kind.as_str().to_owned(),
        link.status.as_str().to_owned(),
        guarded(&link.name),
        optional(link.clinic.as_ref()),
        data(&link.data_types),
        time(link.since),
        time(link.until),
    ]
}

/// A line of the consent ledger.
pub(super) fn consent(line: &ConsentLine) -> [String; 10] {
    [
        line.id.to_string(),
        line.at.to_rfc3339(),
        line.given.to_string(),
        line.purpose.as_str().to_owned(),
        role(line.role),
        optional(line.name.as_ref()),
        data(&line.data_types),
        line.text_version.clone(),
        line.language.as_str().to_owned(),
        time(line.until),
    ]
}

/// A look in an emergency.
pub(super) fn emergency(emergency: &Emergency) -> [String; 5] {
    [
        emergency.from.at.to_rfc3339(),
        emergency.until.at.to_rfc3339(),
        guarded(&emergency.doctor),
        optional(emergency.clinic.as_ref()),
        guarded(&emergency.reason),
    ]
}

/// A change of targets.
pub(super) fn targets(change: &StoredChange) -> [String; 5] {
    let own = change.goals.own();
    [
        change.at.to_rfc3339(),
        guarded(&change.by),
        change.goals.code().to_owned(),
        own.map(|own| own.low.mg_dl.to_string()).unwrap_or_default(),
        own.map(|own| own.high.mg_dl.to_string()).unwrap_or_default(),
    ]
}

/// An import.
pub(super) fn import(import: &ImportPreview) -> [String; 7] {
    [
        import.id.to_string(),
        import.format.as_str().to_owned(),
        time(import.from.map(|from| from.at)),
        time(import.to.map(|to| to.at)),
        import.rows.to_string(),
        import.accepted.to_string(),
        import.duplicates.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_line_ends_survive() {
        let mut bytes = Vec::new();
        row(&mut bytes, ["a,b", "say \"hi\"", "two\nlines"]).expect("written");
        assert_eq!(String::from_utf8(bytes).expect("text"), "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
    }
}
