//! A look at a patient who is not one's own, in an emergency.

use domain::{
    field::FieldErrors,
    forms::{self, Fields},
};
use leptos::prelude::*;

use crate::{
    components::{Field, Form, Page, Section, SubmitButton, TextArea},
    forms::names,
    routes, tr,
};

fn check(fields: &Fields) -> Option<FieldErrors> {
    forms::emergency(fields).err()
}

/// Asks for the whole phone number and the reason, and says what happens.
#[component]
pub fn EmergencyPage() -> impl IntoView {
    view! {
        <Page title=tr!(doctor.emergency_title) section=Section::Patients lead=tr!(doctor.emergency_lead)>
            <div class="card">
                <Form name=names::EMERGENCY action=routes::DOCTOR_EMERGENCY validate=check>
                    <Field
                        name="phone"
                        label=tr!(doctor.emergency_phone)
                        kind="tel"
                        inputmode="tel"
                        autocomplete="off"
                        maxlength=40
                    />
                    <TextArea name="reason" label=tr!(doctor.emergency_reason) maxlength=500 />
                    <div class="form__actions">
                        <SubmitButton label=tr!(doctor.emergency_open) danger=true />
                    </div>
                </Form>
            </div>
        </Page>
    }
    .into_any()
}
