//! Time: instants are UTC, days are wall-clock days in the patient's IANA zone.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::field::Problem;

/// The zone of a patient who never chose one.
pub const DEFAULT_ZONE: Tz = Tz::Asia__Kolkata;

/// Gives the present instant. Passed in, so that a test can stand still.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// An instant together with the offset that the patient's zone had then: all a page needs to show it, without the
/// zone database (which the browser does not carry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The instant, UTC.
    pub at: DateTime<Utc>,
    /// Seconds east of UTC at that instant.
    pub offset_s: i32,
}

impl Moment {
    /// The instant as seen in a zone.
    pub fn new(at: DateTime<Utc>, zone: Tz) -> Self {
        let offset_s = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        Self { at, offset_s }
    }

    /// Date and time on the wall.
    pub fn local(&self) -> NaiveDateTime {
        let offset = FixedOffset::east_opt(self.offset_s).unwrap_or_else(|| Utc.fix());
        self.at.with_timezone(&offset).naive_local()
    }

    /// Minutes since midnight on the wall, 0 to 1439.
    pub fn minute_of_day(&self) -> u16 {
        use chrono::Timelike;
        let t = self.local();
        u16::try_from(t.hour() * 60 + t.minute()).unwrap_or(0)
    }
}

/// Parses an IANA zone name such as `Asia/Kolkata`.
pub fn parse_zone(name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| Problem::TimeZone)
}

/// The local date of an instant.
pub fn local_date(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The instant of a wall-clock time. Of two (clocks set back) the earlier; none (clocks set forward) is refused.
pub fn from_local(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, Problem> {
    zone.from_local_datetime(&local).earliest().map(|t| t.with_timezone(&Utc)).ok_or(Problem::NoSuchLocalTime)
}

/// The first instant of a local day. Where midnight is skipped, the first instant that exists: a day may have 23 or 25 hours.
pub fn day_start(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    for quarter in 0..=12 {
        if let Ok(at) = from_local(midnight + chrono::TimeDelta::minutes(15 * quarter), zone) {
            return at;
        }
    }
    midnight.and_utc()
}

/// The half-open range of instants of the local days `from..=to`.
pub fn days_range(from: NaiveDate, to: NaiveDate, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let after = to.checked_add_days(Days::new(1)).unwrap_or(to);
    (day_start(from, zone), day_start(after, zone))
}
