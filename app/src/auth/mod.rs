//! Sign-in pages: the phone number, then the code. And everyone's own settings, second factor, passkeys and devices.

mod code;
mod data;
mod login;
mod new_phone;
mod passkey;
mod second_factor;
mod security;
mod settings;
mod setup;
mod step_up;

use leptos::prelude::*;
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
};

pub use code::CodePage;
use data::DataPage;
pub use login::LoginPage;
use new_phone::{NewPhoneCodePage, NewPhonePage};
use second_factor::SecondFactorPage;
use security::SecurityPage;
use settings::SettingsPage;
pub use settings::{unit_options, zone_options};
use setup::SetupPage;
use step_up::StepUpPage;

crate::lazy_pages!(
    account:
    SecondFactor => SecondFactorPage,
    Setup => SetupPage,
    StepUp => StepUpPage,
    Security => SecurityPage,
    NewPhone => NewPhonePage,
    NewPhoneCode => NewPhoneCodePage,
    Settings => SettingsPage,
    Data => DataPage,
);

/// What everybody has who signed in, or half did.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    let s = StaticSegment;
    view! {
        <ParentRoute path=s("") view=Outlet ssr=SsrMode::Async>
            <Route path=s("second-factor") view=Page::SecondFactor.route() ssr=SsrMode::Async />
            <Route path=(s("second-factor"), s("setup")) view=Page::Setup.route() ssr=SsrMode::Async />
            <Route path=s("step-up") view=Page::StepUp.route() ssr=SsrMode::Async />
            <Route path=s("security") view=Page::Security.route() ssr=SsrMode::Async />
            <Route path=(s("security"), s("phone")) view=Page::NewPhone.route() ssr=SsrMode::Async />
            <Route
                path=(s("security"), s("phone"), s("code"))
                view=Page::NewPhoneCode.route()
                ssr=SsrMode::Async
            />
            <Route path=s("settings") view=Page::Settings.route() ssr=SsrMode::Async />
            <Route path=(s("settings"), s("data")) view=Page::Data.route() ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
