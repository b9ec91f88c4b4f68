//! Everything as one JSON document, named as in the API.

use serde_json::{Value, json};

use super::{Export, instant};

/// The document.
pub(super) fn document(export: &Export) -> Value {
    let readings = export.readings.iter().map(|reading| {
        json!({
            "id": reading.id,
            "value": reading.glucose.value(),
            "unit": reading.glucose.unit().as_str(),
            "clipped": reading.clip.map(domain::glucose::Clip::as_str),
            "state": reading.state.as_str(),
            "source": reading.source.as_str(),
            "recordedAt": instant(reading.at),
            "notes": reading.notes,
        })
    });
    let mut report = json!(export.report);
    if let Some(report) = report.as_object_mut() {
        let hba1c = export.hba1c.map(|hba1c| {
            json!({
                "percent": hba1c.percent,
                "value": hba1c.value.value,
                "unit": hba1c.value.unit.as_str(),
                "recordedAt": hba1c.at.at,
                "gap": hba1c.gap,
            })
        });
        report.insert("hba1c".into(), json!(hba1c));
    }
    json!({
        "madeAt": instant(export.made_at),
        "patient": {
            "id": export.patient,
            "name": export.name,
            "birthYear": export.birth_year,
            "timeZone": export.zone,
        },
        "targets": export.goals,
        "report": report,
        "readings": readings.collect::<Vec<_>>(),
        "meals": export.meals,
    })
}
