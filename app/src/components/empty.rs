//! Nothing here yet: what it is for, and the first step.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An empty list, chart or page.
#[component]
pub fn EmptyState(
    /// What is not there yet.
    #[prop(into)]
    title: String,
    /// What it is for.
    #[prop(optional, into)]
    body: Option<String>,
    /// The first step: where to, and what the link says.
    #[prop(optional, into)]
    action: Option<(String, String)>,
    /// A picture of what it is about.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {glyph.map(|glyph| view! { <span class="empty__icon"><Icon glyph /></span> })}
            <h2>{title}</h2>
            {body.map(|body| view! { <p>{body}</p> })}
            {action.map(|(href, label)| view! { <a class="button button--primary" href=href>{label}</a> })}
        </div>
    }
    .into_any()
}
