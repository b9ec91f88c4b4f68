//! Targets of single finger-stick values by meal state (American Diabetes Association, Standards of Care in Diabetes:
//! "Glycemic Goals" for adults, "Older Adults" for complex health, "Management of Diabetes in Pregnancy"; values at other
//! times under 200 mg/dL after the `BeatO` study, Diabetes 2021;70 Suppl 1:594-P).

use crate::{
    glucose::{Glucose, MealState},
    metrics::range::{HIGH, LOW, Limit, TIGHT_HIGH},
    people::Preset,
    targets::{Goals, OwnGoals},
};

/// Whether the upper end itself is within the target.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Upper {
    /// "80 to 130".
    AtMost(Limit),
    /// "less than 180".
    LessThan(Limit),
}

/// The target of a value in a meal state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeterTarget {
    lower: Limit,
    upper: Upper,
}

const fn limit(mg_dl: f64, mmol_l: f64) -> Limit {
    Limit { mg_dl, mmol_l }
}

impl MeterTarget {
    /// The target of a preset in a meal state. Adults: fasting and before meals 80 to 130 mg/dL, after meals under 180, else
    /// 70 to under 200. Older people: before meals 90 to 150, at bedtime 100 to 180. Pregnancy: before meals 70 to 95, else
    /// 70 to 140 (an hour after a meal; the state does not say how long ago it was).
    ///
    /// A doctor's own numbers: the range, with the upper end before and after meals that they set.
    pub fn of(goals: impl Into<Goals>, state: MealState) -> Self {
        match goals.into() {
            Goals::Preset(preset) => Self::of_preset(preset, state),
            Goals::Own(own) => Self::of_own(&own, state),
        }
    }

    fn of_own(own: &OwnGoals, state: MealState) -> Self {
        use MealState::{
            AfterBreakfast, AfterDinner, AfterLunch, Bedtime, BeforeDinner, BeforeLunch, MorningFasting, Random,
        };
        let upper = match state {
            MorningFasting | BeforeLunch | BeforeDinner => own.before_meals_at_most.map(Upper::AtMost),
            AfterBreakfast | AfterLunch | AfterDinner => own.after_meals_below.map(Upper::LessThan),
            Bedtime | Random => None,
        };
        Self { lower: own.low, upper: upper.unwrap_or(Upper::AtMost(own.high)) }
    }

    fn of_preset(preset: Preset, state: MealState) -> Self {
        use MealState::{
            AfterBreakfast, AfterDinner, AfterLunch, Bedtime, BeforeDinner, BeforeLunch, MorningFasting, Random,
        };
        let (lower, upper) = match (preset, state) {
            (Preset::Adult, MorningFasting | BeforeLunch | BeforeDinner) => {
                (limit(80.0, 4.4), Upper::AtMost(limit(130.0, 7.2)))
            }
            (Preset::OlderHighRisk, MorningFasting | BeforeLunch | BeforeDinner) => {
                (limit(90.0, 5.0), Upper::AtMost(limit(150.0, 8.3)))
            }
            (Preset::OlderHighRisk, Bedtime) => (limit(100.0, 5.6), Upper::AtMost(HIGH)),
            (Preset::Adult | Preset::OlderHighRisk, AfterBreakfast | AfterLunch | AfterDinner) => {
                (LOW, Upper::LessThan(HIGH))
            }
            (Preset::Adult, Bedtime | Random) | (Preset::OlderHighRisk, Random) => {
                (LOW, Upper::LessThan(limit(200.0, 11.1)))
            }
            (
                Preset::PregnancyType1 | Preset::PregnancyType2OrGestational,
                MorningFasting | BeforeLunch | BeforeDinner,
            ) => (LOW, Upper::AtMost(limit(95.0, 5.3))),
            (Preset::PregnancyType1 | Preset::PregnancyType2OrGestational, _) => (LOW, Upper::AtMost(TIGHT_HIGH)),
        };
        Self { lower, upper }
    }

    /// Whether the value, as shown in the unit it came in, is within the target.
    pub fn is_met(&self, value: Glucose) -> bool {
        let below_upper = match self.upper {
            Upper::AtMost(limit) => !limit.is_below(value),
            Upper::LessThan(limit) => limit.is_above(value),
        };
        below_upper && !self.lower.is_above(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::Unit;

    fn met(preset: Preset, state: MealState, mg_dl: f64) -> bool {
        MeterTarget::of(preset, state).is_met(Glucose::stored(mg_dl, Unit::MgDl))
    }

    #[test]
    fn a_value_is_judged_by_when_it_was_taken() {
        for (state, lowest, highest) in [
            (MealState::MorningFasting, 80.0, 130.0),
            (MealState::BeforeDinner, 80.0, 130.0),
            (MealState::AfterLunch, 70.0, 179.0),
            (MealState::Bedtime, 70.0, 199.0),
            (MealState::Random, 70.0, 199.0),
        ] {
            assert!(met(Preset::Adult, state, lowest) && met(Preset::Adult, state, highest), "{state:?}");
            assert!(!met(Preset::Adult, state, lowest - 1.0) && !met(Preset::Adult, state, highest + 1.0), "{state:?}");
        }
    }

    #[test]
    fn below_70_is_out_of_target_in_every_state_and_preset() {
        for preset in Preset::ALL {
            for state in MealState::ALL {
                assert!(!met(*preset, *state, 69.0), "{preset:?} {state:?}");
            }
        }
    }

    #[test]
    fn mmol_values_are_judged_by_mmol_limits() {
        let fasting = MeterTarget::of(Preset::Adult, MealState::MorningFasting);
        let met = |mmol| fasting.is_met(Glucose::stored(mmol, Unit::MmolL));
        assert_eq!([4.3, 4.4, 7.2, 7.3].map(met), [false, true, true, false]);
    }

    #[test]
    fn pregnancy_and_older_people_have_targets_of_their_own() {
        assert!(!met(Preset::PregnancyType1, MealState::MorningFasting, 96.0));
        assert!(!met(Preset::PregnancyType2OrGestational, MealState::AfterLunch, 141.0));
        assert!(met(Preset::OlderHighRisk, MealState::MorningFasting, 150.0));
        assert!(!met(Preset::OlderHighRisk, MealState::MorningFasting, 89.0));
    }
}
