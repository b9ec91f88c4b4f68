//! The work list by keyboard: `j`/`k` move, Enter opens (it is a link), `r` marks as reviewed, `/` searches, `?` tells.
//!
//! Only comfort: every one of them is also a link, a button or a field. Without WASM the list of keys is not shown.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::tr;

/// Listens on the page, and explains itself.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let help = NodeRef::<html::Details>::new();
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        ready.set(true);
        let handle = window_event_listener(ev::keydown, move |event| {
            if is_typing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let done = match event.key().as_str() {
                "j" => step(1),
                "k" => step(-1),
                "r" => review(),
                "/" => focus("#panel-search"),
                "?" => help.get_untracked().map(|help| help.set_open(!help.open())).is_some(),
                _ => false,
            };
            if done {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
    view! {
        <details class="shortcuts" node_ref=help hidden=move || !ready.get()>
            <summary>{tr!(doctor.keys)}</summary>
            <dl>
                <div><dt><kbd>"j"</kbd>" "<kbd>"k"</kbd></dt><dd>{tr!(doctor.keys_move)}</dd></div>
                <div><dt><kbd>"Enter"</kbd></dt><dd>{tr!(doctor.keys_open)}</dd></div>
                <div><dt><kbd>"r"</kbd></dt><dd>{tr!(doctor.keys_review)}</dd></div>
                <div><dt><kbd>"/"</kbd></dt><dd>{tr!(doctor.keys_search)}</dd></div>
                <div><dt><kbd>"?"</kbd></dt><dd>{tr!(doctor.keys_help)}</dd></div>
            </dl>
        </details>
    }
    .into_any()
}

fn is_typing() -> bool {
    document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

fn focus_element(element: &Element) -> bool {
    element.dyn_ref::<HtmlElement>().is_some_and(|element| element.focus().is_ok())
}

fn focus(selector: &str) -> bool {
    document().query_selector(selector).ok().flatten().is_some_and(|element| focus_element(&element))
}

/// The row that holds the focus.
fn current_row() -> Option<Element> {
    document().active_element()?.closest("[data-row]").ok().flatten()
}

fn open_link(row: &Element) -> bool {
    row.query_selector("[data-open]").ok().flatten().is_some_and(|link| focus_element(&link))
}

fn step(by: i32) -> bool {
    match current_row() {
        None => focus("[data-row] [data-open]"),
        Some(row) => {
            let next = if by > 0 { row.next_element_sibling() } else { row.previous_element_sibling() };
            next.is_some_and(|row| open_link(&row))
        }
    }
}

/// Presses the row's own button.
fn review() -> bool {
    let button = current_row().and_then(|row| row.query_selector(".panel__review button").ok().flatten());
    button.and_then(|button| button.dyn_into::<HtmlElement>().ok()).map(|button| button.click()).is_some()
}
