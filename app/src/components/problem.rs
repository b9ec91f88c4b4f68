//! What is wrong with a field, in the reader's language: what to do, without blame.

use domain::{field::Problem, people::Language};

use crate::tr_in;

/// A number without needless digits: `10`, `0.6`.
fn plain(value: f64) -> String {
    format!("{value}")
}

/// The sentence below a field. Takes the language, for it is also called from event handlers, where there is no page.
pub fn problem_text(language: Language, problem: &Problem) -> String {
    let l = language;
    match problem {
        Problem::Required => tr_in!(l, common.problem_required).to_owned(),
        Problem::NotANumber => tr_in!(l, common.problem_not_a_number).to_owned(),
        Problem::OutOfRange { min, max, unit } => {
            tr_in!(l, common.problem_out_of_range, min = plain(*min), max = plain(*max), unit = unit.clone())
                .to_string()
                .trim_end()
                .to_owned()
        }
        Problem::FitsOtherUnit { unit } => tr_in!(l, common.problem_fits_other_unit, unit = unit.clone()).to_string(),
        Problem::InsulinInUnits => tr_in!(l, common.problem_insulin_in_units).to_owned(),
        Problem::NotBelowSystolic => tr_in!(l, common.problem_not_below_systolic).to_owned(),
        Problem::BeforeStart => tr_in!(l, common.problem_before_start).to_owned(),
        Problem::ConfirmUnusual => tr_in!(l, common.problem_confirm_unusual).to_owned(),
        Problem::TooLong { max } => tr_in!(l, common.problem_too_long, max = *max).to_string(),
        Problem::TooShort { min } => tr_in!(l, common.problem_too_short, min = *min).to_string(),
        Problem::ItemCount { min, max } => tr_in!(l, common.problem_item_count, min = *min, max = *max).to_string(),
        Problem::UnknownChoice => tr_in!(l, common.problem_unknown_choice).to_owned(),
        Problem::Phone => tr_in!(l, common.problem_phone).to_owned(),
        Problem::Time => tr_in!(l, common.problem_time).to_owned(),
        Problem::InFuture => tr_in!(l, common.problem_in_future).to_owned(),
        Problem::NoSuchLocalTime => tr_in!(l, common.problem_no_such_local_time).to_owned(),
        Problem::TimeZone => tr_in!(l, common.problem_time_zone).to_owned(),
        Problem::NoSuchPerson => tr_in!(l, common.problem_no_such_person).to_owned(),
        Problem::Exists => tr_in!(l, common.problem_exists).to_owned(),
        Problem::Otp => tr_in!(l, common.problem_otp).to_owned(),
        Problem::FileFormat => tr_in!(l, common.problem_file_format).to_owned(),
        Problem::FileTooLarge { max_mib } => tr_in!(l, common.problem_file_too_large, max = *max_mib).to_string(),
        Problem::UnknownField | Problem::Malformed => tr_in!(l, common.problem_malformed).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_said_with_their_unit_in_both_languages() {
        let problem = Problem::OutOfRange { min: 0.6, max: 55.5, unit: "mmol/L".into() };
        for &language in Language::ALL {
            let text = problem_text(language, &problem);
            assert!(["0.6", "55.5", "mmol/L"].iter().all(|part| text.contains(part)), "{text}");
        }
    }

    #[test]
    fn every_problem_has_words_of_its_own_in_both_languages() {
        let problems = [
            Problem::Required,
            Problem::NotANumber,
            Problem::FitsOtherUnit { unit: "mmol/mol".into() },
            Problem::InsulinInUnits,
            Problem::NotBelowSystolic,
            Problem::BeforeStart,
            Problem::ConfirmUnusual,
            Problem::TooLong { max: 500 },
            Problem::TooShort { min: 20 },
            Problem::ItemCount { min: 1, max: 20 },
            Problem::UnknownChoice,
            Problem::Phone,
            Problem::Time,
            Problem::InFuture,
            Problem::NoSuchLocalTime,
            Problem::TimeZone,
            Problem::Otp,
            Problem::FileFormat,
            Problem::FileTooLarge { max_mib: 20 },
            Problem::Malformed,
        ];
        let mut texts: Vec<_> =
            Language::ALL.iter().flat_map(|l| problems.iter().map(|p| problem_text(*l, p))).collect();
        let all = texts.len();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), all);
    }
}
