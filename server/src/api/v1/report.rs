//! The clinical figures of a period, unrounded.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    Error,
    clock::{local_date, parse_zone},
    field::{FieldErrors, Problem},
    ids::PatientId,
    metrics::{Episode, EpisodeLevel, Kind, ProfilePoint, Ranges, Shortfall},
    people::Actor,
    ports::{PatientReport, PeriodQuery},
    records::Hba1c,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Day, Params},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(report))
}

/// Days if nothing is asked for.
const DEFAULT_DAYS: u16 = 14;
/// Most days of a report.
const MAX_DAYS: u16 = 366;

/// Which days, in the patient's time zone.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PeriodParams {
    /// First day (`2026-11-01`), or an RFC 3339 instant in it. Without `from` and `to`: the last 14 days.
    #[param(value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day, included, or an RFC 3339 instant that ends the period.
    #[param(value_type = Option<NaiveDate>)]
    to: Option<String>,
    /// Instead of `from` and `to`: the last days, today included, 1 to 366.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 366)]
    days: Option<String>,
    /// `true` gives figures that would be withheld, for those who check the arithmetic.
    #[param(value_type = Option<bool>)]
    force: Option<String>,
}

/// What was asked for, before the patient's zone is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    Days(u16),
    Between(Day, Day),
}

impl PeriodParams {
    /// The same days, asked for by another call.
    pub(super) fn of(from: Option<String>, to: Option<String>, days: Option<String>) -> Self {
        Self { from, to, days, force: None }
    }

    pub(super) fn parse(self) -> Result<(Asked, bool), FieldErrors> {
        let mut errors = FieldErrors::default();
        let force = errors.take(
            "force",
            match self.force.as_deref() {
                None | Some("false") => Ok(false),
                Some("true") => Ok(true),
                Some(_) => Err(Problem::UnknownChoice),
            },
        );
        let days = errors.take("days", self.days.as_deref().map(parse_days).transpose()).flatten();
        let from = errors.take("from", self.from.as_deref().map(Day::parse).transpose()).flatten();
        let to = errors.take("to", self.to.as_deref().map(Day::parse).transpose()).flatten();
        let asked = match (from, to) {
            _ if !errors.is_empty() => None,
            (Some(from), Some(to)) => Some(Asked::Between(from, to)),
            (None, None) => Some(Asked::Days(days.unwrap_or(DEFAULT_DAYS))),
            (Some(_), None) => errors.take("to", Err(Problem::Required)),
            (None, Some(_)) => errors.take("from", Err(Problem::Required)),
        };
        errors.into_result(asked.zip(force))
    }
}

fn parse_days(text: &str) -> Result<u16, Problem> {
    let days: u16 = text.parse().map_err(|_| Problem::NotANumber)?;
    if (1..=MAX_DAYS).contains(&days) {
        Ok(days)
    } else {
        Err(Problem::OutOfRange { min: 1.0, max: f64::from(MAX_DAYS), unit: String::new() })
    }
}

impl Asked {
    /// Whether the patient's zone is needed to tell the days.
    pub(super) fn needs_zone(self) -> bool {
        matches!(self, Self::Between(from, to) if [from, to].iter().any(|day| matches!(day, Day::Instant(_))))
    }

    /// The days in a zone.
    pub(super) fn in_zone(self, zone: Tz) -> Result<PeriodQuery, FieldErrors> {
        let (from, to) = match self {
            Self::Days(days) => return Ok(PeriodQuery::LastDays(days)),
            Self::Between(from, to) => (from, to),
        };
        let first = match from {
            Day::Date(date) => date,
            Day::Instant(at) => local_date(at, zone),
        };
        let last = match to {
            Day::Date(date) => date,
            // An instant ends the period and is not in it.
            Day::Instant(at) => local_date(at - TimeDelta::milliseconds(1), zone),
        };
        let days = (last - first).num_days() + 1;
        if (1..=i64::from(MAX_DAYS)).contains(&days) {
            Ok(PeriodQuery::Between(first, last))
        } else {
            let problem = Problem::OutOfRange { min: 1.0, max: f64::from(MAX_DAYS), unit: "days".to_owned() };
            Err(FieldErrors::one("to", problem))
        }
    }
}

/// The figures of a period. Percentages are 0 to 100; nothing is rounded. A figure that may not be shown is null and
/// `sufficiency.reasons` says why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportBody {
    period: PeriodBody,
    /// `sensor` or `meter`. A meter's values never give time in range or GMI.
    kind: &'static str,
    /// Readings that the figures come from.
    readings: u32,
    sufficiency: SufficiencyBody,
    /// Mean, mg/dL.
    mean_mg_dl: Option<f64>,
    /// Sample standard deviation, mg/dL.
    sd_mg_dl: Option<f64>,
    /// Coefficient of variation, %.
    cv_percent: Option<f64>,
    /// Glucose management indicator, %.
    gmi_percent: Option<f64>,
    /// A laboratory's HbA1c whose sample was taken in the 100 days before the period's end; null if there is none.
    hba1c: Option<Hba1cBody>,
    ranges: Option<RangesBody>,
    /// 70 to 140 mg/dL, %.
    tight_range_percent: Option<f64>,
    /// Low blood glucose index.
    lbgi: Option<f64>,
    /// High blood glucose index.
    hbgi: Option<f64>,
    /// Glycemia risk index, 0 to 100.
    gri: Option<f64>,
    /// Mean amplitude of glycemic excursions, mg/dL.
    mage_mg_dl: Option<f64>,
    /// Oldest first.
    episodes: Vec<EpisodeBody>,
    /// Percentiles by time of day; empty where withheld.
    profile: Vec<ProfileBody>,
}

/// A laboratory's HbA1c beside the GMI.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Hba1cBody {
    /// In % (NGSP), converted if it was reported in mmol/mol.
    percent: f64,
    /// The number as received.
    value: f64,
    /// The unit as received: `%` or `mmol/mol`.
    unit: &'static str,
    /// When the sample was taken.
    recorded_at: DateTime<Utc>,
    /// HbA1c less GMI, percentage points; null where the GMI is.
    gap: Option<f64>,
}

impl From<Hba1c> for Hba1cBody {
    fn from(hba1c: Hba1c) -> Self {
        Self {
            percent: hba1c.percent,
            value: hba1c.value.value,
            unit: hba1c.value.unit.as_str(),
            recorded_at: hba1c.at.at,
            gap: hba1c.gap,
        }
    }
}

/// Which days, in the patient's time zone.
#[derive(Serialize, ToSchema)]
pub(super) struct PeriodBody {
    /// First day.
    from: NaiveDate,
    /// Last day, included.
    to: NaiveDate,
    /// How many.
    days: u32,
}

impl From<domain::metrics::Period> for PeriodBody {
    fn from(period: domain::metrics::Period) -> Self {
        Self { from: period.from, to: period.to, days: period.days }
    }
}

/// How much data there is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SufficiencyBody {
    /// Days with at least one reading.
    days: u32,
    /// Share of the expected sensor readings that are there; null for a meter.
    active_percent: Option<f64>,
    /// Whether there is enough to judge by (14 days, 70 %).
    enough: bool,
    /// What is short: `noReadings`, `tooFewDays`, `tooLittleActive`, `under24Hours`, `tooFewReadings`, `meterOnly`.
    reasons: Vec<&'static str>,
}

/// Share of readings in each range; sums to 100.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RangesBody {
    /// Below 54 mg/dL.
    very_low: f64,
    /// Below range.
    low: f64,
    /// In range.
    in_range: f64,
    /// Above range.
    high: f64,
    /// Above 250 mg/dL.
    very_high: f64,
}

/// At least 15 minutes beyond a level.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EpisodeBody {
    /// `veryLow`, `low`, `high` or `veryHigh`.
    level: &'static str,
    /// First reading beyond it.
    from: DateTime<Utc>,
    /// Last reading beyond it.
    to: DateTime<Utc>,
    /// The most extreme value, mg/dL.
    extreme_mg_dl: f64,
}

/// Percentiles from a minute of the day on, mg/dL.
#[derive(Serialize, ToSchema)]
struct ProfileBody {
    /// Minutes since local midnight.
    minute: u16,
    /// 5th percentile.
    p5: f64,
    /// 25th percentile.
    p25: f64,
    /// Median.
    p50: f64,
    /// 75th percentile.
    p75: f64,
    /// 95th percentile.
    p95: f64,
}

impl From<PatientReport> for ReportBody {
    fn from(PatientReport { report, hba1c, .. }: PatientReport) -> Self {
        Self {
            period: report.period.into(),
            kind: kind(report.kind),
            readings: report.readings,
            sufficiency: SufficiencyBody {
                days: report.sufficiency.days,
                active_percent: report.sufficiency.active_percent,
                enough: report.sufficiency.enough,
                reasons: report.sufficiency.reasons.into_iter().map(shortfall).collect(),
            },
            mean_mg_dl: report.mean_mg_dl,
            sd_mg_dl: report.sd_mg_dl,
            cv_percent: report.cv_percent,
            gmi_percent: report.gmi_percent,
            hba1c: hba1c.map(Into::into),
            ranges: report.ranges.map(Into::into),
            tight_range_percent: report.tight_range_percent,
            lbgi: report.lbgi,
            hbgi: report.hbgi,
            gri: report.gri,
            mage_mg_dl: report.mage_mg_dl,
            episodes: report.episodes.into_iter().map(Into::into).collect(),
            profile: report.profile.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Ranges> for RangesBody {
    fn from(ranges: Ranges) -> Self {
        Self {
            very_low: ranges.very_low,
            low: ranges.low,
            in_range: ranges.in_range,
            high: ranges.high,
            very_high: ranges.very_high,
        }
    }
}

impl From<Episode> for EpisodeBody {
    fn from(episode: Episode) -> Self {
        let level = match episode.level {
            EpisodeLevel::VeryLow => "veryLow",
            EpisodeLevel::Low => "low",
            EpisodeLevel::High => "high",
            EpisodeLevel::VeryHigh => "veryHigh",
        };
        Self { level, from: episode.from, to: episode.to, extreme_mg_dl: episode.extreme_mg_dl }
    }
}

impl From<ProfilePoint> for ProfileBody {
    fn from(point: ProfilePoint) -> Self {
        Self { minute: point.minute, p5: point.p5, p25: point.p25, p50: point.p50, p75: point.p75, p95: point.p95 }
    }
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Sensor => "sensor",
        Kind::Meter => "meter",
    }
}

fn shortfall(shortfall: Shortfall) -> &'static str {
    match shortfall {
        Shortfall::NoReadings => "noReadings",
        Shortfall::TooFewDays => "tooFewDays",
        Shortfall::TooLittleActive => "tooLittleActive",
        Shortfall::Under24Hours => "under24Hours",
        Shortfall::TooFewReadings => "tooFewReadings",
        Shortfall::MeterOnly => "meterOnly",
    }
}

/// The figures of one's own period.
#[utoipa::path(get, path = "/report", tag = "report", security(("bearer" = [])), params(PeriodParams),
    responses((status = 200, description = "The figures.", body = ReportBody), Refusals))]
async fn report(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<PeriodParams>,
) -> ApiResult<Json<ReportBody>> {
    let (asked, force) = params.parse()?;
    let zone = if asked.needs_zone() { own_zone(&app, &actor).await? } else { domain::clock::DEFAULT_ZONE };
    let patient = PatientId::from(actor.user);
    let report = app.services.reports.report(&actor, patient, asked.in_zone(zone)?, force).await?;
    Ok(Json(report.into()))
}

/// The caller's zone.
pub(super) async fn own_zone(app: &AppState, actor: &Actor) -> Result<Tz, Error> {
    let me = app.services.accounts.me(actor).await?;
    Ok(parse_zone(&me.time_zone).unwrap_or(domain::clock::DEFAULT_ZONE))
}
