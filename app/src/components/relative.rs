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
