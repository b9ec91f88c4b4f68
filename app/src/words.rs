//! The domain's codes in the reader's language: the same words on pages, in the API and in exports.

use chrono::Datelike;
use domain::{
    clock::Moment,
    consent::DataType,
    glucose::{Clip, Glucose, MealState, Source, Unit},
    insights::Insight,
    meal::MealType,
    metrics::{Shortfall, range::Band},
    people::{Language, Preset, Role},
    ports::Trend,
    targets::Goals,
    trail::Access,
    triage::{Priority, Reason},
};

use crate::{
    format::{self, percent},
    i18n::is_one,
    tr_in,
};

/// `In range`.
pub fn band(language: Language, band: Band) -> &'static str {
    match band {
        Band::VeryLow => tr_in!(language, words.band_very_low),
        Band::Low => tr_in!(language, words.band_low),
        Band::InRange => tr_in!(language, words.band_in_range),
        Band::High => tr_in!(language, words.band_high),
        Band::VeryHigh => tr_in!(language, words.band_very_high),
    }
}

/// `After lunch`.
pub fn state(language: Language, state: MealState) -> &'static str {
    match state {
        MealState::MorningFasting => tr_in!(language, words.state_morning_fasting),
        MealState::AfterBreakfast => tr_in!(language, words.state_after_breakfast),
        MealState::BeforeLunch => tr_in!(language, words.state_before_lunch),
        MealState::AfterLunch => tr_in!(language, words.state_after_lunch),
        MealState::BeforeDinner => tr_in!(language, words.state_before_dinner),
        MealState::AfterDinner => tr_in!(language, words.state_after_dinner),
        MealState::Bedtime => tr_in!(language, words.state_bedtime),
        MealState::Random => tr_in!(language, words.state_random),
    }
}

/// `Looked at the data`.
pub fn access(language: Language, access: Access) -> &'static str {
    match access {
        Access::Viewed => tr_in!(language, words.access_viewed),
        Access::Listed => tr_in!(language, words.access_listed),
        Access::Reviewed => tr_in!(language, words.access_reviewed),
        Access::Exported => tr_in!(language, words.access_exported),
        Access::TargetsSet => tr_in!(language, words.access_targets),
        Access::Tagged => tr_in!(language, words.access_tagged),
        Access::HandedOver => tr_in!(language, words.access_handed),
        Access::LinkChanged => tr_in!(language, words.access_link),
        Access::Refused => tr_in!(language, words.access_refused),
        Access::Other => tr_in!(language, words.access_else),
    }
}

/// `Lunch`.
pub fn meal(language: Language, meal: MealType) -> &'static str {
    match meal {
        MealType::Breakfast => tr_in!(language, words.meal_breakfast),
        MealType::Lunch => tr_in!(language, words.meal_lunch),
        MealType::Dinner => tr_in!(language, words.meal_dinner),
        MealType::Snack => tr_in!(language, words.meal_snack),
    }
}

/// `Sensor`.
pub fn source(language: Language, source: Source) -> &'static str {
    match source {
        Source::Manual => tr_in!(language, words.source_manual),
        Source::OcrPhoto => tr_in!(language, words.source_ocr_photo),
        Source::Bluetooth => tr_in!(language, words.source_bluetooth),
        Source::Voice => tr_in!(language, words.source_voice),
        Source::Sensor => tr_in!(language, words.source_sensor),
        Source::Import => tr_in!(language, words.source_import),
    }
}

/// `Pregnancy, type 1`.
pub fn preset(language: Language, preset: Preset) -> &'static str {
    match preset {
        Preset::Adult => tr_in!(language, words.preset_adult),
        Preset::OlderHighRisk => tr_in!(language, words.preset_older),
        Preset::PregnancyType1 => tr_in!(language, words.preset_pregnancy_1),
        Preset::PregnancyType2OrGestational => tr_in!(language, words.preset_pregnancy_2),
    }
}

/// `Pregnancy, type 1`, or that a doctor set numbers for this patient.
pub fn goals(language: Language, goals: &Goals) -> &'static str {
    match goals {
        Goals::Preset(of) => preset(language, *of),
        Goals::Own(_) => tr_in!(language, words.own_targets),
    }
}

/// `Doctor`.
pub fn role(language: Language, role: Role) -> &'static str {
    match role {
        Role::Patient => tr_in!(language, words.role_patient),
        Role::Doctor => tr_in!(language, words.role_doctor),
        Role::Caregiver => tr_in!(language, words.role_caregiver),
        Role::Admin => tr_in!(language, words.role_admin),
    }
}

/// `Meals`.
pub fn data_type(language: Language, data: DataType) -> &'static str {
    match data {
        DataType::Glucose => tr_in!(language, words.data_glucose),
        DataType::Meals => tr_in!(language, words.data_meals),
        DataType::Alerts => tr_in!(language, words.data_alerts),
        DataType::Records => tr_in!(language, words.data_records),
    }
}

/// `Soon`.
pub fn priority(language: Language, priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => tr_in!(language, words.priority_urgent),
        Priority::Soon => tr_in!(language, words.priority_soon),
        Priority::Watch => tr_in!(language, words.priority_watch),
        Priority::Steady => tr_in!(language, words.priority_steady),
    }
}

/// `rising fast`.
pub fn trend(language: Language, trend: Trend) -> &'static str {
    match trend {
        Trend::RisingFast => tr_in!(language, words.trend_rising_fast),
        Trend::Rising => tr_in!(language, words.trend_rising),
        Trend::Steady => tr_in!(language, words.trend_steady),
        Trend::Falling => tr_in!(language, words.trend_falling),
        Trend::FallingFast => tr_in!(language, words.trend_falling_fast),
    }
}

/// `↑`, beside the word.
pub fn arrow(trend: Trend) -> &'static str {
    match trend {
        Trend::RisingFast => "↑",
        Trend::Rising => "↗",
        Trend::Steady => "→",
        Trend::Falling => "↘",
        Trend::FallingFast => "↓",
    }
}

/// `below what the sensor measures`.
pub fn clip(language: Language, clip: Clip) -> &'static str {
    match clip {
        Clip::Low => tr_in!(language, words.clip_low),
        Clip::High => tr_in!(language, words.clip_high),
    }
}

/// `126 mg/dL`, in the reader's unit.
pub fn glucose(value: Glucose, unit: Unit) -> String {
    format!("{} {}", value.shown(unit), unit.as_str())
}

/// `154 mg/dL`, a computed mean in the reader's unit.
pub fn mg_dl(value: f64, unit: Unit) -> String {
    glucose(Glucose::stored(value, Unit::MgDl), unit)
}

/// Why a page is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// No such page, or none that this person may see.
    NotFound,
    /// It came from another site.
    Refused,
    /// A limit is used up.
    TooMany,
    /// Something that we depend on does not answer.
    Unavailable,
    /// Our fault.
    Failed,
}

/// Title and explanation of a page that is not shown.
pub fn failing(language: Language, failing: Failing) -> (&'static str, &'static str) {
    match failing {
        Failing::NotFound => (tr_in!(language, common.not_found_title), tr_in!(language, common.not_found_body)),
        Failing::Refused => {
            (tr_in!(language, words.failing_refused_title), tr_in!(language, words.failing_refused_body))
        }
        Failing::TooMany => {
            (tr_in!(language, words.failing_too_many_title), tr_in!(language, words.failing_too_many_body))
        }
        Failing::Unavailable => {
            (tr_in!(language, words.failing_unavailable_title), tr_in!(language, words.failing_unavailable_body))
        }
        Failing::Failed => (tr_in!(language, words.failing_title), tr_in!(language, words.failing_body)),
    }
}

/// `If you ask for help, quote this number:`
pub fn reference(language: Language) -> &'static str {
    tr_in!(language, words.failing_reference)
}

/// `Go to the start page`
pub fn back_home(language: Language) -> &'static str {
    tr_in!(language, common.back_home)
}

/// Why a patient is on top: `3 nights below 54 mg/dL`.
pub fn reason(language: Language, reason: &Reason) -> String {
    match *reason {
        Reason::SevereLows { count, nights } => match (nights, count) {
            (0, _) if is_one(language, count) => tr_in!(language, words.reason_severe_lows_single).to_owned(),
            (0, _) => tr_in!(language, words.reason_severe_lows_many, count = count).to_string(),
            (n, c) if n == c && is_one(language, n) => {
                tr_in!(language, words.reason_severe_lows_night_single).to_owned()
            }
            (n, c) if n == c => tr_in!(language, words.reason_severe_lows_night_many, count = n).to_string(),
            (n, c) => tr_in!(language, words.reason_severe_lows_of_night, count = c, nights = n).to_string(),
        },
        Reason::VeryLowTime { percent: p } => {
            tr_in!(language, words.reason_very_low_time, percent = percent(p)).to_string()
        }
        Reason::LowTime { percent: p } => tr_in!(language, words.reason_low_time, percent = percent(p)).to_string(),
        Reason::VeryHighTime { percent: p } => {
            tr_in!(language, words.reason_very_high_time, percent = percent(p)).to_string()
        }
        Reason::HighTime { percent: p } => tr_in!(language, words.reason_high_time, percent = percent(p)).to_string(),
        Reason::BelowTarget { percent: p } => {
            tr_in!(language, words.reason_below_target, percent = percent(p)).to_string()
        }
        Reason::RangeDrop { was, now } => {
            tr_in!(language, words.reason_range_drop, now = percent(now), was = percent(was)).to_string()
        }
        Reason::MeterOutOfTarget { out, of } => {
            tr_in!(language, words.reason_meter_out, out = out, of = of).to_string()
        }
        Reason::NoDataFor { days } if is_one(language, days) => {
            tr_in!(language, words.reason_no_data_single).to_owned()
        }
        Reason::NoDataFor { days } => tr_in!(language, words.reason_no_data_many, days = days).to_string(),
        Reason::NoDataEver => tr_in!(language, words.reason_no_data_ever).to_owned(),
        Reason::LittleData { percent: p } => {
            tr_in!(language, words.reason_little_data, percent = percent(p)).to_string()
        }
    }
}

/// Why figures are withheld or to be read with care.
pub fn shortfall(language: Language, short: Shortfall) -> &'static str {
    match short {
        Shortfall::NoReadings => tr_in!(language, words.short_no_readings),
        Shortfall::TooFewDays => tr_in!(language, words.short_too_few_days),
        Shortfall::TooLittleActive => tr_in!(language, words.short_too_little_active),
        Shortfall::Under24Hours => tr_in!(language, words.short_under_24_hours),
        Shortfall::TooFewReadings => tr_in!(language, words.short_too_few_readings),
        Shortfall::MeterOnly => tr_in!(language, words.short_meter_only),
    }
}

/// A weekly sentence with its evidence. `now` tells which year goes without saying.
pub fn insight(language: Language, unit: Unit, insight: &Insight, now: Moment) -> String {
    let year = now.local().year();
    match *insight {
        Insight::InRange { percent: p, before: None } => {
            tr_in!(language, words.insight_in_range, percent = percent(p)).to_string()
        }
        Insight::InRange { percent: p, before: Some(b) } => {
            tr_in!(language, words.insight_in_range_before, percent = percent(p), before = percent(b)).to_string()
        }
        Insight::MeterMean { mean_mg_dl: mean, before: None } => {
            tr_in!(language, words.insight_meter_mean, mean = mg_dl(mean, unit)).to_string()
        }
        Insight::MeterMean { mean_mg_dl: mean, before: Some(b) } => {
            tr_in!(language, words.insight_meter_mean_before, mean = mg_dl(mean, unit), before = mg_dl(b, unit))
                .to_string()
        }
        Insight::HighAfter { state: when, days, of } => {
            let when = match language {
                Language::English => state(language, when).to_lowercase(),
                Language::Hindi => state(language, when).to_owned(),
            };
            tr_in!(language, words.insight_high_after, state = when, days = days, of = of).to_string()
        }
        Insight::LowNights { nights, of } => {
            tr_in!(language, words.insight_low_nights, nights = nights, of = of).to_string()
        }
        Insight::Lows { count } if is_one(language, count) => tr_in!(language, words.insight_lows_single).to_owned(),
        Insight::Lows { count } => tr_in!(language, words.insight_lows_many, count = count).to_string(),
        Insight::NoLows => tr_in!(language, words.insight_no_lows).to_owned(),
        Insight::BestDay { date, percent: p } => {
            let date = format::date(language, date, year);
            tr_in!(language, words.insight_best_day, date = date, percent = percent(p)).to_string()
        }
        Insight::HardestDay { date, percent: p } => {
            let date = format::date(language, date, year);
            tr_in!(language, words.insight_hardest_day, date = date, percent = percent(p)).to_string()
        }
        Insight::NoReadings => tr_in!(language, words.insight_no_readings).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences_in_the_readers_language() {
        use Language::{English, Hindi};
        for (text, language, given) in [
            ("3 nights below 54 mg/dL", English, Reason::SevereLows { count: 3, nights: 3 }),
            ("1 night below 54 mg/dL", English, Reason::SevereLows { count: 1, nights: 1 }),
            ("4 lows below 54 mg/dL, 1 at night", English, Reason::SevereLows { count: 4, nights: 1 }),
            ("in range 48 %, was 66 %", English, Reason::RangeDrop { was: 66.0, now: 48.0 }),
            ("no data for 6 days", English, Reason::NoDataFor { days: 6 }),
            ("6 दिनों से कोई रीडिंग नहीं", Hindi, Reason::NoDataFor { days: 6 }),
        ] {
            assert_eq!(reason(language, &given), text);
        }
    }
}
