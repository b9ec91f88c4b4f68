//! One row for a reading or a meal, oldest first.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe, which spreadsheets hide and our importer
//! takes away again.

use domain::glucose::Clip;

use super::{Export, instant};

/// The heading: our importer knows the file by it.
pub(crate) const HEADER: [&str; 11] =
    ["record", "time", "value", "unit", "clipped", "state", "source", "notes", "mealType", "carbsGrams", "foodItems"];
/// First cell of a reading's row.
pub(crate) const READING: &str = "reading";
/// First cell of a meal's row.
pub(crate) const MEAL: &str = "meal";

/// What a spreadsheet takes for the beginning of a formula.
fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

/// Whether a text begins with any number of apostrophes and then what begins a formula.
fn needs_guard(text: &str) -> bool {
    text.trim_start_matches('\'').chars().next().is_some_and(begins_a_formula)
}

/// A text that no spreadsheet computes.
pub(crate) fn guarded(text: &str) -> String {
    if needs_guard(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`guarded`] was given.
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => text,
    }
}

/// See [`super::write`].
pub(super) fn write(export: &Export) -> Option<Vec<u8>> {
    let mut rows: Vec<(i64, [String; HEADER.len()])> = Vec::with_capacity(export.readings.len() + export.meals.len());
    for reading in &export.readings {
        let row = [
            READING.to_owned(),
            instant(reading.at),
            reading.glucose.value().to_string(),
            reading.glucose.unit().as_str().to_owned(),
            reading.clip.map_or("", Clip::as_str).to_owned(),
            reading.state.as_str().to_owned(),
            reading.source.as_str().to_owned(),
            guarded(reading.notes.as_deref().unwrap_or("")),
            String::new(),
            String::new(),
            String::new(),
        ];
        rows.push((reading.at.timestamp_millis(), row));
    }
    for meal in &export.meals {
        let mut row: [String; HEADER.len()] = std::array::from_fn(|_| String::new());
        let [record, time, .., meal_type, carbs, items] = &mut row;
        MEAL.clone_into(record);
        *time = instant(meal.recorded_at);
        meal.meal_type.as_str().clone_into(meal_type);
        *carbs = meal.estimated_carbs.map(|grams| grams.to_string()).unwrap_or_default();
        *items = guarded(&meal.food_items.join("\n"));
        rows.push((meal.recorded_at.timestamp_millis(), row));
    }
    rows.sort_by_key(|(at, _)| *at);
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER).ok()?;
    for (_, row) in &rows {
        writer.write_record(row).ok()?;
    }
    writer.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula_and_every_text_comes_back() {
        for text in ["=1+1", "+91", "-5", "@x", "\t=1", "＝1", "'=1", "''-x", "'quoted'", "plain", "", "a=b"] {
            let cell = guarded(text);
            assert!(!cell.chars().next().is_some_and(begins_a_formula), "{cell}");
            assert_eq!(unguarded(&cell), text);
        }
        assert_eq!((guarded("=1"), guarded("'x")), ("'=1".to_owned(), "'x".to_owned()));
    }
}
