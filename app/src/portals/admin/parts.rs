//! What the three pages share: a list beside a form, and a state in a word.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// A list, and beside it on a desk (below it on a phone) the form that adds to it.
#[component]
pub fn Desk(
    /// The list.
    list: AnyView,
    /// The element id of the form's title.
    form_id: &'static str,
    /// The form's title.
    #[prop(into)]
    form_title: String,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="desk">
            <div class="desk__list">{list}</div>
            <section class="card desk__form" aria-labelledby=form_id>
                <h2 id=form_id class="desk__title">{form_title}</h2>
                {children()}
            </section>
        </div>
    }
    .into_any()
}

/// The way to the form where it lies below the list; a desk shows both.
#[component]
pub fn JumpToForm(
    /// The element id of the form's title.
    form_id: &'static str,
    /// What the form does.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <a class="button desk__jump" href=format!("#{form_id}") rel="external">
            <Icon glyph=Glyph::Plus />
            <span>{label}</span>
        </a>
    }
    .into_any()
}

/// How a state is marked, besides its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In force.
    On,
    /// Waits for somebody.
    Waiting,
    /// Over.
    Off,
}

/// A state: a word with a mark of its own shape.
#[component]
pub fn Status(
    /// Which mark.
    mark: Mark,
    /// The word.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    let class = match mark {
        Mark::On => "status status--on",
        Mark::Waiting => "status status--waiting",
        Mark::Off => "status status--off",
    };
    view! {
        <span class=class>
            <span class="status__mark" aria-hidden="true"></span>
            <span>{word}</span>
        </span>
    }
    .into_any()
}
