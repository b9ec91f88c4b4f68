//! What stands above the work list: search, which patients, in which order, and the doctor's own views and tags.

use domain::{
    desk::{Desk, ViewQuery},
    ports::{PanelFilter, PanelQuery, PanelSort},
};
use leptos::{ev, html, prelude::*};

use super::{address, view_of};
use crate::{
    components::{
        SkeletonKind,
        icon::{Glyph, Icon},
        load,
    },
    error::AppError,
    routes, tr,
};

/// A filter's words.
pub(in crate::portals::doctor) fn filter_label(filter: PanelFilter) -> &'static str {
    match filter {
        PanelFilter::All => tr!(doctor.filter_all),
        PanelFilter::NeedsAttention => tr!(doctor.filter_attention),
        PanelFilter::NotReviewed => tr!(doctor.filter_unreviewed),
        PanelFilter::Due => tr!(doctor.filter_due),
        PanelFilter::HandedToMe => tr!(doctor.filter_handed),
        PanelFilter::NoData => tr!(doctor.filter_silent),
    }
}

/// An order's words.
pub(in crate::portals::doctor) fn sort_label(sort: PanelSort) -> &'static str {
    match sort {
        PanelSort::Need => tr!(doctor.sort_need),
        PanelSort::Name => tr!(doctor.sort_name),
        PanelSort::LastReading => tr!(doctor.sort_last),
        PanelSort::InRange => tr!(doctor.sort_range),
    }
}

/// Search, saved views, filters and order. All but the search are links, so that each view has an address.
#[component]
pub(super) fn Controls(
    query: PanelQuery,
    q: RwSignal<Option<String>>,
    desk: Resource<Result<Desk, AppError>>,
) -> impl IntoView {
    let view = view_of(&query);
    view! {
        <div class="panel-controls">
            <Search typed=query.q.unwrap_or_default() action=address(routes::DOCTOR, &view) q />
            {segments(
                "panel-filters",
                tr!(doctor.filters),
                PanelFilter::ALL.iter().map(|&filter| (filter_label(filter), ViewQuery { filter, ..view }, filter == view.filter)),
            )}
            {segments(
                "panel-sorts",
                tr!(doctor.sort),
                PanelSort::ALL.iter().map(|&sort| (sort_label(sort), ViewQuery { sort, ..view }, sort == view.sort)),
            )}
            {load(desk, SkeletonKind::Text, move |desk| view! { <OwnViews desk view /> })}
        </div>
    }
    .into_any()
}

/// Links of which one is where the reader is.
fn segments(
    class: &'static str,
    label: &'static str,
    links: impl Iterator<Item = (&'static str, ViewQuery, bool)>,
) -> AnyView {
    let links = links.map(|(label, view, current)| {
        let current = current.then_some("true");
        view! { <a class="segments__item" href=address(routes::DOCTOR, &view) aria-current=current>{label}</a> }
    });
    let class = format!("segments {class}");
    view! { <nav class=class aria-label=label>{links.collect_view()}</nav> }.into_any()
}

/// The doctor's own views and tags, and the way to keep this view.
#[component]
fn OwnViews(desk: Desk, view: ViewQuery) -> impl IntoView {
    let views = desk.views.into_iter().map(|saved| {
        let current = (saved.query == view).then_some("true");
        view! { <a class="tag" href=address(routes::DOCTOR, &saved.query) aria-current=current>{saved.name}</a> }
    });
    let views = views.collect::<Vec<_>>();
    let tags = desk.tags.into_iter().map(|tag| {
        let chosen = view.tag == Some(tag.id);
        // A second click on the tag shows all again.
        let href = address(routes::DOCTOR, &ViewQuery { tag: (!chosen).then_some(tag.id), ..view });
        view! { <a class="tag" href=href aria-current=chosen.then_some("true")>{tag.name}</a> }
    });
    let tags = tags.collect::<Vec<_>>();
    view! {
        <div class="panel-own">
            {(!views.is_empty())
                .then(|| {
                    view! {
                        <nav class="panel-own__group" aria-label=tr!(doctor.views)>
                            <span class="soft" aria-hidden="true">{tr!(doctor.views)}</span>
                            {views}
                        </nav>
                    }
                })}
            {(!tags.is_empty())
                .then(|| {
                    view! {
                        <nav class="panel-own__group" aria-label=tr!(doctor.tags)>
                            <span class="soft" aria-hidden="true">{tr!(doctor.tags)}</span>
                            {tags}
                        </nav>
                    }
                })}
            <a class="link" href=address(routes::DOCTOR_VIEWS, &view)>{tr!(doctor.views_manage)}</a>
        </div>
    }
    .into_any()
}

/// Posted without WASM, so that what was typed, part of a name, stands in no address.
#[component]
fn Search(typed: String, action: String, q: RwSignal<Option<String>>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        q.set((!typed.is_empty()).then_some(typed));
    };
    view! {
        <form method="post" action=action class="panel-search" role="search" on:submit=on_submit>
            <label>
                <span class="visually-hidden">{tr!(doctor.search)}</span>
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    id="panel-search"
                    type="search"
                    name="q"
                    node_ref=field
                    value=typed
                    placeholder=tr!(doctor.search)
                    autocomplete="off"
                    maxlength="60"
                />
            </label>
            <button type="submit" class="button">{tr!(doctor.search_button)}</button>
        </form>
    }
    .into_any()
}
