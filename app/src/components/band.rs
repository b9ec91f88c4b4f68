//! Where a value lies, in words: never by colour alone.

use domain::metrics::range::Band;
use leptos::prelude::*;

use crate::{context::language, words};

/// The class that sets `--band`, `--band-tint` and `--band-ink` (`style/components/_band.scss`).
pub const fn band_class(band: Band) -> &'static str {
    match band {
        Band::VeryLow => "band-very-low",
        Band::Low => "band-low",
        Band::InRange => "band-in-range",
        Band::High => "band-high",
        Band::VeryHigh => "band-very-high",
    }
}

/// `Very low`, `In range` ...
pub fn band_word(band: Band) -> &'static str {
    words::band(language(), band)
}

/// `VL`, `L`, `OK`, `H`, `VH`: for narrow cells; pair it with [`band_word`] for screen readers.
pub const fn band_letter(band: Band) -> &'static str {
    match band {
        Band::VeryLow => "VL",
        Band::Low => "L",
        Band::InRange => "OK",
        Band::High => "H",
        Band::VeryHigh => "VH",
    }
}

/// A mark of its own shape for each band: bars below, a tick, bars above.
const fn band_mark(band: Band) -> &'static str {
    match band {
        Band::VeryLow => "M5 7l7 6 7-6M5 14l7 6 7-6",
        Band::Low => "M5 9l7 6 7-6",
        Band::InRange => "M5 12.5 10 17.5 19 7",
        Band::High => "M5 15l7-6 7 6",
        Band::VeryHigh => "M5 10l7-6 7 6M5 17l7-6 7 6",
    }
}

/// The band of a value as a chip: mark and word; or, in narrow cells, mark and letter with the word for screen readers.
#[component]
pub fn BandChip(
    /// Which band.
    band: Band,
    /// Only the letter.
    #[prop(optional)]
    letter: bool,
) -> impl IntoView {
    let class = format!("band {}{}", band_class(band), if letter { " band--letter" } else { "" });
    let word = band_word(band);
    view! {
        <span class=class>
            <svg class="band__mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d=band_mark(band) />
            </svg>
            {if letter {
                view! {
                    <span aria-hidden="true">{band_letter(band)}</span>
                    <span class="visually-hidden">{word}</span>
                }
                    .into_any()
            } else {
                view! { <span>{word}</span> }.into_any()
            }}
        </span>
    }
    .into_any()
}
