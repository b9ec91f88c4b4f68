//! Another phone number for one's account: the number, then the code that was sent there.

use domain::forms::phone;
use leptos::prelude::*;

use super::second_factor::{DevelopmentHint, SentCode, check};
use crate::{
    components::{ButtonKind, Field, Form, Page, PostButton, Section, SubmitButton},
    context::{self, SignInState},
    forms::names,
    routes, tr,
};

/// Asks for the number.
#[component]
pub fn NewPhonePage() -> impl IntoView {
    let now = context::page().me.map(|me| me.phone_masked).unwrap_or_default();
    view! {
        <Page title=tr!(auth.new_phone_title) section=Section::Settings lead=tr!(auth.new_phone_lead)>
            <div class="stack stack--loose">
                <p>{tr!(auth.signed_in_with)} " " <span class="num">{now}</span></p>
                <div class="card">
                    <Form
                        name=names::NEW_PHONE
                        action=routes::SECURITY_PHONE
                        validate=|fields: &_| phone(fields).err()
                    >
                        <Field
                            name="phone"
                            label=tr!(auth.new_phone)
                            kind="tel"
                            inputmode="tel"
                            autocomplete="tel"
                            maxlength=40
                        />
                        <div class="form__actions">
                            <SubmitButton label=tr!(auth.new_phone_send) />
                        </div>
                    </Form>
                </div>
                <p class="soft">{tr!(auth.new_phone_means)}</p>
            </div>
        </Page>
    }
    .into_any()
}

/// Asks for the code; where none is under way it says so.
#[component]
pub fn NewPhoneCodePage() -> impl IntoView {
    let under_way = context::page().new_phone;
    view! {
        <Page title=tr!(auth.code_title) section=Section::Settings>
            {match under_way {
                Some(under_way) => view! { <CodeForm under_way /> }.into_any(),
                None => {
                    view! {
                        <p class="soft">{tr!(auth.new_phone_gone)}</p>
                        <a class="button button--primary" href=routes::SECURITY_PHONE>{tr!(auth.new_phone_title)}</a>
                    }
                        .into_any()
                }
            }}
        </Page>
    }
    .into_any()
}

#[component]
fn CodeForm(under_way: SignInState) -> impl IntoView {
    view! {
        <div class="stack stack--loose">
            <p>
                {tr!(auth.code_lead)} " " <span class="num">{under_way.phone_masked}</span> ". "
                <a href=routes::SECURITY_PHONE>{tr!(auth.other_number)}</a>
            </p>
            <div class="card">
                <Form name=names::NEW_PHONE_CODE action=routes::SECURITY_PHONE_CODE validate=check>
                    <SentCode />
                    <div class="form__actions">
                        <SubmitButton label=tr!(auth.new_phone_confirm) />
                    </div>
                </Form>
            </div>
            <PostButton
                action=routes::SECURITY_PHONE
                label=tr!(auth.resend)
                fields=vec![("again", "yes".to_owned())]
                kind=ButtonKind::Link
            />
            <DevelopmentHint />
        </div>
    }
    .into_any()
}
