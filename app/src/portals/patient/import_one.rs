//! What a file holds, before anything is stored: rows, period, what is ambiguous, what cannot be read.

use domain::{
    Error,
    field::{FieldErrors, Problem},
    forms::Fields,
    ids::ImportId,
    ports::{ImportPreview, ImportQuestion, ImportStatus, RejectReason, RejectedLine},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::import::{count_words, format_word, period_words};
use crate::{
    auth::{unit_options, zone_options},
    components::{
        ButtonKind, Choices, EmptyState, Form, Page, PostButton, Section, Select, SkeletonKind, SubmitButton, Table,
        icon::{Glyph, Icon},
        load,
    },
    context,
    error::AppError,
    forms::names,
    i18n::is_one,
    routes,
    server_fns::patient::load_import,
    tr,
};

/// Lines that are shown of those not taken: the rest only repeats.
const SHOWN_REJECTS: usize = 50;

/// The page.
#[component]
pub fn ImportOnePage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .and_then(|id| Uuid::try_parse(&id).ok())
        .map(ImportId::from);
    let import = Resource::new_blocking(
        move || id,
        |id| async move {
            if let Some(id) = id {
                return load_import(id).await;
            }
            #[cfg(feature = "ssr")]
            context::fail(Error::NotFound);
            Err(AppError::Domain(Error::NotFound))
        },
    );
    view! {
        <Page title=tr!(patient.import_check) section=Section::Import>
            {load(import, SkeletonKind::Form(4), |import| view! { <Import import /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Import(import: ImportPreview) -> impl IntoView {
    let body = match import.status {
        ImportStatus::Confirmed | ImportStatus::Undone => view! { <Settled import=import.clone() /> }.into_any(),
        ImportStatus::Preview if import.questions.is_empty() && import.accepted == 0 && import.meals == 0 => {
            view! { <NothingNew import=import.clone() /> }.into_any()
        }
        ImportStatus::Preview if import.questions.is_empty() => view! { <Confirm import=import.clone() /> }.into_any(),
        ImportStatus::Preview => view! { <Questions import=import.clone() /> }.into_any(),
    };
    let rejected = import.rejected.clone();
    view! {
        <div class="stack">
            <Summary import /> {body} <Rejected lines=rejected />
        </div>
    }
    .into_any()
}

/// The figures of the file.
#[component]
fn Summary(import: ImportPreview) -> impl IntoView {
    let figure = |label: &'static str, value: String| {
        view! {
            <div>
                <dt class="figure__label">{label}</dt>
                <dd class="figure__value num">{value}</dd>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-label=tr!(patient.import_summary)>
            <dl class="figures">
                {figure(tr!(patient.import_format), format_word(import.format).to_owned())}
                {figure(tr!(patient.import_rows), import.rows.to_string())}
                {figure(tr!(patient.import_new), import.accepted.to_string())}
                {(import.meals > 0).then(|| figure(tr!(patient.import_meals), import.meals.to_string()))}
                {figure(tr!(patient.import_duplicates), import.duplicates.to_string())}
                {figure(tr!(patient.import_rejected), import.rejected.len().to_string())}
                {import.unit.map(|unit| figure(tr!(patient.unit), unit.as_str().to_owned()))}
                {period_words(&import).map(|period| figure(tr!(patient.import_period), period))}
            </dl>
        </section>
    }
    .into_any()
}

/// Everything is clear: store it.
#[component]
fn Confirm(import: ImportPreview) -> impl IntoView {
    view! {
        <div class="stack">
            <Form name="confirm" action=routes::import_confirm(import.id)>
                <SubmitButton
                    label=tr!(patient.import_confirm, readings = count_words(import.accepted)).to_string()
                    wide=true
                    large=true
                />
            </Form>
            <details class="how">
                <summary>{tr!(patient.import_change_answers)}</summary>
                <Answers import=import.clone() />
            </details>
            <Discard id=import.id />
        </div>
    }
    .into_any()
}

/// Something is ambiguous: nothing is guessed.
#[component]
fn Questions(import: ImportPreview) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="questions-title">
            <div class="card__head">
                <h2 id="questions-title">{tr!(patient.import_questions)}</h2>
            </div>
            <Answers import=import.clone() />
        </section>
        <Discard id=import.id />
    }
    .into_any()
}

fn all_answered(fields: &Fields, asked: &[&'static str]) -> Option<FieldErrors> {
    let mut errors = FieldErrors::default();
    for field in asked {
        if fields.get(field).is_none() {
            errors.push(*field, Problem::UnknownChoice);
        }
    }
    (!errors.is_empty()).then_some(errors)
}

#[component]
fn Answers(import: ImportPreview) -> impl IntoView {
    let asks = |question| import.questions.contains(&question);
    let (order, unit) = (asks(ImportQuestion::DateOrder), asks(ImportQuestion::Unit));
    let validate: crate::components::form::Validate = match (order, unit) {
        (true, true) => |fields| all_answered(fields, &["dateOrder", "unit"]),
        (true, false) => |fields| all_answered(fields, &["dateOrder"]),
        (false, true) => |fields| all_answered(fields, &["unit"]),
        (false, false) => |_| None,
    };
    let zone = context::page().me.map(|me| me.time_zone).unwrap_or_default();
    let orders = vec![
        ("dayMonth".to_owned(), tr!(patient.day_month).to_owned()),
        ("monthDay".to_owned(), tr!(patient.month_day).to_owned()),
    ];
    view! {
        <Form name=names::IMPORT_ANSWERS action=routes::import(import.id) validate=validate>
            {order
                .then(|| {
                    view! {
                        <Choices
                            name="dateOrder"
                            label=tr!(patient.date_order)
                            hint=tr!(patient.date_order_hint)
                            options=orders
                        />
                    }
                })}
            {unit
                .then(|| {
                    view! {
                        <Choices
                            name="unit"
                            label=tr!(patient.import_unit)
                            hint=tr!(patient.import_unit_hint)
                            options=unit_options()
                        />
                    }
                })}
            <Select
                name="timeZone"
                label=tr!(patient.import_zone)
                hint=tr!(patient.import_zone_hint)
                options=zone_options(&zone)
                value=zone.clone()
            />
            <div class="form__actions">
                <SubmitButton label=tr!(patient.import_look_again) />
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn NothingNew(import: ImportPreview) -> impl IntoView {
    view! {
        <div class="notice">
            <Icon glyph=Glyph::Check />
            <p>{tr!(patient.import_nothing_new)}</p>
        </div>
        <Discard id=import.id />
    }
    .into_any()
}

#[component]
fn Settled(import: ImportPreview) -> impl IntoView {
    let added = import.status == ImportStatus::Confirmed;
    let (title, body) = if added {
        (tr!(patient.import_added), count_words(import.accepted))
    } else {
        (tr!(patient.import_undone), tr!(patient.import_undone_body).to_owned())
    };
    view! {
        <div class="card">
            <EmptyState
                glyph=Glyph::Check
                title=title
                body=body
                action=(routes::PATIENT_TRENDS.to_owned(), tr!(patient.see_trends).to_owned())
            />
        </div>
        {added
            .then(|| {
                view! {
                    <PostButton
                        action=routes::import_undo(import.id)
                        label=tr!(patient.import_undo)
                        kind=ButtonKind::Danger
                    />
                }
            })}
    }
    .into_any()
}

#[component]
fn Discard(id: ImportId) -> impl IntoView {
    view! {
        <PostButton
            action=routes::import_undo(id)
            label=tr!(patient.import_discard)
            kind=ButtonKind::Quiet
            icon=Glyph::Delete
        />
    }
    .into_any()
}

#[component]
fn Rejected(lines: Vec<RejectedLine>) -> impl IntoView {
    if lines.is_empty() {
        return ().into_any();
    }
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let caption = if is_one(context::language(), count) {
        tr!(patient.rejected_single, count = count).to_string()
    } else {
        tr!(patient.rejected_plural, count = count).to_string()
    };
    let more = lines.len().saturating_sub(SHOWN_REJECTS);
    view! {
        <section class="stack stack--tight">
            <Table
                caption=caption
                heads=vec![(tr!(patient.line).to_owned(), true), (tr!(patient.reason).to_owned(), false)]
            >
                {lines
                    .into_iter()
                    .take(SHOWN_REJECTS)
                    .map(|rejected| {
                        view! {
                            <tr>
                                <th scope="row" class="num">{rejected.line.to_string()}</th>
                                <td>{reason_word(rejected.reason)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
            {(more > 0).then(|| view! { <p class="soft small">{tr!(patient.rejected_more, count = more).to_string()}</p> })}
        </section>
    }
    .into_any()
}

fn reason_word(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::Time => tr!(patient.reject_time),
        RejectReason::InFuture => tr!(patient.reject_in_future),
        RejectReason::NoSuchLocalTime => tr!(patient.reject_no_such_time),
        RejectReason::Value => tr!(patient.reject_value),
        RejectReason::OutOfRange => tr!(patient.reject_out_of_range),
        RejectReason::Malformed => tr!(patient.reject_malformed),
    }
}
