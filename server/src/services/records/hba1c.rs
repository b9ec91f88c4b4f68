//! The HbA1c that stands beside a report's GMI.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    Result,
    clock::Moment,
    ids::PatientId,
    page::Cursor,
    records::{Body, LabTest, LabValue, RecordType, hba1c_since},
};
use uuid::Uuid;

use super::{MOST, sealing::opened};
use crate::{
    error::StorageResult,
    services::Deps,
    storage::{records as rows, time::to_ms},
};

/// The newest HbA1c whose sample was taken in the days before the end of a report. The caller has checked that the
/// report may be read: whoever may read it may read records.
pub(in crate::services) async fn newest(
    deps: &Deps,
    patient: PatientId,
    end: DateTime<Utc>,
    zone: Tz,
) -> Result<Option<(LabValue, Moment)>> {
    let end = end.min(deps.clock.now() + domain::glucose::CLOCK_SKEW);
    let before = Cursor { at_ms: to_ms(end), id: Uuid::nil() };
    let kind = Some(RecordType::LabReport);
    for row in rows::list(&deps.store, patient, kind, hba1c_since(end), before, MOST).await.stored()? {
        let record = opened(&deps.keys, patient, row)?;
        let Body::LabReport(report) = record.body else { continue };
        if let Some(value) = report.values.into_iter().find(|value| value.test == LabTest::Hba1c) {
            return Ok(Some((value, Moment::new(record.recorded_at, zone))));
        }
    }
    Ok(None)
}
