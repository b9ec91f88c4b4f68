//! The clinics that doctors belong to.

use domain::{
    field::FieldErrors,
    forms::{self, Fields},
    ports::ClinicRow,
};
use leptos::prelude::*;

use super::parts::{Desk, JumpToForm};
use crate::{
    components::{EmptyState, Field, Form, Page, Section, SkeletonKind, SubmitButton, Table, icon::Glyph, load},
    forms::names,
    routes,
    server_fns::admin::load_clinics,
    tr,
};

const FORM: &str = "add-clinic";

/// The page.
#[component]
pub fn ClinicsPage() -> impl IntoView {
    let clinics = Resource::new(|| (), |()| load_clinics());
    let list = load(clinics, SkeletonKind::Rows(4), |rows| view! { <ClinicTable rows /> });
    view! {
        <Page
            title=tr!(common.nav_clinics)
            section=Section::Clinics
            wide=true
            lead=tr!(admin.clinics_lead)
            actions=view! { <JumpToForm form_id=FORM label=tr!(admin.add_clinic) /> }.into_any()
        >
            <Desk list form_id=FORM form_title=tr!(admin.add_clinic)>
                <Form name=names::CLINIC action=routes::ADMIN_CLINICS validate=judge>
                    <Field name="name" label=tr!(admin.clinic_name) autocomplete="off" maxlength=80u16 />
                    <Field name="city" label=tr!(admin.city) autocomplete="off" maxlength=80u16 />
                    <SubmitButton label=tr!(admin.add_clinic) />
                </Form>
            </Desk>
        </Page>
    }
    .into_any()
}

fn judge(fields: &Fields) -> Option<FieldErrors> {
    forms::clinic(fields).err()
}

#[component]
fn ClinicTable(rows: Vec<ClinicRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="card">
                <EmptyState title=tr!(admin.no_clinics) body=tr!(admin.no_clinics_body) glyph=Glyph::Clinic />
            </div>
        }
        .into_any();
    }
    let heads = vec![
        (tr!(admin.clinic_name).to_owned(), false),
        (tr!(admin.city).to_owned(), false),
        (tr!(admin.doctors).to_owned(), true),
    ];
    view! {
        <div class="desk-table desk-table--clinics">
            <Table caption=tr!(common.nav_clinics) hide_caption=true heads hover=true>
                {rows
                    .into_iter()
                    .map(|row| {
                        view! {
                            <tr>
                                <th scope="row">{row.name}</th>
                                <td>{row.city}</td>
                                <td class="num">{row.doctors}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
        </div>
    }
    .into_any()
}
