//! A doctor's panel in figures. The figures are cached until the data of a patient in the panel changes; the names behind them
//! are read anew each time.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    analytics::{Analytics, AnalyticsPage, AnalyticsRow, Group, MOST_ROWS},
    clock::{DEFAULT_ZONE, Moment, local_date},
    people::Actor,
    ports::{ExportFile, ExportFormat},
    triage::Standing,
};

use super::{PanelService, stored_standing};
use crate::{
    cache,
    error::{StorageResult, internal},
    exports::guarded,
    services::{memory::looked_at, step_up, write},
    storage::{
        audit::Entry,
        panel::{self as rows, PanelEntry},
        standing::terms,
    },
};

/// The figures, and the patients of a group.
pub(super) async fn page(panel: &PanelService, actor: &Actor, group: Option<Group>) -> Result<AnalyticsPage> {
    let deps = &panel.deps;
    let now = deps.clock.now();
    let zone = terms(&deps.store, actor.user.into()).await.stored()?.map_or(DEFAULT_ZONE, |terms| terms.zone);
    // The patients behind a figure are read anew; then the figures need no second reading, should they not be cached.
    let members = match group {
        Some(_) => Some(entries(panel, actor, now).await?),
        None => None,
    };
    let of = |members: &[(PanelEntry, Standing)]| {
        let judged: Vec<_> = members.iter().map(|(entry, standing)| (standing.clone(), entry.goals)).collect();
        Analytics::of(&judged, now)
    };
    let compute = async {
        match &members {
            Some(members) => Result::Ok(of(members)),
            None => Ok(of(&entries(panel, actor, now).await?)),
        }
    };
    let figures = deps.cache.get_or_compute(cache::Kind::Analytics, actor.user.0, "panel", compute).await?;
    let mut found = Vec::new();
    if let (Some(group), Some(members)) = (group, members) {
        found = in_rows(panel, members.into_iter().filter(|(_, standing)| group.holds(standing, now)))?;
        found.truncate(MOST_ROWS);
        let shown: Vec<_> = found.iter().map(|row| row.id).collect();
        looked_at(deps, actor, &shown, "patient.list").await?;
    }
    Ok(AnalyticsPage { figures, rows: found, now: Moment::new(now, zone) })
}

/// All patients as a table. Each of them finds it in their access log.
pub(super) async fn file(panel: &PanelService, actor: &Actor) -> Result<ExportFile> {
    let deps = &panel.deps;
    step_up::require(deps, actor).await?;
    let now = deps.clock.now();
    let members = entries(panel, actor, now).await?;
    let line = |(entry, _): &(PanelEntry, Standing)| {
        Entry::by(actor, "patient.export", now).on("patients", entry.patient.0).of(entry.patient)
    };
    write::trail(deps, &members.iter().map(line).collect::<Vec<_>>()).await?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let wrong = |_| internal("a table does not write");
    table
        .write_record(["name", "lastReading", "inRangePercent", "inRange90DaysBefore", "gmiPercent", "activePercent"])
        .map_err(wrong)?;
    for row in in_rows(panel, members.into_iter())? {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let last = row.last_reading_at.map(|last| last.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        table
            .write_record([
                guarded(&row.name),
                last.unwrap_or_default(),
                number(row.in_range),
                number(row.in_range_before),
                number(row.gmi_percent),
                number(row.active_percent),
            ])
            .map_err(wrong)?;
    }
    let bytes = table.into_inner().map_err(|_| internal("a table does not write"))?;
    let name = format!("procare-panel-{}.csv", local_date(now, DEFAULT_ZONE));
    Ok(ExportFile { name, format: ExportFormat::Csv, bytes })
}

/// The doctor's patients with where they stand, in one statement, with their keys at hand.
async fn entries(panel: &PanelService, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<(PanelEntry, Standing)>> {
    let found = rows::of_doctor(&panel.deps.store, actor.user, now).await.stored()?;
    panel.deps.ready(found.iter().map(|entry| entry.patient.0)).await?;
    found
        .into_iter()
        .map(|entry| {
            let standing = stored_standing(&entry)?;
            Ok((entry, standing))
        })
        .collect()
}

/// As the reader sees them, by name.
fn in_rows(panel: &PanelService, members: impl Iterator<Item = (PanelEntry, Standing)>) -> Result<Vec<AnalyticsRow>> {
    let mut found = members
        .map(|(entry, standing)| {
            let known = panel.known(&entry)?;
            let row = AnalyticsRow {
                id: entry.patient,
                name: known.name.clone(),
                in_range: standing.ranges.map(|ranges| ranges.in_range),
                in_range_before: standing.in_range_quarter_before,
                gmi_percent: standing.gmi_percent,
                active_percent: standing.active_percent,
                last_reading_at: standing.last_reading_at.map(|at| Moment::new(at, entry.zone)),
            };
            Ok((known.lower.clone(), row))
        })
        .collect::<Result<Vec<_>>>()?;
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then(x.id.cmp(&y.id)));
    Ok(found.into_iter().map(|(_, row)| row).collect())
}
