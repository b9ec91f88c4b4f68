//! The words of headings, meal states and notes, in the languages that exports are written in.

use domain::glucose::{MAX_NOTES, MealState};

use super::numbers::unit_in;

/// [`value_rank`] of a heading that names glucose.
pub const STRONG: u8 = 2;

/// Lower case without blanks, punctuation and byte order marks; Hindi without the dot below, which not all write.
pub fn normal(text: &str) -> String {
    text.replace("ï»¿", "")
        .chars()
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_ascii_punctuation()
                && !matches!(c, '\u{feff}' | '\u{93c}' | '\u{200c}' | '\u{200d}' | '：' | '（' | '）')
        })
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // The letters that are written with the dot as one character.
            '\u{95b}' => 'ज',
            '\u{95e}' => 'फ',
            c => c,
        })
        .collect()
}

fn has_token(text: &str, tokens: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| tokens.iter().any(|t| word.eq_ignore_ascii_case(t)))
}

fn contains_any(normal: &str, words: &[&str]) -> bool {
    words.iter().any(|word| normal.contains(word))
}

/// What else diabetes exports have columns of.
const NOT_GLUCOSE: &[&str] = &[
    "insulin",
    "carb",
    "kohlenhydrat",
    "glucide",
    "ketone",
    "keton",
    "cetona",
    "rate",
    "ratio",
    "target",
    "zielwert",
    "limit",
    "alarm",
    "alert",
    "threshold",
    "change",
    "delta",
    "trend",
    "average",
    "mean",
    "median",
    "a1c",
    "gmi",
    "temperature",
    "pressure",
    "pulse",
    "heart",
    "weight",
    "isig",
    "calibration",
    "input",
    "bwz",
    "bolus",
    "basal",
    "serial",
    "manualreading",
    "type",
    "source",
    "device",
    "state",
    "note",
    "comment",
    "time",
    "date",
    "cholesterol",
    "triglycerid",
    "कीटोन",
    "इंसुलिन",
    "इन्सुलिन",
    "कार्ब",
];
const GLUCOSE: &[&str] = &[
    "glucose",
    "glukose",
    "glucosa",
    "glucemia",
    "glycemi",
    "glycémi",
    "glicemia",
    "glicémia",
    "glicose",
    "glykemi",
    "glykos",
    "glükoz",
    "glukoz",
    "sugar",
    "zucker",
    "azúcar",
    "sgv",
    "udtcgms",
    "शुगर",
    "ग्लूकोज",
    "शर्करा",
    "血糖",
    "葡萄糖",
    "혈당",
];
const VALUE: &[&str] = &[
    "value",
    "reading",
    "result",
    "level",
    "measurement",
    "wert",
    "valor",
    "valeur",
    "resultat",
    "résultat",
    "resultado",
    "risultato",
    "ergebnis",
    "मान",
    "रीडिंग",
    "परिणाम",
    "值",
];

/// How surely a heading names glucose values: 0 not at all, 1 perhaps (`Value`), [`STRONG`].
pub fn value_rank(heading: &str) -> u8 {
    let name = normal(heading);
    if name.len() > 120 || contains_any(&name, NOT_GLUCOSE) {
        0
    } else if contains_any(&name, GLUCOSE)
        || has_token(heading, &["bg", "bgl", "bsl", "sg", "rbs"])
        || unit_in(heading).is_some()
    {
        STRONG
    } else {
        u8::from(contains_any(&name, VALUE))
    }
}

const SENSOR: &[&str] =
    &["cgm", "sensor", "sgv", "egv", "historic", "scan", "interstitial", "सेंसर", "verlauf", "historial"];
const METER: &[&str] =
    &["strip", "meter", "smbg", "finger", "bgreading", "bglevel", "capillar", "teststreifen", "tira"];

/// Whether a heading of values says sensor (`Some(true)`) or meter.
pub fn is_sensor(heading: &str) -> Option<bool> {
    let name = normal(heading);
    if contains_any(&name, METER) {
        return Some(false);
    }
    (contains_any(&name, SENSOR) || has_token(heading, &["sg"])).then_some(true)
}

const TIME: &[&str] = &[
    "time",
    "date",
    "timestamp",
    "recorded",
    "measured",
    "zeit",
    "datum",
    "fecha",
    "hora",
    "data",
    "orario",
    "horodatage",
    "heure",
    "tidspunkt",
    "समय",
    "दिनांक",
    "तारीख",
    "तिथि",
    "时间",
    "時間",
    "日期",
    "日時",
    "날짜",
];
const BEST_TIME: &[&str] =
    &["timestamp", "datetime", "dateandtime", "recorded", "measured", "zeitstempel", "horodatage", "采集时间"];
const OTHER_TIME: &[&str] =
    &["upload", "created", "modified", "updated", "generated", "sync", "import", "export", "duration", "insulin"];

/// How surely a heading names the time of measurement: 0 surely not, 1 unknown, 2 and 3 yes.
pub fn time_rank(heading: &str) -> u8 {
    let name = normal(heading);
    if name.len() > 120 || contains_any(&name, OTHER_TIME) {
        0
    } else if contains_any(&name, BEST_TIME) {
        3
    } else {
        1 + u8::from(contains_any(&name, TIME))
    }
}

/// Whether a heading names the time of measurement.
pub fn is_time(heading: &str) -> bool {
    time_rank(heading) >= 2
}

const NOTES: &[&str] = &[
    "note",
    "comment",
    "remark",
    "notiz",
    "kommentar",
    "nota",
    "observac",
    "bemerkung",
    "opmerking",
    "टिप्पणी",
    "नोट",
    "备注",
];

/// Whether a heading names free text.
pub fn is_notes(heading: &str) -> bool {
    let name = normal(heading);
    NOTES.iter().any(|word| name.starts_with(word))
}

/// Whether a heading names tests with a control solution.
pub fn is_control(heading: &str) -> bool {
    let name = normal(heading);
    ["controltest", "controlsolution", "kontrolltest", "kontrolllösung"].contains(&name.as_str())
}

/// Free text of a file: control characters removed, cut at 500 characters. A reading is not lost because of its note.
pub fn notes(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_NOTES).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

const STATES: &[(&str, MealState)] = &[
    ("morningfasting", MealState::MorningFasting),
    ("fasting", MealState::MorningFasting),
    ("fbs", MealState::MorningFasting),
    ("emptystomach", MealState::MorningFasting),
    ("beforebreakfast", MealState::MorningFasting),
    ("prebreakfast", MealState::MorningFasting),
    ("vordemfrühstück", MealState::MorningFasting),
    ("खालीपेट", MealState::MorningFasting),
    ("उपवास", MealState::MorningFasting),
    ("नाश्तेसेपहले", MealState::MorningFasting),
    ("afterbreakfast", MealState::AfterBreakfast),
    ("postbreakfast", MealState::AfterBreakfast),
    ("nachdemfrühstück", MealState::AfterBreakfast),
    ("नाश्तेकेबाद", MealState::AfterBreakfast),
    ("beforelunch", MealState::BeforeLunch),
    ("prelunch", MealState::BeforeLunch),
    ("दोपहरकेखानेसेपहले", MealState::BeforeLunch),
    ("दोपहरकेभोजनसेपहले", MealState::BeforeLunch),
    ("लंचसेपहले", MealState::BeforeLunch),
    ("afterlunch", MealState::AfterLunch),
    ("postlunch", MealState::AfterLunch),
    ("दोपहरकेखानेकेबाद", MealState::AfterLunch),
    ("दोपहरकेभोजनकेबाद", MealState::AfterLunch),
    ("लंचकेबाद", MealState::AfterLunch),
    ("beforedinner", MealState::BeforeDinner),
    ("predinner", MealState::BeforeDinner),
    ("beforesupper", MealState::BeforeDinner),
    ("रातकेखानेसेपहले", MealState::BeforeDinner),
    ("रातकेभोजनसेपहले", MealState::BeforeDinner),
    ("डिनरसेपहले", MealState::BeforeDinner),
    ("afterdinner", MealState::AfterDinner),
    ("postdinner", MealState::AfterDinner),
    ("aftersupper", MealState::AfterDinner),
    ("रातकेखानेकेबाद", MealState::AfterDinner),
    ("रातकेभोजनकेबाद", MealState::AfterDinner),
    ("डिनरकेबाद", MealState::AfterDinner),
    ("bedtime", MealState::Bedtime),
    ("beforebed", MealState::Bedtime),
    ("beforesleep", MealState::Bedtime),
    ("सोनेसेपहले", MealState::Bedtime),
    ("सोतेसमय", MealState::Bedtime),
    ("random", MealState::Random),
    ("rbs", MealState::Random),
    ("कभीभी", MealState::Random),
];

/// Whether a heading names the state of a reading.
pub fn is_state(heading: &str) -> bool {
    let name = normal(heading);
    ["state", "meal", "mealtag", "context", "tag", "readingtype", "स्थिति", "भोजन"].contains(&name.as_str())
}

/// The meal state that a cell names.
pub fn state(text: &str) -> Option<MealState> {
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    let name = normal(text);
    STATES.iter().find_map(|(word, state)| (name == *word).then_some(*state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_several_languages_and_other_columns_are_not_glucose() {
        for heading in
            ["Glucose Value (mg/dL)", "Blutzucker", "शुगर", "ग्लूकोज़ (mg/dL)", "BG", "Sensor Reading(mg/dL)", "mmol/L"]
        {
            assert_eq!(value_rank(heading), STRONG, "{heading}");
        }
        assert_eq!(value_rank("Value"), 1);
        for heading in [
            "Ketone mmol/L",
            "Insulin Value (u)",
            "Glucose Rate of Change (mg/dL/min)",
            "Serial Number",
            "BWZ Target High BG (mg/dL)",
        ] {
            assert_eq!(value_rank(heading), 0, "{heading}");
        }
        assert!(is_time("दिनांक और समय") && is_time("Device Timestamp") && !is_time("Duration (hh:mm:ss)"));
    }

    #[test]
    fn meal_states_are_read_as_people_write_them() {
        for (text, expected) in [
            ("AFTER_LUNCH", MealState::AfterLunch),
            ("Before Breakfast", MealState::MorningFasting),
            ("खाली पेट", MealState::MorningFasting),
            ("रात के खाने के बाद", MealState::AfterDinner),
        ] {
            assert_eq!(state(text), Some(expected), "{text}");
        }
        for name in MealState::ALL {
            assert_eq!(state(name.as_str()), Some(*name));
        }
        assert_eq!(state("swimming"), None);
    }

    #[test]
    fn a_long_note_is_cut_and_not_a_reason_to_lose_the_reading() {
        assert_eq!(notes(&"ा".repeat(600)).map(|n| n.chars().count()), Some(MAX_NOTES));
        assert_eq!(notes(" a\u{7}b "), Some("ab".into()));
        assert_eq!(notes("  "), None);
    }
}
