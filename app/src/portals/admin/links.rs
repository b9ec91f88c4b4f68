//! Who treats whom: links between patients and doctors, proposed here, agreed to by the patient.

use chrono::Datelike;
use domain::{
    consent::LinkStatus,
    field::FieldErrors,
    forms::{self, Fields},
    people::Role,
    ports::{LinkRow, StaffRow},
};
use leptos::prelude::*;

use super::parts::{Desk, JumpToForm, Mark, Status};
use crate::{
    components::{
        ButtonKind, EmptyState, Field, Form, Page, PostButton, Section, Select, SkeletonKind, SubmitButton, Table,
        icon::Glyph, load,
    },
    context, format,
    forms::names,
    routes,
    server_fns::admin::{load_links, load_staff},
    tr,
};

const FORM: &str = "add-link";

/// The page.
#[component]
pub fn LinksPage() -> impl IntoView {
    let links = Resource::new(|| (), |()| load_links());
    let staff = Resource::new(|| (), |()| load_staff());
    let list = load(links, SkeletonKind::Rows(6), |rows| view! { <LinkTable rows /> });
    view! {
        <Page
            title=tr!(common.nav_links)
            section=Section::Links
            wide=true
            lead=tr!(admin.links_lead)
            actions=view! { <JumpToForm form_id=FORM label=tr!(admin.propose_link) /> }.into_any()
        >
            <Desk list form_id=FORM form_title=tr!(admin.propose_link)>
                {load(staff, SkeletonKind::Form(2), |staff| view! { <ProposeLink staff /> })}
            </Desk>
        </Page>
    }
    .into_any()
}

#[component]
fn LinkTable(rows: Vec<LinkRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="card">
                <EmptyState title=tr!(admin.no_links) body=tr!(admin.no_links_body) glyph=Glyph::Link />
            </div>
        }
        .into_any();
    }
    let heads = vec![
        (tr!(admin.patient).to_owned(), false),
        (tr!(admin.doctor).to_owned(), false),
        (tr!(admin.status).to_owned(), false),
        (tr!(admin.since).to_owned(), false),
        (tr!(admin.action).to_owned(), true),
    ];
    view! {
        <div class="desk-table desk-table--links">
            <Table caption=tr!(common.nav_links) hide_caption=true heads hover=true>
                {rows.into_iter().map(|row| view! { <LinkLine row /> }).collect_view()}
            </Table>
        </div>
    }
    .into_any()
}

#[component]
fn LinkLine(row: LinkRow) -> impl IntoView {
    let (mark, word) = match row.status {
        LinkStatus::Pending => (Mark::Waiting, tr!(admin.link_pending)),
        LinkStatus::Active => (Mark::On, tr!(admin.link_active)),
        LinkStatus::Ended => (Mark::Off, tr!(admin.link_ended)),
    };
    let since = row.since.map_or_else(
        || "–".to_owned(),
        |at| format::date(context::language(), at.local().date(), context::page().now.local().year()),
    );
    let patient = row.patient_masked.clone();
    let doctor = row.doctor.clone();
    view! {
        <tr>
            <th scope="row">
                <span class="num">{patient}</span>
                <span class="desk-table__small desk-table__small--phone soft">{doctor.clone()}</span>
            </th>
            <td>{doctor}</td>
            <td><Status mark word /></td>
            <td><span class="num">{since}</span></td>
            <td class="num">{(row.status != LinkStatus::Ended).then(|| view! { <EndLink row /> })}</td>
        </tr>
    }
    .into_any()
}

/// Two steps, one link at a time: the patient would have to agree anew.
#[component]
fn EndLink(row: LinkRow) -> impl IntoView {
    let spoken = tr!(admin.end_spoken, doctor = row.doctor.clone(), patient = row.patient_masked.clone()).to_string();
    view! {
        <details class="sure" name="end-link">
            <summary class="button button--small" aria-label=spoken>{tr!(admin.end)}</summary>
            <div class="sure__body">
                <p>{tr!(admin.end_means, doctor = row.doctor, patient = row.patient_masked.replace(' ', "\u{a0}")).to_string()}</p>
                <PostButton
                    action=routes::admin_link_end(row.id)
                    label=tr!(admin.end_sure)
                    kind=ButtonKind::Danger
                    small=true
                />
            </div>
        </details>
    }
    .into_any()
}

fn judge(fields: &Fields) -> Option<FieldErrors> {
    forms::link(fields).err()
}

#[component]
fn ProposeLink(staff: Vec<StaffRow>) -> impl IntoView {
    let doctors = staff.into_iter().filter(|row| row.role == Role::Doctor && row.active);
    let doctors: Vec<_> = doctors
        .map(|row| {
            let words = row.clinic.map_or_else(|| row.name.clone(), |clinic| format!("{}, {clinic}", row.name));
            (row.id.to_string(), words)
        })
        .collect();
    if doctors.is_empty() {
        let first_step = (routes::ADMIN.to_owned(), tr!(admin.add_staff).to_owned());
        return view! { <EmptyState title=tr!(admin.no_doctors) body=tr!(admin.no_doctors_body) action=first_step /> }
            .into_any();
    }
    let choose = (String::new(), tr!(admin.choose_doctor).to_owned());
    let options: Vec<_> = std::iter::once(choose).chain(doctors).collect();
    view! {
        <Form name=names::LINK action=routes::ADMIN_LINKS validate=judge>
            <Field
                name="phone"
                label=tr!(admin.patient_phone)
                hint=tr!(admin.patient_phone_hint)
                kind="tel"
                inputmode="tel"
                autocomplete="off"
            />
            <Select name="doctor" label=tr!(admin.doctor) options />
            <SubmitButton label=tr!(admin.ask_patient) />
        </Form>
    }
    .into_any()
}
