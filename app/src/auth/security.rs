//! Signed-in devices, passkeys and the authenticator app.

use domain::{
    clock::Moment,
    ports::{CeremonyPurpose, Device, ShownPasskey},
};
use leptos::prelude::*;

use super::passkey::PasskeyButton;
use crate::{
    components::{ButtonKind, Page, PostButton, Section, SkeletonKind, load, relative::ago},
    context, format, routes,
    server_fns::account::{Security, load_security},
    tr,
};

/// The page.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let security = Resource::new_blocking(|| (), |()| load_security());
    view! {
        <Page title=tr!(auth.security_title) section=Section::Settings lead=tr!(auth.security_lead)>
            {load(security, SkeletonKind::Rows(4), |security| view! { <Loaded security /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Loaded(security: Security) -> impl IntoView {
    let passkeys = context::page().passkey_host.is_some().then(|| view! { <Passkeys all=security.passkeys /> });
    let phone = context::page().me.map(|me| me.phone_masked).unwrap_or_default();
    view! {
        <div class="stack stack--loose">
            <section class="stack stack--tight" aria-labelledby="devices-title">
                <h2 id="devices-title" class="section-title">{tr!(auth.devices_title)}</h2>
                <ul class="list card card--flush">{security.devices.into_iter().map(device).collect_view()}</ul>
            </section>
            <section class="stack stack--tight" aria-labelledby="phone-title">
                <h2 id="phone-title" class="section-title">{tr!(auth.phone)}</h2>
                <p>
                    {tr!(auth.signed_in_with)} " " <span class="num">{phone}</span>
                </p>
                <p>
                    <a href=routes::SECURITY_PHONE rel="external">{tr!(auth.new_phone_title)}</a>
                </p>
            </section>
            {passkeys}
            <section class="stack stack--tight" aria-labelledby="app-title">
                <h2 id="app-title" class="section-title">{tr!(auth.second_factor_section)}</h2>
                <p>
                    <a href=routes::SECOND_FACTOR_SETUP rel="external">{tr!(auth.second_factor_manage)}</a>
                </p>
            </section>
        </div>
    }
    .into_any()
}

fn day_time(at: Moment) -> String {
    format::date_time(context::language(), at, context::page().now)
}

fn device((since, used, device): (Moment, Moment, Device)) -> AnyView {
    let name = device.name.unwrap_or_else(|| tr!(auth.devices_unknown).to_owned());
    let since = day_time(since);
    let spoken = tr!(auth.devices_end_spoken, device = name.clone(), since = since.clone()).to_string();
    let about = if device.current {
        tr!(auth.devices_this).to_owned()
    } else {
        tr!(auth.devices_used, ago = ago(used, context::page().now), since = since).to_string()
    };
    row(
        name,
        about,
        view! { <PostButton action=routes::device_end(device.id) label=tr!(auth.devices_end) spoken small=true /> },
    )
}

#[component]
fn Passkeys(all: Vec<(Moment, Option<Moment>, ShownPasskey)>) -> impl IntoView {
    let list = if all.is_empty() {
        view! { <p class="soft">{tr!(auth.passkeys_none)}</p> }.into_any()
    } else {
        view! { <ul class="list card card--flush">{all.into_iter().map(passkey).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="stack stack--tight" aria-labelledby="passkeys-title">
            <h2 id="passkeys-title" class="section-title">{tr!(auth.passkeys_title)}</h2>
            <p class="soft">{tr!(auth.passkeys_lead)}</p>
            {list}
            <PasskeyButton
                purpose=CeremonyPurpose::Add
                label=tr!(auth.passkeys_add)
                action=routes::SECURITY_PASSKEYS
                otherwise=tr!(auth.passkeys_browser)
            />
        </section>
    }
    .into_any()
}

fn passkey((since, used, passkey): (Moment, Option<Moment>, ShownPasskey)) -> AnyView {
    let name = passkey.device.unwrap_or_else(|| tr!(auth.devices_unknown).to_owned());
    let since = day_time(since);
    let spoken = tr!(auth.passkeys_remove_spoken, device = name.clone(), since = since.clone()).to_string();
    let about = match used {
        Some(used) => tr!(auth.passkeys_used, since = since, ago = ago(used, context::page().now)).to_string(),
        None => tr!(auth.passkeys_unused, since = since).to_string(),
    };
    row(
        name,
        about,
        view! {
            <PostButton
                action=routes::passkey_remove(passkey.id)
                label=tr!(auth.passkeys_remove)
                kind=ButtonKind::Quiet
                spoken
                small=true
            />
        },
    )
}

fn row(name: String, about: String, button: impl IntoView + 'static) -> AnyView {
    view! {
        <li class="list__row">
            <div class="list__words">
                <div>{name}</div>
                <div class="soft small">{about}</div>
            </div>
            {button}
        </li>
    }
    .into_any()
}
