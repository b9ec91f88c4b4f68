//! Doctors and admins: who may sign in, and how one is added.

use domain::{
    field::FieldErrors,
    forms::{self, Fields},
    people::Role,
    ports::{ClinicRow, StaffRow},
};
use leptos::prelude::*;

use super::parts::{Desk, JumpToForm, Mark, Status};
use crate::{
    components::{
        ButtonKind, EmptyState, Field, Form, Page, PostButton, Section, Select, SkeletonKind, SubmitButton, Table,
        icon::Glyph, load,
    },
    context,
    forms::names,
    routes,
    server_fns::admin::{load_clinics, load_staff},
    tr, words,
};

const FORM: &str = "add-staff";

/// The page.
#[component]
pub fn StaffPage() -> impl IntoView {
    let staff = Resource::new(|| (), |()| load_staff());
    let clinics = Resource::new(|| (), |()| load_clinics());
    let list = load(staff, SkeletonKind::Rows(6), |rows| view! { <StaffTable rows /> });
    view! {
        <Page
            title=tr!(common.nav_staff)
            section=Section::Staff
            wide=true
            lead=tr!(admin.staff_lead)
            actions=view! { <JumpToForm form_id=FORM label=tr!(admin.add_staff) /> }.into_any()
        >
            <Desk list form_id=FORM form_title=tr!(admin.add_staff)>
                {load(clinics, SkeletonKind::Form(4), |clinics| view! { <AddStaff clinics /> })}
            </Desk>
        </Page>
    }
    .into_any()
}

#[component]
fn StaffTable(rows: Vec<StaffRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="card">
                <EmptyState title=tr!(admin.no_staff) body=tr!(admin.no_staff_body) glyph=Glyph::Doctor />
            </div>
        }
        .into_any();
    }
    let heads = vec![
        (tr!(admin.name).to_owned(), false),
        (tr!(admin.role).to_owned(), false),
        (tr!(admin.clinic).to_owned(), false),
        (tr!(admin.status).to_owned(), false),
        (tr!(admin.action).to_owned(), true),
    ];
    view! {
        <div class="desk-table desk-table--staff">
            <Table caption=tr!(common.nav_staff) hide_caption=true heads hover=true>
                {rows.into_iter().map(|row| view! { <StaffLine row /> }).collect_view()}
            </Table>
        </div>
    }
    .into_any()
}

#[component]
fn StaffLine(row: StaffRow) -> impl IntoView {
    let role = words::role(context::language(), row.role);
    let clinic = row.clinic.clone().unwrap_or_else(|| "–".to_owned());
    let on_phone = [Some(role.to_owned()), row.clinic.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (mark, word) = if row.active { (Mark::On, tr!(admin.active)) } else { (Mark::Off, tr!(admin.inactive)) };
    let me = context::page().me.is_some_and(|me| me.id == row.id);
    view! {
        <tr>
            <th scope="row">
                <span class="desk-table__name">{row.name.clone()}</span>
                <span class="desk-table__small desk-table__small--phone soft">{on_phone}</span>
                <span class="desk-table__small soft num">{row.phone_masked.clone()}</span>
            </th>
            <td>{role}</td>
            <td>{clinic}</td>
            <td><Status mark word /></td>
            <td class="num">
                {if me {
                    view! { <span class="soft">{tr!(admin.you)}</span> }.into_any()
                } else {
                    view! {
                        <div class="row-actions">
                            <Reset row=row.clone() />
                            <Switch row />
                        </div>
                    }
                        .into_any()
                }}
            </td>
        </tr>
    }
    .into_any()
}

/// Takes a lost second factor away.
#[component]
fn Reset(row: StaffRow) -> impl IntoView {
    view! {
        <PostButton
            action=routes::admin_second_factor_reset(row.id)
            label=tr!(admin.reset_factor)
            spoken=tr!(admin.reset_factor_spoken, name = row.name).to_string()
            kind=ButtonKind::Quiet
            small=true
        />
    }
    .into_any()
}

/// Lets someone sign in, or no longer; the other button takes it back.
#[component]
fn Switch(row: StaffRow) -> impl IntoView {
    let (label, spoken, active, kind) = if row.active {
        let spoken = tr!(admin.deactivate_spoken, name = row.name).to_string();
        (tr!(admin.deactivate), spoken, "no", ButtonKind::Danger)
    } else {
        (tr!(admin.activate), tr!(admin.activate_spoken, name = row.name).to_string(), "yes", ButtonKind::Plain)
    };
    view! {
        <PostButton
            action=routes::admin_staff_active(row.id)
            label
            spoken
            kind
            small=true
            fields=vec![("active", active.to_owned())]
        />
    }
    .into_any()
}

fn judge(fields: &Fields) -> Option<FieldErrors> {
    forms::staff(fields).err()
}

#[component]
fn AddStaff(clinics: Vec<ClinicRow>) -> impl IntoView {
    let language = context::language();
    let roles =
        [Role::Doctor, Role::Admin].map(|role| (role.as_str().to_owned(), words::role(language, role).to_owned()));
    let none = (String::new(), tr!(admin.no_clinic).to_owned());
    let clinics = clinics.into_iter().map(|c| (c.id.to_string(), format!("{}, {}", c.name, c.city)));
    let clinics: Vec<_> = std::iter::once(none).chain(clinics).collect();
    view! {
        <Form name=names::STAFF action=routes::ADMIN_STAFF validate=judge>
            <Field name="name" label=tr!(admin.name) autocomplete="off" maxlength=80u16 />
            <Field
                name="phone"
                label=tr!(admin.phone)
                hint=tr!(admin.staff_phone_hint)
                kind="tel"
                inputmode="tel"
                autocomplete="off"
            />
            <Select name="role" label=tr!(admin.role) options=roles.to_vec() value=Role::Doctor.as_str() />
            <Select name="clinic" label=tr!(admin.clinic) options=clinics />
            <SubmitButton label=tr!(admin.add_staff) />
        </Form>
    }
    .into_any()
}
