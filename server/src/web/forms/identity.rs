//! The second factor and fresh proofs of identity.

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
    field::{FieldErrors, Problem},
    forms::Fields,
    people::Actor,
};

use super::{Answer, Post, passkeys};
use crate::{state::AppState, web::session};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::SECOND_FACTOR, post(prove))
        .route(routes::SECOND_FACTOR_SETUP, post(set_up))
        .route(routes::STEP_UP, post(step_up))
        .route(routes::STEP_UP_SEND, post(send))
}

/// The second factor of a sign-in.
async fn prove(post: Post) -> Answer {
    let actor = post.anybody()?;
    let proven = if let Some(proven) = by_passkey(&post, &actor).await {
        proven
    } else {
        let code = typed(&post, routes::SECOND_FACTOR, names::SECOND_FACTOR).await?;
        post.services().second_factor.prove(&actor, code).await
    };
    if let Err(error) = proven {
        return Err(wrong(&post, routes::SECOND_FACTOR, names::SECOND_FACTOR, error).await);
    }
    session::renew(&post.session).await.map_err(|error| post.failed(&error))?;
    Ok(Redirect::to(&home(&post, &actor).await?).into_response())
}

/// Where somebody wanted to go before they were asked for more.
async fn home(post: &Post, actor: &Actor) -> Result<String, Response> {
    let next = session::take_next(&post.session).await.map_err(|error| post.failed(&error))?;
    Ok(next.unwrap_or_else(|| routes::home_of(actor.role).to_owned()))
}

/// One's own second factor.
async fn set_up(post: Post) -> Answer {
    let actor = post.anybody()?;
    let second_factor = &post.services().second_factor;
    match post.fields.get("do") {
        Some("codes") => match second_factor.renew_codes(&actor).await {
            Ok(codes) => Ok(show(&post, &codes, routes::SETTINGS.to_owned()).await),
            Err(error) => Err(post.refused(routes::SECOND_FACTOR_SETUP, error).await),
        },
        Some("remove") => match second_factor.remove(&actor).await {
            Ok(()) => post.done(routes::SETTINGS, FlashMessage::SecondFactorRemoved).await,
            Err(error) => Err(post.refused(routes::SECOND_FACTOR_SETUP, error).await),
        },
        // A form sent by the Enter key may leave the button's name out.
        _ => {
            let code = typed(&post, routes::SECOND_FACTOR_SETUP, names::SECOND_FACTOR_SETUP).await?;
            match second_factor.confirm(&actor, code).await {
                Ok(codes) => {
                    session::renew(&post.session).await.map_err(|error| post.failed(&error))?;
                    let next = home(&post, &actor).await?;
                    Ok(show(&post, &codes, next).await)
                }
                Err(Error::Conflict) => Ok(Redirect::to(routes::SECOND_FACTOR_SETUP).into_response()),
                Err(error) => Err(wrong(&post, routes::SECOND_FACTOR_SETUP, names::SECOND_FACTOR_SETUP, error).await),
            }
        }
    }
}

/// The recovery codes, in the answer itself: they are kept nowhere.
async fn show(post: &Post, codes: &[String], next: String) -> Response {
    let mut fields = Fields::default();
    fields.0.insert("codes".to_owned(), codes.join("\n"));
    fields.0.insert("next".to_owned(), next);
    post.with_form(routes::SECOND_FACTOR_SETUP, names::RECOVERY_CODES, fields, FieldErrors::default()).await
}

/// A fresh proof, and back to what asked for it.
async fn step_up(post: Post) -> Answer {
    let actor = post.actor()?;
    let proven = match by_passkey(&post, &actor).await {
        Some(proven) => proven,
        None => by_code(&post, &actor).await?,
    };
    if let Err(error) = proven {
        return Err(wrong(&post, routes::STEP_UP, names::STEP_UP, error).await);
    }
    session::renew(&post.session).await.map_err(|error| post.failed(&error))?;
    post.done(post.next().unwrap_or(routes::home_of(actor.role)), FlashMessage::Proven).await
}

/// By a code of the app, or one sent to the phone.
async fn by_code(post: &Post, actor: &Actor) -> Result<domain::Result<()>, Response> {
    let code = typed(post, routes::STEP_UP, names::STEP_UP).await?;
    let second_factor = &post.services().second_factor;
    if second_factor.proves_by_app(actor).await.map_err(|error| post.failed(&error))? {
        return Ok(second_factor.prove(actor, code).await);
    }
    Ok(match session::proof(&post.session).await.map_err(|error| post.failed(&error))? {
        Some(challenge) => second_factor.prove_by_phone(actor, challenge, code).await,
        None => Err(Error::Unauthenticated),
    })
}

/// By a passkey, if that is what was posted.
async fn by_passkey(post: &Post, actor: &Actor) -> Option<domain::Result<()>> {
    let (ceremony, answer) = passkeys::answer(post)?;
    Some(post.services().passkeys.prove(actor, ceremony, answer).await)
}

/// Sends a code to one's own phone.
async fn send(post: Post) -> Answer {
    let actor = post.actor()?;
    let challenge = match post.services().second_factor.send_proof(&actor, &post.origin()).await {
        Ok(challenge) => challenge,
        Err(error) => return Err(post.failed(&error)),
    };
    session::keep_proof(&post.session, challenge.challenge_id).await.map_err(|error| post.failed(&error))?;
    Ok(session::to_step_up(post.next()))
}

/// The code that was typed; without one the page comes back.
async fn typed<'a>(post: &'a Post, page: &str, form: &str) -> Result<&'a str, Response> {
    match post.fields.get("code") {
        Some(code) => Ok(code),
        None => Err(post.again(page, form, post.shown(&["code"]), FieldErrors::one("code", Problem::Required)).await),
    }
}

/// The code itself is never shown again.
async fn wrong(post: &Post, page: &str, form: &str, error: Error) -> Response {
    match error {
        Error::Unauthenticated | Error::Invalid(_) => {
            post.again(page, form, post.shown(&["code"]), FieldErrors::one("code", Problem::Otp)).await
        }
        error => post.failed(&error),
    }
}
