//! From bytes to text, and from text to its separator.

use std::borrow::Cow;

/// A UTF-8 byte order mark that a program took for Latin-1 and wrote again as UTF-8 (Clarity files have it after a real one).
const MISREAD_MARK: &str = "ï»¿";
/// How much of the file the separator is judged by, lines.
const JUDGED_LINES: usize = 60;

/// The text of a file: UTF-8, UTF-16 with or without a mark, otherwise Latin-1 (which every byte sequence is).
/// Byte order marks are removed, however often they stand there. `None` if it is no text at all.
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") || bytes.starts_with(b"\x1f\x8b") {
        return None;
    }
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Cow::Owned(utf16(bytes, u16::from_le_bytes)),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Cow::Owned(utf16(bytes, u16::from_be_bytes)),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
        },
    };
    // One stray zero is damage, many are a binary file.
    if text.chars().take(2_000).filter(|c| *c == '\0').count() > 8 {
        return None;
    }
    // Lone carriage returns: an old Macintosh, or a spreadsheet on one.
    let text = if text.contains('\r') && !text.contains('\n') { Cow::Owned(text.replace('\r', "\n")) } else { text };
    let kept = without_marks(&text).len();
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(without_marks(text)),
        Cow::Owned(mut text) => {
            text.drain(..text.len() - kept);
            Cow::Owned(text)
        }
    })
}

/// Text without the marks that it begins with.
fn without_marks(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix('\u{feff}').or_else(|| text.strip_prefix(MISREAD_MARK)) {
        text = rest;
    }
    text
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0,
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The character between the columns: comma, semicolon or tab; whichever cuts most lines into the same, largest number
/// of columns. A tie goes to tab and semicolon: then the comma is a decimal comma. Also how many lines to skip, because
/// a spreadsheet's `sep=;` stands first.
pub fn separator(text: &str) -> (u8, usize) {
    let first = text.lines().next().unwrap_or("");
    if let Some(named) = first.trim().trim_matches('"').strip_prefix("sep=")
        && let [separator @ (b',' | b';' | b'\t')] = named.as_bytes()
    {
        return (*separator, 1);
    }
    let mut best = (b',', 0);
    for candidate in [b'\t', b';', b','] {
        let mut counts: Vec<usize> =
            text.lines().filter(|l| !l.trim().is_empty()).take(JUDGED_LINES).map(|l| count(l, candidate)).collect();
        counts.sort_unstable();
        let score = counts.chunk_by(|a, b| a == b).map(|run| run.len() * run.first().copied().unwrap_or(0)).max();
        if score.is_some_and(|s| s > best.1) {
            best = (candidate, score.unwrap_or(0));
        }
    }
    (best.0, 0)
}

/// Occurrences outside quotes.
fn count(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let mut n = 0;
    for b in line.bytes() {
        quoted ^= b == b'"';
        n += usize::from(b == separator && !quoted);
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_go_however_they_are_written() {
        for bytes in ["Time,mg", "\u{feff}Time,mg", "\u{feff}\u{feff}Time,mg", "\u{feff}ï»¿Time,mg", "ï»¿Time,mg"]
        {
            assert_eq!(decode(bytes.as_bytes()).as_deref(), Some("Time,mg"), "{bytes:?}");
        }
    }

    #[test]
    fn utf_16_of_both_orders_and_latin_1_are_read() {
        let text = "Gerät;5,8";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&[&[0xFF, 0xFE], &*le].concat()).as_deref(), Some(text));
        assert_eq!(decode(&[&[0xFE, 0xFF], &*be].concat()).as_deref(), Some(text));
        assert_eq!(decode(&le).as_deref(), Some(text));
        assert_eq!(decode(b"Ger\xE4t;5,8").as_deref(), Some(text));
    }

    #[test]
    fn lone_carriage_returns_end_lines() {
        assert_eq!(decode(b"a,b\rc,d\r").as_deref(), Some("a,b\nc,d\n"));
        assert_eq!(decode(b"a,b\r\nc,d").as_deref(), Some("a,b\r\nc,d"));
    }

    #[test]
    fn a_workbook_a_pdf_and_noise_are_no_text() {
        for bytes in [&b"PK\x03\x04abc"[..], b"%PDF-1.7", b"\x1f\x8b\x08", b"a\0\0\0\0\0\0\0\0\0b"] {
            assert_eq!(decode(bytes), None);
        }
    }

    #[test]
    fn the_separator_is_the_one_that_makes_columns() {
        for (text, expected) in [
            ("a,b,c\n1,2,3\n", (b',', 0)),
            ("t;v\n01.02.2026 08:00;5,8\n01.02.2026 08:15;5,9\n", (b';', 0)),
            ("t\tv\n1\t5,8\n", (b'\t', 0)),
            ("\"a\",\"b;c;d\",\"e\"\n\"a\",\"b;c\",\"e\"\n", (b',', 0)),
            ("sep=;\na;b\n", (b';', 1)),
        ] {
            assert_eq!(separator(text), expected, "{text:?}");
        }
    }
}
