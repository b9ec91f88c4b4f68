//! Another phone number for one's account.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::{
    Error,
    contact::Phone,
    field::{FieldErrors, Problem},
    forms::phone,
};

use super::{Answer, Post};
use crate::{
    state::AppState,
    web::{
        session,
        under_way::{self, SignIn},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::SECURITY_PHONE, post(begin)).route(routes::SECURITY_PHONE_CODE, post(confirm))
}

/// Sends a code to the number that was typed, or another one to the number under way.
async fn begin(post: Post) -> Answer {
    let actor = post.actor()?;
    let again = if post.fields.get("again").is_some() { pending(&post).await? } else { None };
    let phone = match again {
        Some((_, phone)) => phone,
        None => match phone(&post.fields) {
            Ok(phone) => phone,
            Err(errors) => return Err(wrong_number(&post, errors).await),
        },
    };
    let challenge = match post.services().accounts.begin_phone_change(&actor, &phone, &post.origin()).await {
        Ok(challenge) => challenge,
        Err(error) => return Err(post.wrong(routes::SECURITY_PHONE, names::NEW_PHONE, error).await),
    };
    let sent = SignIn::begun(&challenge, &phone, post.app.now(), None);
    under_way::begin_new_phone(&post.session, &sent).await.map_err(|error| post.failed(&error))?;
    Ok(Redirect::to(routes::SECURITY_PHONE_CODE).into_response())
}

/// Makes it the person's number.
async fn confirm(post: Post) -> Answer {
    let actor = post.actor()?;
    let Some((SignIn { challenge, .. }, phone)) = pending(&post).await? else {
        return Ok(Redirect::to(routes::SECURITY_PHONE).into_response());
    };
    let Some(code) = post.fields.get("code") else { return Err(wrong_code(&post, Problem::Required).await) };
    let done = post.services().accounts.change_phone(&actor, challenge, &phone, code, &post.origin()).await;
    if matches!(done, Ok(()) | Err(Error::Conflict)) {
        under_way::forget_new_phone(&post.session).await.map_err(|error| post.failed(&error))?;
    }
    match done {
        Ok(()) => {
            session::renew(&post.session).await.map_err(|error| post.failed(&error))?;
            post.done(routes::SECURITY, FlashMessage::PhoneChanged).await
        }
        Err(Error::Unauthenticated) => Err(wrong_code(&post, Problem::Otp).await),
        Err(Error::Conflict) => post.done(routes::SECURITY_PHONE, FlashMessage::PhoneTaken).await,
        Err(error) => Err(post.refused(routes::SECURITY_PHONE_CODE, error).await),
    }
}

async fn pending(post: &Post) -> Result<Option<(SignIn, Phone)>, Response> {
    let found = under_way::new_phone(&post.session).await.map_err(|error| post.failed(&error))?;
    Ok(found.and_then(|found| Phone::parse(&found.phone).ok().map(|phone| (found, phone))))
}

async fn wrong_number(post: &Post, errors: FieldErrors) -> Response {
    post.again(routes::SECURITY_PHONE, names::NEW_PHONE, post.shown(&[]), errors).await
}

/// The code itself is never shown again.
async fn wrong_code(post: &Post, problem: Problem) -> Response {
    let errors = FieldErrors::one("code", problem);
    post.again(routes::SECURITY_PHONE_CODE, names::NEW_PHONE_CODE, post.shown(&["code"]), errors).await
}
