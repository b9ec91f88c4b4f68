//! Plain tables, and the zone of their times.

use super::*;

#[test]
fn a_plain_table_has_time_value_and_unit_in_any_of_many_shapes() {
    for text in [
        "Time,Value,Unit\n2026-11-23 08:00,108,mg/dL\n2026-11-23 13:00,6.0,mmol/L\n",
        "2026-11-23 08:00,108,mg/dL\n2026-11-23 13:00,6.0,mmol/L\n",
        "unit;glucose;time\nmg/dl;108;23.11.2026 8:00\nmmol/l;6,0;23.11.2026 13:00\n",
        "Date\tTime\tBG\n23-11-2026\t08:00\t108 mg/dL\n23-11-2026\t1:00 PM\t6.0 mmol/L\n",
        "दिनांक,समय,शुगर,इकाई\n२३/११/२०२६,०८:००,१०८,mg/dL\n२३/११/२०२६,१३:००,६.०,mmol/L\n",
        "Date,Time,Reading,Unit\n23-11-2026 00:00:00,08:00:00,108,mg/dL\n23-11-2026 00:00:00,13:00:00,6.0,mmol/L\n",
        "id,recordedAt,value,unit\n1,2026-11-23T02:30:00Z,108,mg/dL\n2,2026-11-23T13:00:00+05:30,6.0,mmol/L\n",
        "sep=;\n\"when\";\"Blood sugar\"\n\"23-Nov-2026 8:00 a.m.\";\"108 mg/dL\"\n\"Nov 23, 2026, 1:00:00 PM\";\"6,0 mmol/L\"\n",
    ] {
        let file = read(text);
        assert_eq!(file.format, FileFormat::Plain);
        assert_eq!(values(&file), [108.0, 6.0], "{text}");
        assert_eq!(times(&file), ["2026-11-23T02:30:00", "2026-11-23T07:30:00"], "{text}");
        assert!(file.questions.is_empty() && file.rejected.is_empty(), "{text}");
        assert!(file.rows.iter().all(|r| r.reading.source == Source::Import), "{text}");
    }
}

#[test]
fn state_and_notes_come_along() {
    let file = read("Time,Glucose mg/dL,Meal,Notes\n2026-11-23 08:00,108,खाली पेट,\"after a walk, early\"\n");
    assert_eq!(file.rows[0].reading.state, MealState::MorningFasting);
    assert_eq!(file.rows[0].reading.notes.as_deref(), Some("after a walk, early"));
}

#[test]
fn a_glooko_export_is_a_sensors_table_where_a_tenth_means_low() {
    let file = read(
        "Name:A B, Date Range:2026-11-22 - 2026-11-23\nTimestamp,CGM Glucose Value (mmol/l),Serial Number\n\
         2026-11-23 08:00,5.5,1266847\n2026-11-23 08:05,0.1,1266847\n",
    );
    assert_eq!((file.format, file.unit), (FileFormat::Glooko, Some(Unit::MmolL)));
    assert_eq!(values(&file), [5.5, 2.2]);
    assert_eq!(file.rows[1].reading.clip, Some(Clip::Low));
    assert_eq!(file.rows[0].reading.source, Source::Sensor);
}

#[test]
fn a_hospitals_sensor_table_without_the_word_sensor_is_known_by_its_spacing() {
    let rows: Vec<String> = [(9, "6.4"), (8, "6.5")]
        .iter()
        .flat_map(|(hour, value)| {
            (0..60).step_by(5).rev().map(move |minute| format!("{value},2026-11-23 {hour:02}:{minute:02}:28,,"))
        })
        .collect();
    let text = format!("血糖值(mmol/L),采集时间,机构名称：X,姓名：Y\n{}\n", rows.join("\n"));
    let file = read(&text);
    assert_eq!((file.rows.len(), file.unit), (24, Some(Unit::MmolL)));
    assert!(file.rows.iter().all(|r| r.reading.source == Source::Sensor));
}

#[test]
fn a_pumps_table_gives_the_sensor_and_the_meter_and_skips_the_rest() {
    let file = read(
        "Last Name;First Name\nA;B\n-------;Pump;-------\n\
         Index;Date;Time;New Device Time;BG Reading (mg/dL);Bolus Volume (U);Sensor Glucose (mg/dL);ISIG Value\n\
         0;2026/11/23;08:10:00;;;2.5;;\n1;2026/11/23;08:05:00;;;;110;20.1\n2;2026/11/23;08:00:00;;108;;;\n\
         -------;Sensor;-------;;;;;\n\
         Index;Date;Time;New Device Time;BG Reading (mg/dL);Bolus Volume (U);Sensor Glucose (mg/dL);ISIG Value\n\
         3;2026/11/23;07:55:00;;;;112;20.1\n",
    );
    let read: Vec<_> = file.rows.iter().map(|r| (r.reading.glucose.value(), r.reading.source)).collect();
    assert_eq!(read, [(110.0, Source::Sensor), (108.0, Source::Import), (112.0, Source::Sensor)]);
    assert!(file.rejected.is_empty(), "{:?}", file.rejected);
}

#[test]
fn bad_rows_of_a_plain_table_are_named_too() {
    let file = read(
        "Time,Value,Unit\n2026-11-23 08:00,108,mg/dL\nyesterday,109,mg/dL\n2026-11-23 09:00,,mg/dL\n2026-11-23 09:00\n\
         2026-11-23 10:00,5000,mg/dL\n2026-11-23 11:00,x,mg/dL\n\n2026-11-23 12:00,24,mg/dL\n",
    );
    assert_eq!(values(&file), [108.0, 24.0]);
    assert_eq!(
        refusals(&file),
        [
            (3, RejectReason::Time),
            (4, RejectReason::Value),
            (5, RejectReason::Malformed),
            (6, RejectReason::OutOfRange),
            (7, RejectReason::Value),
        ]
    );
    let only_bad = read("Time,Value,Unit\nyesterday,109,mg/dL\n");
    assert_eq!(refusals(&only_bad), [(2, RejectReason::Time)]);
}

#[test]
fn a_unit_that_nothing_tells_is_asked_and_the_answer_is_used() {
    let text = "Time,Value\n2026-11-23 08:00,8\n2026-11-23 13:00,24\n";
    let file = read(text);
    assert_eq!((file.unit, file.questions, file.glucose_rows), (None, vec![ImportQuestion::Unit], 2));
    for unit in [Unit::MgDl, Unit::MmolL] {
        let file = read_with(text, &ImportAnswers { unit: Some(unit), ..ImportAnswers::default() });
        assert_eq!((file.unit, file.questions.len()), (Some(unit), 0));
    }
    assert_eq!(read("Time,Value\n2026-11-23 08:00,5.4\n").unit, Some(Unit::MmolL));
    assert_eq!(read("Time,Value\n2026-11-23 08:00,54\n").unit, Some(Unit::MgDl));
}

#[test]
fn a_local_time_that_the_clocks_skipped_is_named() {
    let answers = ImportAnswers { time_zone: Some("Europe/London".into()), ..ImportAnswers::default() };
    let file = read_with("Time,mg/dL\n2026-03-29 00:30,108\n2026-03-29 01:30,109\n2026-03-29 02:30,110\n", &answers);
    assert_eq!(times(&file), ["2026-03-29T00:30:00", "2026-03-29T01:30:00"]);
    assert_eq!(refusals(&file), [(3, RejectReason::NoSuchLocalTime)]);
    assert_eq!(parse(b"Time,mg/dL\n2026-03-29 00:30,108", &answers, Kolkata, now()).unwrap().rows.len(), 1);
    let unknown = ImportAnswers { time_zone: Some("Mars/Base".into()), ..ImportAnswers::default() };
    assert_eq!(parse(b"Time,mg/dL\n2026-03-29 00:30,108", &unknown, London, now()), Err(Problem::TimeZone));
}

#[test]
fn a_clock_five_minutes_ahead_is_forgiven() {
    let file = read("Time,mg/dL\n2026-11-24 12:05,108\n2026-11-24 12:06,109\n");
    assert_eq!(values(&file), [108.0]);
    assert_eq!(refusals(&file), [(3, RejectReason::InFuture)]);
}
