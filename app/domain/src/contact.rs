//! How people are reached, parsed once.

use std::fmt;

use crate::field::Problem;

/// An Indian mobile number in E.164: `+91` and ten digits, the first 6 to 9.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads what people type: spaces, dashes, dots and brackets are ignored, a leading `0`, `91`, `091`, `0091` or `+91` is understood.
    ///
    /// Spelling variants of one number give one value, so limits and look-ups cannot be evaded by spelling.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::Required);
        }
        if text.len() > 40 {
            return Err(Problem::Phone);
        }
        let mut digits = String::with_capacity(14);
        let mut plus = false;
        for c in text.trim().chars() {
            match c {
                '+' if digits.is_empty() && !plus => plus = true,
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' | '\u{2010}' | '\u{2011}' => {}
                // Devanagari digits, as a Hindi keyboard types them.
                '\u{966}'..='\u{96f}' => {
                    digits.push(char::from_digit(u32::from(c) - 0x966, 10).ok_or(Problem::Phone)?);
                }
                _ => return Err(Problem::Phone),
            }
        }
        let national = if plus {
            digits.strip_prefix("91").ok_or(Problem::Phone)?
        } else {
            let rest = digits.trim_start_matches('0');
            if rest.len() == 12 { rest.strip_prefix("91").ok_or(Problem::Phone)? } else { rest }
        };
        let national = if national.len() == 11 { national.strip_prefix('0').unwrap_or(national) } else { national };
        if national.len() == 10 && matches!(national.as_bytes().first(), Some(b'6'..=b'9')) {
            Ok(Self(format!("+91{national}")))
        } else {
            Err(Problem::Phone)
        }
    }

    /// The number as E.164, for sending and for the blind index. Never log it.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// What a block of ten thousand numbers has in common: all but the last four digits.
    pub fn block(&self) -> &str {
        self.0.get(..self.0.len() - 4).unwrap_or("")
    }

    /// The number with only its last two digits, for a screen.
    pub fn masked(&self) -> String {
        format!("+91 ••••• •••{}", self.0.get(self.0.len() - 2..).unwrap_or(""))
    }
}

/// Masked: a phone number in a log would be personal data in a log.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(masked)")
    }
}

/// A person's name as they write it: 1 to 80 characters, no control characters.
pub fn parse_name(text: &str) -> Result<String, Problem> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Problem::Required);
    }
    if name.chars().count() > 80 {
        return Err(Problem::TooLong { max: 80 });
    }
    if name.chars().any(char::is_control) {
        return Err(Problem::Malformed);
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_people_write_a_number_gives_one_value() {
        for text in [
            "+919876543210",
            "9876543210",
            "09876543210",
            "919876543210",
            "+91 98765 43210",
            "+91-98765-43210",
            "0091 9876543210",
            "(+91) 98765.43210",
            " 98765 43210 ",
            "+91 09876543210",
            "९८७६५४३२१०",
        ] {
            assert_eq!(Phone::parse(text).map(|p| p.0), Ok("+919876543210".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_indian_mobile_number_is_refused() {
        for text in [
            "+15555550100",
            "5876543210",
            "987654321",
            "98765432101",
            "+9198765432101",
            "phone",
            "+91",
            "+",
            "98765x43210",
        ] {
            assert_eq!(Phone::parse(text), Err(Problem::Phone), "{text}");
        }
        assert_eq!(Phone::parse("  "), Err(Problem::Required));
    }

    #[test]
    fn a_block_is_ten_thousand_numbers() {
        let block = |text| Phone::parse(text).map(|phone| phone.block().to_owned());
        assert_eq!(block("9876543210"), Ok("+91987654".to_owned()));
        assert_eq!(block("9876549999"), block("9876543210"));
        assert_ne!(block("9876553210"), block("9876543210"));
    }

    #[test]
    fn a_phone_number_does_not_reach_a_log_line() {
        assert!(!format!("{:?}", Phone::parse("9876543210")).contains("98765"));
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_only_gives_canonical_numbers(text in "\\PC{0,40}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert!(phone.e164().starts_with("+91") && phone.e164().len() == 13);
                prop_assert_eq!(Phone::parse(phone.e164()), Ok(phone.clone()));
            }
        }
    }
}
