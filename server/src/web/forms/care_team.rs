//! Who may see whose data: invite, agree, end, from both sides.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{Router, routing::post};
use chrono::NaiveDate;
use domain::{
    clock::{days_range, local_date},
    consent::DataType,
    contact::{Phone, parse_name},
    field::{FieldErrors, Problem},
    ids::LinkId,
    ports::Invitation,
};

use super::{Answer, Post};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    let patient = format!("{}/{{id}}", routes::PATIENT_CARE_TEAM);
    let caregiver = format!("{}/links/{{id}}", routes::CAREGIVER);
    Router::new()
        .route(routes::PATIENT_INVITE, post(invite))
        .route(&format!("{patient}/accept"), post(|p: Post| accept(p, routes::PATIENT_CARE_TEAM)))
        .route(&format!("{patient}/end"), post(|p: Post| end(p, routes::PATIENT_CARE_TEAM)))
        .route(&format!("{caregiver}/accept"), post(|p: Post| accept(p, routes::CAREGIVER)))
        .route(&format!("{caregiver}/end"), post(|p: Post| end(p, routes::CAREGIVER)))
}

async fn invite(post: Post) -> Answer {
    let actor = post.actor()?;
    let page = routes::PATIENT_CARE_TEAM;
    let invitation = match parse(&post) {
        Ok(invitation) => invitation,
        Err(errors) => return Err(post.again(routes::PATIENT_INVITE, names::INVITE, post.shown(&[]), errors).await),
    };
    match post.services().care_team.invite(&actor, invitation).await {
        Ok(_) => post.done(page, FlashMessage::Invited).await,
        Err(error) => Err(post.wrong(routes::PATIENT_INVITE, names::INVITE, error).await),
    }
}

fn parse(post: &Post) -> Result<Invitation, FieldErrors> {
    let fields = &post.fields;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", parse_name(fields.get("name").unwrap_or("")));
    let phone = errors.take("phone", Phone::parse(fields.get("phone").unwrap_or("")));
    let known = [
        ("glucose", DataType::Glucose),
        ("meals", DataType::Meals),
        ("records", DataType::Records),
        ("alerts", DataType::Alerts),
    ];
    let data_types: Vec<DataType> = known
        .into_iter()
        .filter(|(field, _)| fields.get(field) == Some("yes"))
        .map(|(_, data_type)| data_type)
        .collect();
    if data_types.is_empty() {
        errors.push("glucose", Problem::Required);
    }
    let until = errors.take("until", until(post));
    let invitation = (|| Some(Invitation { phone: phone?, name: name?, data_types, until: until? }))();
    errors.into_result(invitation)
}

/// The last day of the link, included; it must not be over.
fn until(post: &Post) -> Result<Option<chrono::DateTime<chrono::Utc>>, Problem> {
    let Some(text) = post.fields.get("until") else { return Ok(None) };
    let last: NaiveDate = text.parse().map_err(|_| Problem::Time)?;
    let zone = post.zone();
    if last < local_date(post.app.now(), zone) {
        return Err(Problem::Time);
    }
    Ok(Some(days_range(last, last, zone).1))
}

async fn accept(post: Post, page: &'static str) -> Answer {
    let actor = post.actor()?;
    let id: LinkId = post.id().await?;
    match post.services().care_team.accept(&actor, id).await {
        Ok(()) => post.done(page, FlashMessage::LinkAccepted).await,
        Err(error) => Err(post.refused(page, error).await),
    }
}

async fn end(post: Post, page: &'static str) -> Answer {
    let actor = post.actor()?;
    let id: LinkId = post.id().await?;
    match post.services().care_team.end(&actor, id).await {
        Ok(()) => post.done(page, FlashMessage::LinkEnded).await,
        Err(error) => Err(post.refused(page, error).await),
    }
}
