//! A file of a sensor or meter: choose it, see how to get it, and what was added before.

use chrono::Datelike;
use domain::ports::{FileFormat, ImportPreview, ImportStatus};
use leptos::prelude::*;

use crate::{
    components::{
        ButtonKind, Field, Form, Page, PostButton, Section, SkeletonKind, SubmitButton,
        icon::{Glyph, Icon},
        load,
    },
    context, format,
    forms::names,
    i18n::is_one,
    routes,
    server_fns::patient::load_imports,
    tr,
};

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let imports = Resource::new_blocking(|| (), |()| load_imports());
    view! {
        <Page title=tr!(common.nav_import) section=Section::Import lead=tr!(patient.import_lead)>
            <div class="stack stack--loose">
                <div class="card">
                    <Form name=names::IMPORT action=routes::PATIENT_IMPORT multipart=true>
                        <Field
                            name="file"
                            label=tr!(patient.import_file)
                            hint=tr!(patient.import_file_hint)
                            kind="file"
                            accept=".csv,.txt,.json,.zip,text/csv,text/plain,application/json,application/zip"
                        />
                        <div class="form__actions">
                            <SubmitButton label=tr!(patient.import_look) />
                        </div>
                    </Form>
                </div>
                <HowTo />
                {load(imports, SkeletonKind::Rows(3), |imports| view! { <PastImports imports /> })}
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn HowTo() -> impl IntoView {
    let steps = |title: &'static str, steps: [&'static str; 3]| {
        view! {
            <details class="how">
                <summary>{title}</summary>
                <ol>{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
            </details>
        }
        .into_any()
    };
    view! {
        <section class="stack stack--tight" aria-labelledby="how-title">
            <h2 id="how-title" class="section-title">{tr!(patient.how_title)}</h2>
            {steps(
                tr!(patient.how_libre),
                [tr!(patient.how_libre_1), tr!(patient.how_libre_2), tr!(patient.how_libre_3)],
            )}
            {steps(
                tr!(patient.how_clarity),
                [tr!(patient.how_clarity_1), tr!(patient.how_clarity_2), tr!(patient.how_clarity_3)],
            )}
            {steps(
                tr!(patient.how_plain),
                [tr!(patient.how_plain_1), tr!(patient.how_plain_2), tr!(patient.how_plain_3)],
            )}
        </section>
    }
    .into_any()
}

#[component]
fn PastImports(imports: Vec<ImportPreview>) -> impl IntoView {
    if imports.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack stack--tight" aria-labelledby="past-title">
            <h2 id="past-title" class="section-title">{tr!(patient.past_imports)}</h2>
            <ul class="list card card--flush">
                {imports.into_iter().map(|import| view! { <li><PastImport import /></li> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn PastImport(import: ImportPreview) -> impl IntoView {
    let status = match import.status {
        ImportStatus::Preview => tr!(patient.import_waiting),
        ImportStatus::Confirmed => tr!(patient.import_added),
        ImportStatus::Undone => tr!(patient.import_undone),
    };
    let period = period_words(&import);
    view! {
        <div class="list__row">
            <Icon glyph=Glyph::Upload class="list__icon" />
            <div class="list__words">
                <div>
                    {format_word(import.format)} {period.clone().map(|p| format!(" · {p}"))}
                </div>
                <div class="soft small">{status} " · " {count_words(import.accepted)}</div>
            </div>
            {match import.status {
                ImportStatus::Preview => {
                    view! {
                        <a class="button button--small" href=routes::import(import.id)>{tr!(patient.import_go_on)}</a>
                    }
                        .into_any()
                }
                ImportStatus::Confirmed => {
                    view! {
                        <PostButton
                            action=routes::import_undo(import.id)
                            label=tr!(common.undo)
                            spoken=format!(
                                "{}: {}{}",
                                tr!(common.undo),
                                format_word(import.format),
                                period.map(|p| format!(", {p}")).unwrap_or_default(),
                            )
                            kind=ButtonKind::Plain
                            small=true
                        />
                    }
                        .into_any()
                }
                ImportStatus::Undone => ().into_any(),
            }}
        </div>
    }
    .into_any()
}

/// What a file is.
pub(super) fn format_word(format: FileFormat) -> &'static str {
    match format {
        FileFormat::LibreView => "LibreView",
        FileFormat::Clarity => "Dexcom Clarity",
        FileFormat::Plain => tr!(patient.format_plain),
        FileFormat::Own => "ProCare",
        FileFormat::Nightscout => "Nightscout",
        FileFormat::XDrip => "xDrip+",
        FileFormat::Glooko => "Glooko",
        FileFormat::CareLink => "CareLink",
        FileFormat::AccuChek => "Accu-Chek",
    }
}

/// `11 Nov – 24 Nov`.
pub(super) fn period_words(import: &ImportPreview) -> Option<String> {
    let (language, year) = (context::language(), context::page().now.local().year());
    let (from, to) = import.from.zip(import.to)?;
    let (from, to) = (from.local().date(), to.local().date());
    let first = format::date(language, from, year);
    Some(if from == to { first } else { format!("{first} – {}", format::date(language, to, year)) })
}

/// `288 readings`.
pub(super) fn count_words(count: u32) -> String {
    if is_one(context::language(), count) {
        tr!(patient.count_readings_single, count = count).to_string()
    } else {
        tr!(patient.count_readings_plural, count = count).to_string()
    }
}
