//! Day by day: small curves under their weekdays, so that a habit is seen as a column.

use chrono::{Datelike, Days, NaiveDate};
use domain::{
    glucose::{Glucose, Unit},
    metrics::{Kind, range::Thresholds},
    ports::DaySummary,
};
use leptos::prelude::*;

use crate::{
    charts::{Span, Sparkline},
    context,
    format::{self, percent},
    tr,
};

/// Days in rows of a week, Monday first. A day without readings keeps its place.
#[component]
pub fn DayMultiples(
    /// Newest first, as they come.
    days: Vec<DaySummary>,
    /// The limits to draw.
    thresholds: Thresholds,
    /// A line or dots.
    kind: Kind,
    /// Where a day's curve is shown, with `{date}` in it; none for no link.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let (language, unit) = (context::language(), context::unit());
    let this_year = context::page().now.local().year();
    let mut days = days;
    days.reverse();
    let lead = days.first().map_or(0, |day| day.date.weekday().num_days_from_monday());
    let monday = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    view! {
        <div class="days" role="group" aria-label=tr!(doctor.days_title)>
            <div class="days__heads" aria-hidden="true">
                {(0..7)
                    .filter_map(|n| monday.checked_add_days(Days::new(n)))
                    .map(|day| view! { <span>{format::weekday(language, day)}</span> })
                    .collect_view()}
            </div>
            <ol class="days__grid">
                {(0..lead).map(|_| view! { <li class="days__gap" aria-hidden="true"></li> }).collect_view()}
                {days
                    .into_iter()
                    .map(|day| {
                        let date = format::date(language, day.date, this_year);
                        let figure = figure(&day, unit);
                        let spoken = format!("{}, {date}: {figure}", format::weekday(language, day.date));
                        let link = href.as_ref().map(|href| href.replace("{date}", &day.date.to_string()));
                        let inside = view! {
                            <span class="days__date">{date}</span>
                            <Sparkline points=day.points thresholds span=Span::Day(day.date) kind />
                            <span class="days__figure num">{figure}</span>
                        };
                        view! {
                            <li class="days__day">
                                {match link {
                                    Some(link) => view! { <a href=link aria-label=spoken>{inside}</a> }.into_any(),
                                    None => view! { <div>{inside}</div> }.into_any(),
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </div>
    }
    .into_any()
}

/// In range for a sensor's day, the mean for a meter's, a dash for an empty one.
fn figure(day: &DaySummary, unit: Unit) -> String {
    match (&day.ranges, day.mean_mg_dl) {
        (Some(ranges), _) => percent(ranges.in_range),
        (None, Some(mean)) => Glucose::stored(mean, Unit::MgDl).shown(unit),
        (None, None) => "–".to_owned(),
    }
}
