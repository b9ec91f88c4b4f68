//! By what a patient's figures are judged: a preset of the consensus, or numbers that a doctor set for them.
//!
//! Numbers of one's own replace the range, the shares of time and the finger-stick targets. The limits of danger, 54 and
//! 250 mg/dL, are the same for everybody.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    field::{FieldErrors, Problem},
    forms::{Fields, parse_number},
    glucose::Unit,
    metrics::range::{Limit, VERY_HIGH, VERY_LOW},
    people::Preset,
};

/// What stands for numbers of one's own where a preset's name would stand.
pub const OWN: &str = "OWN";

/// By what a patient is judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Goals {
    /// As the consensus says for such patients.
    Preset(Preset),
    /// As the doctor says for this one.
    Own(OwnGoals),
}

/// A doctor's numbers for one patient. A share that is not given is no target; finger-sticks without a target of their own
/// are judged by the range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnGoals {
    /// Lower end of the range, 54 to 100 mg/dL.
    pub low: Limit,
    /// Upper end of the range, 100 to 250 mg/dL.
    pub high: Limit,
    /// More than this in range, %.
    pub in_range_above: Option<f64>,
    /// Less than this below range, very low included, %.
    pub low_below: Option<f64>,
    /// Less than this below 54 mg/dL, %.
    pub very_low_below: Option<f64>,
    /// Less than this above range, very high included, %.
    pub high_below: Option<f64>,
    /// Less than this above 250 mg/dL, %.
    pub very_high_below: Option<f64>,
    /// Finger-sticks before meals at most this.
    pub before_meals_at_most: Option<Limit>,
    /// Finger-sticks after meals below this.
    pub after_meals_below: Option<Limit>,
}

impl From<Preset> for Goals {
    fn from(preset: Preset) -> Self {
        Self::Preset(preset)
    }
}

impl Goals {
    /// The preset's name, or [`OWN`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Preset(preset) => preset.as_str(),
            Self::Own(_) => OWN,
        }
    }

    /// The doctor's numbers, if it is those.
    pub fn own(&self) -> Option<&OwnGoals> {
        match self {
            Self::Preset(_) => None,
            Self::Own(own) => Some(own),
        }
    }
}

/// One setting of a patient's targets: what was set, by whom, when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoalsChange<T> {
    /// What was set.
    pub goals: Goals,
    /// The name of who set it.
    pub by: String,
    /// When.
    pub at: T,
}

impl<T> GoalsChange<T> {
    /// The same with another kind of time.
    pub fn map_time<U>(self, map: impl FnOnce(T) -> U) -> GoalsChange<U> {
        GoalsChange { goals: self.goals, by: self.by, at: map(self.at) }
    }
}

/// A setting as it is stored.
pub type StoredChange = GoalsChange<DateTime<Utc>>;

/// Targets as a client sends them, before any check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawGoals {
    /// A preset's name, or `OWN`; with `OWN` the numbers below count, else there may be none.
    pub preset: Option<String>,
    /// The unit of the glucose values: `mg/dL` or `mmol/L`.
    #[serde(default)]
    pub unit: Option<String>,
    /// See [`OwnGoals::low`].
    #[serde(default)]
    pub low: Option<f64>,
    /// See [`OwnGoals::high`].
    #[serde(default)]
    pub high: Option<f64>,
    /// See [`OwnGoals::in_range_above`].
    #[serde(default)]
    pub in_range_above: Option<f64>,
    /// See [`OwnGoals::low_below`].
    #[serde(default)]
    pub low_below: Option<f64>,
    /// See [`OwnGoals::very_low_below`].
    #[serde(default)]
    pub very_low_below: Option<f64>,
    /// See [`OwnGoals::high_below`].
    #[serde(default)]
    pub high_below: Option<f64>,
    /// See [`OwnGoals::very_high_below`].
    #[serde(default)]
    pub very_high_below: Option<f64>,
    /// See [`OwnGoals::before_meals_at_most`].
    #[serde(default)]
    pub before_meals_at_most: Option<f64>,
    /// See [`OwnGoals::after_meals_below`].
    #[serde(default)]
    pub after_meals_below: Option<f64>,
}

/// Least and greatest lower end, upper end, and finger-stick target, mg/dL and mmol/L.
const LOW_ENDS: (Limit, Limit) = (VERY_LOW, MIDDLE);
const HIGH_ENDS: (Limit, Limit) = (MIDDLE, VERY_HIGH);
const STICKS: (Limit, Limit) = (Limit { mg_dl: 80.0, mmol_l: 4.4 }, Limit { mg_dl: 300.0, mmol_l: 16.7 });
const MIDDLE: Limit = Limit { mg_dl: 100.0, mmol_l: 5.6 };

impl RawGoals {
    /// Judges every field and names all that are wrong.
    pub fn parse(&self) -> Result<Goals, FieldErrors> {
        let mut errors = FieldErrors::default();
        match self.preset.as_deref() {
            None => Err(FieldErrors::one("preset", Problem::Required)),
            Some(OWN) => {
                let own = self.own(&mut errors);
                errors.into_result(own.map(Goals::Own))
            }
            Some(name) => {
                let preset = errors.take("preset", Preset::parse(name));
                if self.has_numbers() {
                    errors.push("preset", Problem::UnknownChoice);
                }
                errors.into_result(preset.map(Goals::Preset))
            }
        }
    }

    fn has_numbers(&self) -> bool {
        *self != Self { preset: self.preset.clone(), unit: self.unit.clone(), ..Self::default() }
    }

    fn own(&self, errors: &mut FieldErrors) -> Option<OwnGoals> {
        let unit = errors.take("unit", self.unit.as_deref().ok_or(Problem::Required).and_then(Unit::parse));
        let limit = |value: f64, bounds| parse_limit(value, unit.unwrap_or_default(), bounds);
        let low = errors.take("low", self.low.ok_or(Problem::Required).and_then(|v| limit(v, LOW_ENDS)));
        let high = errors.take("high", self.high.ok_or(Problem::Required).and_then(|v| limit(v, HIGH_ENDS)));
        if let (Some(low), Some(high)) = (low, high)
            && low.mg_dl >= high.mg_dl
        {
            errors.push("high", out_of(HIGH_ENDS, unit.unwrap_or_default()));
        }
        let mut percent = |name, value: Option<f64>| errors.take(name, value.map(parse_percent).transpose());
        let in_range_above = percent("inRangeAbove", self.in_range_above);
        let low_below = percent("lowBelow", self.low_below);
        let very_low_below = percent("veryLowBelow", self.very_low_below);
        let high_below = percent("highBelow", self.high_below);
        let very_high_below = percent("veryHighBelow", self.very_high_below);
        let mut stick = |name, value: Option<f64>| errors.take(name, value.map(|v| limit(v, STICKS)).transpose());
        let before_meals_at_most = stick("beforeMealsAtMost", self.before_meals_at_most);
        let after_meals_below = stick("afterMealsBelow", self.after_meals_below);
        Some(OwnGoals {
            low: low?,
            high: high?,
            in_range_above: in_range_above?,
            low_below: low_below?,
            very_low_below: very_low_below?,
            high_below: high_below?,
            very_high_below: very_high_below?,
            before_meals_at_most: before_meals_at_most?,
            after_meals_below: after_meals_below?,
        })
    }
}

fn out_of((least, most): (Limit, Limit), unit: Unit) -> Problem {
    Problem::OutOfRange { min: least.in_unit(unit), max: most.in_unit(unit), unit: unit.as_str().into() }
}

fn parse_limit(value: f64, unit: Unit, ends: (Limit, Limit)) -> Result<Limit, Problem> {
    let (least, most) = ends;
    within(value, (least.in_unit(unit), most.in_unit(unit)), || out_of(ends, unit))?;
    Ok(Limit::typed(value, unit))
}

fn parse_percent(value: f64) -> Result<f64, Problem> {
    within(value, (0.0, 100.0), || Problem::OutOfRange { min: 0.0, max: 100.0, unit: "%".into() })
}

fn within(value: f64, (min, max): (f64, f64), beyond: impl FnOnce() -> Problem) -> Result<f64, Problem> {
    match value {
        value if !value.is_finite() => Err(Problem::NotANumber),
        value if !(min..=max).contains(&value) => Err(beyond()),
        value => Ok(value),
    }
}

/// The fields of the form that hold numbers, in the order of the page.
pub const NUMBER_FIELDS: [&str; 9] = [
    "low",
    "high",
    "inRangeAbove",
    "lowBelow",
    "veryLowBelow",
    "highBelow",
    "veryHighBelow",
    "beforeMealsAtMost",
    "afterMealsBelow",
];

/// Reads the form of targets: `preset` (a preset's name or `OWN`), `unit`, and [`NUMBER_FIELDS`], which count with `OWN` only:
/// what else is typed there was left over from trying.
pub fn form(fields: &Fields) -> Result<Goals, FieldErrors> {
    let preset = fields.get("preset").map(str::to_owned);
    if preset.as_deref() != Some(OWN) {
        return RawGoals { preset, ..RawGoals::default() }.parse();
    }
    let mut errors = FieldErrors::default();
    let mut number = |name: &str| errors.take(name, fields.get(name).map(parse_number).transpose()).flatten();
    let raw = RawGoals {
        preset,
        unit: fields.get("unit").map(str::to_owned),
        low: number("low"),
        high: number("high"),
        in_range_above: number("inRangeAbove"),
        low_below: number("lowBelow"),
        very_low_below: number("veryLowBelow"),
        high_below: number("highBelow"),
        very_high_below: number("veryHighBelow"),
        before_meals_at_most: number("beforeMealsAtMost"),
        after_meals_below: number("afterMealsBelow"),
    };
    match raw.parse() {
        Ok(goals) if errors.is_empty() => Ok(goals),
        parsed => {
            // A text that is no number is said so, not that the number is missing.
            for error in parsed.err().unwrap_or_default().0 {
                if errors.of(&error.field).is_none() {
                    errors.0.push(error);
                }
            }
            Err(errors)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(change: impl FnOnce(&mut RawGoals)) -> Result<Goals, FieldErrors> {
        let mut raw = RawGoals {
            preset: Some(OWN.into()),
            unit: Some("mg/dL".into()),
            low: Some(80.0),
            high: Some(160.0),
            in_range_above: Some(60.0),
            ..RawGoals::default()
        };
        change(&mut raw);
        raw.parse()
    }

    fn wrong(result: Result<Goals, FieldErrors>) -> Vec<String> {
        result.err().unwrap_or_default().0.into_iter().map(|e| e.field).collect()
    }

    #[test]
    fn numbers_of_ones_own_are_bounded_and_in_order() {
        let goals = own(|_| {}).unwrap();
        let numbers = goals.own().unwrap();
        assert_eq!((goals.code(), numbers.low.mg_dl, numbers.high.mg_dl), (OWN, 80.0, 160.0));
        assert_eq!((numbers.low.mmol_l, numbers.high.mmol_l, numbers.low_below), (4.4, 8.9, None));
        assert_eq!(wrong(own(|g| g.low = Some(53.0))), ["low"]);
        assert_eq!(wrong(own(|g| (g.low, g.high) = (Some(100.0), Some(100.0)))), ["high"]);
        assert_eq!(wrong(own(|g| g.high = Some(251.0))), ["high"]);
        assert_eq!(wrong(own(|g| g.high = Some(f64::NAN))), ["high"]);
        assert_eq!(wrong(own(|g| (g.low, g.in_range_above) = (None, Some(100.5)))), ["low", "inRangeAbove"]);
        assert_eq!(wrong(own(|g| g.unit = None)), ["unit"]);
        assert_eq!(wrong(own(|g| g.after_meals_below = Some(20.0))), ["afterMealsBelow"]);
    }

    #[test]
    fn a_preset_takes_no_numbers_and_there_is_no_other_choice() {
        for preset in Preset::ALL {
            let raw = RawGoals { preset: Some(preset.as_str().into()), ..RawGoals::default() };
            assert_eq!(raw.parse(), Ok(Goals::Preset(*preset)));
            assert_eq!(wrong(RawGoals { low: Some(70.0), ..raw }.parse()), ["preset"]);
        }
        assert_eq!(wrong(RawGoals { preset: Some("STRICT".into()), ..RawGoals::default() }.parse()), ["preset"]);
        assert_eq!(wrong(RawGoals::default().parse()), ["preset"]);
    }

    #[test]
    fn a_limit_has_the_consensus_number_in_the_other_unit_where_there_is_one() {
        for (mg_dl, mmol_l) in [(54.0, 3.0), (63.0, 3.5), (70.0, 3.9), (140.0, 7.8), (180.0, 10.0), (250.0, 13.9)] {
            assert_eq!(Limit::typed(mg_dl, Unit::MgDl), Limit { mg_dl, mmol_l });
            assert_eq!(Limit::typed(mmol_l, Unit::MmolL), Limit { mg_dl, mmol_l });
        }
        assert_eq!(Limit::typed(8.5, Unit::MmolL), Limit { mg_dl: 153.0, mmol_l: 8.5 });
    }

    #[test]
    fn the_form_reads_numbers_as_typed_and_forgets_them_beside_a_preset() {
        let fields = |pairs: &[(&str, &str)]| {
            Fields(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
        };
        let typed = [("preset", OWN), ("unit", "mmol/L"), ("low", "4,5"), ("high", "९.०"), ("lowBelow", "2")];
        let goals = form(&fields(&typed)).unwrap();
        let numbers = goals.own().unwrap();
        assert_eq!((numbers.low.mmol_l, numbers.high.mmol_l, numbers.low_below), (4.5, 9.0, Some(2.0)));
        assert_eq!(form(&fields(&[("preset", "ADULT"), ("low", "soup")])), Ok(Goals::Preset(Preset::Adult)));
        let refused = form(&fields(&[("preset", OWN), ("unit", "mg/dL"), ("low", "soup")])).unwrap_err();
        assert_eq!((refused.of("low"), refused.of("high")), (Some(&Problem::NotANumber), Some(&Problem::Required)));
    }

    #[test]
    fn goals_survive_storage() {
        for goals in [own(|_| {}).unwrap(), Preset::PregnancyType1.into()] {
            let json = serde_json::to_string(&goals).unwrap();
            assert_eq!(serde_json::from_str::<Goals>(&json).unwrap(), goals);
        }
    }
}
