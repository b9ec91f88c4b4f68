//! The second factor of a sign-in.

use domain::{
    field::{FieldErrors, Problem},
    forms::Fields,
    ports::CeremonyPurpose,
};
use leptos::prelude::*;

use super::passkey::PasskeyInstead;
use crate::{
    components::{Field, Form, PublicPage, SubmitButton, layout::SignOut},
    context::{self, IdentityView},
    forms::names,
    routes, tr,
};

/// What is wrong with a code before it is sent.
pub(super) fn check(fields: &Fields) -> Option<FieldErrors> {
    fields.get("code").is_none().then(|| FieldErrors::one("code", Problem::Required))
}

/// Asks for a code of the app, or a recovery code.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let has_passkey = matches!(context::page().identity, Some(IdentityView::ByApp { passkey: true }));
    view! {
        <PublicPage title=format!("{} · {}", tr!(auth.second_factor_title), tr!(common.app_name))>
            <div class="auth">
                <div class="auth__head">
                    <h1>{tr!(auth.second_factor_title)}</h1>
                    <p class="soft">{tr!(auth.second_factor_lead)}</p>
                </div>
                <Form name=names::SECOND_FACTOR action=routes::SECOND_FACTOR validate=check>
                    <Field
                        name="code"
                        label=tr!(auth.second_factor_code)
                        autocomplete="one-time-code"
                        maxlength=40
                        autofocus=true
                    />
                    <SubmitButton label=tr!(common.sign_in) wide=true large=true />
                </Form>
                {has_passkey
                    .then(|| {
                        view! {
                            <PasskeyInstead
                                purpose=CeremonyPurpose::Prove
                                action=routes::SECOND_FACTOR
                                next=None
                            />
                        }
                    })}
                <p class="small soft">{tr!(auth.second_factor_lost)}</p>
                <SignOut />
                <DevelopmentHint />
            </div>
        </PublicPage>
    }
    .into_any()
}

/// The field of a code that was sent.
#[component]
pub(super) fn SentCode() -> impl IntoView {
    view! {
        <Field
            name="code"
            label=tr!(auth.code)
            class="input--code"
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength=6
            autofocus=true
        />
    }
    .into_any()
}

/// In development: where the codes of the demonstration's people are.
#[component]
pub(super) fn DevelopmentHint() -> impl IntoView {
    context::page()
        .development
        .then(|| {
            view! {
                <p class="small">
                    <a href=routes::DEV_OUTBOX rel="external" target="_blank">{tr!(auth.outbox)}</a>
                </p>
            }
        })
        .into_any()
}
