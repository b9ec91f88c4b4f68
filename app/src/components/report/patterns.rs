//! Patterns: the risk index in its grid, hours by weekdays, the modal day, values before and after meals.

use chrono::Datelike;
use domain::{
    glucose::{Glucose, Unit},
    metrics::pattern::{MealPairs, Patterns},
};
use leptos::prelude::*;

use crate::{
    charts::{HeatMap, ModalDay, RiskGrid},
    components::{EmptyState, Table},
    context,
    format::{self, percent},
    tr, words,
};

/// Newest pairs of each meal that are listed one by one.
const LISTED: usize = 14;

/// All that the period has; what it has no data for is left out.
#[component]
pub fn PatternsView(
    /// What was computed.
    patterns: Patterns,
) -> impl IntoView {
    let Patterns { gri, hours, modal, states, meals, thresholds } = patterns;
    if gri.is_none() && hours.is_empty() && modal.is_empty() {
        return view! { <EmptyState title=tr!(doctor.patterns_none) body=tr!(doctor.patterns_none_body) /> }.into_any();
    }
    view! {
        {(!hours.is_empty())
            .then(|| {
                view! {
                    <div class="report-pair">
                        <section class="card" aria-labelledby="gri-title">
                            <div class="card__head">
                                <h2 id="gri-title">{tr!(doctor.gri_title)}</h2>
                                <p class="soft">{tr!(doctor.gri_note)}</p>
                            </div>
                            {match gri {
                                Some(gri) => view! { <RiskGrid gri /> }.into_any(),
                                None => view! { <p class="soft">{tr!(doctor.withheld)}</p> }.into_any(),
                            }}
                        </section>
                        <section class="card" aria-labelledby="heat-title">
                            <div class="card__head">
                                <h2 id="heat-title">{tr!(doctor.heat_title)}</h2>
                                <p class="soft">{tr!(doctor.heat_note)}</p>
                            </div>
                            <HeatMap hours />
                        </section>
                    </div>
                }
            })}
        {(!modal.is_empty())
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="modal-title">
                        <div class="card__head">
                            <h2 id="modal-title">{tr!(doctor.modal_title)}</h2>
                            <p class="soft">{tr!(doctor.modal_note)}</p>
                        </div>
                        <ModalDay points=modal states thresholds />
                    </section>
                }
            })}
        {(!meals.is_empty()).then(|| view! { <MealPairsView meals /> })}
    }
    .into_any()
}

/// Before and after each meal: the medians, then the newest pairs.
#[component]
fn MealPairsView(meals: Vec<MealPairs>) -> impl IntoView {
    let (language, unit) = (context::language(), context::unit());
    let year = context::page().now.local().year();
    let glucose = move |mg_dl: f64| Glucose::stored(mg_dl, Unit::MgDl).shown(unit);
    let head = |text: &str, right| (text.to_owned(), right);
    let heads = vec![
        head(tr!(doctor.meal), false),
        head(tr!(doctor.pairs_count), true),
        head(tr!(doctor.pairs_before), true),
        head(tr!(doctor.pairs_after), true),
        head(tr!(doctor.pairs_rise), true),
        head(tr!(doctor.pairs_met), true),
    ];
    let each = vec![
        head(tr!(doctor.date), false),
        head(tr!(doctor.meal), false),
        head(tr!(doctor.pairs_before), true),
        head(tr!(doctor.pairs_after), true),
        head(tr!(doctor.pairs_rise), true),
    ];
    let mut newest: Vec<_> =
        meals.iter().flat_map(|m| m.pairs.iter().rev().take(LISTED).map(|pair| (m.meal, *pair))).collect();
    newest.sort_by_key(|(_, pair)| std::cmp::Reverse(pair.date)); // stable: a day's meals stay in their order
    view! {
        <section class="card" aria-labelledby="pairs-title">
            <div class="card__head">
                <h2 id="pairs-title">{tr!(doctor.pairs_title)}</h2>
                <p class="soft">{tr!(doctor.pairs_note, unit = unit.as_str()).to_string()}</p>
            </div>
            <Table caption=tr!(doctor.pairs_medians) hide_caption=true heads>
                {meals
                    .into_iter()
                    .map(|m| {
                        view! {
                            <tr>
                                <th scope="row">{words::meal(language, m.meal)}</th>
                                <td class="num">{m.pairs.len()}</td>
                                <td class="num">{glucose(m.median_before_mg_dl)}</td>
                                <td class="num">{glucose(m.median_after_mg_dl)}</td>
                                <td class="num">{signed(m.median_rise_mg_dl, unit)}</td>
                                <td class="num">{percent(m.met_percent)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
            <h3>{tr!(doctor.pairs_each)}</h3>
            <Table caption=tr!(doctor.pairs_each) hide_caption=true heads=each>
                {newest
                    .into_iter()
                    .map(|(meal, pair)| {
                        view! {
                            <tr>
                                <th scope="row">{format::date(language, pair.date, year)}</th>
                                <td>{words::meal(language, meal)}</td>
                                <td class="num">{glucose(pair.before_mg_dl)}</td>
                                <td class="num">{glucose(pair.after_mg_dl)}</td>
                                <td class="num">{signed(pair.rise_mg_dl(), unit)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
        </section>
    }
    .into_any()
}

/// A difference with its sign, in the reader's unit: `+42`, `−0.3`, `0`.
fn signed(mg_dl: f64, unit: Unit) -> String {
    let size = Glucose::stored(mg_dl.abs(), Unit::MgDl).shown(unit);
    let nothing = size.chars().all(|c| matches!(c, '0' | '.'));
    match mg_dl {
        _ if nothing => size,
        x if x < 0.0 => format!("−{size}"),
        _ => format!("+{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_sign_unless_it_is_shown_as_none() {
        assert_eq!([42.0, -42.0, 0.3, -0.3].map(|d| signed(d, Unit::MgDl)), ["+42", "−42", "0", "0"]);
        assert_eq!([18.0, -0.5].map(|d| signed(d, Unit::MmolL)), ["+1.0", "0.0"]);
    }
}
