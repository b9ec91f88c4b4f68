//! A doctor's own words for a patient, as small marks.

use domain::desk::Tag;
use leptos::prelude::*;

use crate::tr;

/// The tags of a patient; nothing where there are none.
#[component]
pub(super) fn TagChips(tags: Vec<Tag>) -> impl IntoView {
    (!tags.is_empty()).then(|| {
        let tags = tags.into_iter().map(|tag| view! { <li class="tag tag--still">{tag.name}</li> }).collect_view();
        view! { <ul class="tags" aria-label=tr!(doctor.tags)>{tags}</ul> }.into_any()
    })
}
