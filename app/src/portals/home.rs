//! What ProCare is, and the way in.

use leptos::prelude::*;

use crate::{
    components::{PublicPage, icon::Glyph, icon::Icon},
    context, routes, tr,
};

/// The first page.
#[component]
pub fn Home() -> impl IntoView {
    let page = context::page();
    let (href, label) = match &page.me {
        Some(me) => (routes::home_of(me.role), tr!(common.home_open)),
        None => (routes::LOGIN, tr!(common.sign_in)),
    };
    let outbox = page.development && page.me.is_none();
    view! {
        <PublicPage title=format!("{} · {}", tr!(common.app_name), tr!(common.tagline)) wide=true>
            <div class="home">
                <section class="home__lead">
                    <div class="home__text">
                        <h1>{tr!(common.home_title)}</h1>
                        <p>{tr!(common.home_lead)}</p>
                        <a class="button button--primary button--large" href=href>{label}</a>
                        {outbox
                            .then(|| {
                                view! {
                                    <p class="small">
                                        <a href=routes::DEV_OUTBOX rel="external">{tr!(auth.outbox)}</a>
                                    </p>
                                }
                            })}
                    </div>
                    <Picture />
                </section>
                <section class="home__who" aria-label=tr!(common.home_for_whom)>
                    <Who glyph=Glyph::Person title=tr!(common.home_patient) text=tr!(common.home_patient_text) />
                    <Who glyph=Glyph::Doctor title=tr!(common.home_doctor) text=tr!(common.home_doctor_text) />
                    <Who glyph=Glyph::Heart title=tr!(common.home_caregiver) text=tr!(common.home_caregiver_text) />
                    <Who glyph=Glyph::Lock title=tr!(common.home_privacy) text=tr!(common.home_privacy_text) />
                </section>
            </div>
        </PublicPage>
    }
    .into_any()
}

#[component]
fn Who(glyph: Glyph, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <div>
            <h2>
                <Icon glyph />
                <span>{title}</span>
            </h2>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// A day's curve in its target range, drawn as the product draws it; decoration.
#[component]
fn Picture() -> impl IntoView {
    view! {
        <svg class="home__picture" viewBox="0 0 520 300" aria-hidden="true" focusable="false">
            <rect x="0" y="96" width="520" height="104" fill="var(--band-in-range-tint)" />
            <g stroke="var(--line)" stroke-width="1">
                <path d="M0 96.5h520M0 200.5h520" stroke="var(--band-in-range)" stroke-dasharray="4 4" />
                <path d="M130.5 24v240M260.5 24v240M390.5 24v240" />
            </g>
            <path
                d="M0 168C26 172 48 178 74 182S118 176 134 150 160 74 184 70s34 42 58 64 44 26 62 8 30-62 54-58 32 62 56 76 50 8 106 2v42c-56 6-80 8-106-4s-34-70-56-74-34 46-54 64-42 20-62 2-36-66-58-62-30 52-46 80-34 24-60 22-52-12-78-14Z"
                fill="var(--accent)"
                opacity="0.14"
            />
            <path
                d="M0 186C26 190 48 196 74 199S118 194 134 170 160 96 184 92s34 44 58 66 44 26 62 8 30-64 54-60 32 66 56 78 50 8 106 2"
                fill="none"
                stroke="var(--accent)"
                stroke-width="3"
                stroke-linecap="round"
            />
            <circle cx="448" cy="188" r="6" fill="var(--accent)" stroke="var(--surface-raised)" stroke-width="3" />
            <g fill="var(--text-soft)" font-size="13">
                <text x="12" y="86">"180"</text>
                <text x="12" y="220">"70"</text>
                <text x="130" y="286" text-anchor="middle">"6:00"</text>
                <text x="260" y="286" text-anchor="middle">"12:00"</text>
                <text x="390" y="286" text-anchor="middle">"18:00"</text>
            </g>
        </svg>
    }
    .into_any()
}
