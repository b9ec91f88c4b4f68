//! Codes of an authenticator app: RFC 6238 over HMAC-SHA-1, six digits, thirty seconds, which is what every app can do.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use qrcode::{Color, EcLevel, QrCode};
use sha1::Sha1;
use zeroize::Zeroizing;

/// RFC 4226 recommends 160 bits.
pub const SECRET_BYTES: usize = 20;
/// The secret of the demonstration's staff. Outside development nobody is let in by it.
pub const DEMO_SECRET: [u8; SECRET_BYTES] = *b"procare-demo-secret!";
const STEP_S: i64 = 30;
/// Modules of white around a QR code (ISO/IEC 18004).
const QUIET: usize = 4;

/// A new secret.
pub fn new_secret() -> Result<Zeroizing<[u8; SECRET_BYTES]>, getrandom::Error> {
    let mut secret = Zeroizing::new([0; SECRET_BYTES]);
    getrandom::fill(secret.as_mut_slice())?;
    Ok(secret)
}

/// The time step of an instant.
pub fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_S)
}

/// The code of a time step.
pub fn code(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last half-byte says where to read four bytes, without their sign.
    let offset = usize::from(hash.last()? & 0xf);
    let bytes: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000))
}

/// The step whose code this is: the present one, or one beside it for clocks that differ. The newest, if it is two's.
pub fn matching_step(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let present = step_at(now);
    (present - 1..=present + 1).rev().find(|step| code(secret, *step).is_some_and(|code| same(&code, typed)))
}

/// Looks at every digit, wherever the first difference is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The secret as people type it: groups of four letters.
pub fn shown(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// What an authenticator app reads from the QR code.
pub fn uri(secret: &[u8], account: &str) -> String {
    let account: String = account.bytes().map(percent).collect();
    format!("otpauth://totp/ProCare:{account}?secret={}&issuer=ProCare", BASE32_NOPAD.encode(secret))
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// A QR code as SVG: dark on white in light and dark pages, or cameras do not read it.
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", index % width + QUIET, index / width + QUIET);
        }
    }
    let size = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" aria-hidden=\"true\" focusable=\"false\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The appendix has eight digits: ours are the last six.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(RFC, step_at(at(seconds))).as_deref(), Some(expected), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_in_its_step_and_the_two_beside_it() {
        let now = at(1_234_567_890);
        let present = step_at(now);
        for (step, expected) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let typed = code(RFC, present + step).expect("a code");
            let found = matching_step(RFC, &typed, now);
            assert_eq!(found, expected.then_some(present + step), "{step}");
        }
        assert_eq!(matching_step(RFC, "00592", now), None);
        assert_eq!(matching_step(RFC, "", now), None);
    }

    #[test]
    fn an_app_is_told_the_secret_and_who_asks() {
        assert_eq!(shown(RFC), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            uri(RFC, "+91 …01"),
            "otpauth://totp/ProCare:%2B91%20%E2%80%A601?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ProCare"
        );
        let svg = qr_svg(&uri(RFC, "x")).expect("fits");
        // The three corners of every code are dark frames of seven modules.
        assert!(svg.contains("M4 4h1v1h-1zM5 4h1") && svg.ends_with("</svg>"), "{svg}");
    }
}
