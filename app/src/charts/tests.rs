//! The drawings as documents: what they hold, and that no data can break them.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::{
    glucose::{Glucose, Unit},
    metrics::{
        Kind, ProfilePoint, Ranges,
        range::{Band, Thresholds},
    },
    people::{Language, Preset},
    ports::{Curve, CurvePoint},
};
use proptest::prelude::*;

use super::{
    Daily, Model, Profile, Reader, Readout, Seek, Span, Window,
    daily::runs,
    range_bar::{range_bar, ring},
    scale::DAY,
    sparkline,
};

const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

fn adult() -> Thresholds {
    Thresholds::of(Preset::Adult)
}

fn point(minute: i32, mg_dl: f64) -> CurvePoint {
    CurvePoint { minute, mg_dl, band: adult().band(Glucose::stored(mg_dl, Unit::MgDl)) }
}

fn curve(kind: Kind, days: u64, points: Vec<CurvePoint>) -> Arc<Curve> {
    let from = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let to = from + chrono::Days::new(days - 1);
    Arc::new(Curve { from, to, kind, points, thresholds: adult() })
}

/// Night low, breakfast peak above the axis, a gap at noon, a lone value in the evening.
fn small_day() -> Vec<CurvePoint> {
    [
        (120, 88.0),
        (150, 66.0),
        (180, 52.0),
        (210, 74.0),
        (480, 150.0),
        (510, 262.0),
        (540, 371.0),
        (570, 355.0),
        (600, 190.0),
        (1200, 130.0),
    ]
    .map(|(minute, mg_dl)| point(minute, mg_dl))
    .to_vec()
}

fn daily(kind: Kind, reader: Reader) -> Daily {
    Daily::whole(curve(kind, 1, small_day()), reader)
}

#[test]
fn a_sensor_day_is_drawn_as_broken_lines() {
    insta::assert_snapshot!(daily(Kind::Sensor, READER).svg().replace("><", ">\n<"));
}

#[test]
fn a_meter_day_is_drawn_as_marks_in_mmol_and_hindi() {
    let reader = Reader { language: Language::Hindi, unit: Unit::MmolL, year: 2026 };
    insta::assert_snapshot!(daily(Kind::Meter, reader).svg().replace("><", ">\n<"));
}

#[test]
fn a_usual_day_is_drawn_with_its_bands() {
    let points = (0..24u16)
        .map(|h| {
            let p50 = 110.0 + 50.0 * f64::from(h % 8);
            ProfilePoint { minute: h * 60, p5: p50 - 50.0, p25: p50 - 20.0, p50, p75: p50 + 25.0, p95: p50 + 70.0 }
        })
        .collect();
    let profile = Profile { points: Arc::new(points), thresholds: adult(), reader: READER };
    insta::assert_snapshot!(profile.svg().replace("><", ">\n<"));
}

#[test]
fn three_hours_are_drawn_small() {
    let points: Vec<_> = (0..36).map(|n| point(900 + 5 * n, 110.0 + 3.0 * f64::from(n))).collect();
    insta::assert_snapshot!(
        sparkline(&points, Kind::Sensor, &adult(), Span::LastThreeHours, READER).replace("><", ">\n<")
    );
}

#[test]
fn a_line_is_broken_only_by_more_than_45_minutes() {
    let day = Window { from: 0, minutes: DAY };
    let near = runs(&[point(0, 100.0), point(45, 100.0)], day);
    let far = runs(&[point(0, 100.0), point(46, 100.0)], day);
    assert_eq!((near.len(), far.len()), (1, 2));
}

#[test]
fn a_line_goes_on_to_the_edges_of_what_is_looked_at() {
    let points = [point(90, 100.0), point(110, 200.0), point(130, 100.0)];
    let runs = runs(&points, Window { from: 100, minutes: 20 });
    let spots: Vec<_> = runs.iter().flatten().map(|s| (s.minute, s.mg_dl)).collect();
    assert_eq!(spots, [(100.0, 150.0), (110.0, 200.0), (120.0, 150.0)]);
}

#[test]
fn fourteen_days_of_a_sensor_keep_their_extremes_and_stay_small() {
    let mut points: Vec<_> = (0..14 * 288).map(|n| point(5 * n, 120.0)).collect();
    points[2001] = point(5 * 2001, 41.0);
    points[3002] = point(5 * 3002, 349.0);
    let daily = Daily::whole(curve(Kind::Sensor, 14, points), READER);
    let svg = daily.svg();
    assert!(svg.len() < 24_000, "{}", svg.len());
    let line = svg.split("<polyline class=\"curve\" points=\"").nth(1).unwrap().split('"').next().unwrap();
    let ys: Vec<i32> = line.split(' ').map(|p| p.split(',').nth(1).unwrap().parse().unwrap()).collect();
    // 349 of an axis to 350, and 41 of an axis from 0.
    assert_eq!((ys.iter().min(), ys.iter().max()), (Some(&3), Some(&883)));
}

#[test]
fn the_reading_nearest_to_the_pointer_is_told_with_unit_time_and_range() {
    let told = daily(Kind::Sensor, READER).read(Seek::At(545.0 / 1440.0)).unwrap();
    assert_eq!(told.spoken(), "24 Nov, 9:00 am, 371 mg/dL, Very high");
    assert_eq!((told.index, told.of), (6, 10));
    assert!((told.x - 37.5).abs() < 1e-9 && told.y == 0.0, "{told:?}");
    let mmol = daily(Kind::Sensor, Reader { unit: Unit::MmolL, ..READER }).read(Seek::Nth(2)).unwrap();
    assert_eq!(mmol.value, "2.9 mmol/L");
}

#[test]
fn the_arrow_keys_stop_at_the_first_and_the_last_reading() {
    let daily = daily(Kind::Meter, READER);
    assert_eq!(daily.read(Seek::Nth(-1)).unwrap().index, 0);
    assert_eq!(daily.read(Seek::Nth(99)).unwrap().index, 9);
    assert_eq!(daily.read(Seek::Last).unwrap().index, 9);
}

#[test]
fn a_reading_between_two_stretches_is_counted_once() {
    let all = curve(Kind::Sensor, 1, vec![point(0, 100.0), point(360, 100.0), point(719, 100.0)]);
    let of = |from| {
        let window = Window { from, minutes: 360 };
        Daily { window, ..Daily::whole(all.clone(), READER) }.read(Seek::Last).map(|told| told.of)
    };
    assert_eq!((of(0), of(360)), (Some(1), Some(2)));
}

#[test]
fn an_empty_day_says_so_and_has_nothing_to_tell() {
    let empty = Daily::whole(curve(Kind::Sensor, 1, vec![]), READER);
    assert!(empty.svg().contains(">No readings</text>"));
    assert_eq!(empty.read(Seek::Last), None);
}

#[test]
fn what_is_shown_is_named_as_people_write_it() {
    let named = |days, from, minutes| {
        Daily { window: Window { from, minutes }, ..Daily::whole(curve(Kind::Sensor, days, vec![]), READER) }.period()
    };
    assert_eq!(named(1, 0, DAY), "24 Nov");
    assert_eq!(named(7, 0, 7 * DAY), "24 Nov – 30 Nov");
    assert_eq!(named(1, 360, 360), "24 Nov, 6 am – 12 pm");
}

#[test]
fn the_fingerprint_tells_one_day_from_another_and_one_window_from_another() {
    let day = daily(Kind::Sensor, READER);
    let mut other = small_day();
    other[0].mg_dl += 1.0;
    assert_ne!(day.key(), Daily::whole(curve(Kind::Sensor, 1, other), READER).key());
    assert_ne!(day.key(), Daily { window: Window { from: 0, minutes: 720 }, ..day.clone() }.key());
    assert_eq!(day.key(), daily(Kind::Sensor, READER).key());
    assert!(day.svg().contains(&format!(r#"data-key="{}""#, day.key())));
}

#[test]
fn the_table_holds_every_reading_of_a_meter_and_every_hour_of_a_sensor() {
    let few = Model::Daily(daily(Kind::Meter, READER)).table();
    assert_eq!(few.matches("<tr>").count(), 11);
    assert!(few.contains("<td>371</td><td>Very high</td>"), "{few}");
    let many: Vec<_> = (0..288).map(|n| point(5 * n, if n % 12 == 0 { 90.0 } else { 130.0 })).collect();
    let hourly = Model::Daily(Daily::whole(curve(Kind::Sensor, 1, many), READER)).table();
    assert_eq!(hourly.matches("<tr>").count(), 25);
    assert!(hourly.contains("<td>90</td><td>127</td><td>130</td><td>12</td>"), "{hourly}");
}

/// Every number of the stretched shapes lies on the surface, every percentage between 0 and 100, and nothing is NaN.
fn is_sound(svg: &str, width: i32, height: i32) -> Result<(), TestCaseError> {
    prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", svg);
    prop_assert!(!svg.contains("style=") && !svg.contains("=\"#0") && !svg.contains("<script"), "{}", svg);
    for points in svg.split("points=\"").skip(1) {
        for pair in points.split('"').next().unwrap_or("").split(' ') {
            let (x, y) = pair.split_once(',').expect("a pair");
            prop_assert!((0..=width).contains(&x.parse::<i32>().expect("x")), "{}", pair);
            prop_assert!((0..=height).contains(&y.parse::<i32>().expect("y")), "{}", pair);
        }
    }
    for name in [" x=\"", " y=\""] {
        for value in svg.split(name).skip(1) {
            let value = value.split('"').next().unwrap_or("");
            if let Some(share) = value.strip_suffix('%') {
                prop_assert!((0.0..=100.0).contains(&share.parse::<f64>().expect("a share")), "{}", value);
            }
        }
    }
    Ok(())
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.0..700.0, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
}

fn any_points() -> impl Strategy<Value = Vec<CurvePoint>> {
    let band =
        prop_oneof![Just(Band::VeryLow), Just(Band::Low), Just(Band::InRange), Just(Band::High), Just(Band::VeryHigh)];
    let minute = prop_oneof![9 => -2000..22_000, 1 => any::<i32>()];
    prop::collection::vec(
        (minute, any_value(), band).prop_map(|(minute, mg_dl, band)| CurvePoint { minute, mg_dl, band }),
        0..60,
    )
}

fn any_reader() -> impl Strategy<Value = Reader> {
    (prop_oneof![Just(Unit::MgDl), Just(Unit::MmolL)], prop_oneof![Just(Language::English), Just(Language::Hindi)])
        .prop_map(|(unit, language)| Reader { language, unit, year: 2026 })
}

fn told_is_sound(told: Option<Readout>) -> Result<(), TestCaseError> {
    if let Some(told) = told {
        prop_assert!((0.0..=100.0).contains(&told.x) && (0.0..=100.0).contains(&told.y), "{:?}", told);
        prop_assert!(told.index < told.of, "{:?}", told);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_data_breaks_the_daily_curve(
        points in any_points(),
        reader in any_reader(),
        meter in any::<bool>(),
        from in -30 * DAY..30 * DAY,
        minutes in 1..20_160i32,
        seek in any::<f64>(),
    ) {
        let kind = if meter { Kind::Meter } else { Kind::Sensor };
        let daily = Daily { window: Window { from, minutes }, ..Daily::whole(curve(kind, 14, points), reader) };
        is_sound(&daily.svg(), 4000, 1000)?;
        told_is_sound(daily.read(Seek::At(seek)))?;
        prop_assert!(!Model::Daily(daily).table().contains("NaN"));
    }

    #[test]
    fn no_data_breaks_the_profile(
        values in prop::collection::vec((0u16..1500, any_value(), any_value(), any_value()), 0..30),
        reader in any_reader(),
        seek in any::<f64>(),
    ) {
        let points = values
            .into_iter()
            .map(|(minute, a, b, c)| ProfilePoint { minute, p5: a, p25: b, p50: c, p75: b, p95: a })
            .collect();
        let profile = Profile { points: Arc::new(points), thresholds: adult(), reader };
        is_sound(&profile.svg(), 4000, 1000)?;
        told_is_sound(profile.read(Seek::At(seek)))?;
    }

    #[test]
    fn no_data_breaks_the_small_drawings(
        points in any_points(),
        reader in any_reader(),
        shares in prop::array::uniform5(any_value()),
        percent in any_value(),
    ) {
        let [very_low, low, in_range, high, very_high] = shares;
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        for span in [Span::LastThreeHours, Span::Day(date)] {
            for kind in [Kind::Sensor, Kind::Meter] {
                is_sound(&sparkline(&points, kind, &adult(), span, reader), 1000, 400)?;
            }
        }
        let bar = range_bar(&Ranges { very_low, low, in_range, high, very_high }, reader, false);
        for value in bar.split(" width=\"").skip(1).chain(bar.split(" x=\"").skip(1)) {
            let share = value.split('%').next().unwrap_or("").parse::<f64>().expect("a share");
            prop_assert!((0.0..=100.0).contains(&share), "{}", bar);
        }
        is_sound(&ring(Some(percent), reader), 0, 0)?;
    }
}
