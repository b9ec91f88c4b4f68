//! The HTML document and the routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

use crate::{context, portals, tr};

/// The document around [`App`]: rendered on the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    context::provide_page();
    let language = context::language().as_str();
    view! {
        <!DOCTYPE html>
        <html lang=language>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <AutoReload options=options.clone() />
                <HydrationScripts options=options.clone() />
                <HashedStylesheet options id="style" />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    context::provide_page();
    view! {
        <Title text=tr!(common.app_name) />
        <Router>
            <Routes fallback=portals::NotFound>
                <Route path=StaticSegment("") view=portals::Home ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
