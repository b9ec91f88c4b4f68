//! The domain's codes in the page's language: [`crate::words`] for those who are on a page.

use domain::{
    consent::DataType,
    glucose::{Clip, Glucose, MealState, Source, Unit},
    meal::MealType,
    people::Role,
    ports::Trend,
};

use super::icon::Glyph;
use crate::{context::language, words};

/// `After lunch`.
pub fn state_word(state: MealState) -> &'static str {
    words::state(language(), state)
}

/// `Lunch`.
pub fn meal_word(meal: MealType) -> &'static str {
    words::meal(language(), meal)
}

/// `Sensor`, `Typed in` ...
pub fn source_word(source: Source) -> &'static str {
    words::source(language(), source)
}

/// `Patient`, `Doctor` ...
pub fn role_word(role: Role) -> &'static str {
    words::role(language(), role)
}

/// `Meals` ...
pub fn data_type_word(data: DataType) -> &'static str {
    words::data_type(language(), data)
}

/// `rising fast` ...
pub fn trend_word(trend: Trend) -> &'static str {
    words::trend(language(), trend)
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

/// A value with its unit, `126 mg/dL`; what a device only called low or high as it wrote it, `LO`.
pub fn shown_value(glucose: Glucose, clip: Option<Clip>, unit: Unit) -> String {
    match clip {
        Some(Clip::Low) => "LO".to_owned(),
        Some(Clip::High) => "HI".to_owned(),
        None => words::glucose(glucose, unit),
    }
}
