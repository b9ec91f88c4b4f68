//! What a patient agrees to, point by point, before they agree: which data, who, what for, how long, how to take it back.
//!
//! The words have a version, which the ledger of consents keeps: a test holds every version's words.

use domain::consent::{CONSENT_TEXT_VERSION, LinkKind};
use leptos::prelude::*;

use crate::tr;

/// The notice.
#[component]
pub fn Notice(
    /// What the link is for.
    kind: LinkKind,
    /// Of the list's heading.
    id: String,
) -> impl IntoView {
    let [what, who, why, long, agree] = match kind {
        LinkKind::Family => [
            tr!(patient.notice_what_family),
            tr!(patient.notice_who_family),
            tr!(patient.notice_why_family),
            tr!(patient.notice_long_family),
            tr!(patient.notice_agree_invite),
        ],
        LinkKind::Care => [
            tr!(patient.notice_what_doctor),
            tr!(patient.notice_who_doctor),
            tr!(patient.notice_why_doctor),
            tr!(patient.notice_long_doctor),
            tr!(patient.notice_agree_doctor),
        ],
    };
    let points = [
        (tr!(patient.notice_what), what),
        (tr!(patient.notice_who), who),
        (tr!(patient.notice_why), why),
        (tr!(patient.notice_long), long),
        (tr!(patient.notice_back), tr!(patient.notice_back_words)),
        (tr!(patient.notice_record), tr!(patient.notice_record_words)),
        (tr!(patient.notice_rights), tr!(patient.notice_rights_words)),
    ];
    view! {
        <div class="consent">
            <h3 id=id>{tr!(patient.notice_title)}</h3>
            <dl class="consent__points">
                {points
                    .into_iter()
                    .map(|(point, words)| {
                        view! {
                            <div>
                                <dt>{point}</dt>
                                <dd>{words}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <p>{agree}</p>
            <p class="soft small">{tr!(patient.notice_version, version = CONSENT_TEXT_VERSION).to_string()}</p>
        </div>
    }
    .into_any()
}
