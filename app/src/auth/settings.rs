//! Everyone's own settings.

use domain::{
    clock::DEFAULT_ZONE,
    contact::parse_name,
    field::FieldErrors,
    forms::Fields,
    glucose::Unit,
    people::{Language, Me},
};
use leptos::prelude::*;

use crate::{
    components::{Choices, Field, Form, LoadError, Page, Section, Select, SubmitButton, layout::SignOut},
    context,
    error::AppError,
    forms::names,
    routes, tr,
};

/// Zones to choose from: where people from India live. A zone set elsewhere is kept and added.
pub const ZONES: [&str; 24] = [
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Colombo",
    "Asia/Dhaka",
    "Asia/Thimphu",
    "Asia/Karachi",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Qatar",
    "Asia/Kuwait",
    "Asia/Muscat",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Hong_Kong",
    "Australia/Sydney",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Toronto",
    "UTC",
];

/// The zones as options, with `own` among them.
pub fn zone_options(own: &str) -> Vec<(String, String)> {
    let mut zones: Vec<&str> = ZONES.to_vec();
    if !zones.contains(&own) && !own.is_empty() {
        zones.push(own);
    }
    zones
        .into_iter()
        .map(|zone| {
            let words =
                if zone == DEFAULT_ZONE.name() { tr!(common.zone_india).to_owned() } else { zone.replace('_', " ") };
            (zone.to_owned(), words)
        })
        .collect()
}

/// The two units as options.
pub fn unit_options() -> Vec<(String, String)> {
    [Unit::MgDl, Unit::MmolL].into_iter().map(|u| (u.as_str().to_owned(), u.as_str().to_owned())).collect()
}

fn check(fields: &Fields) -> Option<FieldErrors> {
    let mut errors = FieldErrors::default();
    errors.take("name", parse_name(fields.get("name").unwrap_or("")));
    (!errors.is_empty()).then_some(errors)
}

/// Name, unit, zone, language.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let me = context::page().me;
    view! {
        <Page title=tr!(common.nav_settings) section=Section::Settings>
            {match me {
                Some(me) => view! { <SettingsForm me /> }.into_any(),
                None => {
                    view! { <LoadError error=AppError::Domain(domain::Error::Unauthenticated) /> }.into_any()
                }
            }}
        </Page>
    }
    .into_any()
}

#[component]
fn SettingsForm(me: Me) -> impl IntoView {
    let languages =
        Language::ALL.iter().map(|one| (one.as_str().to_owned(), one.own_name().to_owned())).collect::<Vec<_>>();
    view! {
        <div class="stack stack--loose">
            <div class="card">
                <Form name=names::SETTINGS action=routes::SETTINGS validate=check>
                    <Field
                        name="name"
                        label=tr!(auth.name)
                        hint=tr!(auth.name_hint)
                        value=me.name.clone().unwrap_or_default()
                        autocomplete="name"
                        maxlength=80
                    />
                    <Choices
                        name="unit"
                        label=tr!(auth.unit)
                        options=unit_options()
                        value=me.unit.as_str()
                        segments=true
                    />
                    <Choices
                        name="language"
                        label=tr!(common.language)
                        options=languages
                        value=me.language.as_str()
                        segments=true
                    />
                    <Select
                        name="timeZone"
                        label=tr!(auth.time_zone)
                        hint=tr!(auth.time_zone_hint)
                        options=zone_options(&me.time_zone)
                        value=me.time_zone.clone()
                    />
                    <div class="form__actions">
                        <SubmitButton label=tr!(common.save) />
                    </div>
                </Form>
            </div>
            <section class="stack stack--tight" aria-labelledby="account-title">
                <h2 id="account-title" class="section-title">{tr!(auth.account)}</h2>
                <p class="soft">
                    {tr!(auth.signed_in_with)} " " <span class="num">{me.phone_masked.clone()}</span>
                </p>
                <p>
                    <a href=routes::SECURITY>{tr!(auth.security_link)}</a>
                </p>
                <p>
                    <a href=routes::DATA>{tr!(auth.data_title)}</a>
                    <span class="soft">{format!(": {}", tr!(auth.settings_data))}</span>
                </p>
                <SignOut />
            </section>
        </div>
    }
    .into_any()
}
