//! The code by which a patient connects with a doctor: the doctor shows it, the patient types it.

use chrono::TimeDelta;

/// How long a code can be typed.
pub const LASTS: TimeDelta = TimeDelta::minutes(15);
/// What codes are made of: no two look alike, and no vowels but A and E that make words.
pub const LETTERS: [u8; 30] = *b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 39 bits.
pub const LENGTH: usize = 8;

/// A code out of random bytes, each letter as likely as any other; none if there were too few of them.
pub fn from_random(bytes: &[u8]) -> Option<String> {
    // The bytes past the last whole thirty would make the first letters likelier.
    let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 - 256 % LETTERS.len());
    let letters = fair.filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()));
    let code: String = letters.take(LENGTH).map(|letter| char::from(*letter)).collect();
    (code.len() == LENGTH).then_some(code)
}

/// A code as people type it: any case, Devanagari digits too, spaces and dashes between.
pub fn read(text: &str) -> Option<String> {
    if text.len() > 60 {
        return None;
    }
    let mut code = String::with_capacity(LENGTH);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c {
            '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10)?,
            c => c.to_ascii_uppercase(),
        };
        if !LETTERS.iter().any(|letter| char::from(*letter) == c) {
            return None;
        }
        code.push(c);
    }
    (code.len() == LENGTH).then_some(code)
}

/// A code as it is shown: in two groups.
pub fn shown(code: &str) -> String {
    code.split_at_checked(LENGTH / 2).map_or_else(|| code.to_owned(), |(first, rest)| format!("{first}-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_code_is_read_as_people_type_it() {
        for text in ["ABCD-2345", "abcd2345", " abcd 23 45 ", "ABCD-२३४५"] {
            assert_eq!(read(text).as_deref(), Some("ABCD2345"), "{text}");
        }
        for text in ["", "ABCD-234", "ABCD-23456", "ABCD-2341", "OBCD-2345", "ABCD_2345"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&shown("ABCD2345")).as_deref(), Some("ABCD2345"));
    }

    #[test]
    fn every_letter_of_a_connection_code_is_as_likely_as_any_other() {
        let all: Vec<u8> = (0..=255).collect();
        let mut seen = [0; 30];
        for chunk in all.chunks(LENGTH) {
            let Some(code) = from_random(chunk) else { continue };
            for letter in code.bytes() {
                let place = LETTERS.iter().position(|known| *known == letter).expect("a letter of ours");
                seen[place] += 1;
            }
        }
        assert_eq!(seen, [8; 30], "each comes from eight of the 240 bytes that count");
        assert_eq!(from_random(&[255; 64]), None);
        assert_eq!(from_random(&[0; 7]), None);
    }
}
