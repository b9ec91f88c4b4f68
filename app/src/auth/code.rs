//! The code that was sent.

use std::time::Duration;

use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};

use super::second_factor::{DevelopmentHint, SentCode, check};
use crate::{
    components::{Form, PublicPage, SubmitButton},
    context,
    context::SignInState,
    forms::names,
    routes, tr, tr_in,
};

/// Asks for the code; without a sign-in under way it says so.
#[component]
pub fn CodePage() -> impl IntoView {
    let page = context::page();
    view! {
        <PublicPage title=format!("{} · {}", tr!(auth.code_title), tr!(common.app_name))>
            <div class="auth">
                {match page.sign_in {
                    Some(sign_in) => view! { <CodeForm sign_in /> }.into_any(),
                    None => {
                        view! {
                            <div class="auth__head">
                                <h1>{tr!(auth.code_gone_title)}</h1>
                                <p class="soft">{tr!(auth.code_gone)}</p>
                            </div>
                            <a class="button button--primary button--wide" href=routes::LOGIN>{tr!(auth.start_again)}</a>
                        }
                            .into_any()
                    }
                }}
            </div>
        </PublicPage>
    }
    .into_any()
}

#[component]
fn CodeForm(sign_in: SignInState) -> impl IntoView {
    view! {
        <div class="auth__head">
            <h1>{tr!(auth.code_title)}</h1>
            <p class="soft">
                {tr!(auth.code_lead)} " " <span class="num">{sign_in.phone_masked.clone()}</span> ". "
                <a href=routes::LOGIN>{tr!(auth.other_number)}</a>
            </p>
        </div>
        <Form name=names::CODE action=routes::LOGIN_CODE validate=check>
            <SentCode />
            <SubmitButton label=tr!(common.sign_in) wide=true large=true />
        </Form>
        <Resend seconds=sign_in.resend_in />
        <DevelopmentHint />
    }
    .into_any()
}

/// Another code; in the browser it counts down to when one can be sent.
#[component]
fn Resend(seconds: u32) -> impl IntoView {
    let language = context::language();
    let left = RwSignal::new(seconds);
    let counting = RwSignal::new(false);
    Effect::new(move |_| {
        counting.set(true);
        if let Ok(interval) = set_interval_with_handle(
            move || {
                left.try_update(|left| *left = left.saturating_sub(1));
            },
            Duration::from_secs(1),
        ) {
            on_cleanup(move || interval.clear());
        }
    });
    view! {
        <form method="post" action=routes::LOGIN_RESEND class="inline-form">
            <button
                type="submit"
                class="button button--link"
                disabled=move || counting.get() && left.get() != 0
            >
                <span>
                    {move || {
                        match left.get() {
                            0 => tr_in!(language, auth.resend).to_owned(),
                            seconds => tr_in!(language, auth.resend_in, seconds = seconds).to_string(),
                        }
                    }}
                </span>
            </button>
        </form>
    }
    .into_any()
}
