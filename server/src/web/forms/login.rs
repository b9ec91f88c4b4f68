//! Signing in and out.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{
    Router,
    http::{HeaderName, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::{
    Error,
    contact::Phone,
    field::{FieldErrors, Problem},
    forms::phone,
};

use super::{Answer, Post, query_value};
use crate::{
    state::AppState,
    web::{
        session,
        under_way::{self, SignIn},
    },
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::LOGIN, post(send))
        .route(routes::LOGIN_RESEND, post(resend))
        .route(routes::LOGIN_CODE, post(check))
        .route(routes::LOGOUT, post(logout))
}

/// Sends a code to the phone that was typed.
async fn send(post: Post) -> Answer {
    let phone = match phone(&post.fields) {
        Ok(phone) => phone,
        Err(errors) => return Err(post.again(routes::LOGIN, names::PHONE, post.shown(&[]), errors).await),
    };
    let next = post.field_or_query("next").or_else(|| query_value(&post.referrer()?.parse::<Uri>().ok()?, "next"));
    begin(&post, &phone, next.filter(|next| session::is_local(next))).await?;
    Ok(Redirect::to(routes::LOGIN_CODE).into_response())
}

/// Sends another code to the same phone.
async fn resend(post: Post) -> Answer {
    let under_way = under_way::sign_in(&post.session).await.map_err(|error| post.failed(&error))?;
    let Some(SignIn { phone, next, .. }) = under_way else {
        return Ok(Redirect::to(routes::LOGIN).into_response());
    };
    let Ok(phone) = Phone::parse(&phone) else { return Ok(Redirect::to(routes::LOGIN).into_response()) };
    begin(&post, &phone, next).await?;
    post.done(routes::LOGIN_CODE, FlashMessage::CodeSent).await
}

async fn begin(post: &Post, phone: &Phone, next: Option<String>) -> Result<(), Response> {
    let challenge = match post.services().accounts.request_otp(phone, &post.origin()).await {
        Ok(challenge) => challenge,
        Err(error) => return Err(post.wrong(routes::LOGIN, names::PHONE, error).await),
    };
    let sign_in = SignIn::begun(&challenge, phone, post.app.now(), next);
    under_way::begin_sign_in(&post.session, &sign_in).await.map_err(|error| post.failed(&error))
}

/// Checks the code and signs this browser in.
async fn check(post: Post) -> Answer {
    let under_way = under_way::sign_in(&post.session).await.map_err(|error| post.failed(&error))?;
    let Some(SignIn { challenge, phone, next, .. }) = under_way else {
        return Ok(Redirect::to(routes::LOGIN).into_response());
    };
    let Ok(phone) = Phone::parse(&phone) else { return Ok(Redirect::to(routes::LOGIN).into_response()) };
    let Some(code) = post.fields.get("code") else {
        return Err(wrong_code(&post, FieldErrors::one("code", Problem::Required)).await);
    };
    let accounts = &post.services().accounts;
    let origin = post.origin();
    let signed_in = match accounts.verify_otp(challenge, &phone, code, &origin).await {
        Ok(signed_in) => signed_in,
        Err(Error::Invalid(_) | Error::Unauthenticated | Error::NotFound | Error::Forbidden) => {
            return Err(wrong_code(&post, FieldErrors::one("code", Problem::Otp)).await);
        }
        Err(error) => return Err(post.failed(&error)),
    };
    let id = accounts.start_session(signed_in.user, &origin).await.map_err(|error| post.failed(&error))?;
    session::sign_browser_in(&post.session, id).await.map_err(|error| post.failed(&error))?;
    let home = next.as_deref().unwrap_or(routes::home_of(signed_in.role));
    let (_, standing) = post.services().second_factor.standing(id).await.map_err(|error| post.failed(&error))?;
    let Some(lacking) = session::only(standing) else { return Ok(Redirect::to(home).into_response()) };
    session::keep_next(&post.session, home).await.map_err(|error| post.failed(&error))?;
    Ok(Redirect::to(lacking).into_response())
}

/// The code itself is never shown again.
async fn wrong_code(post: &Post, errors: FieldErrors) -> Response {
    post.again(routes::LOGIN_CODE, names::CODE, post.shown(&["code"]), errors).await
}

/// Signs this browser out and has it forget what it kept of us.
async fn logout(post: Post) -> Answer {
    if let Ok(actor) = post.anybody() {
        match post.services().accounts.end_session(&actor, actor.session).await {
            Ok(()) | Err(Error::NotFound | Error::Unauthenticated) => {}
            Err(error) => return Err(post.failed(&error)),
        }
    }
    session::forget(&post.session).await.map_err(|error| post.failed(&error))?;
    // Cookies are not on the list: the one that carries the message of the next page has to stay.
    let answer = post.done(routes::HOME, FlashMessage::SignedOut).await?;
    Ok(([(CLEAR_SITE_DATA, "\"cache\", \"storage\"")], answer).into_response())
}
