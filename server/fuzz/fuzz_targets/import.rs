//! A file of readings, of whatever bytes: every row with a value is taken, a duplicate, or named.
#![no_main]

#[expect(dead_code, unused_imports, reason = "the importer needs only what our own CSV begins with")]
#[path = "../../src/exports/mod.rs"]
mod exports;
#[expect(dead_code, unused_imports, reason = "a part of it makes files for demonstrations and tests")]
#[path = "../../src/imports/mod.rs"]
mod imports;

use chrono::{DateTime, Utc};
use domain::{
    glucose::{CLOCK_SKEW, Unit},
    ports::{DateOrder, ImportAnswers},
};
use imports::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let answers = ImportAnswers {
        date_order: [None, Some(DateOrder::DayMonth), Some(DateOrder::MonthDay), None][usize::from(choice & 3)],
        unit: [None, Some(Unit::MgDl), Some(Unit::MmolL), None][usize::from(choice >> 2 & 3)],
        ..ImportAnswers::default()
    };
    // A zone with and one without hours that do not exist or exist twice.
    let zone = if choice & 16 == 0 { chrono_tz::Asia::Kolkata } else { chrono_tz::Europe::London };
    let now = DateTime::<Utc>::from_timestamp(1_796_000_000, 0).expect("an instant");
    let Ok(file) = parse(bytes, &answers, zone, now) else { return };
    let parts = file.rows.len() + file.rejected.len() + usize::try_from(file.duplicates).expect("a count");
    assert_eq!(usize::try_from(file.glucose_rows), Ok(parts));
    for row in &file.rows {
        assert!(row.import_key.len() <= 60 && row.import_key.is_ascii(), "{}", row.import_key);
        assert!(row.reading.recorded_at <= now + CLOCK_SKEW);
        assert!(row.reading.glucose.mg_dl().is_finite());
    }
    for meal in &file.meals {
        assert!(meal.recorded_at <= now + CLOCK_SKEW && !meal.food_items.is_empty());
        assert!(meal.estimated_carbs.is_none_or(|grams| (0.0..=500.0).contains(&grams)));
    }
    // The same bytes give the same rows: a file that is stored twice is stored once.
    assert_eq!(parse(bytes, &answers, zone, now).as_ref(), Ok(&file));
});
