//! What a person shares with the reader, until when, and how to end it.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    clock::Moment,
    consent::{DataType, Link},
};
use leptos::prelude::*;

use crate::{
    components::{
        ButtonKind, PostButton,
        icon::{Glyph, Icon},
    },
    context, format, routes, tr, words,
};

/// `Until 24 Nov`, the last day included; or that it has no end. `now` gives the zone and the year that goes unsaid.
pub fn until_words(until: Option<DateTime<Utc>>, now: Moment) -> String {
    match until {
        // It ends with the instant, which is the midnight after the last day.
        Some(at) => {
            let last = Moment { at: at - TimeDelta::seconds(1), ..now };
            let date = format::date(context::language(), last.local().date(), now.local().year());
            tr!(caregiver.until, date = date).to_string()
        }
        None => tr!(caregiver.until_ended).to_owned(),
    }
}

/// What was granted, and the way out.
#[component]
pub fn Sharing(
    /// The link in force.
    link: Link,
    /// When the page was made, in the patient's zone.
    now: Moment,
) -> impl IntoView {
    let language = context::language();
    let until = until_words(link.until, now);
    let since = link.since.map(|at| {
        let at = Moment { at, ..now };
        let date = format::date(language, at.local().date(), now.local().year());
        tr!(caregiver.since, date = date).to_string()
    });
    let granted = link.data_types.clone();
    view! {
        <section class="card sharing" aria-labelledby="sharing">
            <h2 id="sharing">{tr!(caregiver.sharing, name = link.name.clone()).to_string()}</h2>
            <ul class="granted">
                {DataType::ALL
                    .iter()
                    .map(|data| {
                        let word = words::data_type(language, *data);
                        if granted.contains(data) {
                            view! {
                                <li>
                                    <Icon glyph=Glyph::Check />
                                    <span>{word}</span>
                                </li>
                            }
                                .into_any()
                        } else {
                            view! {
                                <li class="granted__not">
                                    <Icon glyph=Glyph::Lock />
                                    <span>{tr!(caregiver.not_shared, what = word).to_string()}</span>
                                </li>
                            }
                                .into_any()
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="soft">{since} " " {until}</p>
            <Stop link />
        </section>
    }
    .into_any()
}

/// Two steps, without a script too: it cannot be taken back.
#[component]
fn Stop(link: Link) -> impl IntoView {
    view! {
        <details class="stop">
            <summary class="button">{tr!(caregiver.stop)}</summary>
            <div class="stop__sure">
                <p>{tr!(caregiver.stop_means, name = link.name.clone()).to_string()}</p>
                <PostButton
                    action=routes::caregiver_link_end(link.id)
                    label=tr!(caregiver.stop_sure, name = link.name).to_string()
                    kind=ButtonKind::Danger
                />
            </div>
        </details>
    }
    .into_any()
}
