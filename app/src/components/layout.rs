//! The frame around every page: skip link, brand, navigation, language, sign-out, flash, and the one `h1`.

use domain::people::Language;
use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::{
    button::{ButtonKind, PostButton},
    flash::FlashBar,
    icon::Glyph,
    nav::{Nav, Section},
    raw_text::raw_text,
};
use crate::{context, routes, tr};

/// A page of somebody signed in (or the settings page).
///
/// ```ignore
/// view! {
///     <Page title=tr!(doctor.work_list) section=Section::Patients wide=true actions=view! { <a ..>..</a> }.into_any()>
///         ...
///     </Page>
/// }
/// ```
#[component]
pub fn Page(
    /// The `h1`, and the window's title.
    #[prop(into)]
    title: String,
    /// Which entry of the navigation is current.
    #[prop(optional)]
    section: Section,
    /// Up to 84 rem instead of 46: tables and reports.
    #[prop(optional)]
    wide: bool,
    /// A line below the `h1`.
    #[prop(optional, into)]
    lead: Option<String>,
    /// Buttons and links at the end of the head.
    #[prop(optional, into)]
    actions: Option<AnyView>,
    /// The children bring their own head with the `h1`.
    #[prop(optional)]
    own_head: bool,
    /// What the page holds.
    children: Children,
) -> impl IntoView {
    let me = context::page().me;
    let content = focus_after_navigation();
    let head = (!own_head).then(|| {
        view! {
            <div class="page-head">
                <div class="page-head__words">
                    <h1>{title.clone()}</h1>
                    {lead.map(|lead| view! { <p class="soft">{lead}</p> })}
                </div>
                {actions.map(|actions| view! { <div class="page-head__actions">{actions}</div> })}
            </div>
        }
    });
    let frame = if me.is_some() { "frame frame--nav" } else { "frame" };
    let main = if wide { "main main--wide" } else { "main" };
    view! {
        <Title text=raw_text(format!("{title} · {}", tr!(common.app_name))) />
        <div class=frame>
            <a class="skip" href="#content">{tr!(common.skip_to_content)}</a>
            <header class="frame__side">
                <Brand href=me.as_ref().map_or(routes::HOME, |me| routes::home_of(me.role)) />
                {me.clone().map(|me| view! { <Nav me section /> })}
                <div class="account">
                    {me.as_ref()
                        .map(|me| {
                            view! {
                                <div class="account__who">
                                    {me.name.as_ref().map(|name| view! { <div>{name.clone()}</div> })}
                                    <div class="soft num">{me.phone_masked.clone()}</div>
                                </div>
                            }
                        })} <LanguageSwitch />
                    {me.as_ref().map(|_| view! { <div class="account__sign-out"><SignOut /></div> })}
                </div>
            </header>
            <main id="content" class=main tabindex="-1" node_ref=content>
                <FlashBar />
                {head}
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// A page for everyone: no navigation; the children bring the `h1`.
#[component]
pub fn PublicPage(
    /// The window's title.
    #[prop(into)]
    title: String,
    /// Up to 84 rem instead of 46.
    #[prop(optional)]
    wide: bool,
    /// What the page holds.
    children: Children,
) -> impl IntoView {
    let content = focus_after_navigation();
    let main = if wide { "main main--wide" } else { "main" };
    view! {
        <Title text=raw_text(title) />
        <div class="frame">
            <a class="skip" href="#content">{tr!(common.skip_to_content)}</a>
            <header class="frame__side">
                <Brand href=routes::HOME />
                <div class="account">
                    <LanguageSwitch />
                </div>
            </header>
            <main id="content" class=main tabindex="-1" node_ref=content>
                <FlashBar />
                {children()}
            </main>
            <footer class="foot">{tr!(common.foot)}</footer>
        </div>
    }
    .into_any()
}

/// The name with its mark: a drop inside a range.
#[component]
fn Brand(href: &'static str) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <rect width="32" height="32" rx="8" fill="var(--accent)" />
                <path d="M16 6.5c4.3 5 7 8.3 7 11.7a7 7 0 0 1-14 0c0-3.4 2.7-6.7 7-11.7Z" fill="var(--on-accent)" />
                <path
                    d="M11.5 18.5h2.3l1.5-3.3 2 5 1.3-1.7h1.9"
                    fill="none"
                    stroke="var(--accent)"
                    stroke-width="1.6"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                />
            </svg>
            <span>{tr!(common.app_name)}</span>
        </a>
    }
    .into_any()
}

/// Posts the other language and comes back to this page.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let location = use_location();
    let next = format!("{}{}", location.pathname.get_untracked(), {
        let query = location.search.get_untracked();
        if query.is_empty() { query } else { format!("?{}", query.trim_start_matches('?')) }
    });
    let other = match context::language() {
        Language::English => Language::Hindi,
        Language::Hindi => Language::English,
    };
    view! {
        <PostButton
            action=routes::LANGUAGE
            label=other.own_name()
            kind=ButtonKind::Quiet
            icon=Glyph::Language
            lang=other.as_str()
            fields=vec![("language", other.as_str().to_owned()), ("next", next)]
        />
    }
    .into_any()
}

/// Ends the session.
#[component]
pub fn SignOut() -> impl IntoView {
    view! {
        <PostButton action=routes::LOGOUT label=tr!(common.sign_out) kind=ButtonKind::Quiet icon=Glyph::SignOut />
    }
    .into_any()
}

/// After a navigation inside the browser the new page's content takes the focus, as it would after a page load.
fn focus_after_navigation() -> NodeRef<html::Main> {
    let content = NodeRef::<html::Main>::new();
    let first = context::on_first_page();
    Effect::new(move |_| {
        if !first && let Some(main) = content.get() {
            context::leave_first_page();
            // A focus that the browser refuses leaves it where it was: nothing is lost.
            let _ = main.focus();
        }
    });
    content
}
