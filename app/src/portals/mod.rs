//! The pages, by who uses them.

use leptos::prelude::*;

use crate::{routes, tr};

/// What ProCare is, and the way in.
#[component]
pub fn Home() -> impl IntoView {
    view! { <main id="content"><h1>{tr!(common.app_name)}</h1></main> }
}

/// Nothing here, or nothing that this person may see.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::fail(domain::Error::NotFound);
    view! {
        <main id="content">
            <h1>{tr!(common.not_found_title)}</h1>
            <p>{tr!(common.not_found_body)}</p>
            <a href=routes::HOME>{tr!(common.back_home)}</a>
        </main>
    }
}
