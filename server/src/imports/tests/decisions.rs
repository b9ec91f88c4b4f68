//! Times as they are written, and the order of day and month.

use super::*;

#[test]
fn one_day_above_the_twelfth_settles_the_whole_file() {
    for (rows, expected) in [
        ("03/04/2026 08:00,108\n13/04/2026 08:00,110\n", ["2026-04-03T02:30:00", "2026-04-13T02:30:00"]),
        ("03/04/2026 08:00,108\n04/13/2026 08:00,110\n", ["2026-03-04T02:30:00", "2026-04-13T02:30:00"]),
    ] {
        let file = read(&format!("Time,Glucose mg/dL\n{rows}"));
        assert_eq!(times(&file), expected);
        assert!(file.questions.is_empty());
    }
}

#[test]
fn a_row_that_contradicts_the_others_is_named() {
    let file = read("Time,mg/dL\n13/04/2026 08:00,108\n14/04/2026 08:00,110\n04/15/2026 08:00,112\n");
    assert_eq!(values(&file), [108.0, 110.0]);
    assert_eq!(refusals(&file), [(4, RejectReason::Time)]);
}

#[test]
fn dates_that_fit_both_orders_are_asked_and_the_answer_is_used() {
    let text = "Time,Glucose mg/dL\n03/04/2026 08:00,108\n03/04/2026 13:00,110\n";
    let file = read(text);
    assert_eq!(file.questions, [ImportQuestion::DateOrder]);
    assert_eq!((file.rows.len(), file.unit), (2, Some(Unit::MgDl)));
    for (order, expected) in [(DateOrder::DayMonth, "2026-04-03"), (DateOrder::MonthDay, "2026-03-04")] {
        let file = read_with(text, &ImportAnswers { date_order: Some(order), ..ImportAnswers::default() });
        assert!(file.questions.is_empty());
        assert!(times(&file).iter().all(|t| t.starts_with(expected)));
    }
    assert!(read("Time,mg/dL\n04/04/2026 08:00,108\n").questions.is_empty(), "both orders are the same day");
}

#[test]
fn an_order_that_puts_readings_after_today_or_after_the_file_was_made_is_none() {
    // Made on the fifth of November; month first the second row would be of the fourth of December.
    let rows = ["D,s,03-11-2026 08:00,0,108,,", "D,s,04-11-2026 08:00,0,108,,", "D,s,12-04-2026 08:00,0,108,,"];
    let file = read(&libre(&rows));
    assert_eq!(file.questions, []);
    assert_eq!(times(&file)[2], "2026-12-04T02:30:00".replace("12-04", "04-12"));
    let made_early = libre(&["D,s,03-04-2026 08:00,0,108,,"]).replace("24-11-2026 06:00", "05-03-2026 06:00");
    let file = read(&made_early);
    assert_eq!(file.questions, []);
    assert_eq!(times(&file), ["2026-03-04T02:30:00"]);
}

#[test]
fn rows_that_are_sorted_in_one_order_only_tell_it() {
    let sorted = "01/02/2026 08:00,108\n02/02/2026 08:00,108\n05/02/2026 08:00,108\n09/02/2026 08:00,108\n\
        01/03/2026 08:00,108\n04/03/2026 08:00,108\n";
    let file = read(&format!("Time,mg/dL\n{sorted}"));
    assert_eq!(file.questions, []);
    assert_eq!(times(&file)[4], "2026-03-01T02:30:00");
    let few = sorted.lines().skip(3).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&format!("Time,mg/dL\n{few}")).questions, [ImportQuestion::DateOrder]);
}

#[test]
fn times_are_read_as_devices_and_people_write_them() {
    use dates::RawTime;
    let local = |text: &str| RawTime::parse(text)?.local(DateOrder::DayMonth).map(|t| t.to_string());
    for text in [
        "2026-11-05 20:07:00",
        "2026-11-05T20:07",
        "2026/11/05 20:07",
        "2026.11.05 20.07",
        "05-11-2026 20:07",
        "5.11.2026 20:07",
        "05/11/26 08:07 PM",
        "05-11-2026 8:07 p.m.",
        "05-11-2026 8:07 p. m.",
        "05-11-2026, 8:07:00\u{202f}PM",
        "०५/११/२०२६ ८:०७ अपराह्न",
        "05/11/2026 अपराह्न 8:07",
        "2026/11/05 下午 8:07",
        "5 Nov 2026 20:07",
        "05-Nov-26 20:07",
        "Nov 5, 2026 8:07 PM",
        "2026-11-05 20:07:00.000",
    ] {
        assert_eq!(local(text).as_deref(), Some("2026-11-05 20:07:00"), "{text}");
        assert_eq!(RawTime::parse(text).and_then(|t| t.offset_s), None, "{text}");
    }
    assert_eq!(local("05-11-2026 12:07 AM").as_deref(), Some("2026-11-05 00:07:00"));
    assert_eq!(local("05-11-2026 12:07 PM").as_deref(), Some("2026-11-05 12:07:00"));
    for (text, offset) in [
        ("2026-11-05T20:07:00Z", 0),
        ("2026-11-05 20:07 UTC", 0),
        ("2026-11-05T20:07:00+05:30", 19_800),
        ("2026-11-05T20:07:00.123-0800", -28_800),
        ("05-11-2026 20:07 GMT+8", 28_800),
        ("2026-11-05 20:07 IST", 19_800),
        ("1794080820", 0),
        ("1794080820000", 0),
    ] {
        assert_eq!(RawTime::parse(text).and_then(|t| t.offset_s), Some(offset), "{text}");
    }
    for text in [
        "",
        "2026-11-05",
        "20:07",
        "31-02-2026 20:07",
        "2026-13-05 20:07",
        "05-11-2026 24:00",
        "05-11-2026 20:60",
        "05-11-2026 13:07 AM",
        "108",
        "5.4",
        "05-11-2026 20:07 or so",
        "2026-11-05T20:07:00+99:00",
        "١٢",
        "05--11--2026",
    ] {
        assert_eq!(RawTime::parse(text), None, "{text}");
    }
}
