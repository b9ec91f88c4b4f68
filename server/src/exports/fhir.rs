//! A FHIR R4 collection: the patient, every reading, and for a sensor the summary of the HL7 guide for continuous glucose
//! monitoring (`hl7.fhir.uv.cgm`), with LOINC codes and UCUM units.

use chrono::{DateTime, Utc};
use domain::{
    glucose::{Clip, Glucose, MealState, Source, Unit},
    metrics::{Kind, Ranges},
    records::{Hba1c, LabUnit},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Export, ExportReading, instant};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
/// What the guide's profiles begin with.
const PROFILE: &str = "http://hl7.org/fhir/uv/cgm/StructureDefinition/";

/// A LOINC code with its words.
type Code = (&'static str, &'static str);

const SENSOR_MASS: Code = ("99504-3", "Glucose [Mass/volume] in Interstitial fluid by Continuous glucose monitoring");
const SENSOR_MOLAR: Code =
    ("105272-9", "Glucose [Moles/volume] in Interstitial fluid by Continuous glucose monitoring");
const METER_MASS: Code = ("41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer");
const METER_MOLAR: Code = ("14743-9", "Glucose [Moles/volume] in Capillary blood by Glucometer");
const SUMMARY: Code = ("107931-8", "Continuous glucose monitoring summary");
const TIMES_IN_RANGES: Code = ("106793-3", "Continuous glucose monitoring time in ranges panel");
/// HbA1c as the NGSP counts it, and as the IFCC does.
const HBA1C: Code = ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood");
const HBA1C_IFCC: Code = ("59261-8", "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol");
const MEAN: Code = ("97507-8", "Average glucose by Continuous glucose monitoring");
const GMI: Code = ("97506-0", "Glucose management indicator by Continuous glucose monitoring");
const CV: Code = ("104638-2", "Coefficient of variation of glucose by Continuous glucose monitoring");
const DAYS: Code = ("104636-6", "Continuous glucose monitoring duration of use");
const ACTIVE: Code = ("104637-4", "Continuous glucose monitoring sensor wear time active");
const VERY_LOW: Code = ("104642-4", "Time very low");
const LOW: Code = ("104641-6", "Time low");
const IN_RANGE: Code = ("97510-2", "Time in range");
const HIGH: Code = ("104640-8", "Time high");
const VERY_HIGH: Code = ("104639-0", "Time very high");

/// The bundle.
pub(super) fn bundle(export: &Export) -> Value {
    let patient = export.patient.0;
    let mut entries = vec![entry(patient, patient_resource(export))];
    entries.extend(summary(export));
    entries.extend(export.hba1c.map(|hba1c| laboratory(export, hba1c)));
    entries.extend(export.readings.iter().map(|reading| entry(reading.id.0, reading_resource(patient, reading))));
    json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": instant(export.made_at),
        "entry": entries,
    })
}

fn entry(id: Uuid, resource: Value) -> Value {
    json!({ "fullUrl": reference(id), "resource": resource })
}

fn reference(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

fn patient_resource(export: &Export) -> Value {
    let mut patient = json!({
        "resourceType": "Patient",
        "id": export.patient.0,
        "name": [{ "text": export.name }],
    });
    if let (Some(year), Some(patient)) = (export.birth_year, patient.as_object_mut()) {
        patient.insert("birthDate".into(), json!(format!("{year:04}")));
    }
    patient
}

fn concept((code, display): Code) -> Value {
    json!({ "coding": [{ "system": LOINC, "code": code, "display": display }] })
}

/// What every observation has.
fn observation(id: Uuid, patient: Uuid, profile: Option<&str>, code: Code) -> serde_json::Map<String, Value> {
    let mut fields = serde_json::Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("resourceType", json!("Observation"));
    set("id", json!(id));
    if let Some(profile) = profile {
        set("meta", json!({ "profile": [format!("{PROFILE}{profile}")] }));
    }
    set("status", json!("final"));
    set("category", json!([{ "coding": [{ "system": CATEGORY, "code": "laboratory" }] }]));
    set("code", concept(code));
    set("subject", json!({ "reference": reference(patient) }));
    fields
}

fn quantity(value: f64, unit: &str, code: &str) -> Value {
    json!({ "value": value, "unit": unit, "system": UCUM, "code": code })
}

fn glucose_quantity(glucose: Glucose, clip: Option<Clip>) -> Value {
    let unit = glucose.unit().as_str();
    let mut quantity = quantity(glucose.value(), unit, unit);
    if let (Some(clip), Some(quantity)) = (clip, quantity.as_object_mut()) {
        let comparator = match clip {
            Clip::Low => "<",
            Clip::High => ">",
        };
        quantity.insert("comparator".into(), json!(comparator));
    }
    quantity
}

fn reading_resource(patient: Uuid, reading: &ExportReading) -> Value {
    let sensor = reading.source == Source::Sensor;
    let (code, profile) = match (sensor, reading.glucose.unit()) {
        (true, Unit::MgDl) => (SENSOR_MASS, Some("cgm-sensor-reading-mass-per-volume")),
        (true, Unit::MmolL) => (SENSOR_MOLAR, Some("cgm-sensor-reading-moles-per-volume")),
        (false, Unit::MgDl) => (METER_MASS, None),
        (false, Unit::MmolL) => (METER_MOLAR, None),
    };
    let mut fields = observation(reading.id.0, patient, profile, code);
    fields.insert("effectiveDateTime".into(), json!(instant(reading.at)));
    fields.insert("valueQuantity".into(), glucose_quantity(reading.glucose, reading.clip));
    if let Some(notes) = &reading.notes {
        fields.insert("note".into(), json!([{ "text": notes }]));
    }
    if reading.state != MealState::Random {
        let state = json!({ "code": { "text": "Relation to meals" }, "valueCodeableConcept": { "text": reading.state.as_str() } });
        fields.insert("component".into(), json!([state]));
    }
    Value::Object(fields)
}

/// The figures of the period, each as an observation. The panel around them, which has to name every one of them, is there if
/// none is withheld.
fn summary(export: &Export) -> Vec<Value> {
    let report = &export.report;
    if report.kind != Kind::Sensor {
        return Vec::new();
    }
    let percent = |value: f64| ("valueQuantity", quantity(value, "%", "%"));
    let members = [
        report
            .ranges
            .map(|ranges| ("cgm-summary-times-in-ranges", TIMES_IN_RANGES, ("component", components(&ranges)))),
        report.gmi_percent.map(|gmi| ("cgm-summary-gmi", GMI, percent(gmi))),
        report.cv_percent.map(|cv| ("cgm-summary-coefficient-of-variation", CV, percent(cv))),
        (report.readings > 0).then(|| {
            let days = quantity(f64::from(report.sufficiency.days), "days", "d");
            ("cgm-summary-days-of-wear", DAYS, ("valueQuantity", days))
        }),
        report
            .sufficiency
            .active_percent
            .map(|active| ("cgm-summary-sensor-active-percentage", ACTIVE, percent(active))),
        report.mean_mg_dl.map(|mean| {
            ("cgm-summary-mean-glucose-mass-per-volume", MEAN, ("valueQuantity", quantity(mean, "mg/dL", "mg/dL")))
        }),
    ];
    let complete = members.iter().all(Option::is_some);
    let period = json!({ "start": report.period.from, "end": report.period.to });
    let mut entries = Vec::new();
    let mut references = Vec::new();
    for (profile, code, (name, value)) in members.into_iter().flatten() {
        let id = member_id(export.made_at, code);
        let mut fields = observation(id, export.patient.0, Some(profile), code);
        fields.insert("effectivePeriod".into(), period.clone());
        fields.insert(name.to_owned(), value);
        references.push(json!({ "reference": reference(id) }));
        entries.push(entry(id, Value::Object(fields)));
    }
    if complete {
        let id = member_id(export.made_at, SUMMARY);
        let mut fields = observation(id, export.patient.0, Some("cgm-summary"), SUMMARY);
        fields.insert("effectivePeriod".into(), period);
        fields.insert("hasMember".into(), Value::Array(references));
        entries.insert(0, entry(id, Value::Object(fields)));
    }
    entries
}

/// A laboratory's HbA1c, in the unit that it was reported in. How far it lies from the GMI goes with it: the receiver need not
/// compute it again.
fn laboratory(export: &Export, hba1c: Hba1c) -> Value {
    let (code, unit) = match hba1c.value.unit {
        LabUnit::MmolPerMol => (HBA1C_IFCC, "mmol/mol"),
        _ => (HBA1C, "%"),
    };
    let id = member_id(export.made_at, code);
    let mut fields = observation(id, export.patient.0, None, code);
    fields.insert("effectiveDateTime".into(), json!(instant(hba1c.at.at)));
    fields.insert("valueQuantity".into(), quantity(hba1c.value.value, unit, unit));
    if let Some(gap) = hba1c.gap {
        let gap = json!({ "code": { "text": "HbA1c less GMI" }, "valueQuantity": quantity(gap, "%", "%") });
        fields.insert("component".into(), json!([gap]));
    }
    entry(id, Value::Object(fields))
}

fn components(ranges: &Ranges) -> Value {
    let named = [
        (VERY_LOW, ranges.very_low),
        (LOW, ranges.low),
        (IN_RANGE, ranges.in_range),
        (HIGH, ranges.high),
        (VERY_HIGH, ranges.very_high),
    ];
    named
        .into_iter()
        .map(|(code, share)| json!({ "code": concept(code), "valueQuantity": quantity(share, "%", "%") }))
        .collect()
}

/// An id within the bundle: the time and the digits of the code, so that the same export is the same text.
fn member_id(made_at: DateTime<Utc>, (code, _): Code) -> Uuid {
    let digits = code.bytes().filter(u8::is_ascii_digit).fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    let mut bytes = [0; 10];
    for (byte, digit) in bytes.iter_mut().skip(2).zip(digits.to_be_bytes()) {
        *byte = digit;
    }
    uuid::Builder::from_unix_timestamp_millis(made_at.timestamp_millis().unsigned_abs(), &bytes).into_uuid()
}
