//! Numbers and dates as people write them, the same on server and browser.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use domain::{clock::Moment, people::Language};

const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_HI: [&str; 12] = ["जन॰", "फ़र॰", "मार्च", "अप्रैल", "मई", "जून", "जुल॰", "अग॰", "सित॰", "अक्टू॰", "नव॰", "दिस॰"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WEEKDAYS_HI: [&str; 7] = ["सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि"];

fn nth(names: &'static [&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|i| names.get(i)).copied().unwrap_or("")
}

/// `24 Nov`; with the year where it is not this one: `24 Nov 2025`.
pub fn date(language: Language, day: NaiveDate, this_year: i32) -> String {
    let months: &[&str; 12] = match language {
        Language::English => &MONTHS_EN,
        Language::Hindi => &MONTHS_HI,
    };
    let text = format!("{} {}", day.day(), nth(months, day.month0()));
    if day.year() == this_year { text } else { format!("{text} {}", day.year()) }
}

/// `Tue`.
pub fn weekday(language: Language, day: NaiveDate) -> &'static str {
    let names: &[&str; 7] = match language {
        Language::English => &WEEKDAYS_EN,
        Language::Hindi => &WEEKDAYS_HI,
    };
    nth(names, day.weekday().num_days_from_monday())
}

/// `7:40 pm`; in Hindi the 24-hour `19:40`, which needs no word for the part of the day.
pub fn time(language: Language, at: NaiveDateTime) -> String {
    match language {
        Language::English => {
            let (pm, hour) = at.hour12();
            format!("{hour}:{:02} {}", at.minute(), if pm { "pm" } else { "am" })
        }
        Language::Hindi => format!("{:02}:{:02}", at.hour(), at.minute()),
    }
}

/// `24 Nov, 7:40 pm`.
pub fn date_time(language: Language, at: Moment, now: Moment) -> String {
    let local = at.local();
    format!("{}, {}", date(language, local.date(), now.local().year()), time(language, local))
}

/// A percentage for a sentence or a figure: `48 %`, below one `0.4 %`.
pub fn percent(value: f64) -> String {
    if value > 0.0 && value < 1.0 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}
