//! Charts: pure functions from data to SVG text, and components around them.
//!
//! The server draws every chart into the HTML, with the data as a table behind it: a page is complete without WASM. In
//! the browser what needs plotters ([`canvas`], [`daily`], [`profile`]) comes in one lazy chunk ([`lazy`]) that adds the
//! reading under the pointer and the zoom over days ([`figure`]). If the chunk cannot be had, the server's drawing and the
//! table stay. The other drawings ([`range_bar`], [`sparkline`], those of [`habits`]) are written by hand and always at hand.

mod canvas;
mod daily;
mod figure;
mod frame;
mod habits;
mod heat_map;
mod lazy;
mod modal_day;
mod patterns;
mod profile;
mod range_bar;
mod reader;
mod risk_grid;
mod scale;
mod small;
mod sparkline;
mod svg;
mod tables;
mod view;

#[cfg(test)]
mod tests;

pub use daily::Daily;
pub use habits::{HeatMap, ModalDay, RiskGrid};
pub use patterns::ChartDefinitions;
pub use profile::Profile;
pub use range_bar::{range_bar, range_label, ring};
pub use reader::Reader;
pub use scale::{Axis, Window};
pub use small::{RangeBar, RangeStrip, Ring, Sparkline};
pub use sparkline::{Span, sparkline};
pub use view::{DailyChart, ProfileChart};

/// A chart that plotters draws.
#[derive(Debug, Clone)]
pub enum Model {
    /// Readings over time.
    Daily(Daily),
    /// A usual day.
    Profile(Profile),
}

impl Model {
    /// The drawing.
    pub fn svg(&self) -> String {
        match self {
            Self::Daily(daily) => daily.svg(),
            Self::Profile(profile) => profile.svg(),
        }
    }

    /// One of its values.
    pub fn read(&self, seek: Seek) -> Option<Readout> {
        match self {
            Self::Daily(daily) => daily.read(seek),
            Self::Profile(profile) => profile.read(seek),
        }
    }

    /// What it shows, in a sentence.
    pub fn label(&self) -> String {
        match self {
            Self::Daily(daily) => daily.label(),
            Self::Profile(profile) => profile.label(),
        }
    }

    /// Changes when anything that is drawn does.
    pub fn key(&self) -> String {
        match self {
            Self::Daily(daily) => daily.key(),
            Self::Profile(profile) => profile.key(),
        }
    }

    /// The data as a table, HTML.
    pub fn table(&self) -> String {
        match self {
            Self::Daily(daily) => tables::daily_table(daily),
            Self::Profile(profile) => tables::profile_table(&profile.points, profile.reader),
        }
    }
}

/// Which value is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seek {
    /// The one nearest to a share of the width, 0 to 1.
    At(f64),
    /// The n-th from the left, from 0; held within what is there.
    Nth(i64),
    /// The last.
    Last,
}

/// A value of a chart, and where it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Readout {
    /// Which, from 0.
    pub index: usize,
    /// Of how many.
    pub of: usize,
    /// From the left, %.
    pub x: f64,
    /// From the top, %.
    pub y: f64,
    /// `24 Nov, 7:40 pm`.
    pub when: String,
    /// `126 mg/dL`.
    pub value: String,
    /// `In range`.
    pub note: String,
}

impl Readout {
    /// As it is read out.
    pub fn spoken(&self) -> String {
        format!("{}, {}, {}", self.when, self.value, self.note)
    }
}

/// FNV-1a over what is drawn: the same on server and browser.
struct Fingerprint(u64);

impl Fingerprint {
    fn of(reader: Reader) -> Self {
        let mut print = Self(0xcbf2_9ce4_8422_2325);
        print.bytes(reader.language.as_str().as_bytes());
        print.bytes(reader.unit.as_str().as_bytes());
        print.add(i64::from(reader.year));
        print
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn add(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    /// To a hundredth: JSON may change the last digit of a number, which no eye sees.
    #[expect(clippy::cast_possible_truncation, reason = "saturates, which is all a fingerprint needs")]
    fn add_value(&mut self, value: f64) {
        self.add((value * 100.0).round() as i64);
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}
