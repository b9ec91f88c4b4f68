//! A period beside the one before it, as a table.

use chrono::{Days, NaiveDate};
use domain::{
    glucose::{Glucose, Unit, round_shown},
    metrics::Report,
    ports::{PatientReport, PeriodQuery},
};
use leptos::prelude::*;

use super::period_words;
use crate::{components::Table, context, tr, words};

/// The period of the same length that ends the day before another begins.
pub fn period_before((from, to): (NaiveDate, NaiveDate)) -> PeriodQuery {
    let days = u64::try_from((to - from).num_days() + 1).unwrap_or(1);
    let before = |days| from.checked_sub_days(Days::new(days)).unwrap_or(from);
    PeriodQuery::Between(before(days), before(1))
}

/// Which way a figure has to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    More,
    Less,
    /// It says how much data there is, or is good in the middle.
    Neither,
}

/// How a figure moved: with its sign, and whether that is wanted; none where either is withheld.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    text: String,
    better: Option<bool>,
}

/// The change between two values as they are shown, to the same digits: what rounds to nothing is no change.
fn change(before: Option<f64>, now: Option<f64>, decimals: u8, wanted: Wanted) -> Option<Change> {
    let digits = usize::from(decimals);
    let shown = |value: f64| format!("{value:.digits$}").parse::<f64>().unwrap_or(value);
    let scale = 10f64.powi(i32::from(decimals));
    let moved = ((shown(now?) - shown(before?)) * scale).round() / scale;
    let better = match wanted {
        _ if moved.abs() < f64::EPSILON => None,
        Wanted::More => Some(moved > 0.0),
        Wanted::Less => Some(moved < 0.0),
        Wanted::Neither => None,
    };
    let text = match moved {
        x if x > 0.0 => format!("+{x:.digits$}"),
        x if x < 0.0 => format!("−{:.digits$}", -x),
        _ => format!("{:.digits$}", 0.0),
    };
    Some(Change { text, better })
}

struct Row {
    label: &'static str,
    before: String,
    now: String,
    change: Option<Change>,
}

/// A figure of a report, and how it is shown.
struct Line {
    label: &'static str,
    value: fn(&Report) -> Option<f64>,
    show: fn(f64) -> String,
    decimals: u8,
    wanted: Wanted,
}

fn lines() -> Vec<Line> {
    let line = |label, value, show, decimals, wanted| Line { label, value, show, decimals, wanted };
    let one: fn(f64) -> String = |v| format!("{v:.1}");
    let whole: fn(f64) -> String = |v| format!("{v:.0}");
    let one_percent: fn(f64) -> String = |v| format!("{v:.1} %");
    vec![
        line(tr!(doctor.compare_readings), |r| Some(f64::from(r.readings)), whole, 0, Wanted::Neither),
        line(tr!(doctor.compare_days), |r| Some(f64::from(r.sufficiency.days)), whole, 0, Wanted::Neither),
        line(tr!(doctor.compare_active), |r| r.sufficiency.active_percent, one_percent, 1, Wanted::Neither),
        line(tr!(doctor.in_range), |r| r.ranges.map(|x| x.in_range), one_percent, 1, Wanted::More),
        line(tr!(doctor.compare_below), |r| r.ranges.map(|x| x.below()), one_percent, 1, Wanted::Less),
        line(tr!(doctor.compare_very_low), |r| r.ranges.map(|x| x.very_low), one_percent, 1, Wanted::Less),
        line(tr!(doctor.compare_above), |r| r.ranges.map(|x| x.above()), one_percent, 1, Wanted::Less),
        line(tr!(doctor.compare_very_high), |r| r.ranges.map(|x| x.very_high), one_percent, 1, Wanted::Less),
        line(tr!(doctor.gmi), |r| r.gmi_percent, one_percent, 1, Wanted::Neither),
        line(tr!(doctor.cv), |r| r.cv_percent, one_percent, 1, Wanted::Less),
        line(tr!(doctor.gri), |r| r.gri, whole, 0, Wanted::Less),
        line(tr!(doctor.lbgi), |r| r.lbgi, one, 1, Wanted::Less),
        line(tr!(doctor.hbgi), |r| r.hbgi, one, 1, Wanted::Less),
    ]
}

fn rows(before: &Report, now: &Report, unit: Unit) -> Vec<Row> {
    let dash = || "–".to_owned();
    let figures = lines().into_iter().map(|line| {
        let (then, today) = ((line.value)(before), (line.value)(now));
        let shown = |value: Option<f64>| value.map_or_else(dash, line.show);
        Row {
            label: line.label,
            before: shown(then),
            now: shown(today),
            change: change(then, today, line.decimals, line.wanted),
        }
    });
    let glucose = |value: Option<f64>| value.map_or_else(dash, |v| words::mg_dl(v, unit));
    let in_unit = |value: Option<f64>| value.map(|v| round_shown(Glucose::stored(v, Unit::MgDl).in_unit(unit), unit));
    let decimals = u8::try_from(unit.decimals()).unwrap_or(0);
    let mean = Row {
        label: tr!(doctor.mean),
        before: glucose(before.mean_mg_dl),
        now: glucose(now.mean_mg_dl),
        change: change(in_unit(before.mean_mg_dl), in_unit(now.mean_mg_dl), decimals, Wanted::Neither),
    };
    // What neither period has (a meter's ranges) is not a row of dashes.
    figures.chain([mean]).filter(|row| row.before != "–" || row.now != "–").collect()
}

/// The two periods side by side.
#[component]
pub fn Comparison(
    /// The earlier one.
    before: PatientReport,
    /// The one that the page shows.
    now: PatientReport,
) -> impl IntoView {
    let heads = vec![
        (tr!(doctor.compare_figure).to_owned(), false),
        (period_words(&before), true),
        (period_words(&now), true),
        (tr!(doctor.compare_change).to_owned(), true),
    ];
    let short = before.report.sufficiency.reasons.len() + now.report.sufficiency.reasons.len() > 0;
    view! {
        {short.then(|| view! { <p class="soft">{tr!(doctor.compare_short)}</p> })}
        <Table caption=tr!(doctor.tab_compare) hide_caption=true heads>
            {rows(&before.report, &now.report, context::unit())
                .into_iter()
                .map(|row| {
                    let (text, better) = row.change.map_or((String::from("–"), None), |c| (c.text, c.better));
                    let (class, word) = match better {
                        Some(true) => ("num figure__note--good", Some(tr!(doctor.compare_better))),
                        Some(false) => ("num figure__note--off", Some(tr!(doctor.compare_worse))),
                        None => ("num", None),
                    };
                    view! {
                        <tr>
                            <th scope="row">{row.label}</th>
                            <td class="num">{row.before}</td>
                            <td class="num">{row.now}</td>
                            <td class=class>{text} {word.map(|word| format!(" {word}"))}</td>
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_has_the_same_length_and_ends_the_day_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let before = |from, to| period_before((day(from), day(to)));
        assert_eq!(before("2026-11-11", "2026-11-24"), PeriodQuery::Between(day("2026-10-28"), day("2026-11-10")));
        assert_eq!(before("2026-03-01", "2026-03-01"), PeriodQuery::Between(day("2026-02-28"), day("2026-02-28")));
    }

    #[test]
    fn a_change_is_that_of_the_shown_values_and_says_whether_it_is_wanted() {
        let of = |before, now, wanted| change(Some(before), Some(now), 1, wanted).map(|c| (c.text, c.better));
        assert_eq!(of(66.04, 48.0, Wanted::More), Some(("−18.0".into(), Some(false))));
        assert_eq!(of(2.0, 0.94, Wanted::Less), Some(("−1.1".into(), Some(true))));
        assert_eq!(of(7.0, 7.5, Wanted::Neither), Some(("+0.5".into(), None)));
        assert_eq!(of(70.01, 70.04, Wanted::More), Some(("0.0".into(), None)), "both are shown as 70.0");
        assert_eq!(change(None, Some(1.0), 1, Wanted::More), None);
    }
}
