//! The button that ends a form.

use leptos::prelude::*;

use super::FormScope;
use crate::tr;

/// Sends the form; shows that it is on its way.
#[component]
pub fn SubmitButton(
    /// What it says.
    #[prop(into)]
    label: String,
    /// As wide as the form.
    #[prop(optional)]
    wide: bool,
    /// Taller: the one thing to do on a phone's page.
    #[prop(optional)]
    large: bool,
    /// A name and value that go with the form.
    #[prop(optional, into)]
    named: Option<(&'static str, &'static str)>,
    /// Takes something away.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let busy = FormScope::current().busy;
    let mut class = if danger { "button button--danger" } else { "button button--primary" }.to_owned();
    if wide {
        class.push_str(" button--wide");
    }
    if large {
        class.push_str(" button--large");
    }
    let sending = tr!(common.sending);
    view! {
        <button
            type="submit"
            class=class
            name=named.map(|n| n.0)
            value=named.map(|n| n.1)
            aria-disabled=move || busy.get().then_some("true")
        >
            {move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
            <span>{move || if busy.get() { sending.to_owned() } else { label.clone() }}</span>
        </button>
    }
    .into_any()
}
