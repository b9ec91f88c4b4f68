//! A code for a patient to type, to be connected.

use leptos::prelude::*;

use crate::{
    components::{ButtonKind, Page, PostButton, Section},
    context,
    forms::names,
    routes, tr,
};

/// Makes a code, and shows the one that was just made.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let made = context::page().form.filter(|form| form.form == names::CONNECTION_CODE);
    let again = made.is_some();
    let shown = made.map(|made| {
        let field = |name: &str| made.fields.get(name).unwrap_or_default().to_owned();
        view! {
            <section class="card stack" aria-labelledby="code-title">
                <h2 id="code-title" class="section-title">{tr!(doctor.connect_code)}</h2>
                <p>
                    <code class="num setup-key">{field("code")}</code>
                </p>
                <div class="qr-frame" inner_html=field("qr")></div>
                <p class="soft">{tr!(doctor.connect_until, time = field("until")).to_string()}</p>
            </section>
        }
    });
    view! {
        <Page title=tr!(doctor.connect_title) section=Section::Patients lead=tr!(doctor.connect_lead)>
            <div class="stack stack--loose">
                {shown}
                <PostButton
                    action=routes::DOCTOR_CONNECT
                    label=if again { tr!(doctor.connect_again) } else { tr!(doctor.connect_make) }
                    kind=if again { ButtonKind::Plain } else { ButtonKind::Primary }
                />
            </div>
        </Page>
    }
    .into_any()
}
