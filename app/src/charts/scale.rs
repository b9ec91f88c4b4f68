//! Scales: glucose up, time across. Everything is a share of the drawing in %, so that one drawing fits every screen.

use chrono::Days;
use domain::{
    glucose::{Glucose, MAX_MG_DL, Unit},
    metrics::range::{Limit, Thresholds},
};

use super::reader::Reader;

/// A sensor's curve is broken where no value came for longer than this, minutes (consensus on episodes, Battelino 2023).
pub const GAP_MINUTES: i32 = 45;

/// No axis reaches above 350 mg/dL (19.4 mmol/L): values beyond are drawn at the edge with a mark.
const TOPS: [Limit; 3] =
    [Limit { mg_dl: 250.0, mmol_l: 13.9 }, Limit { mg_dl: 300.0, mmol_l: 16.7 }, Limit { mg_dl: 350.0, mmol_l: 19.4 }];
/// Where the axis begins, so that no room is lost, while no value is near it.
const BOTTOM: Limit = Limit { mg_dl: 40.0, mmol_l: 2.2 };
/// Room above the highest and under the lowest value, mg/dL.
const MARGIN: f64 = 8.0;

/// Whether a value (mg/dL) can be drawn: what no meter can read, or is no number, is left out.
pub(super) fn drawable(mg_dl: f64) -> bool {
    (0.0..=MAX_MG_DL).contains(&mg_dl)
}

/// The glucose axis, in the reader's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    unit: Unit,
    /// Lowest value on the axis.
    pub bottom: f64,
    /// Highest value on the axis.
    pub top: f64,
}

impl Axis {
    /// The smallest axis that holds the values (mg/dL), of few, so that days compare.
    pub fn fitting(unit: Unit, mg_dl: impl IntoIterator<Item = f64>) -> Self {
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in mg_dl.into_iter().filter(|v| v.is_finite()) {
            lowest = lowest.min(value);
            highest = highest.max(value);
        }
        let top =
            TOPS.iter().find(|top| highest + MARGIN <= top.mg_dl).or(TOPS.last()).map_or(350.0, |t| t.in_unit(unit));
        let bottom = if lowest < BOTTOM.mg_dl + MARGIN { 0.0 } else { BOTTOM.in_unit(unit) };
        Self { unit, bottom, top }
    }

    /// A value in the axis' unit, held within the axis.
    pub fn clamped(&self, mg_dl: f64) -> f64 {
        let value = Glucose::stored(mg_dl, Unit::MgDl).in_unit(self.unit);
        if value.is_finite() { value.clamp(self.bottom, self.top) } else { self.bottom }
    }

    /// Whether a value lies above the axis.
    pub fn is_beyond(&self, mg_dl: f64) -> bool {
        Glucose::stored(mg_dl, Unit::MgDl).in_unit(self.unit) > self.top
    }

    /// A limit in the axis' unit, as the consensus prints it.
    pub fn limit(&self, limit: Limit) -> f64 {
        limit.in_unit(self.unit).clamp(self.bottom, self.top)
    }

    /// Where a value of the axis' unit lies: 0 at the top, 100 at the bottom.
    pub fn percent(&self, value: f64) -> f64 {
        (100.0 * (self.top - value) / (self.top - self.bottom)).clamp(0.0, 100.0)
    }

    /// The values written beside the axis: the limits, and the top where it is none of them.
    pub fn labels(&self, thresholds: &Thresholds) -> Vec<f64> {
        let mut values: Vec<f64> = [Some(thresholds.low), Some(thresholds.high), thresholds.very_high]
            .into_iter()
            .flatten()
            .map(|limit| limit.in_unit(self.unit))
            .collect();
        if values.iter().all(|v| self.top - v > 0.08 * (self.top - self.bottom)) {
            values.push(self.top);
        }
        values
    }
}

/// A stretch of time, in wall-clock minutes since the first midnight of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First minute.
    pub from: i32,
    /// How long, minutes; at least 1.
    pub minutes: i32,
}

/// Minutes of a day.
pub const DAY: i32 = 1440;
/// How much time the daily curve can show, minutes: 6 hours to 14 days.
pub const ZOOMS: [i32; 6] = [360, 720, DAY, 3 * DAY, 7 * DAY, 14 * DAY];

impl Window {
    /// The minute after the last.
    pub fn end(&self) -> i32 {
        self.from.saturating_add(self.minutes)
    }

    /// Whether a minute is in it; its end counts, so that midnight can be drawn at both edges.
    pub fn holds(&self, minute: i32) -> bool {
        (self.from..=self.end()).contains(&minute)
    }

    /// Where a minute lies, %.
    pub fn percent(&self, minute: f64) -> f64 {
        (100.0 * (minute - f64::from(self.from)) / f64::from(self.minutes.max(1))).clamp(0.0, 100.0)
    }

    /// The minute at a share of the width, 0 to 1.
    pub fn minute_at(&self, fraction: f64) -> f64 {
        f64::from(self.from) + fraction.clamp(0.0, 1.0) * f64::from(self.minutes)
    }

    /// The next wider or narrower stretch around a minute; none at either end of the zoom. From a day on, whole days.
    #[must_use]
    pub fn zoomed(&self, closer: bool, around: i32) -> Option<Self> {
        let minutes = if closer {
            ZOOMS.iter().rev().find(|m| **m < self.minutes)
        } else {
            ZOOMS.iter().find(|m| **m > self.minutes)
        }?;
        let from = around - minutes / 2;
        let step = if *minutes >= DAY { DAY } else { 60 };
        // Rounded to the nearest step: the middle stays about where it was.
        Some(Self { from: (from + step / 2).div_euclid(step) * step, minutes: *minutes })
    }

    /// As long a stretch right before or after.
    #[must_use]
    pub fn moved(&self, later: bool) -> Self {
        Self { from: if later { self.end() } else { self.from - self.minutes }, minutes: self.minutes }
    }

    /// Pulled back so that it ends at the latest at a minute.
    #[must_use]
    pub fn ending_by(self, last: i32) -> Self {
        Self { from: self.from.min(last - self.minutes), ..self }
    }
}

/// A mark of the time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where, %.
    pub at: f64,
    /// What is written there; nothing for a bare line.
    pub text: Option<String>,
    /// Whether a line is drawn.
    pub line: bool,
    /// Left out where there is little room.
    pub minor: bool,
}

/// The marks of a stretch: hours up to a day, else days named in their middle.
pub fn ticks(window: Window, first_day: chrono::NaiveDate, reader: Reader) -> Vec<Tick> {
    if window.minutes <= DAY { hours(window, reader) } else { days(window, first_day, reader) }
}

fn hours(window: Window, reader: Reader) -> Vec<Tick> {
    let (step, major) = match window.minutes {
        ..=360 => (60, 120),
        361..=720 => (60, 180),
        _ => (180, 360),
    };
    let first = window.from.div_euclid(step) * step;
    (0..=window.minutes / step + 1)
        .map(|n| first.saturating_add(n * step))
        .filter(|minute| window.holds(*minute))
        .map(|minute| Tick {
            at: window.percent(f64::from(minute)),
            text: Some(reader.hour(minute.div_euclid(60))),
            line: true,
            minor: minute.rem_euclid(major) != 0,
        })
        .collect()
}

fn days(window: Window, first_day: chrono::NaiveDate, reader: Reader) -> Vec<Tick> {
    let every = if window.minutes > 7 * DAY { 2 } else { 1 };
    let mut ticks = Vec::new();
    for (nth, day) in (window.from.div_euclid(DAY)..=window.end().div_euclid(DAY)).enumerate() {
        let midnight = day * DAY;
        if window.holds(midnight) {
            ticks.push(Tick { at: window.percent(f64::from(midnight)), text: None, line: true, minor: false });
        }
        let noon = midnight + DAY / 2;
        if window.holds(noon) && nth % every == 0 {
            let date = if day < 0 {
                first_day.checked_sub_days(Days::new(u64::from(day.unsigned_abs())))
            } else {
                first_day.checked_add_days(Days::new(u64::from(day.unsigned_abs())))
            };
            ticks.push(Tick {
                at: window.percent(f64::from(noon)),
                text: date.map(|date| reader.short_day(date)),
                line: false,
                minor: nth % (2 * every) != 0 && window.minutes > 3 * DAY,
            });
        }
    }
    ticks
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "limits are exact")]
mod tests {
    use chrono::NaiveDate;
    use domain::people::{Language, Preset};

    use super::*;

    const READER: Reader = Reader { language: Language::English, unit: Unit::MgDl, year: 2026 };

    #[test]
    fn the_axis_grows_with_the_values_but_never_above_350() {
        let top = |values: &[f64]| Axis::fitting(Unit::MgDl, values.iter().copied()).top;
        assert_eq!(top(&[100.0]), 250.0);
        assert_eq!(top(&[243.0]), 300.0);
        assert_eq!(top(&[295.0]), 350.0);
        assert_eq!(top(&[900.0]), 350.0);
        assert_eq!(top(&[]), 250.0);
        assert_eq!(Axis::fitting(Unit::MmolL, [900.0]).top, 19.4);
    }

    #[test]
    fn the_axis_begins_at_nought_when_somebody_was_very_low() {
        assert_eq!(Axis::fitting(Unit::MgDl, [60.0]).bottom, 40.0);
        assert_eq!(Axis::fitting(Unit::MgDl, [41.0, 200.0]).bottom, 0.0);
    }

    #[test]
    fn a_value_beyond_the_axis_is_drawn_at_its_edge() {
        let axis = Axis::fitting(Unit::MgDl, [500.0]);
        assert_eq!(axis.clamped(500.0), 350.0);
        assert!(axis.is_beyond(500.0));
        assert!(!axis.is_beyond(350.0));
        assert_eq!(axis.percent(axis.clamped(500.0)), 0.0);
        assert_eq!(axis.clamped(f64::NAN), axis.bottom);
    }

    #[test]
    fn limits_stand_where_the_consensus_prints_them_in_each_unit() {
        let limits = Thresholds::of(Preset::Adult);
        assert_eq!(Axis::fitting(Unit::MmolL, [300.0]).labels(&limits), [3.9, 10.0, 13.9, 19.4]);
        assert_eq!(Axis::fitting(Unit::MgDl, [100.0]).labels(&limits), [70.0, 180.0, 250.0]);
    }

    #[test]
    fn zooming_keeps_the_middle_and_whole_days() {
        let day = Window { from: 0, minutes: DAY };
        assert_eq!(day.zoomed(true, 720), Some(Window { from: 360, minutes: 720 }));
        assert_eq!(day.zoomed(false, 720), Some(Window { from: -DAY, minutes: 3 * DAY }));
        assert_eq!(Window { from: 0, minutes: 360 }.zoomed(true, 100), None);
        assert_eq!(Window { from: 0, minutes: 14 * DAY }.zoomed(false, 100), None);
    }

    #[test]
    fn earlier_and_later_meet_without_a_gap() {
        let day = Window { from: 0, minutes: DAY };
        assert_eq!(day.moved(true).moved(false), day);
        assert_eq!(day.moved(false).end(), day.from);
        assert_eq!(day.moved(true).ending_by(DAY), day);
    }

    #[test]
    fn a_day_is_marked_from_midnight_to_midnight() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let ticks = ticks(Window { from: 0, minutes: DAY }, first, READER);
        let major: Vec<_> = ticks.iter().filter(|t| !t.minor).filter_map(|t| t.text.as_deref()).collect();
        assert_eq!(major, ["12 am", "6 am", "12 pm", "6 pm", "12 am"]);
        assert_eq!(ticks.len(), 9);
    }

    #[test]
    fn days_before_the_data_are_named_rightly() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let ticks = ticks(Window { from: -DAY, minutes: 3 * DAY }, first, READER);
        let names: Vec<_> = ticks.iter().filter_map(|t| t.text.as_deref()).collect();
        assert_eq!(names, ["Mon 23", "Tue 24", "Wed 25"]);
    }
}
