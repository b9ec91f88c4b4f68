//! Where Leptos writes text into the HTML as it is.

/// Escapes a text for the inside of `<textarea>` and `<title>`, whose children Leptos does not escape on the server: what
/// somebody typed would become markup. In the browser they are text, which needs nothing.
pub fn raw_text(value: String) -> String {
    if cfg!(feature = "ssr") { value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;") } else { value }
}
