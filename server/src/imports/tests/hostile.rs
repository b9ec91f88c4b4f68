//! Files that are no files, damaged ones, and large ones.

use super::*;

#[test]
fn what_is_no_file_of_readings_is_refused() {
    let refused = |bytes: &[u8]| parse(bytes, &ImportAnswers::default(), Kolkata, now()).unwrap_err();
    assert_eq!(refused(b""), Problem::Required);
    assert_eq!(refused("\u{feff}\r\n \n".as_bytes()), Problem::Required);
    for bytes in [&b"hello"[..], b"a,b,c\n1,2,3\n", b"PK\x03\x04", b"{\"sgv\":100}", b"\0\0\0\0", b"name,phone\nA,98\n"]
    {
        assert_eq!(refused(bytes), Problem::FileFormat);
    }
}

#[test]
fn a_file_of_too_many_rows_is_refused() {
    let text = format!("Time,mg/dL\n{}", "2026-11-23 08:00,9\n".repeat(MAX_ROWS + 1));
    let problem = parse(text.as_bytes(), &ImportAnswers::default(), Kolkata, now()).unwrap_err();
    assert_eq!(problem, Problem::ItemCount { min: 1, max: 1_000_000 });
}

fn counts_add_up(file: &ParsedFile) -> bool {
    let parts = file.rows.len() + file.rejected.len() + usize::try_from(file.duplicates).unwrap();
    usize::try_from(file.glucose_rows).unwrap() == parts
}

fn shapes() -> Vec<String> {
    let wish = Wish { days: 2, ..Wish::fortnight(9, until()) };
    let mmol = Wish { unit: Unit::MmolL, order: DateOrder::MonthDay, ..wish };
    [wish, mmol].iter().flat_map(|w| [sample::libreview(w), sample::clarity(w), sample::plain(w)]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = parse(&bytes, &ImportAnswers::default(), Kolkata, now());
    }

    #[test]
    fn no_cells_make_it_panic(lines in prop::collection::vec(
        "(\"|'|[0-9]{1,4}|[-/.:,;\t]|T|Z|AM|p\\.m\\.|[+-]|LO|High|<|mg/dL|mmol|glucose|time|é|ा|😀|\r){0,24}", 1..12,
    )) {
        if let Ok(file) = parse(lines.join("\n").as_bytes(), &ImportAnswers::default(), London, now()) {
            prop_assert!(counts_add_up(&file));
        }
    }

    #[test]
    fn a_damaged_export_is_read_as_far_as_it_goes(
        shape in 0_usize..6,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = shapes()[shape].clone().into_bytes();
        for (at, byte) in &damage {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(file) = parse(&bytes, &ImportAnswers::default(), Kolkata, now()) {
            prop_assert!(counts_add_up(&file));
            prop_assert!(file.rows.iter().all(|r| r.reading.recorded_at <= now() + domain::glucose::CLOCK_SKEW));
            prop_assert!(file.rows.iter().all(|r| r.import_key.len() <= 60 && r.import_key.is_ascii()));
        }
    }

    #[test]
    fn thirty_damaged_bytes_cost_at_most_thirty_two_lines(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
    ) {
        let text = sample::clarity(&Wish { days: 1, ..Wish::fortnight(9, until()) });
        let whole = read(&text).rows.len();
        let body = text.find("EGV").unwrap();
        let mut bytes = text.into_bytes();
        for (at, byte) in &damage {
            let at = body + at.index(bytes.len() - body);
            // A quote or a line end damages the neighbouring line too; those are tried above.
            bytes[at] = if matches!(byte, b'"' | b'\n' | b'\r') { b'x' } else { *byte };
        }
        let file = parse(&bytes, &ImportAnswers::default(), Kolkata, now()).unwrap();
        prop_assert!(file.rows.len() + 2 * damage.len() >= whole, "{} of {whole}", file.rows.len());
    }
}
