//! A patient's data and figures as a file, for the patient and for a doctor who treats them.

use domain::{
    Error, Result,
    access::Action,
    clock::{days_range, local_date},
    glucose::{Sample, Source},
    ids::{PatientId, UserId},
    metrics::{self, Terms},
    page::Cursor,
    people::Actor,
    ports::{ExportFile, ExportFormat, PeriodQuery},
    records::Hba1c,
};
use uuid::Uuid;

use super::{
    Deps,
    access::require,
    meals,
    readings::open_notes,
    records::hba1c,
    reports::{MAX_DAYS, days_of},
    step_up,
    work::blocking,
    write,
};
use crate::{
    error::{StorageResult, internal},
    exports::{self, Export, ExportReading},
    storage::{audit, panel, readings as rows, time::to_ms},
};

/// Makes the file of a period. Every file is a line of its own in the audit trail, written before anything is read.
pub(super) async fn export(
    deps: &Deps,
    actor: &Actor,
    patient: PatientId,
    period: PeriodQuery,
    format: ExportFormat,
) -> Result<ExportFile> {
    require(deps, actor, patient, Action::ReadReport).await?;
    require(deps, actor, patient, Action::ReadMeals).await?;
    // A file is out of our hands: a device left signed in must not give one away.
    step_up::require(deps, actor).await?;
    let now = deps.clock.now();
    let line = audit::Entry::by(actor, "patient.export", now).on("patients", patient.0).of(patient);
    write::trail(deps, &[line]).await?;
    let entry = panel::one(&deps.store, patient).await.stored()?.ok_or(Error::NotFound)?;
    let period = days_of(period, local_date(now, entry.zone), MAX_DAYS)?;
    let (from, to) = days_range(period.from, period.to, entry.zone);
    let before = Cursor { at_ms: to_ms(to), id: Uuid::nil() };
    let found = rows::list(&deps.store, patient, from, before, i64::MAX).await.stored()?;
    let mut meals = meals::between(deps, patient, from, to).await?;
    meals.reverse();
    let (name_sealed, phone) = (entry.name_sealed.as_deref(), entry.phone_sealed.as_slice());
    let known = deps.memory.known(&deps.keys, UserId::from(patient), entry.updated_at, name_sealed, phone)?;
    let hba1c = hba1c::newest(deps, patient, to, entry.zone).await?;
    let keys = deps.keys.clone();
    let terms = Terms { zone: entry.zone, goals: entry.goals, force: false };
    let bytes = blocking(move || {
        let mut readings = Vec::with_capacity(found.len());
        for row in found.iter().rev() {
            readings.push(ExportReading {
                id: row.id,
                at: row.recorded_at,
                glucose: row.glucose,
                clip: row.clip,
                state: row.state,
                source: row.source,
                notes: open_notes(&keys, patient, row)?,
            });
        }
        let sample = |r: &ExportReading| Sample {
            at: r.at,
            glucose: r.glucose,
            sensor: r.source == Source::Sensor,
            state: r.state,
        };
        let samples: Vec<Sample> = readings.iter().map(sample).collect();
        let report = metrics::report(&samples, period, terms);
        let hba1c = hba1c.map(|(value, at)| Hba1c::beside(value, at, report.gmi_percent));
        let export = Export {
            patient,
            name: known.name.clone(),
            birth_year: entry.birth_year,
            zone: terms.zone.name().to_owned(),
            goals: terms.goals,
            report,
            hba1c,
            readings,
            meals,
            made_at: now,
        };
        exports::write(&export, format).ok_or_else(|| internal("an export does not write"))
    })
    .await?;
    // Neither name nor number: a file's name ends up in lists of downloads.
    let name = format!("procare-{}-{}.{}", period.from, period.to, format.extension());
    Ok(ExportFile { name, format, bytes })
}
