//! Searching a doctor's patients by name or by the end of a phone number.

use crate::services::memory::Known;

/// What is searched for: every word in the name, or the last digits of the phone number.
pub(super) struct Search {
    words: Vec<String>,
    digits: Option<String>,
}

impl Search {
    /// From what was typed.
    pub(super) fn new(text: &str) -> Self {
        let digits: Option<String> = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '+'))
            .map(|c| match c {
                '0'..='9' => Some(c),
                '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10),
                _ => None,
            })
            .collect();
        Self {
            words: text.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            digits: digits.filter(|d| !d.is_empty()),
        }
    }

    /// Whether somebody is meant.
    pub(super) fn finds(&self, known: &Known) -> bool {
        match &self.digits {
            Some(digits) => known.digits.ends_with(digits.as_str()),
            None => self.words.iter().all(|word| known.lower.contains(word.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Known {
        Known { name: name.into(), lower: name.to_lowercase(), digits: "919876500010".into() }
    }

    #[test]
    fn a_search_finds_words_of_the_name_in_any_order_or_the_last_digits() {
        let asha = known("Asha Rani Verma");
        for (text, found) in [
            ("asha", true),
            ("VERMA ash", true),
            ("  ", true),
            ("0010", true),
            ("+91 98765-00010", true),
            ("००१०", true),
            ("9876", false),
            ("asha gupta", false),
            ("asha 10", false),
        ] {
            assert_eq!(Search::new(text).finds(&asha), found, "{text}");
        }
        assert!(Search::new("आशा").finds(&known("आशा वर्मा")));
    }
}
