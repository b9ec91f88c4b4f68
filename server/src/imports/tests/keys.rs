//! Keys, duplicates, and the files that [`sample`] makes.

use super::*;

#[test]
fn the_same_file_twice_and_an_overlapping_export_give_the_same_keys() {
    let later = Wish::fortnight(7, until());
    let earlier = Wish { days: 3, ..later };
    for export in [sample::libreview, sample::clarity, sample::plain] {
        let keys =
            |wish: &Wish| -> Vec<String> { read(&export(wish)).rows.into_iter().map(|r| r.import_key).collect() };
        let all = keys(&later);
        assert_eq!(all, keys(&later));
        assert!(all.iter().all(|k| k.len() <= 60 && k.bytes().all(|b| b.is_ascii_graphic())));
        let unique: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
        assert!(!keys(&earlier).is_empty());
    }
    let whole = "Time,mg/dL\n2026-11-22 08:00,108\n2026-11-23 08:00,109\n";
    let newer = "Time;mg/dL\n23.11.2026 08:00:00;109\n24.11.2026 08:00:00;110\n";
    assert_eq!(read(whole).rows[1].import_key, read(newer).rows[0].import_key);
    assert_eq!(read(whole).rows[1].import_key, "1795401000p109mg/dL");
}

#[test]
fn a_row_that_stands_twice_in_a_file_is_kept_once_and_counted() {
    let file = read("Time,mg/dL\n2026-11-23 08:00,108\n2026-11-23 08:00,108\n2026-11-23 08:00,109\n");
    assert_eq!((file.rows.len(), file.duplicates, file.glucose_rows), (2, 1, 3));
}

#[test]
fn made_exports_are_read_back_whole_in_every_unit_and_order() {
    for unit in [Unit::MgDl, Unit::MmolL] {
        for order in [DateOrder::DayMonth, DateOrder::MonthDay] {
            for control in [Control::Good, Control::Fair, Control::Poor, Control::Lows] {
                let wish = Wish { control, unit, order, ..Wish::fortnight(3, until()) };
                for (text, format) in [
                    (sample::libreview(&wish), FileFormat::LibreView),
                    (sample::clarity(&wish), FileFormat::Clarity),
                    (sample::plain(&wish), FileFormat::Plain),
                ] {
                    let file = read(&text);
                    assert_eq!((file.format, file.unit), (format, Some(unit)));
                    assert_eq!((file.rejected.len(), file.questions.len(), file.duplicates), (0, 0, 0), "{format:?}");
                    let sensor = file.rows.iter().filter(|r| r.reading.source == Source::Sensor).count();
                    match format {
                        FileFormat::LibreView => assert!((1_300..1_450).contains(&sensor), "{sensor}"),
                        FileFormat::Clarity => assert!((3_800..4_033).contains(&sensor), "{sensor}"),
                        _ => assert_eq!((sensor, file.rows.len()), (0, 56)),
                    }
                }
            }
        }
    }
}

#[test]
fn made_curves_differ_by_control_and_hold_lows() {
    let mean_and_lows = |control| {
        let curve = sample::curve(&Wish { control, ..Wish::fortnight(11, until()) }, 15);
        let mean = curve.iter().map(|c| c.1).sum::<f64>() / curve.len() as f64;
        (mean, curve.iter().filter(|c| c.1 < 70.0).count())
    };
    let (good, poor, lows) = (mean_and_lows(Control::Good), mean_and_lows(Control::Poor), mean_and_lows(Control::Lows));
    assert!((110.0..140.0).contains(&good.0) && poor.0 > 180.0, "{good:?} {poor:?}");
    assert!(lows.1 > 20 && lows.1 > good.1 && poor.1 < 5, "{lows:?} {good:?} {poor:?}");
}

#[test]
fn a_hundred_thousand_rows_are_read_in_under_five_seconds() {
    let wish = Wish { days: 350, ..Wish::fortnight(5, until()) };
    let text = sample::clarity(&wish);
    let started = Instant::now();
    let file = read(&text);
    assert!(file.rows.len() > 99_000, "{}", file.rows.len());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
