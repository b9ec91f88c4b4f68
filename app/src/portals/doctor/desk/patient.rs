//! A doctor's own order in one patient: tags, and passing them to a colleague.

use domain::{
    desk::{self, Colleague, Handover, NAME_LENGTH, NOTE_LENGTH, PatientDesk, Tag},
    field::FieldErrors,
    forms::Fields,
    ids::PatientId,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        ButtonKind, EmptyState, Field, Form, Page, PostButton, Section, Select, SkeletonKind, SubmitButton, TextArea,
        icon::Glyph, load,
    },
    context, format,
    forms::names,
    portals::NotFound,
    routes,
    server_fns::doctor::{load_patient_desk, load_patient_head},
    tr,
};

/// The page.
#[component]
pub fn DeskPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id").and_then(|id| id.parse::<PatientId>().ok())));
    move || match id.get() {
        Some(id) => view! { <OfPatient id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn OfPatient(id: PatientId) -> impl IntoView {
    let loaded =
        Resource::new(|| (), move |()| async move { Ok((load_patient_head(id).await?, load_patient_desk(id).await?)) });
    view! {
        <Page title=tr!(doctor.desk_title) section=Section::Patients>
            {load(loaded, SkeletonKind::Rows(4), move |(head, desk)| view! { <Loaded id name=head.name desk /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Loaded(id: PatientId, name: String, desk: PatientDesk) -> impl IntoView {
    let PatientDesk { tags, other_tags, handover, colleagues } = desk;
    view! {
        <p class="back">
            <a class="link" href=routes::doctor_patient(id)>{name}</a>
        </p>
        <section class="card" aria-labelledby="tags-title">
            <div class="card__head">
                <h2 id="tags-title">{tr!(doctor.tags)}</h2>
                <p class="soft">{tr!(doctor.tags_note)}</p>
            </div>
            <Tags id tags other_tags />
        </section>
        <section class="card" aria-labelledby="handover-title">
            <div class="card__head">
                <h2 id="handover-title">{tr!(doctor.handover_title)}</h2>
                <p class="soft">{tr!(doctor.handover_note)}</p>
            </div>
            {handover.map(|handover| view! { <Passed id handover /> })}
            <PassOn id colleagues />
        </section>
    }
    .into_any()
}

fn judge_tag(fields: &Fields) -> Option<FieldErrors> {
    let mut errors = FieldErrors::default();
    errors.take("tag", fields.required("tag").and_then(desk::parse_label));
    (!errors.is_empty()).then_some(errors)
}

#[component]
fn Tags(id: PatientId, tags: Vec<Tag>, other_tags: Vec<Tag>) -> impl IntoView {
    let button = move |tag: Tag, field: &'static str, kind: ButtonKind, icon: Glyph, spoken: String| {
        let fields = vec![(field, tag.id.to_string())];
        view! {
            <li>
                <PostButton action=routes::doctor_desk(id) label=tag.name fields kind icon spoken small=true />
            </li>
        }
    };
    let on = tags.into_iter().map(|tag| {
        let spoken = tr!(doctor.tag_take_spoken, name = tag.name.clone()).to_string();
        button(tag, "off", ButtonKind::Plain, Glyph::Close, spoken)
    });
    let on = on.collect::<Vec<_>>();
    let others = other_tags.into_iter().map(|tag| {
        let spoken = tr!(doctor.tag_put_spoken, name = tag.name.clone()).to_string();
        button(tag, "on", ButtonKind::Quiet, Glyph::Plus, spoken)
    });
    let others = others.collect::<Vec<_>>();
    view! {
        {if on.is_empty() {
            view! { <p class="soft">{tr!(doctor.tags_none)}</p> }.into_any()
        } else {
            view! { <ul class="tags" aria-label=tr!(doctor.tags)>{on}</ul> }.into_any()
        }}
        {(!others.is_empty())
            .then(|| view! { <ul class="tags" aria-label=tr!(doctor.tags_others)>{others}</ul> })}
        <Form name=names::TAG action=routes::doctor_desk(id) validate=judge_tag class="form--line">
            <Field name="tag" label=tr!(doctor.tag_new) maxlength=NAME_LENGTH autocomplete="off" />
            <SubmitButton label=tr!(doctor.tag_add) />
        </Form>
    }
    .into_any()
}

/// To whom they are passed now, and the way back.
#[component]
fn Passed(id: PatientId, handover: Handover) -> impl IntoView {
    let when = format::date_time(context::language(), handover.at, context::page().now);
    let (label, words) = if handover.to_me {
        (tr!(doctor.handover_decline), tr!(doctor.handover_to_me, name = handover.from, when = when).to_string())
    } else {
        let words = tr!(doctor.handover_to, from = handover.from, to = handover.to, when = when).to_string();
        (tr!(doctor.handover_take_back), words)
    };
    view! {
        <div class="passed">
            <div>
                <p>{words}</p>
                {handover.note.map(|note| view! { <p class="passed__note">{note}</p> })}
            </div>
            <PostButton action=routes::doctor_desk(id) label fields=vec![("back", "yes".to_owned())] />
        </div>
    }
    .into_any()
}

fn judge_passing(fields: &Fields) -> Option<FieldErrors> {
    desk::hand_over_form(fields).err()
}

#[component]
fn PassOn(id: PatientId, colleagues: Vec<Colleague>) -> impl IntoView {
    if colleagues.is_empty() {
        return view! { <EmptyState title=tr!(doctor.handover_nobody) body=tr!(doctor.handover_nobody_body) /> }
            .into_any();
    }
    let choose = (String::new(), tr!(doctor.handover_choose).to_owned());
    let options = colleagues.into_iter().map(|colleague| {
        let words = if colleague.treats {
            colleague.name
        } else {
            tr!(doctor.handover_asks, name = colleague.name).to_string()
        };
        (colleague.id.to_string(), words)
    });
    let options = std::iter::once(choose).chain(options).collect::<Vec<_>>();
    view! {
        <Form name=names::HANDOVER action=routes::doctor_desk(id) validate=judge_passing>
            <Select name="to" label=tr!(doctor.handover_whom) options />
            <TextArea
                name="note"
                label=tr!(doctor.handover_tell)
                hint=tr!(doctor.handover_tell_hint)
                maxlength=NOTE_LENGTH
                optional=true
            />
            <SubmitButton label=tr!(doctor.handover_pass) />
        </Form>
    }
    .into_any()
}
