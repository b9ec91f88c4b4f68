//! One's own data: take all of it along, see what was agreed to, have it erased.

use chrono::Datelike;
use domain::{clock::Moment, consent::ConsentLine, people::Role};
use leptos::prelude::*;

use crate::{
    components::{
        ButtonKind, Page, PostButton, Section, SkeletonKind, data_type_word,
        icon::{Glyph, Icon},
        load,
    },
    context, format, routes,
    server_fns::patient::{load_consents, load_erasure},
    tr,
};

/// The page: everybody can take their data along, patients see their consents, patients and caregivers can go.
#[component]
pub fn DataPage() -> impl IntoView {
    let role = context::page().me.map(|me| me.role);
    let goes = matches!(role, Some(Role::Patient | Role::Caregiver));
    view! {
        <Page title=tr!(auth.data_title) section=Section::Settings lead=tr!(auth.data_lead)>
            <div class="stack stack--loose">
                <section class="card stack" aria-labelledby="export">
                    <h2 id="export">{tr!(auth.export_title)}</h2>
                    <p>{tr!(auth.export_body)}</p>
                    <p>
                        <a class="button" href=routes::DATA_EXPORT rel="external">
                            <Icon glyph=Glyph::Upload />
                            <span>{tr!(auth.export_do)}</span>
                        </a>
                    </p>
                </section>
                {(role == Some(Role::Patient)).then(|| view! { <ConsentSection /> })}
                {goes.then(|| view! { <EraseSection /> })}
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn ConsentSection() -> impl IntoView {
    let consents = Resource::new_blocking(|| (), |()| load_consents());
    view! {
        <section class="card stack" aria-labelledby="consents">
            <h2 id="consents">{tr!(auth.consents_title)}</h2>
            <p>{tr!(auth.consents_body)}</p>
            {load(consents, SkeletonKind::Rows(3), |lines| view! { <Consents lines /> })}
            <p>
                <a class="button" href=routes::PATIENT_CARE_TEAM>
                    {tr!(auth.consents_change)}
                </a>
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn EraseSection() -> impl IntoView {
    let erasure = Resource::new_blocking(|| (), |()| load_erasure());
    view! {
        <section class="card stack" aria-labelledby="erase">
            <h2 id="erase">{tr!(auth.erase_title)}</h2>
            {load(erasure, SkeletonKind::Rows(1), |due| view! { <Erase due /> })}
        </section>
    }
    .into_any()
}

fn day(at: Moment) -> String {
    format::date(context::language(), at.local().date(), context::page().now.local().year())
}

#[component]
fn Consents(lines: Vec<(Moment, Option<Moment>, ConsentLine)>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="soft">{tr!(auth.consents_none)}</p> }.into_any();
    }
    let row = |(at, until, line): (Moment, Option<Moment>, ConsentLine)| {
        let who = line.name.unwrap_or_else(|| {
            if line.role == Some(Role::Doctor) {
                tr!(auth.consent_doctor_somebody)
            } else {
                tr!(auth.consent_family_somebody)
            }
            .to_owned()
        });
        let what = if line.given { tr!(auth.consent_given) } else { tr!(auth.consent_withdrawn) };
        let types: Vec<_> = line.data_types.into_iter().map(data_type_word).collect();
        let until = until.map(|until| format!(" · {}", tr!(auth.consent_until, date = day(until))));
        let words =
            tr!(auth.consent_words, version = line.text_version, language = line.language.own_name()).to_string();
        view! {
            <li class="list__row">
                <div class="list__words">
                    <div>{format!("{what}: {who}")}</div>
                    <div class="soft small">{format!("{} · {}", day(at), types.join(", "))}{until}</div>
                    <div class="soft small">{words}</div>
                </div>
            </li>
        }
    };
    view! { <ul class="list">{lines.into_iter().map(row).collect_view()}</ul> }.into_any()
}

#[component]
fn Erase(due: Option<Moment>) -> impl IntoView {
    if let Some(due) = due {
        return view! {
            <p>{tr!(auth.erase_due, date = day(due)).to_string()}</p>
            <PostButton action=routes::DATA_KEEP label=tr!(auth.erase_keep) kind=ButtonKind::Primary />
        }
        .into_any();
    }
    view! {
        <p>{tr!(auth.erase_body)}</p>
        <details class="stop">
            <summary class="button">{tr!(auth.erase_do)}</summary>
            <div class="stop__sure">
                <p>{tr!(auth.erase_means)}</p>
                <PostButton action=routes::DATA_ERASE label=tr!(auth.erase_sure) kind=ButtonKind::Danger />
            </div>
        </details>
    }
    .into_any()
}
