//! The little that is needed to write SVG and HTML as text.

use std::fmt::Write as _;

/// Text for an element or a double-quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// A coordinate with at most two decimals; what is not a number becomes 0, so that no document is ever broken by one.
pub(super) fn number(value: f64) -> String {
    let rounded = if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 };
    // `+ 0.0` turns -0 into 0.
    format!("{}", rounded + 0.0)
}

/// `12.5%`, clamped to the drawing.
pub(super) fn percent(value: f64) -> String {
    format!("{}%", number(if value.is_finite() { value.clamp(0.0, 100.0) } else { 0.0 }))
}

/// The nearest whole number; what is none becomes 0.
#[expect(clippy::cast_possible_truncation, reason = "saturates, which is right for a place on a drawing")]
pub(super) fn whole(value: f64) -> i32 {
    value.round() as i32
}

/// A polyline's points, whole numbers.
pub(super) fn points(coordinates: impl IntoIterator<Item = (i32, i32)>) -> String {
    let mut out = String::new();
    for (x, y) in coordinates {
        if !out.is_empty() {
            out.push(' ');
        }
        let _ = write!(out, "{x},{y}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escape(r#"<a href="x">&"#), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }

    #[test]
    fn a_coordinate_is_short_and_always_a_number() {
        assert_eq!(number(12.3456), "12.35");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(f64::NAN), "0");
        assert_eq!(percent(f64::INFINITY), "0%");
        assert_eq!(percent(120.0), "100%");
    }
}
