//! Hours by weekdays: the mean as the colour of its range, and a mark where lows hide in it.

use std::fmt::Write as _;

use domain::metrics::{pattern::HourCell, range::Band};

use super::{
    frame::Frame,
    reader::{Reader, band_class},
    scale::{DAY, Window, ticks},
    svg::{percent, whole},
    tables::{row, table},
};
use crate::tr_in;

const HOURS: f64 = 24.0;
const WEEKDAYS: u8 = 7;
/// Cells of which more than this share is below range carry a mark: the consensus' limit for adults (Battelino 2019), %.
pub(super) const LOWS_ABOVE: f64 = 4.0;

/// From the left, % of the width.
fn left(hour: u8) -> f64 {
    100.0 * f64::from(hour) / HOURS
}

/// From the top, % of the height.
fn top(weekday: u8) -> f64 {
    100.0 * f64::from(weekday) / f64::from(WEEKDAYS)
}

/// The map: Monday on top, midnight at the left. Hours without values stay empty.
pub fn heat_map(cells: &[HourCell], reader: Reader) -> String {
    let mut cells: Vec<HourCell> = cells.iter().filter(|c| c.weekday < WEEKDAYS && c.hour < 24).copied().collect();
    cells.sort_by_key(|c| (c.weekday, c.hour));
    let mut over = String::new();
    let height = percent(top(1));
    // Neighbours of one colour are one shape.
    let alike = |a: &HourCell, b: &HourCell| a.weekday == b.weekday && a.hour + 1 == b.hour && a.band == b.band;
    for run in cells.chunk_by(alike) {
        let Some(first) = run.first() else { continue };
        let class = band_class(first.band);
        let hours = u8::try_from(run.len()).unwrap_or(24);
        let (x, y, width) = (percent(left(first.hour)), percent(top(first.weekday)), percent(left(hours)));
        let _ = write!(over, r#"<rect class="heat {class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#);
        if first.band != Band::InRange {
            let _ = write!(
                over,
                r#"<rect fill="url(#chart-pattern-{class})" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
            );
        }
    }
    for hour in 1..24 {
        let x = percent(left(hour));
        let _ = write!(over, r#"<line class="heat-line" x1="{x}" x2="{x}" y1="0" y2="100%"/>"#);
    }
    for weekday in 1..WEEKDAYS {
        let y = percent(top(weekday));
        let _ = write!(over, r#"<line class="heat-line" x1="0" x2="100%" y1="{y}" y2="{y}"/>"#);
    }
    for cell in cells.iter().filter(|cell| cell.below_percent > LOWS_ABOVE) {
        let (x, y) = (percent(left(cell.hour) + 50.0 / HOURS), percent(top(cell.weekday) + top(1) / 2.0));
        let _ = write!(over, r##"<use class="mark b-low" href="#chart-b-low" x="{x}" y="{y}"/>"##);
    }
    let middle = |weekday: u8| (top(weekday) + top(1) / 2.0, reader.weekday(weekday).to_owned());
    Frame {
        label: label(&cells, reader),
        key: String::new(),
        shapes: String::new(),
        values: (0..WEEKDAYS).map(middle).collect(),
        ticks: ticks(Window { from: 0, minutes: DAY }, chrono::NaiveDate::default(), reader),
        over,
    }
    .svg()
}

/// Where the mean is highest and lowest, in a sentence.
fn label(cells: &[HourCell], reader: Reader) -> String {
    let by_mean = |a: &&HourCell, b: &&HourCell| a.mean_mg_dl.total_cmp(&b.mean_mg_dl);
    let (Some(low), Some(high)) = (cells.iter().min_by(by_mean), cells.iter().max_by(by_mean)) else {
        return tr_in!(reader.language, charts.no_readings).to_owned();
    };
    let place = |cell: &HourCell| format!("{} {}", reader.weekday(cell.weekday), reader.hour(i32::from(cell.hour)));
    tr_in!(
        reader.language,
        charts.heat_label,
        high_at = place(high),
        high = reader.value(high.mean_mg_dl),
        low_at = place(low),
        low = reader.value(low.mean_mg_dl),
        unit = reader.unit.as_str()
    )
    .to_string()
}

/// The same as a table: a row an hour, a column a weekday; the share below range where there is any.
pub(super) fn heat_table(cells: &[HourCell], reader: Reader) -> String {
    let language = reader.language;
    let text = |cell: &HourCell| {
        let mean = reader.value(cell.mean_mg_dl);
        if cell.below_percent > 0.0 {
            let share = whole(cell.below_percent.max(1.0));
            tr_in!(language, charts.heat_low, value = mean, percent = share).to_string()
        } else {
            mean
        }
    };
    let mut rows = String::new();
    for hour in 0..24_u8 {
        let of = |weekday: u8| cells.iter().find(|c| (c.weekday, c.hour) == (weekday, hour));
        let columns: Vec<String> = (0..WEEKDAYS).map(|day| of(day).map_or_else(|| "–".to_owned(), text)).collect();
        row(&mut rows, &reader.hour(i32::from(hour)), &columns);
    }
    let mut heads = vec![tr_in!(language, charts.hour_from).to_owned()];
    heads.extend((0..WEEKDAYS).map(|day| reader.weekday(day).to_owned()));
    let caption = tr_in!(language, charts.heat_caption, unit = reader.unit.as_str()).to_string();
    table("chart-table", &caption, &heads, &rows)
}

#[cfg(test)]
mod tests {
    use domain::{glucose::Unit, people::Language};

    use super::*;

    const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    fn cell(weekday: u8, hour: u8, mean_mg_dl: f64, band: Band, below_percent: f64) -> HourCell {
        HourCell { weekday, hour, readings: 24, mean_mg_dl, band, below_percent }
    }

    fn some() -> Vec<HourCell> {
        vec![
            cell(6, 23, 60.0, Band::Low, 100.0),
            cell(0, 7, 130.0, Band::InRange, 0.0),
            cell(0, 8, 210.0, Band::High, 0.0),
            cell(0, 9, 212.0, Band::High, 4.5),
            cell(0, 11, 190.0, Band::High, 4.0),
        ]
    }

    #[test]
    fn neighbours_of_one_colour_are_one_shape_and_hidden_lows_are_marked() {
        insta::assert_snapshot!(heat_map(&some(), READER).replace("><", ">\n<"));
    }

    #[test]
    fn the_table_has_every_hour_of_the_week_and_says_how_much_was_low() {
        let table = heat_table(&some(), READER);
        assert_eq!(table.matches("<tr>").count(), 25);
        assert_eq!(table.matches("<td>–</td>").count(), 24 * 7 - 5);
        assert!(table.contains("<td>212 (5 % low)</td>") && table.contains("<td>190 (4 % low)</td>"), "{table}");
        let hindi = Reader { language: Language::Hindi, unit: Unit::MmolL, ..READER };
        assert!(heat_table(&some(), hindi).contains("11.8"));
    }

    #[test]
    fn a_map_without_values_says_so() {
        let empty = heat_map(&[], READER);
        assert!(empty.contains("No readings") && !empty.contains("<rect class=\"heat"), "{empty}");
    }
}
