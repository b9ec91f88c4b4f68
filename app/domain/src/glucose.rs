//! Glucose values and readings.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    field::{FieldErrors, Problem},
    ids::ReadingId,
};

/// mg/dL in one mmol/L of glucose (molar mass 180.1559 g/mol).
pub const MG_DL_PER_MMOL_L: f64 = 18.01559;
/// Least value accepted, mg/dL. Below it no meter reads; 0.6 mmol/L.
pub const MIN_MG_DL: f64 = 10.0;
/// Greatest value accepted, mg/dL; 55.5 mmol/L.
pub const MAX_MG_DL: f64 = 1000.0;
/// Below this a person who types a value is asked to confirm it, mg/dL. It is never dropped: a severe low is what matters most.
pub const UNUSUAL_BELOW_MG_DL: f64 = 40.0;
/// Above this a person who types a value is asked to confirm it, mg/dL.
pub const UNUSUAL_ABOVE_MG_DL: f64 = 600.0;
/// How far a device's clock may be ahead of ours.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);
/// Most characters in a note.
pub const MAX_NOTES: usize = 500;

/// The unit a value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Unit {
    /// Milligrams per decilitre.
    #[serde(rename = "mg/dL")]
    #[default]
    MgDl,
    /// Millimoles per litre.
    #[serde(rename = "mmol/L")]
    MmolL,
}

impl Unit {
    /// As written in the API, the database and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MgDl => "mg/dL",
            Self::MmolL => "mmol/L",
        }
    }

    /// Reads [`Unit::as_str`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text {
            "mg/dL" => Ok(Self::MgDl),
            "mmol/L" => Ok(Self::MmolL),
            _ => Err(Problem::UnknownChoice),
        }
    }

    /// Digits after the point that a value in this unit is shown and judged with.
    pub fn decimals(self) -> usize {
        match self {
            Self::MgDl => 0,
            Self::MmolL => 1,
        }
    }
}

/// A glucose value as it was received: number and unit. It is converted to be shown, never stored converted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Glucose {
    value: f64,
    unit: Unit,
}

impl Glucose {
    /// Accepts 10 to 1000 mg/dL (0.6 to 55.5 mmol/L), finite.
    pub fn new(value: f64, unit: Unit) -> Result<Self, Problem> {
        let (min, max) = match unit {
            Unit::MgDl => (MIN_MG_DL, MAX_MG_DL),
            Unit::MmolL => (0.6, 55.5),
        };
        if !value.is_finite() {
            return Err(Problem::NotANumber);
        }
        if value < min || value > max {
            return Err(Problem::OutOfRange { min, max, unit: unit.as_str().into() });
        }
        Ok(Self { value, unit })
    }

    /// A value that was accepted before (from storage); no check.
    pub fn stored(value: f64, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// The number as received, in [`Glucose::unit`].
    pub fn value(self) -> f64 {
        self.value
    }

    /// The unit as received.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The value in a unit; exact if it is the received one.
    pub fn in_unit(self, unit: Unit) -> f64 {
        match (self.unit, unit) {
            (Unit::MgDl, Unit::MmolL) => self.value / MG_DL_PER_MMOL_L,
            (Unit::MmolL, Unit::MgDl) => self.value * MG_DL_PER_MMOL_L,
            _ => self.value,
        }
    }

    /// The value in mg/dL.
    pub fn mg_dl(self) -> f64 {
        self.in_unit(Unit::MgDl)
    }

    /// As shown: `126` or `7.0`, rounded half to even as the consensus tools do.
    pub fn shown(self, unit: Unit) -> String {
        format!("{:.*}", unit.decimals(), round_shown(self.in_unit(unit), unit))
    }

    /// Whether a person who typed it should be asked if it is right.
    pub fn is_unusual(self) -> bool {
        let mg_dl = self.mg_dl();
        !(UNUSUAL_BELOW_MG_DL..=UNUSUAL_ABOVE_MG_DL).contains(&mg_dl)
    }
}

/// Rounds to what is shown in a unit, half to even.
pub fn round_shown(value: f64, unit: Unit) -> f64 {
    match unit {
        Unit::MgDl => value.round_ties_even(),
        // The product of a one-decimal number with ten carries a binary error; 1e-9 removes it before the tie rule looks.
        Unit::MmolL => ((value * 10.0 * 1e9).round() / 1e9).round_ties_even() / 10.0,
    }
}

/// A sensor that says only that the value lies outside what it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Clip {
    /// "LO": at or below the value.
    Low,
    /// "HI": at or above the value.
    High,
}

impl Clip {
    /// As in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::High => "HIGH",
        }
    }

    /// Reads [`Clip::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "LOW" => Some(Self::Low),
            "HIGH" => Some(Self::High),
            _ => None,
        }
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),* }

        impl $name {
            /// Every value, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The fixed name, as in the API and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Reads the fixed name.
            pub fn parse(text: &str) -> ::core::result::Result<Self, $crate::field::Problem> {
                match text { $($text => Ok(Self::$variant),)* _ => Err($crate::field::Problem::UnknownChoice) }
            }
        }
    };
}
pub(crate) use choice;

choice! {
    /// When in the day, relative to meals. There is no "before breakfast": that is the morning fasting value.
    MealState {
        /// After waking, before eating.
        MorningFasting = "MORNING_FASTING",
        /// After breakfast.
        AfterBreakfast = "AFTER_BREAKFAST",
        /// Before lunch.
        BeforeLunch = "BEFORE_LUNCH",
        /// After lunch.
        AfterLunch = "AFTER_LUNCH",
        /// Before dinner.
        BeforeDinner = "BEFORE_DINNER",
        /// After dinner.
        AfterDinner = "AFTER_DINNER",
        /// Before sleeping.
        Bedtime = "BEDTIME",
        /// None of these, or not known.
        Random = "RANDOM",
    }
}

impl MealState {
    /// The likeliest state at a local minute of the day, to preselect.
    pub fn likely_at(minute_of_day: u16) -> Self {
        match minute_of_day {
            240..=539 => Self::MorningFasting,
            540..=719 => Self::AfterBreakfast,
            720..=809 => Self::BeforeLunch,
            810..=1019 => Self::AfterLunch,
            1020..=1199 => Self::BeforeDinner,
            1200..=1319 => Self::AfterDinner,
            _ => Self::Bedtime,
        }
    }
}

choice! {
    /// How the value came to us.
    Source {
        /// Typed in.
        Manual = "MANUAL",
        /// Read from a photo of a meter.
        OcrPhoto = "OCR_PHOTO",
        /// From a meter over Bluetooth.
        Bluetooth = "BLUETOOTH",
        /// Spoken.
        Voice = "VOICE",
        /// From a continuous sensor.
        Sensor = "SENSOR",
        /// A meter value from an imported file.
        Import = "IMPORT",
    }
}

/// A stored reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Its id.
    pub id: ReadingId,
    /// The id that the client made, if it made one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    /// Value and unit as received.
    #[serde(flatten)]
    pub glucose: Glucose,
    /// Set if the device only said "below" or "above" the value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub clip: Option<Clip>,
    /// When in the day, relative to meals.
    pub state: MealState,
    /// How it came to us.
    pub source: Source,
    /// When it was measured, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Free text, at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notes: Option<String>,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// A reading that passed every check and can be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReading {
    /// The id that the client made: the same one twice is the same reading.
    pub client_id: Option<String>,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// Set if the device only said "below" or "above" the value.
    pub clip: Option<Clip>,
    /// When in the day, relative to meals.
    pub state: MealState,
    /// How it came to us.
    pub source: Source,
    /// When it was measured.
    pub recorded_at: DateTime<Utc>,
    /// Free text.
    pub notes: Option<String>,
}

/// A reading as a client sends it, before any check. Every door parses it with [`RawReading::parse`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawReading {
    /// See [`NewReading::client_id`].
    #[serde(default)]
    pub client_id: Option<String>,
    /// See [`Glucose::new`].
    pub value: Option<f64>,
    /// `mg/dL` or `mmol/L`.
    pub unit: Option<String>,
    /// A [`MealState`]; `RANDOM` if absent.
    #[serde(default)]
    pub state: Option<String>,
    /// A [`Source`]; `MANUAL` if absent.
    #[serde(default)]
    pub source: Option<String>,
    /// `LOW` or `HIGH`.
    #[serde(default)]
    pub clip: Option<String>,
    /// RFC 3339.
    pub recorded_at: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub notes: Option<String>,
}

impl RawReading {
    /// Judges every field and names all that are wrong.
    pub fn parse(self, now: DateTime<Utc>) -> Result<NewReading, FieldErrors> {
        let mut errors = FieldErrors::default();
        let unit = errors.take("unit", self.unit.as_deref().ok_or(Problem::Required).and_then(Unit::parse));
        let glucose = match (self.value, unit) {
            (None, _) => errors.take("value", Err(Problem::Required)),
            (Some(value), Some(unit)) => errors.take("value", Glucose::new(value, unit)),
            (Some(_), None) => None,
        };
        let state = errors.take("state", self.state.as_deref().map_or(Ok(MealState::Random), MealState::parse));
        let source = errors.take("source", self.source.as_deref().map_or(Ok(Source::Manual), Source::parse));
        let clip =
            errors.take("clip", self.clip.as_deref().map(|c| Clip::parse(c).ok_or(Problem::UnknownChoice)).transpose());
        let recorded_at =
            errors.take("recordedAt", parse_instant(self.recorded_at.as_deref()).and_then(|at| not_in_future(at, now)));
        let notes = errors.take("notes", parse_notes(self.notes));
        let client_id = errors.take("clientId", parse_client_id(self.client_id));
        let reading = (|| {
            Some(NewReading {
                client_id: client_id?,
                glucose: glucose?,
                clip: clip?,
                state: state?,
                source: source?,
                recorded_at: recorded_at?,
                notes: notes?,
            })
        })();
        errors.into_result(reading)
    }
}

/// Reads an RFC 3339 instant.
pub fn parse_instant(text: Option<&str>) -> Result<DateTime<Utc>, Problem> {
    let text = text.ok_or(Problem::Required)?;
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).map_err(|_| Problem::Time)
}

/// Refuses an instant beyond [`CLOCK_SKEW`] from now, and one before 1900: no reading is that old.
pub fn not_in_future(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if at > now + CLOCK_SKEW {
        Err(Problem::InFuture)
    } else if at < DateTime::UNIX_EPOCH - TimeDelta::days(365 * 70) {
        Err(Problem::Time)
    } else {
        Ok(at)
    }
}

/// Free text: trimmed, at most [`MAX_NOTES`] characters, no control characters but line breaks; empty is none.
pub fn parse_notes(text: Option<String>) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.chars().count() > MAX_NOTES {
        return Err(Problem::TooLong { max: 500 });
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Problem::Malformed);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// An id that a client made: 1 to 64 printable ASCII characters.
pub fn parse_client_id(id: Option<String>) -> Result<Option<String>, Problem> {
    match id {
        None => Ok(None),
        Some(id) if id.len() > 64 => Err(Problem::TooLong { max: 64 }),
        Some(id) if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic()) => Err(Problem::Malformed),
        Some(id) => Ok(Some(id)),
    }
}

/// A measured value at a time: what the figures are computed from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// Whether from a continuous sensor.
    pub sensor: bool,
    /// Before or after which meal.
    pub state: MealState,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default()
    }

    fn raw(value: f64, unit: &str) -> RawReading {
        RawReading {
            value: Some(value),
            unit: Some(unit.into()),
            recorded_at: Some(now().to_rfc3339()),
            ..RawReading::default()
        }
    }

    #[test]
    fn a_severe_low_is_accepted_and_marked_unusual() {
        let reading = raw(24.0, "mg/dL").parse(now());
        assert!(reading.is_ok_and(|r| r.glucose.is_unusual()));
        assert!(!Glucose::stored(40.0, Unit::MgDl).is_unusual());
        assert!(Glucose::stored(33.5, Unit::MmolL).is_unusual());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = RawReading {
            value: Some(5.0),
            unit: Some("mg/dL".into()),
            state: Some("NOON".into()),
            ..RawReading::default()
        }
        .parse(now());
        let fields: Vec<_> = errors.map_or_else(|e| e.0.into_iter().map(|e| e.field).collect(), |_| vec![]);
        assert_eq!(fields, ["value", "state", "recordedAt"]);
    }

    #[test]
    fn five_minutes_of_clock_skew_are_forgiven_and_not_more() {
        for (ahead, ok) in [(300, true), (301, false)] {
            let raw = RawReading {
                recorded_at: Some((now() + TimeDelta::seconds(ahead)).to_rfc3339()),
                ..raw(100.0, "mg/dL")
            };
            assert_eq!(raw.parse(now()).is_ok(), ok);
        }
    }

    #[test]
    fn consensus_limits_convert_with_the_published_factor() {
        for (mg_dl, mmol_l) in
            [(54.0, 2.9974), (63.0, 3.4970), (70.0, 3.8855), (140.0, 7.7711), (180.0, 9.9913), (250.0, 13.8769)]
        {
            assert!((Glucose::stored(mg_dl, Unit::MgDl).in_unit(Unit::MmolL) - mmol_l).abs() < 1e-4, "{mg_dl}");
        }
    }

    #[test]
    fn shown_values_round_half_to_even() {
        assert_eq!(Glucose::stored(99.5, Unit::MgDl).shown(Unit::MgDl), "100");
        assert_eq!(Glucose::stored(100.5, Unit::MgDl).shown(Unit::MgDl), "100");
        assert_eq!(Glucose::stored(7.25, Unit::MmolL).shown(Unit::MmolL), "7.2");
        assert_eq!(Glucose::stored(126.0, Unit::MgDl).shown(Unit::MmolL), "7.0");
    }

    proptest! {
        #[test]
        fn not_a_number_and_infinities_never_pass(value in prop::num::f64::ANY) {
            if let Ok(glucose) = Glucose::new(value, Unit::MgDl) {
                prop_assert!((MIN_MG_DL..=MAX_MG_DL).contains(&glucose.value()));
            }
        }

        #[test]
        fn a_value_keeps_its_number_and_converts_there_and_back(value in 0.6f64..55.5) {
            let glucose = Glucose::stored(value, Unit::MmolL);
            prop_assert_eq!(glucose.in_unit(Unit::MmolL).to_bits(), value.to_bits());
            let back = Glucose::stored(glucose.mg_dl(), Unit::MgDl).in_unit(Unit::MmolL);
            prop_assert!((back - value).abs() < 1e-12);
        }
    }
}
