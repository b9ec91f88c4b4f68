//! Pages that were left open: a phone shows yesterday's page when it is taken out of the pocket.

use leptos::prelude::*;

/// How long a page may have been hidden without being looked at anew, ms.
const STALE_MS: f64 = 60_000.0;

/// Calls back when the page is seen again after more than a minute out of sight. Does nothing on the server.
pub fn on_return(then: impl Fn() + 'static) {
    if !cfg!(target_arch = "wasm32") {
        return;
    }
    let hidden_at = StoredValue::new(None::<f64>);
    let handle = window_event_listener_untyped("visibilitychange", move |_| {
        if document().hidden() {
            hidden_at.set_value(Some(js_sys::Date::now()));
        } else if hidden_at.get_value().is_some_and(|at| js_sys::Date::now() - at > STALE_MS) {
            then();
        }
    });
    on_cleanup(move || handle.remove());
}
