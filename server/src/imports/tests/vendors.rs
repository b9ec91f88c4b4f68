//! Files of other vendors: recognised, not asked.

use super::*;

#[test]
fn an_xdrip_export_gives_the_sensor_and_the_meter() {
    let file = read(
        "DAY;TIME;UDT_CGMS;BG_LEVEL;CH_GR;BOLUS;REMARK\n23.11.2026;19:20;115;;;;\n23.11.2026;19:25;39;;;;\n\
         23.11.2026;19:26;;121;;;before food\n23.11.2026;19:30;;;45;4.5;\n",
    );
    assert_eq!((file.format, file.unit, file.questions.len()), (FileFormat::XDrip, Some(Unit::MgDl), 0));
    let read: Vec<_> = file.rows.iter().map(|r| (r.reading.glucose.value(), r.reading.source)).collect();
    assert_eq!(read, [(115.0, Source::Sensor), (39.0, Source::Sensor), (121.0, Source::Import)]);
    assert_eq!(times(&file)[0], "2026-11-23T13:50:00");
    assert_eq!(file.rows[2].reading.notes.as_deref(), Some("before food"));
    assert!(file.rejected.is_empty(), "{:?}", file.rejected);
}

#[test]
fn an_accu_chek_export_gives_a_meters_values_without_the_control_tests() {
    let file = read(
        "Serial number;Download date;Download time;;;;;;;\nU100241440;24.11.2026;11:04;;;;;;;\n\
         Date;Time;Result;Unit;Temperature warning;Out of target range;Other;Before meal;After meal;Control test\n\
         23.11.2026;08:04;5.4;mmol/L;;;;X;;\n23.11.2026;08:10;7.1;mmol/L;;;;;;X\n23.11.2026;10:15;9.6;mmol/L;;X;;;X;\n",
    );
    assert_eq!((file.format, file.unit), (FileFormat::AccuChek, Some(Unit::MmolL)));
    assert_eq!((values(&file), file.glucose_rows), (vec![5.4, 9.6], 2));
    assert!(file.rows.iter().all(|r| r.reading.source == Source::Import), "a meter's, however close together");
    assert!(file.rejected.is_empty() && file.questions.is_empty(), "{:?} {:?}", file.rejected, file.questions);
}

#[test]
fn glookos_tables_of_sensor_and_meter_are_told_apart() {
    let sensor = read(
        "\u{feff}Name:A B,Date Range:2026-11-22 - 2026-11-23\r\nTimestamp,CGM Glucose Value (mg/dl),Serial Number\r\n\
         2026-11-23 08:00,120.0,S1\r\n2026-11-23 08:05,124.0,S1\r\n",
    );
    assert_eq!((sensor.format, values(&sensor)), (FileFormat::Glooko, vec![120.0, 124.0]));
    assert!(sensor.rows.iter().all(|r| r.reading.source == Source::Sensor));
    let rows: Vec<String> = (0..40).map(|n| format!("2026-11-23 08:{n:02},{}.0,M,S1\r\n", 100 + n)).collect();
    let rows = rows.concat();
    let meter = read(&format!(
        "Name:A B,Date Range:2026-11-22 - 2026-11-23\r\nTimestamp,Glucose Value (mg/dl),Manual Reading(M),Serial Number\r\n{rows}"
    ));
    assert_eq!((meter.format, meter.rows.len()), (FileFormat::Glooko, 40));
    assert!(meter.rows.iter().all(|r| r.reading.source == Source::Import), "a meter's, though forty within an hour");
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn read_zip(files: &[(&str, &str)]) -> Result<ParsedFile, Problem> {
    parse(&zipped(files), &ImportAnswers::default(), Kolkata, now())
}

const PREAMBLE: &str = "Name:A B,Date Range:2026-11-22 - 2026-11-23\r\n";

#[test]
fn glookos_zip_is_read_as_it_is_downloaded() {
    let cgm = format!(
        "{PREAMBLE}Timestamp,CGM Glucose Value (mmol/l),Serial Number\r\n2026-11-23 08:00,5.5,S\r\nsoon,5.6,S\r\n"
    );
    let bg = format!(
        "{PREAMBLE}Timestamp,Glucose Value (mmol/l),Manual Reading(M),Serial Number\r\n2026-11-23 08:02,5.9,,S\r\n"
    );
    let bolus =
        format!("{PREAMBLE}Timestamp,Insulin Type,Blood Glucose Input (mg/dl)\r\n2026-11-23 08:02,Normal,120\r\n");
    let file = read_zip(&[
        ("export/Insulin data/bolus_data_1.csv", &bolus),
        ("export/cgm_data_1.csv", &cgm),
        ("export/bg_data_1.csv", &bg),
    ])
    .unwrap();
    let read: Vec<_> = file.rows.iter().map(|r| (r.line, r.reading.glucose.value(), r.reading.source)).collect();
    assert_eq!((file.format, file.unit), (FileFormat::Glooko, Some(Unit::MmolL)));
    assert_eq!(read, [(3, 5.9, Source::Import), (6, 5.5, Source::Sensor)], "by name, lines counted on");
    assert_eq!(refusals(&file), [(7, RejectReason::Time)]);
}

#[test]
fn another_zip_is_refused_and_a_damaged_or_swollen_one_does_no_harm() {
    assert_eq!(read_zip(&[("xl/workbook.xml", "<x/>")]).map(|_| ()), Err(Problem::FileFormat));
    assert_eq!(read_zip(&[("cgm_data_1.csv", "no table")]).map(|_| ()), Err(Problem::FileFormat));
    let swollen = "0".repeat(61 << 20);
    assert_eq!(read_zip(&[("../../cgm_data_1.csv", &swollen)]).map(|_| ()), Err(Problem::FileFormat));
    let whole =
        zipped(&[("cgm_data_1.csv", &format!("{PREAMBLE}Timestamp,CGM Glucose Value (mg/dl)\n2026-11-23 08:00,99\n"))]);
    for cut in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[cut] ^= 0x41;
        for bytes in [&damaged[..], &whole[..cut]] {
            if let Ok(file) = parse(bytes, &ImportAnswers::default(), Kolkata, now()) {
                assert!(file.rows.len() <= 1, "{cut}");
            }
        }
    }
}

#[test]
fn a_carelink_report_is_named() {
    let file = read(
        "Last Name,First Name,Patient ID\nA,B,\n-------,MiniMed,Pump,-------\n\
         Index,Date,Time,New Device Time,BG Reading (mg/dL),BWZ Estimate (U),Sensor Calibration BG (mg/dL),Sensor Glucose (mg/dL),ISIG Value\n\
         0,2026/11/23,08:10:00,,108,,,,\n1,2026/11/23,08:15:00,,,,,110,20.1\n2,2026/11/23,08:16:00,,,,108,,\n",
    );
    assert_eq!((file.format, values(&file)), (FileFormat::CareLink, vec![108.0, 110.0]));
}

const ENTRIES: &str = r#"[
  {"_id":"a","type":"sgv","sgv":120,"date":1795402800000,"dateString":"2026-11-23T03:00:00.000Z","device":"xDrip-DexcomG6","direction":"Flat"},
  {"_id":"b","type":"sgv","sgv":39,"date":1795403100000,"device":"xDrip-DexcomG6"},
  {"_id":"c","type":"sgv","sgv":401,"date":1795403400000,"device":"xDrip-DexcomG6"},
  {"_id":"d","type":"sgv","sgv":5,"date":1795403700000,"device":"share2"},
  {"_id":"e","type":"mbg","mbg":"131","date":"2026-11-23T03:20:00.000Z"},
  {"_id":"f","type":"cal","slope":800,"intercept":3000,"date":1795404000000},
  {"eventType":"BG Check","glucose":6.8,"glucoseType":"Finger","units":"mmol","created_at":"2026-11-23T03:25:00Z"},
  {"eventType":"Correction Bolus","glucose":150,"glucoseType":"Sensor","insulin":2,"created_at":"2026-11-23T03:30:00Z"},
  {"identifier":"g","type":"sgv","sgv":140,"date":1795404300000,"units":"mg/dL","isValid":false},
  "not a document", 7, null,
  {"_id":"h","type":"sgv","sgv":"many","date":1795404600000},
  {"_id":"i","type":"sgv","sgv":130}
]"#;

#[test]
fn nightscouts_entries_and_treatments_give_sensor_and_finger_values() {
    let file = read(ENTRIES);
    assert_eq!((file.format, file.unit, file.questions.len()), (FileFormat::Nightscout, Some(Unit::MgDl), 0));
    let read: Vec<_> = file
        .rows
        .iter()
        .map(|r| (r.reading.glucose.value(), r.reading.glucose.unit(), r.reading.clip, r.reading.source))
        .collect();
    assert_eq!(
        read,
        [
            (120.0, Unit::MgDl, None, Source::Sensor),
            (39.0, Unit::MgDl, Some(Clip::Low), Source::Sensor),
            (401.0, Unit::MgDl, Some(Clip::High), Source::Sensor),
            (131.0, Unit::MgDl, None, Source::Import),
            (6.8, Unit::MmolL, None, Source::Import),
        ],
        "an error code, a calibration, a repeated sensor value and what was taken back are no readings"
    );
    assert_eq!(times(&file)[0], "2026-11-23T03:00:00");
    assert_eq!(refusals(&file), [(13, RejectReason::Value), (14, RejectReason::Time)]);
}

#[test]
fn a_mongo_export_has_a_document_a_line_and_a_broken_one_spoils_no_other() {
    let file = read(
        "{\"_id\":{\"$oid\":\"5f\"},\"type\":\"sgv\",\"sgv\":{\"$numberInt\":\"99\"},\"date\":{\"$numberLong\":\"1795402800000\"}}\n\
         {\"_id\":{\"$oid\":\"60\"},\"type\":\"sgv\",\n\
         {\"type\":\"sgv\",\"sgv\":101.0,\"date\":{\"$date\":\"2026-11-23T03:05:00Z\"}}\n",
    );
    assert_eq!((file.format, values(&file)), (FileFormat::Nightscout, vec![99.0, 101.0]));
    assert_eq!(refusals(&file), [(2, RejectReason::Malformed)]);
    assert_eq!(times(&file), ["2026-11-23T03:00:00", "2026-11-23T03:05:00"]);
}

#[test]
fn json_of_others_is_not_taken_for_nightscouts() {
    for text in ["[]", "{}", "[1,2,3]", "[{\"a\":1}]", "{\"sgv\":\n", "[{\"type\":\"sgv\",\"sgv\":120"] {
        let answer = parse(text.as_bytes(), &ImportAnswers::default(), Kolkata, now());
        assert!(answer.is_err(), "{text}: {answer:?}");
    }
}

#[test]
fn the_same_entries_twice_are_the_same_readings() {
    let keys = |file: ParsedFile| file.rows.into_iter().map(|r| r.import_key).collect::<Vec<_>>();
    assert_eq!(keys(read(ENTRIES)), keys(read(&ENTRIES.replace("Flat", "FortyFiveUp"))));
    let doubled = read(&ENTRIES.replace("  \"not a document\", 7, null,", ENTRIES.lines().nth(1).unwrap()));
    assert_eq!(doubled.duplicates, 1);
}
