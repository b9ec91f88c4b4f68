//! Tables that scroll in themselves, never the page.

use leptos::prelude::*;

/// A table with its caption and column heads; the children are `<tr>`s.
#[component]
pub fn Table(
    /// What it holds; names the scrolling region too.
    #[prop(into)]
    caption: String,
    /// Keeps the caption for screen readers only.
    #[prop(optional)]
    hide_caption: bool,
    /// Column heads: the words, and whether the column holds numbers (aligned at the end).
    heads: Vec<(String, bool)>,
    /// Rows light up under the pointer.
    #[prop(optional)]
    hover: bool,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let class = if hover { "table table--hover" } else { "table" };
    let caption_class = if hide_caption { "visually-hidden" } else { "" };
    view! {
        <div class="table-wrap" role="region" aria-label=caption.clone() tabindex="0">
            <table class=class>
                <caption class=caption_class>{caption.clone()}</caption>
                <thead>
                    <tr>
                        {heads
                            .into_iter()
                            .map(|(head, number)| {
                                view! { <th scope="col" class=if number { "num" } else { "" }>{head}</th> }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
