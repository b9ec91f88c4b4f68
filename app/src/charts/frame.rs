//! What surrounds a drawing: name, axis texts, marks. One document that fits every width: the surface is stretched, texts
//! and marks are placed by percentages and keep their size.

use std::fmt::Write as _;

use super::{
    canvas::{HEIGHT, WIDTH},
    scale::Tick,
    svg::{escape, percent},
};

/// The parts of a chart.
pub(super) struct Frame {
    /// What it shows, in a sentence: its accessible name.
    pub label: String,
    /// Fingerprint of the data: tells whether what a page shows is still what it should.
    pub key: String,
    /// The stretched shapes.
    pub shapes: String,
    /// Texts of the glucose axis, with where they stand, %.
    pub values: Vec<(f64, String)>,
    /// Marks of the time axis.
    pub ticks: Vec<Tick>,
    /// Marks and texts over the shapes.
    pub over: String,
}

impl Frame {
    /// The document.
    pub(super) fn svg(&self) -> String {
        let mut out = String::with_capacity(self.shapes.len() + self.over.len() + 2048);
        let _ = write!(
            out,
            r#"<svg class="chart-svg" role="img" aria-label="{}" data-key="{}" width="100%" height="100%" xmlns="http://www.w3.org/2000/svg"><svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" width="100%" height="100%">{}</svg>"#,
            escape(&self.label),
            self.key,
            self.shapes,
        );
        for (at, text) in &self.values {
            let _ = write!(
                out,
                r#"<text class="axis-text" x="0" y="{}" dx="-8" dy="4" text-anchor="end">{}</text>"#,
                percent(*at),
                escape(text),
            );
        }
        for tick in &self.ticks {
            let Some(text) = &tick.text else { continue };
            let anchor = match tick.at {
                ..2.0 => "start",
                98.0.. => "end",
                _ => "middle",
            };
            let _ = write!(
                out,
                r#"<text class="axis-text{}" x="{}" y="100%" dy="18" text-anchor="{anchor}">{}</text>"#,
                if tick.minor { " minor" } else { "" },
                percent(tick.at),
                escape(text),
            );
        }
        out.push_str(&self.over);
        out.push_str("</svg>");
        out
    }
}

/// A text in the middle of an empty chart.
pub(super) fn notice(text: &str) -> String {
    format!(r#"<text class="empty-text" x="50%" y="50%" text-anchor="middle">{}</text>"#, escape(text))
}
