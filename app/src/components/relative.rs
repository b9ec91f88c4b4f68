//! "5 min ago": how old something is, against the page's one present instant.

use chrono::Days;
use domain::{clock::Moment, people::Language};

use crate::{context, format, i18n::is_one, tr};

/// `just now`, `5 min ago`, `3 h ago`, `yesterday, 7:40 pm`, `24 Nov, 7:40 pm`. A time just ahead (clock skew) is `just now`.
pub fn ago(at: Moment, now: Moment) -> String {
    let language: Language = context::language();
    let minutes = (now.at - at.at).num_minutes();
    let (day, today) = (at.local().date(), now.local().date());
    if minutes < 1 {
        tr!(common.ago_now).to_owned()
    } else if minutes < 60 {
        tr!(common.ago_minutes, count = minutes).to_string()
    } else if minutes < 6 * 60 || day == today {
        let hours = u32::try_from(minutes / 60).unwrap_or(u32::MAX);
        if is_one(language, hours) {
            tr!(common.ago_hours_single, count = hours).to_string()
        } else {
            tr!(common.ago_hours_plural, count = hours).to_string()
        }
    } else if today.checked_sub_days(Days::new(1)) == Some(day) {
        tr!(common.ago_yesterday, time = format::time(language, at.local())).to_string()
    } else {
        format::date_time(language, at, now)
    }
}

/// `Today`, `Yesterday`, `Tue, 24 Nov`: the head of a day in a list.
pub fn day_head(day: chrono::NaiveDate, today: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    let language = context::language();
    if day == today {
        tr!(common.today).to_owned()
    } else if today.checked_sub_days(Days::new(1)) == Some(day) {
        tr!(common.yesterday).to_owned()
    } else {
        format!("{}, {}", format::weekday(language, day), format::date(language, day, today.year()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    /// 24 November 2026, 3:10 pm in India.
    fn now() -> Moment {
        let at = DateTime::parse_from_rfc3339("2026-11-24T09:40:00Z").unwrap().with_timezone(&Utc);
        Moment { at, offset_s: 19_800 }
    }

    fn before(minutes: i64) -> Moment {
        Moment { at: now().at - TimeDelta::minutes(minutes), ..now() }
    }

    #[test]
    fn an_age_is_said_as_people_say_it() {
        for (minutes, words) in [
            (-3, "just now"),
            (0, "just now"),
            (1, "1 min ago"),
            (59, "59 min ago"),
            (60, "1 hour ago"),
            (14 * 60, "14 hours ago"),
            (16 * 60, "yesterday, 11:10 pm"),
            (24 * 60, "yesterday, 3:10 pm"),
            (3 * 24 * 60, "21 Nov, 3:10 pm"),
        ] {
            assert_eq!(ago(before(minutes), now()), words, "{minutes} min");
        }
    }

    #[test]
    fn a_day_is_headed_by_its_nearness() {
        let today = now().local().date();
        let heads: Vec<_> = (0..3).map(|n| day_head(today - TimeDelta::days(n), today)).collect();
        assert_eq!(heads, ["Today", "Yesterday", "Sun, 22 Nov"]);
    }
}
