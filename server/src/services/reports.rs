//! Figures, curves and lists of a patient's data, for the patient and for those who may read it.

use async_trait::async_trait;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use domain::{
    Error, Result,
    access::Action,
    clock::{Moment, day_start, days_range, local_date},
    field::{FieldErrors, Problem},
    glucose::{MealState, Sample},
    ids::PatientId,
    insights::{self, Weekly},
    meal::Meal,
    metrics::{
        self, Period, Terms, days,
        pattern::{self, Patterns},
        range::Thresholds,
        today,
    },
    page::{Cursor, Page},
    people::Actor,
    ports::{
        Curve, DaySummary, ExportFile, ExportFormat, ListQuery, LogBookDay, PatientReport, PeriodQuery, Reports,
        ShownReading, Today,
    },
    records::Hba1c,
    targets::Goals,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Deps,
    access::{require_look, require_own_look},
    exports, meals,
    paging::window,
    readings::{find, open_notes, place},
    records::hba1c,
    work::blocking,
};
use crate::{
    cache,
    crypto::Keyring,
    error::{StorageResult, internal},
    storage::{
        panel,
        readings::{self as rows, StoredReading},
        standing::{self, PatientTerms},
    },
};

/// Longest period of a report, days.
pub const MAX_DAYS: u32 = 366;
/// Longest period of a curve, days.
pub const MAX_CURVE_DAYS: u32 = 14;
/// Above this many samples the figures are computed away from the threads that answer requests.
const MANY_SAMPLES: usize = 5_000;
/// Days looked back for a row of days with a reading, first and if all of those have one.
const STREAK_DAYS: [i64; 2] = [40, 3_700];

/// Implements [`Reports`].
pub struct ReportService {
    deps: Deps,
}

impl ReportService {
    /// Over what the use cases stand on.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Goes on if the actor may, notes that they look, and gives under what the data is read.
    async fn open(&self, actor: &Actor, patient: PatientId, action: Action) -> Result<PatientTerms> {
        require_look(&self.deps, actor, patient, action).await?;
        self.terms(patient).await
    }

    async fn terms(&self, patient: PatientId) -> Result<PatientTerms> {
        standing::terms(&self.deps.store, patient).await.stored()?.ok_or(Error::NotFound)
    }

    /// The samples of a period's local days, in one statement.
    async fn samples(&self, patient: PatientId, from: NaiveDate, to: NaiveDate, zone: Tz) -> Result<Vec<Sample>> {
        let (from, to) = days_range(from, to, zone);
        rows::samples(&self.deps.store, patient, from, to).await.stored()
    }

    /// Days in a row with a reading.
    async fn streak(&self, patient: PatientId, today: NaiveDate, zone: Tz) -> Result<u32> {
        let mut streak = 0;
        for back in STREAK_DAYS {
            let from = day_start(today - TimeDelta::days(back), zone);
            let quarters = rows::quarters_since(&self.deps.store, patient, from).await.stored()?;
            let days: Vec<NaiveDate> = quarters.into_iter().map(|at| local_date(at, zone)).collect();
            streak = today::streak_days(&days, today);
            if i64::from(streak) < back {
                break;
            }
        }
        Ok(streak)
    }
}

#[async_trait]
impl Reports for ReportService {
    async fn today(&self, actor: &Actor) -> Result<Today> {
        require_own_look(&self.deps, actor, Action::ReadReport).await?;
        let patient = PatientId::from(actor.user);
        let now = self.deps.clock.now();
        let PatientTerms { zone, goals, .. } = self.terms(patient).await?;
        let (date, moment, thresholds) = (local_date(now, zone), Moment::new(now, zone), Thresholds::of(goals));
        let newest = Cursor { at_ms: i64::MAX, id: Uuid::nil() };
        let last = rows::list(&self.deps.store, patient, DateTime::<Utc>::MIN_UTC, newest, 1).await.stored()?.pop();
        // From a little before midnight, so that a trend does not begin anew with the day.
        let (from, to) = days_range(date, date, zone);
        let samples = rows::samples(&self.deps.store, patient, from - TimeDelta::hours(1), to).await.stored()?;
        let of_today: Vec<&Sample> = samples.iter().filter(|sample| local_date(sample.at, zone) == date).collect();
        let logged: Vec<MealState> = of_today.iter().filter(|s| !s.sensor).map(|s| s.state).collect();
        let viewers = panel::count_viewers(&self.deps.store, patient, now).await.stored()?;
        Ok(Today {
            now: moment,
            last: last.map(|row| shown(&self.deps.keys, patient, row, zone, &thresholds)).transpose()?,
            trend: today::trend(&samples, now),
            in_range_percent: today::in_range_percent(&samples, date, zone, goals).map(|(percent, _)| percent),
            readings: u32::try_from(of_today.len()).unwrap_or(u32::MAX),
            streak_days: self.streak(patient, date, zone).await?,
            next_state: today::next_state(&logged, moment.minute_of_day()),
            curve: days::curve(&samples, date, date, zone, goals),
            care_team: u32::try_from(viewers).unwrap_or(0),
        })
    }

    async fn report(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        force: bool,
    ) -> Result<PatientReport> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadReport).await?;
        let now = self.deps.clock.now();
        let period = days_of(period, local_date(now, zone), MAX_DAYS)?;
        let samples = self.samples(patient, period.from, period.to, zone).await?;
        let terms = Terms { zone, goals, force };
        let report = figures(samples, move |samples| metrics::report(samples, period, terms)).await?;
        let (_, end) = days_range(period.from, period.to, zone);
        let hba1c = hba1c::newest(&self.deps, patient, end, zone).await?;
        let hba1c = hba1c.map(|(value, at)| Hba1c::beside(value, at, report.gmi_percent));
        Ok(PatientReport { report, goals, thresholds: Thresholds::of(goals), hba1c, now: Moment::new(now, zone) })
    }

    async fn curve(&self, actor: &Actor, patient: PatientId, from: NaiveDate, to: NaiveDate) -> Result<Curve> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadGlucose).await?;
        let Period { from, to, .. } = days_of(PeriodQuery::Between(from, to), to, MAX_CURVE_DAYS)?;
        let samples = self.samples(patient, from, to, zone).await?;
        figures(samples, move |samples| days::curve(samples, from, to, zone, goals)).await
    }

    async fn days(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<DaySummary>> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadGlucose).await?;
        let period = days_of(period, local_date(self.deps.clock.now(), zone), MAX_DAYS)?;
        let samples = self.samples(patient, period.from, period.to, zone).await?;
        figures(samples, move |samples| days::summaries(samples, period, zone, goals)).await
    }

    async fn log_book(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<LogBookDay>> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadReport).await?;
        let period = days_of(period, local_date(self.deps.clock.now(), zone), MAX_DAYS)?;
        let (from, to) = days_range(period.from, period.to, zone);
        let found = rows::by_meter(&self.deps.store, patient, from, to).await.stored()?;
        let thresholds = Thresholds::of(goals);
        let mut book: Vec<LogBookDay> = Vec::new();
        for row in found {
            let (date, state) = (local_date(row.recorded_at, zone), row.state);
            if book.last().is_none_or(|day| day.date != date) {
                book.push(LogBookDay { date, cells: vec![Vec::new(); MealState::ALL.len()] });
            }
            let reading = shown(&self.deps.keys, patient, row, zone, &thresholds)?;
            let column = MealState::ALL.iter().position(|s| *s == state).unwrap_or(0);
            if let Some(cell) = book.last_mut().and_then(|day| day.cells.get_mut(column)) {
                cell.push(reading);
            }
        }
        book.reverse();
        Ok(book)
    }

    async fn meals(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<(Moment, Meal)>> {
        let PatientTerms { zone, .. } = self.open(actor, patient, Action::ReadMeals).await?;
        let period = days_of(period, local_date(self.deps.clock.now(), zone), MAX_DAYS)?;
        let (from, to) = days_range(period.from, period.to, zone);
        let found = meals::between(&self.deps, patient, from, to).await?;
        Ok(found.into_iter().map(|meal| (Moment::new(meal.recorded_at, zone), meal)).collect())
    }

    async fn patterns(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Patterns> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadReport).await?;
        let period = days_of(period, local_date(self.deps.clock.now(), zone), MAX_DAYS)?;
        let samples = self.samples(patient, period.from, period.to, zone).await?;
        figures(samples, move |samples| pattern::patterns(samples, period, zone, goals)).await
    }

    async fn weekly(&self, actor: &Actor, patient: PatientId) -> Result<Weekly> {
        let PatientTerms { zone, goals, .. } = self.open(actor, patient, Action::ReadReport).await?;
        let week = Period::ending(local_date(self.deps.clock.now(), zone), 7);
        let before = Period::ending(week.from.pred_opt().unwrap_or(week.from), 7);
        // Whoever may read the report sees the same sentences; the words and the unit are put in later.
        let scope = format!("report:{}:{}:{}", week.to, zone.name(), fingerprint(&goals)?);
        let compute = async {
            let samples = self.samples(patient, before.from, week.to, zone).await?;
            figures(samples, move |samples| insights::weekly(samples, week, before, zone, goals)).await
        };
        self.deps.cache.get_or_compute(cache::Kind::Insights, patient.0, &scope, compute).await
    }

    async fn export(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        format: ExportFormat,
    ) -> Result<ExportFile> {
        exports::export(&self.deps, actor, patient, period, format).await
    }

    async fn history(&self, actor: &Actor, query: &ListQuery) -> Result<Page<ShownReading>> {
        require_own_look(&self.deps, actor, Action::ReadGlucose).await?;
        let (patient, window) = (PatientId::from(actor.user), window(query)?);
        let PatientTerms { zone, goals, .. } = self.terms(patient).await?;
        let thresholds = Thresholds::of(goals);
        let found = find(&self.deps, patient, &window).await?;
        window.page(found, place, |row| shown(&self.deps.keys, patient, row, zone, &thresholds))
    }
}

/// A reading as a page shows it.
pub(super) fn shown(
    keys: &Keyring,
    patient: PatientId,
    row: StoredReading,
    zone: Tz,
    thresholds: &Thresholds,
) -> Result<ShownReading> {
    Ok(ShownReading {
        id: row.id,
        notes: open_notes(keys, patient, &row)?,
        at: Moment::new(row.recorded_at, zone),
        glucose: row.glucose,
        clip: row.clip,
        band: thresholds.band(row.glucose),
        state: row.state,
        source: row.source,
        version: row.version,
    })
}

/// What tells targets apart, a doctor's own numbers too, and says nothing of them: it becomes part of a key of the cache.
fn fingerprint(goals: &Goals) -> Result<String> {
    let json = serde_json::to_vec(goals).map_err(|_| internal("targets do not write"))?;
    Ok(HEXLOWER.encode(&Sha256::digest(json)))
}

/// The local days that are asked for: at least one, at most `most`, in years that a calendar of readings has.
pub(super) fn days_of(query: PeriodQuery, today: NaiveDate, most: u32) -> Result<Period> {
    let refused = |problem| Err(FieldErrors::one("period", problem).into());
    let too_long = Problem::OutOfRange { min: 1.0, max: f64::from(most), unit: String::new() };
    match query {
        PeriodQuery::LastDays(days) if days == 0 || u32::from(days) > most => refused(too_long),
        PeriodQuery::LastDays(days) => Ok(Period::ending(today, days.into())),
        PeriodQuery::Between(from, to) if from > to => refused(Problem::Malformed),
        PeriodQuery::Between(from, to) if !(1900..=2200).contains(&from.year()) || to.year() > 2200 => {
            refused(Problem::Time)
        }
        PeriodQuery::Between(from, to) if (to - from).num_days() >= i64::from(most) => refused(too_long),
        PeriodQuery::Between(from, to) => Ok(Period::new(from, to)),
    }
}

/// Computes from samples; from many of them, away from the threads that answer requests.
async fn figures<T: Send + 'static>(
    samples: Vec<Sample>,
    compute: impl FnOnce(&[Sample]) -> T + Send + 'static,
) -> Result<T> {
    if samples.len() < MANY_SAMPLES {
        return Ok(compute(&samples));
    }
    blocking(move || Ok(compute(&samples))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_one_to_366_days_in_order() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let today = day("2026-11-24");
        let ok = |query| days_of(query, today, MAX_DAYS).map(|p| (p.from, p.to, p.days));
        assert_eq!(ok(PeriodQuery::LastDays(1)), Ok((today, today, 1)));
        assert_eq!(ok(PeriodQuery::LastDays(14)), Ok((day("2026-11-11"), today, 14)));
        assert_eq!(ok(PeriodQuery::Between(day("2026-01-01"), day("2027-01-01"))).map(|p| p.2), Ok(366));
        for query in [
            PeriodQuery::LastDays(0),
            PeriodQuery::LastDays(367),
            PeriodQuery::Between(day("2026-01-01"), day("2027-01-02")),
            PeriodQuery::Between(today, day("2026-11-23")),
            PeriodQuery::Between(NaiveDate::MIN, NaiveDate::MIN),
            PeriodQuery::Between(NaiveDate::MAX, NaiveDate::MAX),
        ] {
            let Err(Error::Invalid(errors)) = ok(query) else { panic!("{query:?} was accepted") };
            assert!(errors.of("period").is_some());
        }
    }
}
