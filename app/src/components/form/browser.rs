//! The few things that a form asks of the browser. On the server they do nothing.

use domain::forms::Fields;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What is in the fields now; of equal names the last.
pub(super) fn typed(form: &web_sys::HtmlFormElement) -> Fields {
    let mut fields = Fields::default();
    let Ok(data) = web_sys::FormData::new_with_form(form) else { return fields };
    let Ok(Some(entries)) = js_sys::try_iter(&data) else { return fields };
    for entry in entries.flatten() {
        let pair: js_sys::Array = entry.unchecked_into();
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            fields.0.insert(name, value);
        }
    }
    fields
}

/// Puts the focus on an element, or on the checked (else first) choice in it.
pub(super) fn focus(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let inner = ["input:checked", "input"].iter().find_map(|s| element.query_selector(s).ok().flatten());
    let target = inner.unwrap_or(element);
    if let Ok(target) = target.dyn_into::<web_sys::HtmlElement>() {
        // A focus that the browser refuses leaves it where it was; the error is still shown.
        let _ = target.focus();
    }
}

/// Calls back when the page is shown again out of the browser's memory.
pub(super) fn on_page_show(then: impl Fn() + 'static) {
    if cfg!(target_arch = "wasm32") {
        let handle = window_event_listener_untyped("pageshow", move |_| then());
        on_cleanup(move || handle.remove());
    }
}
