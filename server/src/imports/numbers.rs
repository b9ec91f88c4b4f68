//! Glucose values as devices write them: decimal point or comma, Devanagari digits, `LO`, `High`, `<40`, `5.4 mmol/L`.

use domain::glucose::{Clip, Unit};

/// A value as written; what `Low` means in figures depends on the device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawValue {
    /// The number, if one is given.
    pub number: Option<f64>,
    /// Whether the device said only "below" or "above".
    pub clip: Option<Clip>,
    /// The unit, if it stands in the cell.
    pub unit: Option<Unit>,
    /// Whether the number has a fraction: mg/dL values have none.
    pub fraction: bool,
}

/// Words for "below what can be measured", lower case.
const LOW: &[&str] = &[
    "lo",
    "low",
    "low glucose",
    "below range",
    "niedrig",
    "bas",
    "basse",
    "faible",
    "bajo",
    "baja",
    "basso",
    "bassa",
    "baixo",
    "baixa",
    "laag",
    "låg",
    "lågt",
    "lav",
    "lavt",
    "matala",
    "niski",
    "niskie",
    "nízká",
    "nízky",
    "nizek",
    "alacsony",
    "düşük",
    "низкий",
    "низкая",
    "कम",
    "निम्न",
    "लो",
    "低",
    "偏低",
    "낮음",
];
/// Words for "above what can be measured", lower case.
const HIGH: &[&str] = &[
    "hi",
    "high",
    "high glucose",
    "above range",
    "hoch",
    "haut",
    "haute",
    "élevé",
    "élevée",
    "alto",
    "alta",
    "hoog",
    "hög",
    "högt",
    "høj",
    "højt",
    "høy",
    "høyt",
    "korkea",
    "wysoki",
    "wysokie",
    "vysoká",
    "vysoký",
    "visok",
    "magas",
    "yüksek",
    "высокий",
    "высокая",
    "उच्च",
    "अधिक",
    "ज़्यादा",
    "ज्यादा",
    "हाई",
    "高",
    "偏高",
    "높음",
];

/// Reads a cell; `None` if it is no glucose value.
pub fn parse(text: &str) -> Option<RawValue> {
    let text = text.trim();
    let (clip, rest) = match text.chars().next()? {
        '<' | '≤' => (Some(Clip::Low), text.trim_start_matches(['<', '≤', '=', ' '])),
        '>' | '≥' => (Some(Clip::High), text.trim_start_matches(['>', '≥', '=', ' '])),
        _ => (None, text),
    };
    if rest.chars().next().is_some_and(|c| digit(c).is_some()) {
        let (number, fraction, rest) = number(rest)?;
        let rest = rest.trim();
        let unit = if rest.is_empty() { None } else { Some(unit(rest)?) };
        return Some(RawValue { number: Some(number), clip, unit, fraction });
    }
    // A bound without a number says nothing; a word longer than the longest above is none of them.
    if clip.is_some() || rest.len() > 40 {
        return None;
    }
    let word = rest.to_lowercase();
    let clip = if LOW.contains(&word.as_str()) {
        Clip::Low
    } else if HIGH.contains(&word.as_str()) {
        Clip::High
    } else {
        return None;
    };
    Some(RawValue { number: None, clip: Some(clip), unit: None, fraction: false })
}

/// Reads a cell that is a unit and nothing else: `mg/dL`, `mmol/l`, `mg/100 ml`.
pub fn unit(text: &str) -> Option<Unit> {
    let mut letters = [0_u8; 12];
    let mut n = 0;
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '/' | '(' | ')' | '.' | '[' | ']' | '_' | '-') {
            continue;
        }
        *letters.get_mut(n)? = u8::try_from(c.to_ascii_lowercase()).ok()?;
        n += 1;
    }
    match letters.get(..n)? {
        b"mgdl" | b"mg%" | b"mg100ml" | b"mgperdl" => Some(Unit::MgDl),
        b"mmoll" | b"mmol" | b"mmolperl" => Some(Unit::MmolL),
        _ => None,
    }
}

/// The unit that a heading or a sentence mentions, if exactly one.
pub fn unit_in(text: &str) -> Option<Unit> {
    let text = text.to_lowercase();
    let mmol = text.contains("mmol") || text.contains("मिमोल");
    let mg = text.contains("mg/dl")
        || text.contains("mg_dl")
        || text.contains("mgdl")
        || text.contains("mg dl")
        || text.contains("mg/100");
    match (mg, mmol) {
        (true, false) => Some(Unit::MgDl),
        (false, true) => Some(Unit::MmolL),
        _ => None,
    }
}

/// The value of a digit, European or Devanagari.
pub fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| ('०'..='९').contains(&c).then(|| u32::from(c) - u32::from('०')))
}

/// A number of at most six digits before and four after the point or comma, whether it has a fraction, and what follows it.
fn number(text: &str) -> Option<(f64, bool, &str)> {
    let mut whole = 0_u32;
    let mut fraction = 0_u32;
    let mut scale = 0_u32;
    let mut point = false;
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        match digit(c) {
            Some(d) if point => {
                scale += 1;
                fraction = if scale > 4 { return None } else { fraction * 10 + d };
            }
            Some(d) => {
                digits += 1;
                whole = if digits > 6 { return None } else { whole * 10 + d };
            }
            None if !point && matches!(c, '.' | ',') => point = true,
            None => return Some((assembled(whole, fraction, scale), fraction > 0, text.get(at..)?)),
        }
    }
    Some((assembled(whole, fraction, scale), fraction > 0, ""))
}

/// One division of two whole numbers: the nearest double, as parsing the text would give.
fn assembled(whole: u32, fraction: u32, scale: u32) -> f64 {
    let power = 10_u64.pow(scale);
    (u64::from(whole) * power + u64::from(fraction)) as f64 / power as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(number: f64, fraction: bool) -> RawValue {
        RawValue { number: Some(number), clip: None, unit: None, fraction }
    }

    #[test]
    fn numbers_have_a_point_or_a_comma_and_perhaps_a_unit() {
        assert_eq!(parse("108"), Some(plain(108.0, false)));
        assert_eq!(parse(" 5,8 "), Some(plain(5.8, true)));
        assert_eq!(parse("6.3"), Some(plain(6.3, true)));
        assert_eq!(parse("5.0"), Some(plain(5.0, false)));
        assert_eq!(parse("१०८"), Some(plain(108.0, false)));
        assert_eq!(parse("5.4mmol/L").and_then(|v| v.unit), Some(Unit::MmolL));
        assert_eq!(parse("108 mg/dl").and_then(|v| v.unit), Some(Unit::MgDl));
    }

    #[test]
    fn low_and_high_are_read_in_the_languages_of_the_devices() {
        for (text, clip) in [
            ("LO", Clip::Low),
            ("Low", Clip::Low),
            ("Niedrig", Clip::Low),
            ("कम", Clip::Low),
            ("HI", Clip::High),
            ("High", Clip::High),
            ("Hoch", Clip::High),
            ("उच्च", Clip::High),
        ] {
            let value = parse(text);
            assert_eq!(value.and_then(|v| v.clip), Some(clip), "{text}");
            assert_eq!(value.and_then(|v| v.number), None, "{text}");
        }
        assert_eq!(parse("<40").map(|v| (v.number, v.clip)), Some((Some(40.0), Some(Clip::Low))));
        assert_eq!(parse("> 22,2").map(|v| (v.number, v.clip)), Some((Some(22.2), Some(Clip::High))));
    }

    #[test]
    fn other_text_is_no_value() {
        for text in [
            "",
            "abc",
            "-5",
            "1.2.3",
            "12:30",
            "2026-01-01",
            "1e5",
            "NaN",
            "inf",
            "<",
            "1234567",
            "108 units",
            "5,12345",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_unit_is_told_from_other_words() {
        for text in ["mg/dL", "mg/dl", "MG/DL", "mg%", "(mg/dL)"] {
            assert_eq!(unit(text), Some(Unit::MgDl), "{text}");
        }
        for text in ["mmol/L", "mmol/l", "mmol"] {
            assert_eq!(unit(text), Some(Unit::MmolL), "{text}");
        }
        for text in ["", "g", "units", "mmol/mol", "milligrams per decilitre and more"] {
            assert_eq!(unit(text), None, "{text}");
        }
        assert_eq!(unit_in("Historic Glucose mmol/L"), Some(Unit::MmolL));
        assert_eq!(unit_in("mg/dL or mmol/L"), None);
    }
}
