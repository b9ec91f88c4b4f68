//! A row of the work list.

use chrono::{Datelike, NaiveDate};
use domain::{
    desk::Handover,
    metrics::{Kind, Ranges},
    ports::PanelRow,
    review,
    triage::Priority,
};
use leptos::prelude::*;

use crate::{
    charts::RangeStrip,
    components::{ButtonKind, PostButton, ago, icon::Glyph},
    context,
    format::percent,
    portals::doctor::tags::TagChips,
    routes, tr, words,
};

const fn priority_class(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "priority priority--urgent",
        Priority::Soon => "priority priority--soon",
        Priority::Watch => "priority priority--watch",
        Priority::Steady => "priority priority--steady",
    }
}

/// One patient.
#[component]
pub(super) fn Row(row: PanelRow, now: domain::clock::Moment) -> impl IntoView {
    let language = context::language();
    let why: Vec<String> = row.reasons.iter().map(|reason| words::reason(language, reason)).collect();
    let today = now.local().date();
    let due = review::is_due(row.due_on, today);
    let reviewed = review::holds(row.reviewed_at.map(|at| at.at), row.last_reading_at.map(|last| last.at), due);
    let again = row.due_on.map(|day| due_words(day, today));
    let age = row.age.map(|age| tr!(doctor.age, age = age).to_string());
    let href = routes::doctor_patient(row.id);
    let name = row.name.clone();
    view! {
        <tr id=format!("p-{}", row.id) class="panel__row" data-row="">
            <th scope="row" class="panel__who">
                <div class="panel__person">
                    <span class=priority_class(row.priority)>{words::priority(language, row.priority)}</span>
                    <span class="panel__name">
                        <a href=href data-open="">{row.name.clone()}</a>
                        {age.map(|age| view! { <span class="soft">{age}</span> })}
                        <TagChips tags=row.tags />
                    </span>
                </div>
            </th>
            <td class="panel__why">
                {row.handover.map(|handover| view! { <span class="panel__passed">{passed_words(&handover)}</span> })}
                {match why.split_first() {
                    None => view! { <span class="soft">{tr!(doctor.nothing_to_note)}</span> }.into_any(),
                    Some((first, rest)) => {
                        view! {
                            <span class="panel__first">{first.clone()}</span>
                            {rest.iter().take(2).map(|text| view! { <span class="soft panel__rest">{text.clone()}</span> }).collect_view()}
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="panel__range">{ranges(row.kind, row.ranges, row.in_range_before)}</td>
            <td class="panel__gmi num">
                <span class="panel__label">{tr!(doctor.gmi)}</span>
                {row.gmi_percent.map_or_else(|| "–".to_owned(), |gmi| format!("{gmi:.1} %"))}
            </td>
            <td class="panel__last">
                <span class="panel__label">{tr!(doctor.col_last)}</span>
                {row.last_reading_at.map_or_else(|| "–".to_owned(), |at| ago(at, now))}
            </td>
            <td class="panel__review">
                {if reviewed {
                    view! {
                        <PostButton
                            action=routes::doctor_review(row.id)
                            label=tr!(doctor.reviewed)
                            spoken=tr!(doctor.unreview_spoken, name = name).to_string()
                            fields=vec![("reviewed", "no".to_owned()), ("next", routes::DOCTOR.to_owned())]
                            kind=ButtonKind::Quiet
                            icon=Glyph::Check
                            small=true
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <PostButton
                            action=routes::doctor_review(row.id)
                            label=tr!(doctor.review)
                            spoken=tr!(doctor.review_spoken, name = name).to_string()
                            fields=vec![("reviewed", "yes".to_owned()), ("next", routes::DOCTOR.to_owned())]
                            small=true
                        />
                    }
                        .into_any()
                }}
                {again.map(|text| view! { <span class="soft panel__due">{text}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// `From Dr. Rao: lows at night`, or `With Dr. Rao`.
pub(in crate::portals::doctor) fn passed_words(handover: &Handover) -> String {
    match (handover.to_me, &handover.note) {
        (true, Some(note)) => {
            tr!(doctor.passed_from_note, name = handover.from.clone(), note = note.clone()).to_string()
        }
        (true, None) => tr!(doctor.passed_from, name = handover.from.clone()).to_string(),
        (false, _) => tr!(doctor.passed_to, name = handover.to.clone()).to_string(),
    }
}

/// `again on 8 Dec`, or from that day on `due since 8 Dec`.
pub(in crate::portals::doctor) fn due_words(day: NaiveDate, today: NaiveDate) -> String {
    let date = crate::format::date(context::language(), day, today.year());
    if day <= today {
        tr!(doctor.due_since, date = date).to_string()
    } else {
        tr!(doctor.due_on, date = date).to_string()
    }
}

/// The five ranges with the share in range, and how it moved.
fn ranges(kind: Kind, ranges: Option<Ranges>, before: Option<f64>) -> AnyView {
    match (kind, ranges) {
        (Kind::Sensor, Some(ranges)) => {
            let moved = before.map(|before| ranges.in_range - before).filter(|moved| moved.abs() >= 1.0);
            view! {
                <span class="panel__bar"><RangeStrip ranges /></span>
                <span class="num panel__percent">{percent(ranges.in_range)}</span>
                {moved
                    .map(|moved| {
                        let class = if moved < 0.0 { "panel__moved panel__moved--down" } else { "panel__moved" };
                        let spoken = if moved < 0.0 {
                            tr!(doctor.down_by, points = format!("{:.0}", -moved)).to_string()
                        } else {
                            tr!(doctor.up_by, points = format!("{moved:.0}")).to_string()
                        };
                        let (title, arrow) = (spoken.clone(), if moved < 0.0 { "↓" } else { "↑" });
                        view! {
                            <span class=class title=title>
                                <span aria-hidden="true">{format!("{arrow}{:.0}", moved.abs())}</span>
                                <span class="visually-hidden">{spoken}</span>
                            </span>
                        }
                    })}
            }
            .into_any()
        }
        (Kind::Meter, _) => view! { <span class="soft">{tr!(doctor.finger_stick)}</span> }.into_any(),
        (Kind::Sensor, None) => view! { <span class="soft">{tr!(doctor.too_little)}</span> }.into_any(),
    }
}
