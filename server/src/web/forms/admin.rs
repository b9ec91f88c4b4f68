//! Staff, clinics, links.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use domain::{
    Error,
    field::{FieldErrors, Problem},
    forms::{self, NewClinic, NewLink, NewStaff},
    ids::{LinkId, UserId},
};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(routes::ADMIN_STAFF, post(add_staff))
        .route(&format!("{}/{{id}}/active", routes::ADMIN_STAFF), post(set_active))
        .route(&format!("{}/{{id}}/second-factor", routes::ADMIN_STAFF), post(reset_second_factor))
        .route(routes::ADMIN_CLINICS, post(add_clinic))
        .route(routes::ADMIN_LINKS, post(propose_link))
        .route(&format!("{}/{{id}}/end", routes::ADMIN_LINKS), post(end_link))
}

async fn add_staff(post: Post) -> Answer {
    let actor = post.actor()?;
    let NewStaff { name, phone, role, clinic } = match forms::staff(&post.fields) {
        Ok(staff) => staff,
        Err(errors) => return Err(post.again(routes::ADMIN_STAFF, names::STAFF, post.shown(&[]), errors).await),
    };
    match post.services().admin.add_staff(&actor, name, phone, role, clinic).await {
        Ok(_) => post.done(routes::ADMIN, FlashMessage::StaffAdded).await,
        Err(error) => Err(post.wrong(routes::ADMIN_STAFF, names::STAFF, at_phone(error)).await),
    }
}

/// A refusal for the sake of the number is said at its field, where it can be mended.
fn at_phone(error: Error) -> Error {
    match error {
        Error::NotFound => FieldErrors::one("phone", Problem::NoSuchPerson).into(),
        Error::Conflict => FieldErrors::one("phone", Problem::Exists).into(),
        error => error,
    }
}

async fn set_active(post: Post) -> Answer {
    let actor = post.actor()?;
    let user: UserId = post.id().await?;
    let active = post.field_or_query("active").as_deref() == Some("yes");
    match post.services().admin.set_active(&actor, user, active).await {
        Ok(()) => post.done(routes::ADMIN, FlashMessage::StaffChanged).await,
        Err(error) => Err(post.refused(routes::ADMIN, error).await),
    }
}

async fn reset_second_factor(post: Post) -> Answer {
    let actor = post.actor()?;
    let user: UserId = post.id().await?;
    match post.services().second_factor.reset(&actor, user).await {
        Ok(()) => post.done(routes::ADMIN, FlashMessage::SecondFactorReset).await,
        Err(error) => Err(post.refused(routes::ADMIN, error).await),
    }
}

async fn add_clinic(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::ADMIN_CLINICS;
    let NewClinic { name, city } = match forms::clinic(&post.fields) {
        Ok(clinic) => clinic,
        Err(errors) => return Err(post.again(page, names::CLINIC, post.shown(&[]), errors).await),
    };
    match post.services().admin.add_clinic(&actor, name, city).await {
        Ok(_) => post.done(page, FlashMessage::ClinicAdded).await,
        Err(error) => Err(post.wrong(page, names::CLINIC, error).await),
    }
}

async fn propose_link(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::ADMIN_LINKS;
    let NewLink { phone, doctor } = match forms::link(&post.fields) {
        Ok(link) => link,
        Err(errors) => return Err(post.again(page, names::LINK, post.shown(&[]), errors).await),
    };
    match post.services().admin.propose_link(&actor, phone, doctor).await {
        Ok(_) => post.done(page, FlashMessage::LinkProposed).await,
        Err(error) => Err(post.wrong(page, names::LINK, at_phone(error)).await),
    }
}

async fn end_link(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: LinkId = post.id().await?;
    match post.services().admin.end_link(&actor, id).await {
        Ok(()) => post.done(routes::ADMIN_LINKS, FlashMessage::LinkEnded).await,
        Err(error) => Err(post.refused(routes::ADMIN_LINKS, error).await),
    }
}
