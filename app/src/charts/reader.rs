//! For whom a chart is drawn: in which language, in which unit, in which year.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use domain::{
    glucose::{Glucose, Unit},
    metrics::range::{Band, Thresholds},
    people::Language,
};

use crate::{context, format, tr_in, words};

/// The bands from the top of a chart to its bottom.
pub const TOP_DOWN: [Band; 5] = [Band::VeryHigh, Band::High, Band::InRange, Band::Low, Band::VeryLow];

/// What decides how values and times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Words are in it.
    pub language: Language,
    /// Values are in it.
    pub unit: Unit,
    /// Dates of this year go without the year.
    pub year: i32,
}

impl Reader {
    /// Who looks at the present page.
    pub fn of_page() -> Self {
        let page = context::page();
        Self { language: page.language, unit: context::unit(), year: page.now.local().year() }
    }

    /// `126` or `7.0`.
    pub fn value(self, mg_dl: f64) -> String {
        Glucose::stored(mg_dl, Unit::MgDl).shown(self.unit)
    }

    /// `126 mg/dL`.
    pub fn value_with_unit(self, mg_dl: f64) -> String {
        format!("{} {}", self.value(mg_dl), self.unit.as_str())
    }

    /// A number that is in the reader's unit already: `10.0`.
    pub fn limit(self, value: f64) -> String {
        format!("{value:.*}", self.unit.decimals())
    }

    /// `24 Nov`.
    pub fn date(self, day: NaiveDate) -> String {
        format::date(self.language, day, self.year)
    }

    /// `7:40 pm`.
    pub fn time(self, at: NaiveDateTime) -> String {
        format::time(self.language, at)
    }

    /// `24 Nov, 7:40 pm`.
    pub fn date_time(self, at: NaiveDateTime) -> String {
        format!("{}, {}", self.date(at.date()), self.time(at))
    }

    /// A full hour, short enough for an axis: `6 am`; in Hindi `06:00`. 24 is the midnight that ends the day.
    pub fn hour(self, hour: i32) -> String {
        let hour = hour.rem_euclid(24);
        match self.language {
            Language::English => {
                let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
                format!("{twelve} {}", if hour < 12 { "am" } else { "pm" })
            }
            Language::Hindi => format!("{hour:02}:00"),
        }
    }

    /// `Mon`, by its number: 0 is Monday.
    pub fn weekday(self, number: u8) -> &'static str {
        // A week that begins with its month.
        let monday = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        format::weekday(self.language, monday.checked_add_days(Days::new(number.into())).unwrap_or(monday))
    }

    /// `Mon 24`.
    pub fn short_day(self, day: NaiveDate) -> String {
        format!("{} {}", format::weekday(self.language, day), day.day())
    }

    /// The band in a word.
    pub fn band(self, band: Band) -> &'static str {
        words::band(self.language, band)
    }

    /// How many readings a period has, and between which values, in a sentence.
    pub(super) fn readings(self, period: &str, count: usize, lowest: &str, highest: &str) -> String {
        let unit = self.unit.as_str();
        if count == 1 {
            return tr_in!(self.language, charts.daily_label_one, period = period, value = lowest, unit = unit)
                .to_string();
        }
        tr_in!(
            self.language,
            charts.daily_label,
            period = period,
            count = count,
            lowest = lowest,
            highest = highest,
            unit = unit
        )
        .to_string()
    }

    /// Which values a band holds: `70 to 180 mg/dL`, `below 54 mg/dL`. None for a band that the limits do not have.
    pub fn band_limits(self, band: Band, thresholds: &Thresholds) -> Option<String> {
        let unit = self.unit.as_str();
        let step = match self.unit {
            Unit::MgDl => 1.0,
            Unit::MmolL => 0.1,
        };
        let at = |limit: domain::metrics::range::Limit| limit.in_unit(self.unit);
        let between = |from: f64, to: f64| {
            tr_in!(self.language, charts.between, from = self.limit(from), to = self.limit(to), unit = unit).to_string()
        };
        let above = |from: f64| tr_in!(self.language, charts.above, value = self.limit(from), unit = unit).to_string();
        Some(match band {
            Band::VeryLow => {
                tr_in!(self.language, charts.below, value = self.limit(at(thresholds.very_low)), unit = unit)
                    .to_string()
            }
            Band::Low => between(at(thresholds.very_low), at(thresholds.low) - step),
            Band::InRange => between(at(thresholds.low), at(thresholds.high)),
            Band::High => match thresholds.very_high {
                Some(very_high) => between(at(thresholds.high) + step, at(very_high)),
                None => above(at(thresholds.high)),
            },
            Band::VeryHigh => above(at(thresholds.very_high?)),
        })
    }
}

/// The class of a band in a drawing.
pub(super) fn band_class(band: Band) -> &'static str {
    match band {
        Band::VeryLow => "b-very-low",
        Band::Low => "b-low",
        Band::InRange => "b-in-range",
        Band::High => "b-high",
        Band::VeryHigh => "b-very-high",
    }
}

/// A wall-clock time so many minutes after the first midnight.
pub(super) fn wall(first_day: NaiveDate, minute: i32) -> NaiveDateTime {
    let midnight = first_day.and_time(chrono::NaiveTime::MIN);
    midnight.checked_add_signed(TimeDelta::minutes(i64::from(minute))).unwrap_or(midnight)
}

#[cfg(test)]
mod tests {
    use domain::people::Preset;

    use super::*;

    const ENGLISH: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    #[test]
    fn hours_are_short_enough_for_an_axis() {
        let hindi = Reader { language: Language::Hindi, ..ENGLISH };
        assert_eq!([0, 6, 12, 23, 24].map(|h| ENGLISH.hour(h)), ["12 am", "6 am", "12 pm", "11 pm", "12 am"]);
        assert_eq!(hindi.hour(6), "06:00");
    }

    #[test]
    fn the_bands_limits_leave_no_value_out_and_none_twice() {
        let adult = Thresholds::of(Preset::Adult);
        let said = TOP_DOWN.map(|band| ENGLISH.band_limits(band, &adult).unwrap());
        assert_eq!(
            said,
            ["above 250 mg/dL", "181 to 250 mg/dL", "70 to 180 mg/dL", "54 to 69 mg/dL", "below 54 mg/dL"]
        );
        let mmol = Reader { unit: Unit::MmolL, ..ENGLISH };
        assert_eq!(mmol.band_limits(Band::High, &adult).unwrap(), "10.1 to 13.9 mmol/L");
        assert_eq!(mmol.band_limits(Band::Low, &adult).unwrap(), "3.0 to 3.8 mmol/L");
    }

    #[test]
    fn in_pregnancy_nothing_is_very_high() {
        let limits = Thresholds::of(Preset::PregnancyType1);
        assert_eq!(ENGLISH.band_limits(Band::VeryHigh, &limits), None);
        assert_eq!(ENGLISH.band_limits(Band::High, &limits).unwrap(), "above 140 mg/dL");
    }
}
