//! A doctor's code: typed, then whose it is and what it opens, then agreed to.

use domain::{
    connection,
    consent::LinkKind,
    field::{FieldErrors, Problem},
    forms::Fields,
    ports::CodeOwner,
};
use leptos::prelude::*;

use super::notice::Notice;
use crate::{
    components::{
        ButtonKind, Field, Form, Page, PostButton, Section, SubmitButton,
        icon::{Glyph, Icon},
    },
    context,
    forms::names,
    routes, tr,
};

fn check(fields: &Fields) -> Option<FieldErrors> {
    match fields.get("code") {
        None => Some(FieldErrors::one("code", Problem::Required)),
        Some(code) => connection::read(code).is_none().then(|| FieldErrors::one("code", Problem::Otp)),
    }
}

/// The page.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let owner = context::page().connection;
    view! {
        <Page title=tr!(patient.connect_title) section=Section::CareTeam lead=tr!(patient.connect_lead)>
            <div class="stack stack--loose">
                {owner.map(|owner| view! { <Asking owner /> })}
                <div class="card">
                    <Form name=names::CONNECT action=routes::PATIENT_CONNECT validate=check>
                        <Field
                            name="code"
                            label=tr!(patient.connect_code)
                            hint=tr!(patient.connect_code_hint)
                            class="input--code"
                            autocomplete="off"
                            maxlength=20
                        />
                        <div class="form__actions">
                            <SubmitButton label=tr!(patient.connect_look) />
                        </div>
                    </Form>
                </div>
            </div>
        </Page>
    }
    .into_any()
}

/// Whose code it is, and what they would see.
#[component]
fn Asking(owner: CodeOwner) -> impl IntoView {
    view! {
        <section class="card asking" aria-label=owner.doctor.clone()>
            <div class="row">
                <Icon glyph=Glyph::Doctor />
                <h2 class="section-title">{tr!(patient.connect_whose, name = owner.doctor.clone()).to_string()}</h2>
            </div>
            {owner.clinic.map(|clinic| view! { <p class="soft">{clinic}</p> })}
            <Notice kind=LinkKind::Care id="notice-connect".to_owned() />
            <div class="row">
                <PostButton
                    action=routes::PATIENT_CONNECT
                    label=tr!(patient.agree)
                    spoken=format!("{}: {}", tr!(patient.agree), owner.doctor)
                    fields=vec![("do", "agree".to_owned())]
                    kind=ButtonKind::Primary
                />
                <a class="button" href=routes::PATIENT_CARE_TEAM>{tr!(patient.decline)}</a>
            </div>
        </section>
    }
    .into_any()
}
