//! The browser's entry: hydrates what the server rendered. Nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page when the WASM is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
