//! A doctor makes a code; a patient types it, sees whose it is, and agrees.

use app::{
    format,
    forms::{FlashMessage, names},
    routes,
};
use axum::{
    Router,
    response::{IntoResponse, Redirect},
    routing::post,
};
use domain::{
    Error,
    connection::LASTS,
    field::{FieldErrors, Problem},
    forms::Fields,
};

use super::{Answer, Post};
use crate::{
    auth::totp,
    state::AppState,
    web::under_way::{self, TypedCode},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(routes::DOCTOR_CONNECT, post(make)).route(routes::PATIENT_CONNECT, post(connect))
}

/// Makes a code. It is in the answer itself: it is kept nowhere.
async fn make(post: Post) -> Answer {
    let actor = post.actor()?;
    let made = match post.services().connections.make(&actor).await {
        Ok(made) => made,
        Err(error) => return Err(post.failed(&error)),
    };
    let mut fields = Fields::default();
    // The picture holds the code alone, for the app to read: in an address it would end up in histories.
    fields.0.insert("qr".to_owned(), totp::qr_svg(&made.code).unwrap_or_default());
    fields.0.insert("code".to_owned(), made.code);
    fields.0.insert("until".to_owned(), format::time(post.page.language, made.until.local()));
    Ok(post.with_form(routes::DOCTOR_CONNECT, names::CONNECTION_CODE, fields, FieldErrors::default()).await)
}

async fn connect(post: Post) -> Answer {
    if post.fields.get("do") == Some("agree") { agree(post).await } else { look(post).await }
}

/// Whose code it is that was typed.
async fn look(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::PATIENT_CONNECT;
    let Some(code) = post.fields.get("code") else {
        let errors = FieldErrors::one("code", Problem::Required);
        return Err(post.again(page, names::CONNECT, post.shown(&[]), errors).await);
    };
    let owner = match post.services().connections.whose(&actor, code).await {
        Ok(owner) => owner,
        Err(error) => return Err(post.wrong(page, names::CONNECT, error).await),
    };
    let typed = TypedCode { code: code.to_owned(), owner, until: post.app.now() + LASTS };
    under_way::keep_connection(&post.session, &typed).await.map_err(|error| post.failed(&error))?;
    Ok(Redirect::to(page).into_response())
}

/// Connects with the doctor who was shown.
async fn agree(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::PATIENT_CONNECT;
    let typed = under_way::connection(&post.session, post.app.now()).await.map_err(|error| post.failed(&error))?;
    let Some(typed) = typed else { return Ok(Redirect::to(page).into_response()) };
    let done = post.services().connections.connect(&actor, &typed.code).await;
    if !matches!(done, Err(Error::StepUp | Error::Unavailable)) {
        under_way::forget_connection(&post.session).await.map_err(|error| post.failed(&error))?;
    }
    match done {
        Ok(_) => post.done(routes::PATIENT_CARE_TEAM, FlashMessage::LinkAccepted).await,
        Err(Error::Conflict) => post.done(routes::PATIENT_CARE_TEAM, FlashMessage::Conflict).await,
        Err(error) => Err(post.wrong(page, names::CONNECT, error).await),
    }
}
