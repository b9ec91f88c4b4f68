//! A fresh proof of identity, before what needs it.

use domain::ports::CeremonyPurpose;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    passkey::PasskeyInstead,
    second_factor::{DevelopmentHint, check},
};
use crate::{
    components::{ButtonKind, Field, Form, Hidden, PostButton, PublicPage, SubmitButton},
    context::{self, IdentityView},
    forms::names,
    routes, tr,
};

/// Asks for a code of the app, or sends one to the phone of somebody who has none.
#[component]
pub fn StepUpPage() -> impl IntoView {
    let page = context::page();
    let typed = page.form.filter(|form| form.form == names::STEP_UP);
    let next = typed
        .and_then(|form| form.fields.get("next").map(str::to_owned))
        .or_else(|| use_query_map().with_untracked(|query| query.get("next")))
        .unwrap_or_default();
    let (by_phone, has_passkey) = match page.identity {
        Some(IdentityView::ByPhone { phone_masked, sent, passkey }) => (Some((phone_masked, sent)), passkey),
        Some(IdentityView::ByApp { passkey }) => (None, passkey),
        _ => (None, false),
    };
    let back = next.clone();
    let asks = by_phone.as_ref().is_none_or(|(_, sent)| *sent);
    let lead = if by_phone.is_some() { tr!(auth.code) } else { tr!(auth.second_factor_code) };
    view! {
        <PublicPage title=format!("{} · {}", tr!(auth.step_up_title), tr!(common.app_name))>
            <div class="auth">
                <div class="auth__head">
                    <h1>{tr!(auth.step_up_title)}</h1>
                    <p class="soft">{tr!(auth.step_up_lead)}</p>
                </div>
                {by_phone
                    .map(|(phone, sent)| {
                        let label = if sent { tr!(auth.resend) } else { tr!(auth.send_code) };
                        view! {
                            <p>{tr!(auth.step_up_phone)} " " <span class="num">{phone}</span></p>
                            <PostButton
                                action=routes::STEP_UP_SEND
                                label=label
                                kind=if sent { ButtonKind::Quiet } else { ButtonKind::Primary }
                                fields=vec![("next", next.clone())]
                            />
                        }
                    })}
                {asks
                    .then(|| {
                        view! {
                            <Form name=names::STEP_UP action=routes::STEP_UP validate=check>
                                <Hidden name="next" value=next.clone() />
                                <Field
                                    name="code"
                                    label=lead
                                    autocomplete="one-time-code"
                                    maxlength=40
                                    autofocus=true
                                />
                                <SubmitButton label=tr!(auth.step_up_confirm) wide=true large=true />
                            </Form>
                        }
                    })}
                {has_passkey
                    .then(|| {
                        view! {
                            <PasskeyInstead
                                purpose=CeremonyPurpose::Prove
                                action=routes::STEP_UP
                                next=Some(back)
                            />
                        }
                    })}
                <DevelopmentHint />
            </div>
        </PublicPage>
    }
    .into_any()
}
