//! What failed, in words, and what to do.

use domain::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{error::AppError, routes, tr};

/// A part of a page that could not be loaded. The retry loads the page anew, so it works without WASM too.
#[component]
pub fn LoadError(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let location = use_location();
    let here = format!("{}{}", location.pathname.get_untracked(), {
        let query = location.search.get_untracked();
        if query.is_empty() { query } else { format!("?{}", query.trim_start_matches('?')) }
    });
    let (title, body) = match &error {
        AppError::Domain(Error::NotFound | Error::Forbidden) => {
            (tr!(common.not_found_title), tr!(common.not_found_body).to_owned())
        }
        AppError::Domain(Error::Unauthenticated) => {
            (tr!(common.error_signed_out_title), tr!(common.error_signed_out_body).to_owned())
        }
        AppError::Domain(Error::StepUp) => (tr!(auth.step_up_title), tr!(auth.step_up_lead).to_owned()),
        AppError::Domain(Error::TooMany { retry_after_s }) => (
            tr!(common.error_too_many_title),
            tr!(common.error_too_many_body, minutes = retry_after_s.div_ceil(60).max(1)).to_string(),
        ),
        AppError::Domain(Error::Internal { reference }) => {
            (tr!(common.error_title), tr!(common.error_reference, reference = reference.clone()).to_string())
        }
        AppError::Transport => (tr!(common.error_offline_title), tr!(common.error_offline_body).to_owned()),
        AppError::Domain(_) => (tr!(common.error_title), tr!(common.error_body).to_owned()),
    };
    let action = match error {
        AppError::Domain(Error::NotFound | Error::Forbidden) => None,
        AppError::Domain(Error::StepUp) => Some((routes::STEP_UP.to_owned(), tr!(auth.step_up_title))),
        AppError::Domain(Error::Unauthenticated) => Some((routes::LOGIN.to_owned(), tr!(common.sign_in))),
        _ => Some((here, tr!(common.try_again))),
    };
    view! {
        <div class="failed" role="alert">
            <strong>{title}</strong>
            <p>{body}</p>
            {action.map(|(href, label)| view! { <a class="button" rel="external" href=href>{label}</a> })}
        </div>
    }
    .into_any()
}
