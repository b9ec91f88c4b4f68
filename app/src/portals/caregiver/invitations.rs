//! Invitations that wait for an answer: what would be seen, until when, and the text that is agreed to.

use domain::consent::{CONSENT_TEXT_VERSION, Link};
use leptos::prelude::*;

use super::sharing::until_words;
use crate::{
    components::{
        ButtonKind, PostButton,
        icon::{Glyph, Icon},
    },
    context, routes, tr, words,
};

/// The invitations, above everything else.
#[component]
pub fn Invitations(
    /// Links that await the reader's agreement.
    links: Vec<Link>,
) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="invitations">
            <h2 id="invitations" class="section-title">{tr!(caregiver.invitations)}</h2>
            <ul class="stack">{links.into_iter().map(|link| view! { <Invitation link /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Invitation(link: Link) -> impl IntoView {
    let language = context::language();
    let until = until_words(link.until, context::page().now);
    let (name, id) = (link.name, link.id);
    view! {
        <li class="card invitation">
            <h3>{tr!(caregiver.invitation_from, name = name.clone()).to_string()}</h3>
            <p>{tr!(caregiver.would_see)}</p>
            <ul class="granted">
                {link
                    .data_types
                    .iter()
                    .map(|data| {
                        view! {
                            <li>
                                <Icon glyph=Glyph::Check />
                                <span>{words::data_type(language, *data)}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p>{until}</p>
            <div class="invitation__consent">
                <p>{tr!(caregiver.consent_text)}</p>
                <p class="soft small">{tr!(caregiver.consent_version, version = CONSENT_TEXT_VERSION).to_string()}</p>
            </div>
            <div class="invitation__answers">
                <PostButton
                    action=routes::caregiver_link_accept(id)
                    label=tr!(caregiver.accept)
                    spoken=tr!(caregiver.accept_spoken, name = name.clone()).to_string()
                    kind=ButtonKind::Primary
                />
                <PostButton
                    action=routes::caregiver_link_end(id)
                    label=tr!(caregiver.decline)
                    spoken=tr!(caregiver.decline_spoken, name = name).to_string()
                />
            </div>
        </li>
    }
    .into_any()
}
