//! Nothing here, or nothing that this person may see: both look the same.

use leptos::prelude::*;

use crate::{
    components::{Page, icon::Glyph, icon::Icon},
    context, routes, tr,
};

/// The page for an unknown address.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    context::fail(domain::Error::NotFound);
    let home = context::page().me.map_or(routes::HOME, |me| routes::home_of(me.role));
    view! {
        <Page title=tr!(common.not_found_title) own_head=true>
            <div class="empty">
                <span class="empty__icon"><Icon glyph=Glyph::Search /></span>
                <h1>{tr!(common.not_found_title)}</h1>
                <p>{tr!(common.not_found_body)}</p>
                <a class="button button--primary" href=home>{tr!(common.back_home)}</a>
            </div>
        </Page>
    }
    .into_any()
}
