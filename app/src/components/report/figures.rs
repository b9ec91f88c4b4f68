//! The strip of figures, sufficiency first.

use chrono::Datelike;
use domain::{
    metrics::{EpisodeLevel, Kind, Shortfall, range::Targets, risk::Gri},
    ports::PatientReport,
};
use leptos::prelude::*;

use super::period_words;
use crate::{
    context,
    format::{self, percent},
    tr, words,
};

struct Figure {
    label: &'static str,
    value: String,
    note: Option<String>,
    good: Option<bool>,
}

/// The figures of a period. What is withheld shows a dash, and the notice above says why.
#[component]
pub fn Figures(
    /// What was computed.
    report: PatientReport,
    /// What to judge by.
    targets: Targets,
) -> impl IntoView {
    let language = context::language();
    let figures = figures(&report, &targets);
    let r = &report.report;
    let sufficiency = match (r.kind, r.sufficiency.active_percent) {
        (Kind::Sensor, Some(active)) => {
            tr!(doctor.days_active, days = r.sufficiency.days, of = r.period.days, percent = percent(active))
                .to_string()
        }
        _ => tr!(doctor.days_meter, days = r.sufficiency.days, of = r.period.days, count = r.readings).to_string(),
    };
    let short: Vec<&'static str> =
        r.sufficiency.reasons.iter().map(|reason| words::shortfall(language, *reason)).collect();
    let warn = !short.is_empty() && r.sufficiency.reasons != [Shortfall::MeterOnly];
    view! {
        <section class="report-figures" aria-labelledby="figures-title">
            <h2 id="figures-title" class="visually-hidden">{tr!(doctor.figures_title)}</h2>
            <p class="report-period">
                <span>{period_words(&report)}</span>
                <span class="soft">{sufficiency}</span>
            </p>
            {(!short.is_empty())
                .then(|| {
                    view! {
                        <div class=if warn { "notice notice--warn" } else { "notice" } role="note">
                            <div>
                                {warn.then(|| view! { <strong>{tr!(doctor.read_with_care)}</strong> })}
                                <ul class="report-short">
                                    {short.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
                                </ul>
                            </div>
                        </div>
                    }
                })}
            <dl class="figures card">
                {figures
                    .into_iter()
                    .map(|figure| {
                        let mark = figure.good.map(|good| if good { tr!(doctor.on_target) } else { tr!(doctor.off_target) });
                        let class = match figure.good {
                            Some(true) => "figure__note figure__note--good",
                            Some(false) => "figure__note figure__note--off",
                            None => "figure__note",
                        };
                        view! {
                            <div>
                                <dt class="figure__label">{figure.label}</dt>
                                <dd>
                                    <span class="figure__value num">{figure.value}</span>
                                    {figure
                                        .note
                                        .map(|note| {
                                            view! {
                                                <span class=class>
                                                    {note}
                                                    {mark.map(|mark| view! { <span class="visually-hidden">{format!(", {mark}")}</span> })}
                                                </span>
                                            }
                                        })}
                                </dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
    .into_any()
}

fn figures(report: &PatientReport, targets: &Targets) -> Vec<Figure> {
    let unit = context::unit();
    let r = &report.report;
    let dash = || "–".to_owned();
    let glucose = |value: Option<f64>| value.map_or_else(dash, |v| words::mg_dl(v, unit));
    let plain = |value: Option<f64>, decimals: usize| value.map_or_else(dash, |v| format!("{v:.decimals$}"));
    let figure = |label, value, note: Option<String>, good| Figure { label, value, note, good };

    let mut list = Vec::new();
    if r.kind == Kind::Sensor {
        let in_range = r.ranges.map(|ranges| ranges.in_range);
        list.push(figure(
            tr!(doctor.in_range),
            in_range.map_or_else(dash, percent),
            targets.in_range_above.map(|t| tr!(doctor.goal_above, percent = percent(t)).to_string()),
            in_range.zip(targets.in_range_above).map(|(value, target)| value > target),
        ));
    }
    list.push(figure(tr!(doctor.mean), glucose(r.mean_mg_dl), None, None));
    if r.kind == Kind::Sensor {
        list.push(figure(tr!(doctor.gmi), r.gmi_percent.map_or_else(dash, |v| format!("{v:.1} %")), None, None));
    }
    if let Some(hba1c) = &report.hba1c {
        let day = format::date(context::language(), hba1c.at.local().date(), report.now.local().year());
        let note = match hba1c.gap {
            Some(gap) => tr!(doctor.hba1c_gap, day = day, points = format!("{gap:+.1}")).to_string(),
            None => day,
        };
        list.push(figure(tr!(doctor.hba1c), format!("{:.1} %", hba1c.percent), Some(note), None));
    }
    list.push(figure(tr!(doctor.sd), glucose(r.sd_mg_dl), None, None));
    list.push(figure(
        tr!(doctor.cv),
        r.cv_percent.map_or_else(dash, |v| format!("{v:.1} %")),
        Some(tr!(doctor.goal_at_most, percent = percent(targets.cv_at_most)).to_string()),
        r.cv_percent.map(|value| value <= targets.cv_at_most),
    ));
    list.push(figure(tr!(doctor.lbgi), plain(r.lbgi, 1), None, None));
    list.push(figure(tr!(doctor.hbgi), plain(r.hbgi, 1), None, None));
    if r.kind == Kind::Sensor {
        let zone = r.gri.map(|index| {
            let zone = Gri { index, hypo: 0.0, hyper: 0.0 }.zone();
            tr!(doctor.gri_zone, zone = format!("{zone:?}")).to_string()
        });
        list.push(figure(tr!(doctor.gri), plain(r.gri, 0), zone, None));
        list.push(figure(tr!(doctor.mage), glucose(r.mage_mg_dl), None, None));
        let lows = r.episodes.iter().filter(|e| e.level == EpisodeLevel::VeryLow).count();
        list.push(figure(
            tr!(doctor.severe_lows),
            lows.to_string(),
            Some(tr!(doctor.severe_lows_note).to_owned()),
            None,
        ));
    }
    list
}
