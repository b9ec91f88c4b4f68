//! The week in sentences.

use domain::insights::{Insight, Weekly};
use leptos::prelude::*;

use crate::{context, words};

/// The sentences of a week, weightiest first.
#[component]
pub fn WeeklyInsights(
    /// The week.
    weekly: Weekly,
) -> impl IntoView {
    let page = context::page();
    let (language, unit) = (page.language, context::unit());
    view! {
        <ul class="insights">
            {weekly
                .insights
                .iter()
                .map(|insight| {
                    view! { <li class=class(insight)>{words::insight(language, unit, insight, page.now)}</li> }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

fn class(insight: &Insight) -> &'static str {
    match insight {
        Insight::NoLows | Insight::BestDay { .. } => "insights__item insights__item--good",
        Insight::HighAfter { .. } | Insight::LowNights { .. } | Insight::Lows { .. } => {
            "insights__item insights__item--mind"
        }
        _ => "insights__item",
    }
}
