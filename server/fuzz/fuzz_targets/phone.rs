//! A phone number as anybody types it: refused, or one canonical Indian mobile number.
#![no_main]

use domain::contact::Phone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(phone) = Phone::parse(text) else { return };
    let canonical = phone.e164();
    assert!(canonical.len() == 13 && canonical.starts_with("+91"));
    assert!(canonical.bytes().skip(1).all(|b| b.is_ascii_digit()));
    assert!(matches!(canonical.as_bytes()[3], b'6'..=b'9'));
    // The number that was typed, whatever stands around its digits.
    let digits: String = text
        .chars()
        .filter_map(|c| match c {
            '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10),
            c => Some(c).filter(char::is_ascii_digit),
        })
        .collect();
    assert!(digits.ends_with(&canonical[3..]));
    assert_eq!(Phone::parse(canonical).as_ref(), Ok(&phone), "canonical already");
    assert!(canonical.starts_with(phone.block()) && phone.block().len() == 9);
    let shown = format!("{phone:?} {}", phone.masked());
    assert!(!shown.contains(&canonical[3..11]), "only the last two digits are shown");
});
