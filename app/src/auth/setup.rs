//! One's own second factor: the authenticator app and the recovery codes.

use domain::ports::SecondFactorState;
use leptos::prelude::*;

use super::second_factor::check;
use crate::{
    components::{ButtonKind, Field, Form, LoadError, PostButton, PublicPage, SubmitButton},
    context::{self, IdentityView},
    error::AppError,
    forms::names,
    routes, tr,
};

/// Set up, new codes, take away; and the recovery codes right after they were made.
#[component]
pub fn SetupPage() -> impl IntoView {
    let page = context::page();
    let made = page.form.filter(|form| form.form == names::RECOVERY_CODES);
    let body = match (made, page.identity) {
        (Some(made), _) => {
            let codes = made.fields.get("codes").unwrap_or_default().lines().map(str::to_owned).collect();
            let next = made.fields.get("next").unwrap_or(routes::HOME).to_owned();
            view! { <RecoveryCodes codes next /> }.into_any()
        }
        (None, Some(IdentityView::State(SecondFactorState::Setup { secret, qr }))) => {
            view! { <Setup secret qr /> }.into_any()
        }
        (None, Some(IdentityView::State(SecondFactorState::On { codes_left, removable }))) => {
            view! { <On codes_left removable /> }.into_any()
        }
        // Reached by a navigation inside the browser: only a page that is loaded has it.
        _ => view! { <LoadError error=AppError::Transport /> }.into_any(),
    };
    view! {
        <PublicPage title=format!("{} · {}", tr!(auth.second_factor_title), tr!(common.app_name))>
            <div class="auth">{body}</div>
        </PublicPage>
    }
    .into_any()
}

#[component]
fn Setup(secret: String, qr: String) -> impl IntoView {
    view! {
        <div class="auth__head">
            <h1>{tr!(auth.setup_title)}</h1>
            <p class="soft">{tr!(auth.setup_lead)}</p>
        </div>
        <div class="qr-frame" inner_html=qr></div>
        <p>
            {tr!(auth.setup_key)} <br /> <code class="num setup-key">{secret}</code>
        </p>
        <Form name=names::SECOND_FACTOR_SETUP action=routes::SECOND_FACTOR_SETUP validate=check>
            <Field
                name="code"
                label=tr!(auth.setup_code)
                class="input--code"
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength=7
            />
            <SubmitButton label=tr!(auth.setup_confirm) wide=true large=true named=("do", "confirm") />
        </Form>
    }
    .into_any()
}

#[component]
fn On(codes_left: u32, removable: bool) -> impl IntoView {
    view! {
        <div class="auth__head">
            <h1>{tr!(auth.second_factor_title)}</h1>
            <p class="soft">{tr!(auth.setup_on)}</p>
        </div>
        <p>{tr!(auth.setup_codes_left)} " " <span class="num">{codes_left}</span></p>
        <PostButton
            action=routes::SECOND_FACTOR_SETUP
            label=tr!(auth.setup_renew)
            fields=vec![("do", "codes".to_owned())]
        />
        <p class="small soft">{tr!(auth.setup_renew_hint)}</p>
        {removable
            .then(|| {
                view! {
                    <PostButton
                        action=routes::SECOND_FACTOR_SETUP
                        label=tr!(auth.setup_remove)
                        kind=ButtonKind::Quiet
                        fields=vec![("do", "remove".to_owned())]
                    />
                }
            })}
        <p>
            <a href=routes::SETTINGS>{tr!(common.nav_settings)}</a>
        </p>
    }
    .into_any()
}

#[component]
fn RecoveryCodes(codes: Vec<String>, next: String) -> impl IntoView {
    view! {
        <div class="auth__head">
            <h1>{tr!(auth.recovery_title)}</h1>
            <p class="soft">{tr!(auth.recovery_lead)}</p>
        </div>
        <ol class="recovery-codes">
            {codes
                .into_iter()
                .map(|code| view! { <li><code class="num">{code}</code></li> })
                .collect_view()}
        </ol>
        <a class="button button--primary button--wide" rel="external" href=next>{tr!(auth.recovery_done)}</a>
    }
    .into_any()
}
