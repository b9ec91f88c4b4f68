//! Passkeys and signed-in devices.

use app::{forms::FlashMessage, routes};
use axum::{
    Router,
    response::{IntoResponse, Redirect},
    routing::post,
};
use domain::{
    Error,
    ids::{CeremonyId, PasskeyId, SessionId},
};
use uuid::Uuid;

use super::{Answer, Post};
use crate::{state::AppState, web::session};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::LOGIN_PASSKEY, post(sign_in))
        .route(routes::SECURITY_PASSKEYS, post(add))
        .route("/security/passkeys/{id}/remove", post(remove))
        .route("/security/devices/{id}/end", post(end))
}

/// The challenge and what a passkey answered to it, as the browser posts them.
pub(super) fn answer(post: &Post) -> Option<(CeremonyId, &str)> {
    let ceremony = Uuid::try_parse(post.fields.get("ceremony")?).ok()?;
    Some((CeremonyId(ceremony), post.fields.get("credential")?))
}

/// Signs this browser in by a passkey.
async fn sign_in(post: Post) -> Answer {
    let passkeys = &post.services().passkeys;
    let signed_in = match answer(&post) {
        Some((ceremony, answer)) => passkeys.sign_in(ceremony, answer, &post.origin()).await,
        None => Err(Error::Unauthenticated),
    };
    let (who, id) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Error::Unauthenticated | Error::NotFound) => {
            return post.done(routes::LOGIN, FlashMessage::PasskeyUnknown).await;
        }
        Err(error) => return Err(post.failed(&error)),
    };
    session::sign_browser_in(&post.session, id).await.map_err(|error| post.failed(&error))?;
    Ok(Redirect::to(post.next().unwrap_or(routes::home_of(who.role))).into_response())
}

/// Keeps a new passkey.
async fn add(post: Post) -> Answer {
    let actor = post.actor()?;
    let Some((ceremony, answer)) = answer(&post) else {
        return post.done(routes::SECURITY, FlashMessage::Failed).await;
    };
    match post.services().passkeys.add(&actor, ceremony, answer, &post.origin()).await {
        Ok(()) => post.done(routes::SECURITY, FlashMessage::PasskeyAdded).await,
        Err(Error::Unauthenticated) => post.done(routes::SECURITY, FlashMessage::Failed).await,
        Err(error) => Err(post.refused(routes::SECURITY, error).await),
    }
}

/// Takes a passkey away.
async fn remove(post: Post) -> Answer {
    let actor = post.actor()?;
    let id = post.id::<PasskeyId>().await?;
    match post.services().passkeys.remove(&actor, id).await {
        Ok(()) => post.done(routes::SECURITY, FlashMessage::PasskeyRemoved).await,
        Err(error) => Err(post.refused(routes::SECURITY, error).await),
    }
}

/// Signs a device out; this one leaves.
async fn end(post: Post) -> Answer {
    let actor = post.actor()?;
    let id = post.id::<SessionId>().await?;
    if let Err(error) = post.services().accounts.end_session(&actor, id).await {
        return Err(post.refused(routes::SECURITY, error).await);
    }
    if id == actor.session {
        session::forget(&post.session).await.map_err(|error| post.failed(&error))?;
        return Ok(Redirect::to(routes::HOME).into_response());
    }
    post.done(routes::SECURITY, FlashMessage::DeviceSignedOut).await
}
