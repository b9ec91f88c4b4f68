//! The phone number: a code goes there.

use domain::{forms::phone, ports::CeremonyPurpose};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::passkey::PasskeyInstead;
use crate::{
    components::{Field, Form, Hidden, PublicPage, SubmitButton},
    context,
    forms::names,
    routes, tr,
};

/// Asks for the phone number.
#[component]
pub fn LoginPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next"));
    let wanted = next.clone();
    let development = context::page().development;
    view! {
        <PublicPage title=format!("{} · {}", tr!(common.sign_in), tr!(common.app_name))>
            <div class="auth">
                <div class="auth__head">
                    <h1>{tr!(common.sign_in)}</h1>
                    <p class="soft">{tr!(auth.phone_lead)}</p>
                </div>
                <Form name=names::PHONE action=routes::LOGIN validate=|fields: &_| phone(fields).err()>
                    {next.map(|next| view! { <Hidden name="next" value=next /> })}
                    <Field
                        name="phone"
                        label=tr!(auth.phone)
                        kind="tel"
                        inputmode="tel"
                        autocomplete="tel"
                        placeholder="98765 43210"
                        maxlength=40
                        autofocus=true
                    />
                    <SubmitButton label=tr!(auth.send_code) wide=true large=true />
                </Form>
                <PasskeyInstead purpose=CeremonyPurpose::SignIn action=routes::LOGIN_PASSKEY next=wanted />
                <p class="small soft">{tr!(auth.first_time)}</p>
                {development
                    .then(|| {
                        view! {
                            <p class="small">
                                <a href=routes::DEV_OUTBOX rel="external">{tr!(auth.outbox)}</a>
                            </p>
                        }
                    })}
            </div>
        </PublicPage>
    }
    .into_any()
}
