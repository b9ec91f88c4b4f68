//! Whether a doctor's review of a patient still holds.

use chrono::{DateTime, NaiveDate, Utc};

/// Whether the day has come on which a review said to look again.
pub fn is_due(due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    due_on.is_some_and(|day| day <= today)
}

/// Whether a review holds: it is not due again, and nothing was recorded since.
pub fn holds(reviewed_at: Option<DateTime<Utc>>, last_reading_at: Option<DateTime<Utc>>, is_due: bool) -> bool {
    !is_due && reviewed_at.is_some_and(|at| last_reading_at.is_none_or(|last| last <= at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(ms).unwrap()
    }

    #[test]
    fn a_review_holds_until_a_newer_reading_or_its_day() {
        assert!(holds(Some(at(5)), None, false) && holds(Some(at(5)), Some(at(5)), false));
        assert!(!holds(Some(at(5)), Some(at(6)), false), "a newer reading");
        assert!(!holds(Some(at(5)), None, true), "due again");
        assert!(!holds(None, None, false), "never reviewed");
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due = |today| is_due(Some(day("2026-12-08")), day(today));
        assert!(!due("2026-12-07") && due("2026-12-08") && due("2026-12-09"));
        assert!(!is_due(None, day("2026-12-08")));
    }
}
