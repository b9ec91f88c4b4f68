//! Nightscout's JSON: what its API answers (`entries.json`, `treatments.json`), and what `mongoexport` writes, a document a
//! line. Values are in mg/dL unless a document says otherwise. Unknown documents (device states, profiles, insulin) are passed
//! over; what a treatment was for is not imported.

use domain::{
    glucose::{Clip, MealState, Unit},
    ports::RejectReason,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{Device, Draft, MAX_ROWS, RawRow, RowKind, dates::RawTime, numbers::RawValue};

/// Values below this are a sensor's error codes, not glucose.
const LEAST_VALUE: f64 = 13.0;
/// The least and the greatest value that a Dexcom shows; beyond them it writes one less or one more for "low" and "high".
const ENDS: (f64, f64) = (40.0, 400.0);

/// The fields that matter, whatever their type: uploaders differ.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    r#type: Option<Value>,
    sgv: Option<Value>,
    mbg: Option<Value>,
    date: Option<Value>,
    date_string: Option<Value>,
    sys_time: Option<Value>,
    device: Option<Value>,
    units: Option<Value>,
    is_valid: Option<Value>,
    event_type: Option<Value>,
    glucose: Option<Value>,
    glucose_type: Option<Value>,
    #[serde(rename = "created_at")]
    created_at: Option<Value>,
}

/// One element of the file; what is no document is passed over.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Element {
    Document(Box<Document>),
    Other(IgnoredAny),
}

/// Reads the file; none if it is not Nightscout's. The line of a row is the document's number, which in a file with a document
/// a line is its line.
pub fn parse(text: &str) -> Option<Draft> {
    let text = text.trim();
    let mut draft = Draft::default();
    let mut known = false;
    if text.starts_with('[') {
        let elements: Vec<Element> = serde_json::from_str(text).ok()?;
        for (element, line) in elements.into_iter().zip(1..) {
            known |= read(element, line, &mut draft);
        }
    } else if text.starts_with('{') {
        for (text, line) in text.lines().zip(1..).filter(|(text, _)| !text.trim().is_empty()) {
            match serde_json::from_str(text) {
                Ok(element) => known |= read(element, line, &mut draft),
                Err(_) => draft.reject(line, RejectReason::Malformed),
            }
            // Far more lines than any file has that is worth reading on.
            if draft.rejected.len() > MAX_ROWS {
                return None;
            }
        }
    }
    known.then_some(draft)
}

/// Takes the glucose out of one document; whether it was one of Nightscout's.
fn read(element: Element, line: u32, draft: &mut Draft) -> bool {
    let Element::Document(document) = element else { return false };
    let kind = document.r#type.as_ref().and_then(Value::as_str).unwrap_or("");
    // Old uploaders leave the type out; then only the time tells a document from any other.
    let time = time(&document);
    let untyped = document.r#type.is_none() && time.is_some();
    let (value, kind, device) = match (&document.sgv, &document.mbg, &document.glucose) {
        (Some(value), ..) if kind == "sgv" || untyped => (value, RowKind::Egv, Device::Sensor),
        (_, Some(value), _) if kind == "mbg" || untyped => (value, RowKind::Strip, Device::Meter),
        (.., Some(value)) if document.event_type.is_some() => {
            // A treatment repeats the sensor's value, which the entries have; a finger's is nowhere else.
            if !is(document.glucose_type.as_ref(), "finger") {
                return true;
            }
            (value, RowKind::Strip, Device::Meter)
        }
        _ => return document.event_type.is_some() || matches!(kind, "cal" | "sgv" | "mbg"),
    };
    if document.is_valid == Some(Value::Bool(false)) {
        return true;
    }
    let number = number(value);
    if device == Device::Sensor && number.is_some_and(|n| n < LEAST_VALUE) {
        return true;
    }
    let mmol = document.units.as_ref().and_then(Value::as_str).is_some_and(|u| u.to_lowercase().starts_with("mmol"));
    let dexcom = document.device.as_ref().and_then(Value::as_str).is_some_and(|d| d.to_lowercase().contains("dexcom"));
    draft.rows.push(RawRow {
        line,
        time,
        value: number.map(|n| RawValue {
            number: Some(n),
            clip: match n {
                _ if mmol || device == Device::Meter => None,
                n if n < ENDS.0 => Some(Clip::Low),
                n if dexcom && n > ENDS.1 => Some(Clip::High),
                _ => None,
            },
            unit: None,
            fraction: n.fract() != 0.0,
        }),
        unit: Some(if mmol { Unit::MmolL } else { Unit::MgDl }),
        kind,
        device: Some(device),
        state: MealState::Random,
        notes: None,
        run: 0,
    });
    true
}

fn is(value: Option<&Value>, word: &str) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// The instant: a number of milliseconds or a text, whichever of the fields can be read first.
fn time(document: &Document) -> Option<RawTime> {
    [&document.date, &document.date_string, &document.created_at, &document.sys_time].into_iter().flatten().find_map(
        |value| {
            let inner = value.get("$date").unwrap_or(value);
            match (number(inner), inner.as_str()) {
                (Some(ms), _) => RawTime::parse(&format!("{:.0}", ms.trunc())),
                (_, Some(text)) => RawTime::parse(text),
                _ => None,
            }
        },
    )
}

/// A number as JSON, as text, or in the extended form of `mongoexport`.
fn number(value: &Value) -> Option<f64> {
    let text = |value: &Value| value.as_str().and_then(|text| text.trim().parse().ok());
    let extended =
        || ["$numberLong", "$numberInt", "$numberDouble"].iter().find_map(|key| value.get(key)).and_then(text);
    value.as_f64().or_else(|| text(value)).or_else(extended).filter(|n: &f64| n.is_finite())
}
