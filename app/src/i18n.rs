//! The words of every page, in English and Hindi, checked when the crate is built.
//!
//! A page has one language for its whole life: switching posts the choice and loads the page anew. So a text is looked
//! up with [`tr!`] and no reactive machinery. Keys live in `locales/{en,hi}/NAMESPACE.json`.

use domain::people::Language;

#[expect(clippy::pedantic, clippy::expect_used, reason = "written by the translation library's build script")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub use generated::i18n::*;

/// The translation tables' name of a language.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::English => Locale::en,
        Language::Hindi => Locale::hi,
    }
}

/// A text in the page's language: `tr!(patient.save)`, `tr!(doctor.nights_low, count = 3)`.
///
/// Gives a `&'static str`, or a text that displays itself where there are arguments.
#[macro_export]
macro_rules! tr {
    ($($key:tt)*) => {
        ::leptos_i18n::td_string!($crate::i18n::locale($crate::context::language()), $($key)*)
    };
}

/// A text in a given language, where there is no page: `tr_in!(Language::Hindi, doctor.no_data)`.
#[macro_export]
macro_rules! tr_in {
    ($language:expr, $($key:tt)*) => {
        ::leptos_i18n::td_string!($crate::i18n::locale($language), $($key)*)
    };
}

/// Whether a count takes the singular: in English one, in Hindi none and one (Unicode CLDR plural rules).
///
/// The keys end in `_single` and `_plural`: the translation library keeps `_one`, `_other` ... for a feature that would
/// bring the whole of Unicode's plural data into the WASM.
pub fn is_one(language: Language, count: u32) -> bool {
    match language {
        Language::English => count == 1,
        Language::Hindi => count <= 1,
    }
}
