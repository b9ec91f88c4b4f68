//! The fixed names of the domain, in words.

use domain::{
    consent::DataType,
    glucose::{MealState, Source},
    meal::MealType,
    people::Role,
    ports::Trend,
};

use super::icon::Glyph;
use crate::tr;

/// `After lunch`.
pub fn state_word(state: MealState) -> &'static str {
    match state {
        MealState::MorningFasting => tr!(common.state_morning_fasting),
        MealState::AfterBreakfast => tr!(common.state_after_breakfast),
        MealState::BeforeLunch => tr!(common.state_before_lunch),
        MealState::AfterLunch => tr!(common.state_after_lunch),
        MealState::BeforeDinner => tr!(common.state_before_dinner),
        MealState::AfterDinner => tr!(common.state_after_dinner),
        MealState::Bedtime => tr!(common.state_bedtime),
        MealState::Random => tr!(common.state_random),
    }
}

/// `Lunch`.
pub fn meal_word(meal: MealType) -> &'static str {
    match meal {
        MealType::Breakfast => tr!(common.meal_breakfast),
        MealType::Lunch => tr!(common.meal_lunch),
        MealType::Dinner => tr!(common.meal_dinner),
        MealType::Snack => tr!(common.meal_snack),
    }
}

/// `Sensor`, `Typed in` ...
pub fn source_word(source: Source) -> &'static str {
    match source {
        Source::Manual => tr!(common.source_manual),
        Source::OcrPhoto => tr!(common.source_photo),
        Source::Bluetooth => tr!(common.source_bluetooth),
        Source::Voice => tr!(common.source_voice),
        Source::Sensor => tr!(common.source_sensor),
        Source::Import => tr!(common.source_import),
    }
}

/// `Patient`, `Doctor` ...
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Patient => tr!(common.role_patient),
        Role::Doctor => tr!(common.role_doctor),
        Role::Caregiver => tr!(common.role_caregiver),
        Role::Admin => tr!(common.role_admin),
    }
}

/// `Glucose`, `Meals`, `Alerts`.
pub fn data_type_word(data: DataType) -> &'static str {
    match data {
        DataType::Glucose => tr!(common.data_glucose),
        DataType::Meals => tr!(common.data_meals),
        DataType::Alerts => tr!(common.data_alerts),
    }
}

/// `rising fast` ...
pub fn trend_word(trend: Trend) -> &'static str {
    match trend {
        Trend::RisingFast => tr!(common.trend_rising_fast),
        Trend::Rising => tr!(common.trend_rising),
        Trend::Steady => tr!(common.trend_steady),
        Trend::Falling => tr!(common.trend_falling),
        Trend::FallingFast => tr!(common.trend_falling_fast),
    }
}

/// The arrow of a trend.
pub const fn trend_glyph(trend: Trend) -> Glyph {
    match trend {
        Trend::RisingFast => Glyph::Up,
        Trend::Rising => Glyph::UpRight,
        Trend::Steady => Glyph::Level,
        Trend::Falling => Glyph::DownRight,
        Trend::FallingFast => Glyph::Down,
    }
}
