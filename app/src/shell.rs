//! The HTML document and the routes.

use domain::people::Language;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

use crate::{auth, charts::ChartDefinitions, context, portals, tr};

/// The document around [`App`]: rendered on the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    context::provide_page_to_shell();
    let language = context::language();
    // Only the script of the page's own words: the other font comes when a character asks for it.
    let font = match language {
        Language::English => "/fonts/inter-1.woff2",
        Language::Hindi => "/fonts/noto-sans-devanagari-2.woff2",
    };
    view! {
        <!DOCTYPE html>
        <html lang=language.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#161d21" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="icon" href="/favicon.png" type="image/png" sizes="48x48" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="preload" href=font r#as="font" type="font/woff2" crossorigin="anonymous" />
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
            {context::provide_first_path()}
            <ChartDefinitions />
            <Routes fallback=portals::NotFound>
                <Route path=StaticSegment("") view=portals::Home ssr=SsrMode::Async />
                <Route path=StaticSegment("login") view=auth::LoginPage ssr=SsrMode::Async />
                <Route path=(StaticSegment("login"), StaticSegment("code")) view=auth::CodePage ssr=SsrMode::Async />
                <auth::AccountRoutes />
                <portals::patient::PatientRoutes />
                <portals::doctor::DoctorRoutes />
                <portals::admin::AdminRoutes />
                <portals::caregiver::CaregiverRoutes />
            </Routes>
        </Router>
    }
}
