//! Whether there is enough data to judge by: 14 days and 70 % of the sensor's values (Battelino et al. 2019, Diabetes
//! Care 42(8):1593-1603, doi:10.2337/dci19-0028).

use chrono_tz::Tz;

use super::{
    Kind, Period, Shortfall, Sufficiency,
    series::{DAY_MS, Series},
};
use crate::clock::days_range;

/// Least local days with data.
pub const LEAST_DAYS: u32 = 14;
/// Least share of the expected sensor values, %.
pub const LEAST_ACTIVE_PERCENT: f64 = 70.0;
/// Least readings for a spread to mean something.
pub const LEAST_READINGS: usize = 30;

/// Judges the data of a period.
///
/// The active share is the time that the sensor's values stand for (to the next one, where that is missing for the
/// sensor's own interval: 1, 3, 5 or 15 minutes) over the time of the period. The period's last day counts up to the last value if there is one on it: it
/// may be today.
pub(crate) fn judge(series: &Series, period: Period, zone: Tz) -> Sufficiency {
    let n = series.points.len();
    let days = series.days();
    if n == 0 {
        return Sufficiency { days, active_percent: None, enough: false, reasons: vec![Shortfall::NoReadings] };
    }
    let too_few = (n < LEAST_READINGS).then_some(Shortfall::TooFewReadings);
    if series.kind == Kind::Meter {
        let reasons = [Some(Shortfall::MeterOnly), too_few].into_iter().flatten().collect();
        return Sufficiency { days, active_percent: None, enough: false, reasons };
    }
    let active = active_percent(series, None, period, zone);
    let reasons: Vec<Shortfall> = [
        (days < LEAST_DAYS).then_some(Shortfall::TooFewDays),
        (active < LEAST_ACTIVE_PERCENT).then_some(Shortfall::TooLittleActive),
        (series.covered_ms() < DAY_MS).then_some(Shortfall::Under24Hours),
        too_few,
    ]
    .into_iter()
    .flatten()
    .collect();
    Sufficiency { days, active_percent: Some(active), enough: reasons.is_empty(), reasons }
}

/// The active share of the period, or of what is left of it from an instant (ms) on, %.
pub(crate) fn active_percent(series: &Series, since_ms: Option<i64>, period: Period, zone: Tz) -> f64 {
    let (start, end) = days_range(period.from, period.to, zone);
    let from_ms = since_ms.unwrap_or_else(|| start.timestamp_millis());
    let mut until_ms = end.timestamp_millis();
    if let Some(last) = series.points.last().filter(|last| last.date() == period.to) {
        until_ms = until_ms.min(last.at_ms + last.covers_ms);
    }
    let expected = (until_ms - from_ms).max(1) as f64;
    (100.0 * series.covered_ms() as f64 / expected).clamp(0.0, 100.0)
}
