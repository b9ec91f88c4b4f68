//! LibreView's and Clarity's files.

use super::*;

#[test]
fn a_libreview_export_gives_history_scans_and_strips_and_nothing_else() {
    let file = read(&libre(&[
        "FreeStyle LibreLink,s,23-11-2026 08:00,0,108,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:04,1,,112,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:06,2,,,,,,,,,,,118,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:07,3,,,,,,,,,,,,0.4,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:08,4,,,,6,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:09,5,,,,,,45,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:10,6,,,,,,,,,,\"tea, \"\"sweet\"\"\",,,,,",
    ]));
    assert_eq!((file.format, file.unit), (FileFormat::LibreView, Some(Unit::MgDl)));
    assert_eq!(values(&file), [108.0, 112.0, 118.0]);
    assert_eq!(times(&file), ["2026-11-23T02:30:00", "2026-11-23T02:34:00", "2026-11-23T02:36:00"]);
    let kinds: Vec<_> = file.rows.iter().map(|r| (r.kind, r.reading.source)).collect();
    assert_eq!(
        kinds,
        [(RowKind::Historic, Source::Sensor), (RowKind::Scan, Source::Sensor), (RowKind::Strip, Source::Import)]
    );
    assert_eq!((file.glucose_rows, file.duplicates, file.rejected.len(), file.questions.len()), (3, 0, 0, 0));
}

#[test]
fn a_libre_3_scan_is_a_look_at_the_screen_and_not_a_second_value() {
    let file = read(&libre(&[
        "FreeStyle Libre 3,s,23-11-2026 08:00,0,108,,,,,,,,,,,,,,",
        "FreeStyle Libre 3,s,23-11-2026 08:01,1,,108,,,,,,,,,,,,,",
    ]));
    assert_eq!(values(&file), [108.0]);
    assert_eq!(file.glucose_rows, 1);
}

#[test]
fn the_end_of_a_libres_scale_is_kept_and_marked() {
    let file = read(&libre(&[
        "FreeStyle LibreLink,s,23-11-2026 08:00,0,LO,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:15,0,40,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:30,0,41,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:45,0,HI,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:50,2,,,,,,,,,,,LO,,,,",
    ]));
    let read: Vec<_> = file.rows.iter().map(|r| (r.reading.glucose.value(), r.reading.clip)).collect();
    assert_eq!(
        read,
        [
            (40.0, Some(Clip::Low)),
            (40.0, Some(Clip::Low)),
            (41.0, None),
            (500.0, Some(Clip::High)),
            (20.0, Some(Clip::Low))
        ]
    );
}

#[test]
fn a_german_export_with_decimal_commas_and_semicolons_is_read_by_position() {
    let text = "Glukose-Werte;Erstellt am;24-11-2026 06:00 UTC;Erstellt von;A B\n\
        Gerät;Seriennummer;Gerätezeitstempel;Aufzeichnungstyp;Glukosewert-Verlauf mmol/L;Glukose-Scan mmol/L;Nicht numerisches\n\
        FreeStyle LibreLink;s;23-11-2026 08:00;0;5,8;;\n\
        FreeStyle LibreLink;s;23-11-2026 08:15;0;27,8;;\n";
    for bytes in [text.as_bytes().to_vec(), text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()] {
        let file = parse(&bytes, &ImportAnswers::default(), Kolkata, now()).unwrap();
        assert_eq!((file.format, file.unit), (FileFormat::LibreView, Some(Unit::MmolL)));
        assert_eq!(values(&file), [5.8, 27.8]);
        assert_eq!(file.rows[1].reading.clip, Some(Clip::High));
    }
}

#[test]
fn a_professional_download_has_more_lines_before_the_heading() {
    let heading = LIBRE_HEADING;
    let text = format!(
        "\u{feff}Patient,A B\r\nDate of Birth,01-02-1980\r\nGlucose Data,Generated on,11-24-2026 06:00 AM UTC\r\n{heading}\
         FreeStyle Libre 2,s,11-23-2026 08:00 PM,0,108,,\r\n"
    );
    let file = read(&text);
    assert_eq!((values(&file), times(&file)), (vec![108.0], vec!["2026-11-23T14:30:00".to_owned()]));
}

#[test]
fn the_desktop_programs_tab_separated_table_is_read() {
    let text = "A B\nID\tTime\tRecord Type\tHistoric Glucose (mg/dL)\tScan Glucose (mg/dL)\tNon-numeric Rapid\tRapid\tFood\tCarbs\t\
        Non-numeric Long\tLong\tNotes\tStrip Glucose (mg/dL)\tKetone (mmol/L)\n\
        1\t2026/11/23 08:00\t0\t108\t\t\t\t\t\t\t\t\t\t\n2\t2026/11/23 08:05\t2\t\t\t\t\t\t\t\t\tfinger\t120\t\n";
    let file = read(text);
    assert_eq!(file.format, FileFormat::LibreView);
    assert_eq!(values(&file), [108.0, 120.0]);
    assert_eq!(file.rows[1].reading.notes.as_deref(), Some("finger"));
}

#[test]
fn without_a_unit_in_the_heading_any_value_above_forty_means_mg_dl() {
    let bare = |value: &str| {
        let rows = format!(
            "FreeStyle LibreLink,s,23-11-2026 08:00,0,{value},,\r\nFreeStyle LibreLink,s,23-11-2026 08:15,0,6,,"
        );
        let text = libre(&[&rows]).replace("Glucose mg/dL", "Glucose");
        read(&text).unit
    };
    assert_eq!(bare("41"), Some(Unit::MgDl));
    assert_eq!(bare("12.5"), Some(Unit::MmolL));
}

#[test]
fn a_bad_row_is_named_and_the_others_go_in() {
    let file = read(&libre(&[
        "FreeStyle LibreLink,s,23-11-2026 08:00,0,108,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,not a time,0,109,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:30,0,many,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,23-11-2026 08:45,0,4,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s,24-11-2027 08:45,0,110,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,\"s,23-11-2026 09:00,0,111,,,,,,,,,,,,,,",
        "FreeStyle LibreLink,s",
        "FreeStyle LibreLink,s,23-11-2026 09:15,0,112,,,,,,,,,,,,,,",
    ]));
    assert_eq!(values(&file), [108.0, 112.0]);
    assert_eq!(
        refusals(&file),
        [
            (4, RejectReason::Time),
            (5, RejectReason::Value),
            (6, RejectReason::OutOfRange),
            (7, RejectReason::InFuture),
            (8, RejectReason::Malformed),
            (9, RejectReason::Malformed),
        ]
    );
    assert_eq!(file.glucose_rows, 8);
}

#[test]
fn a_clarity_export_gives_sensor_values_and_calibrations() {
    let text = format!(
        "\u{feff}{}1,,FirstName,,A,,,,,,,,,\n2,,Device,,,Dexcom G6 Mobile App,android G6,,,,,,,\n\
         3,,Alert,High,,,android G6,250,,,,,,\n4,2026-11-23T08:00:47,EGV,,,,android G6,144,,,,,4240874,X\n\
         5,2026-11-23 08:05:47,EGV,Low,,,android G6,Low,,,,,4241174,X\n6,2026-11-23T08:10:47,EGV,High,,,android G6,High,,,,,4,X\n\
         7,2026-11-23T08:11:00,Calibration,,,,android G6,150,,,,,,\n8,2026-11-23T08:12:00,Insulin,Fast-Acting,,,android G6,,5,,,,,\n",
        CLARITY_HEADING.replace("Index", "\"ï»¿\"\"\"\"Index\"\"\"\"\"")
    );
    let file = read(&text);
    assert_eq!((file.format, file.unit), (FileFormat::Clarity, Some(Unit::MgDl)));
    let read: Vec<_> = file.rows.iter().map(|r| (r.kind, r.reading.glucose.value(), r.reading.clip)).collect();
    assert_eq!(
        read,
        [
            (RowKind::Egv, 144.0, None),
            (RowKind::Egv, 40.0, Some(Clip::Low)),
            (RowKind::Egv, 400.0, Some(Clip::High)),
            (RowKind::Calibration, 150.0, None)
        ]
    );
    assert_eq!(times(&file)[0], "2026-11-23T02:30:47");
    assert_eq!(file.rows[3].reading.source, Source::Import);
    assert!(file.rejected.is_empty());
}

#[test]
fn a_german_clarity_export_is_read() {
    let file = read(
        "Index;Zeitstempel (JJJJ-MM-TTThh:mm:ss);Ereignistyp;Ereignisuntertyp;Patienteninfo;Geräteinfo;Quellgeräte-ID;\
         Glukosewert (mmol/l);Insulinwert (IE);Kohlenhydratwert (Gramm);Dauer (hh:mm:ss)\n\
         1;;Vorname;;A;;;;;;\n\
         10;2026-11-23T08:00:00;EGW;;;;iOS;5,8;;;\n11;2026-11-23T08:05:00;EGW;;;;iOS;Niedrig;;;\n\
         12;2026-11-23T08:06:00;Insulin;;;;iOS;;4;;\n",
    );
    assert_eq!((file.format, file.unit), (FileFormat::Clarity, Some(Unit::MmolL)));
    assert_eq!(values(&file), [5.8, 2.2]);
    assert_eq!(file.rows[1].reading.clip, Some(Clip::Low));
}

#[test]
fn a_clarity_export_in_an_unknown_language_is_read_by_position() {
    let file = read(
        "番号,時刻,種類,副種類,患者,機器,機器ID,値,薬,食,長さ,速さ,送信,送信ID\n1,,名,,A,,,,,,,,,\n\
         2,2026-11-23T08:00:00,推定値,,,,iOS,108,,,,,1,X\n3,2026-11-23T08:05:00,推定値,,,,iOS,110,,,,,2,X\n",
    );
    assert_eq!((file.format, file.unit), (FileFormat::Clarity, Some(Unit::MgDl)));
    assert_eq!(values(&file), [108.0, 110.0]);
}
