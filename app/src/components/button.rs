//! A button that posts: works without WASM, since it is a form of its own.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How weighty a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing to do on a page.
    Primary,
    /// Anything else.
    #[default]
    Plain,
    /// As little as possible.
    Quiet,
    /// Like a link.
    Link,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    /// Its classes.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Plain => "button",
            Self::Quiet => "button button--quiet",
            Self::Link => "button button--link",
            Self::Danger => "button button--danger",
        }
    }
}

/// A form with hidden fields and one button.
#[component]
pub fn PostButton(
    /// Where it posts.
    #[prop(into)]
    action: String,
    /// What the button says.
    #[prop(into)]
    label: String,
    /// Hidden fields.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// How weighty.
    #[prop(optional)]
    kind: ButtonKind,
    /// 36 px, for dense tables on the desk.
    #[prop(optional)]
    small: bool,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Shows only the icon; the label is for screen readers.
    #[prop(optional)]
    icon_only: bool,
    /// What screen readers say instead of the label: names the thing where several buttons are alike.
    #[prop(optional, into)]
    spoken: Option<String>,
    /// The language of the label if it is not the page's.
    #[prop(optional, into)]
    lang: Option<&'static str>,
) -> impl IntoView {
    let mut class = kind.class().to_owned();
    if small {
        class.push_str(" button--small");
    }
    if icon_only {
        class.push_str(" button--icon");
    }
    let spoken = spoken.or_else(|| icon_only.then(|| label.clone()));
    view! {
        <form method="post" action=action class="inline-form">
            {fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect_view()}
            <button type="submit" class=class aria-label=spoken lang=lang>
                {icon.map(|glyph| view! { <Icon glyph /> })}
                {(!icon_only).then(|| view! { <span>{label}</span> })}
            </button>
        </form>
    }
    .into_any()
}
