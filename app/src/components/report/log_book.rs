//! Readings by the eight meal states, a row a day: what a paper log book shows.

use chrono::Datelike;
use domain::{
    glucose::MealState,
    ports::{LogBookDay, ShownReading},
};
use leptos::prelude::*;

use crate::{
    components::{EmptyState, Table, band_class, band_letter, band_word},
    context, format, tr, words,
};

/// Most values of one cell; a sensor would fill it with hundreds.
const PER_CELL: usize = 3;

/// The log book.
#[component]
pub fn LogBook(
    /// Newest day first.
    days: Vec<LogBookDay>,
) -> impl IntoView {
    let language = context::language();
    let this_year = context::page().now.local().year();
    if days.iter().all(|day| day.cells.iter().all(Vec::is_empty)) {
        return view! { <EmptyState title=tr!(doctor.log_book_empty) body=tr!(doctor.log_book_empty_body) /> }
            .into_any();
    }
    let mut heads = vec![(tr!(doctor.date).to_owned(), false)];
    heads.extend(MealState::ALL.iter().map(|state| (words::state(language, *state).to_owned(), true)));
    view! {
        <Table caption=tr!(doctor.log_book) hide_caption=true heads>
            {days
                .into_iter()
                .map(|day| {
                    view! {
                        <tr>
                            <th scope="row" class="log-book__date">
                                {format!("{}, {}", format::weekday(language, day.date), format::date(language, day.date, this_year))}
                            </th>
                            {day.cells.into_iter().map(|cell| view! { <td class="num">{cell_view(cell)}</td> }).collect_view()}
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
    }
    .into_any()
}

fn cell_view(cell: Vec<ShownReading>) -> AnyView {
    let (language, unit) = (context::language(), context::unit());
    let more = cell.len().saturating_sub(PER_CELL);
    view! {
        {cell
            .into_iter()
            .take(PER_CELL)
            .map(|reading| {
                view! {
                    <span class=format!("log-book__value {}", band_class(reading.band)) title=format::time(language, reading.at.local())>
                        {reading.glucose.shown(unit)}
                        <span aria-hidden="true" class="log-book__letter">{band_letter(reading.band)}</span>
                        <span class="visually-hidden">{format!(", {}", band_word(reading.band))}</span>
                    </span>
                }
            })
            .collect_view()}
        {(more > 0).then(|| view! { <span class="soft">{tr!(doctor.and_more, count = more).to_string()}</span> })}
    }
    .into_any()
}
