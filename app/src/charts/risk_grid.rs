//! The grid of the glycemia risk index: its two components, in five zones (Klonoff et al. 2023, see `domain::metrics::risk`).

use std::fmt::Write as _;

use domain::metrics::risk::{Gri, Zone};

use super::{
    canvas::{HEIGHT, WIDTH},
    frame::Frame,
    reader::Reader,
    scale::Tick,
    svg::{escape, percent, points, whole},
    tables::{row, table},
};
use crate::tr_in;

/// Ends of the two axes, as the paper draws them: the component of lows, and that of highs. What lies beyond is drawn at the edge.
const ENDS: (f64, f64) = (30.0, 60.0);
/// The zones, the widest first: each is drawn over the one before it.
const ZONES: [(Zone, &str); 5] = [(Zone::E, "e"), (Zone::D, "d"), (Zone::C, "c"), (Zone::B, "b"), (Zone::A, "a")];

/// The components of an index that comes of lows alone, and of highs alone.
fn legs(index: f64) -> (f64, f64) {
    (index / Gri::HYPO_WEIGHT, index / Gri::HYPER_WEIGHT)
}

/// Where components lie on the drawing, % from the left and from the top.
fn place(hypo: f64, hyper: f64) -> (f64, f64) {
    let share = |value: f64, end: f64| (100.0 * value / end).clamp(0.0, 100.0);
    (share(hypo, ENDS.0), 100.0 - share(hyper, ENDS.1))
}

/// The grid with the patient's point in it.
pub fn risk_grid(gri: &Gri, reader: Reader) -> String {
    let language = reader.language;
    let (mut shapes, mut over) = (String::new(), String::new());
    for (zone, class) in ZONES {
        if let Some(until) = zone.ends_at() {
            let corner = |hypo: f64, hyper: f64| {
                let (x, y) = place(hypo, hyper);
                (whole(x * f64::from(WIDTH) / 100.0), whole(y * f64::from(HEIGHT) / 100.0))
            };
            let (hypo, hyper) = legs(until);
            let outline = points([corner(0.0, 0.0), corner(hypo, 0.0), corner(0.0, hyper)]);
            let _ = write!(shapes, r#"<polygon class="zone zone-{class}" points="{outline}"/>"#);
        } else {
            let _ = write!(shapes, r#"<rect class="zone zone-{class}" width="{WIDTH}" height="{HEIGHT}"/>"#);
        }
        // In the middle of the zone's strip; that of the widest, which has no outer edge, in the middle of what is left.
        let middle = zone.ends_at().map_or(130.0, |until| until - 10.0);
        let (hypo, hyper) = legs(middle / 2.0);
        let (x, y) = place(hypo, hyper);
        let _ = write!(
            over,
            r#"<text class="zone-text" x="{}" y="{}" dy="5" text-anchor="middle">{zone:?}</text>"#,
            percent(x),
            percent(y),
        );
    }
    let _ = write!(
        over,
        r#"<text class="axis-text" x="0" y="0" dy="-10">{}</text><text class="axis-text" x="100%" y="100%" dy="36" text-anchor="end">{}</text>"#,
        escape(tr_in!(language, charts.gri_hyper_axis)),
        escape(tr_in!(language, charts.gri_hypo_axis)),
    );
    let (x, y) = place(gri.hypo, gri.hyper);
    let _ = write!(over, r#"<circle class="gri-point" cx="{}" cy="{}" r="7"/>"#, percent(x), percent(y));
    let tick = |value: u8| {
        let (at, _) = place(f64::from(value), 0.0);
        Tick { at, text: Some(value.to_string()), line: false, minor: false }
    };
    let values = [0_u8, 20, 40, 60].map(|value| (place(0.0, f64::from(value)).1, value.to_string()));
    Frame {
        label: label(gri, reader),
        key: String::new(),
        shapes,
        values: values.into(),
        ticks: [0, 10, 20, 30].map(tick).into(),
        over,
    }
    .svg()
}

/// The index in a sentence.
fn label(gri: &Gri, reader: Reader) -> String {
    tr_in!(
        reader.language,
        charts.gri_label,
        index = format!("{:.0}", gri.index),
        zone = format!("{:?}", gri.zone()),
        hypo = format!("{:.1}", gri.hypo),
        hyper = format!("{:.1}", gri.hyper)
    )
    .to_string()
}

/// The same as a table.
pub(super) fn risk_table(gri: &Gri, reader: Reader) -> String {
    let language = reader.language;
    let mut rows = String::new();
    for (head, value) in [
        (tr_in!(language, charts.gri_index), format!("{:.0}", gri.index)),
        (tr_in!(language, charts.gri_zone), format!("{:?}", gri.zone())),
        (tr_in!(language, charts.gri_hypo), format!("{:.1} %", gri.hypo)),
        (tr_in!(language, charts.gri_hyper), format!("{:.1} %", gri.hyper)),
    ] {
        row(&mut rows, head, &[value]);
    }
    let heads = [tr_in!(language, charts.figure).to_owned(), tr_in!(language, charts.value).to_owned()];
    table("chart-table", tr_in!(language, charts.gri_index), &heads, &rows)
}

#[cfg(test)]
mod tests {
    use domain::{glucose::Unit, metrics::Ranges, people::Language};

    use super::*;

    const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    fn gri(very_low: f64, low: f64, high: f64, very_high: f64) -> Gri {
        Gri::of(&Ranges { very_low, low, in_range: 100.0 - very_low - low - high - very_high, high, very_high })
    }

    #[test]
    fn the_grid_has_five_zones_and_the_patients_point() {
        // The second vector of the clinical figures: 6.94 % low, 24.31 % high, index 36.11, zone B.
        let drawn = risk_grid(&gri(0.0, 6.944_444, 24.305_556, 0.0), READER);
        insta::assert_snapshot!(drawn.replace("><", ">\n<"));
    }

    #[test]
    fn a_point_lies_in_the_drawn_zone_that_it_is_told_to_be_in() {
        for (hypo, hyper) in [(0.0, 0.0), (3.0, 6.0), (6.0, 2.0), (1.0, 22.0), (10.0, 15.0), (20.0, 3.0), (4.0, 50.0)] {
            let index = 3.0 * hypo + 1.6 * hyper;
            let zone = Gri { index, hypo, hyper }.zone();
            let (x, y) = place(hypo, hyper);
            // A zone's triangle holds the points for which the shares of its two legs add up to at most one.
            let holds = |until: f64| {
                let ((right, _), (_, top)) = (place(until / 3.0, 0.0), place(0.0, until / 1.6));
                x / right + (100.0 - y) / (100.0 - top) <= 1.0 + 1e-9
            };
            let smallest = ZONES.iter().rev().find(|(zone, _)| zone.ends_at().is_none_or(holds)).unwrap();
            assert_eq!(smallest.0, zone, "{hypo} {hyper}");
        }
    }

    #[test]
    fn what_lies_beyond_the_grid_is_drawn_at_its_edge_and_told_in_full() {
        let far = gri(40.0, 0.0, 0.0, 60.0);
        let drawn = risk_grid(&far, READER);
        assert!(drawn.contains(r#"cx="100%" cy="0%""#), "{drawn}");
        assert!(drawn.contains("index 100, zone E") && risk_table(&far, READER).contains("<td>60.0 %</td>"), "{drawn}");
    }
}
