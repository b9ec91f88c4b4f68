//! Files of readings: look, answer, store, undo.

use app::{
    forms::{FlashMessage, names},
    routes,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartRejection},
    response::{IntoResponse, Redirect},
    routing::post,
};
use domain::{
    clock::parse_zone,
    field::{FieldErrors, Problem},
    forms::Fields,
    glucose::Unit,
    ids::ImportId,
    ports::{DateOrder, ImportAnswers},
};

use super::{Answer, Post, Visit};
use crate::{
    state::AppState,
    web::upload::{self, MAX_UPLOAD},
};

pub(super) fn router() -> Router<AppState> {
    let one = format!("{}/{{id}}", routes::PATIENT_IMPORT);
    Router::new()
        .route(&one, post(answer))
        .route(&format!("{one}/confirm"), post(confirm))
        .route(&format!("{one}/undo"), post(undo))
}

pub(super) fn uploads() -> Router<AppState> {
    Router::new().route(routes::PATIENT_IMPORT, post(look)).layer(DefaultBodyLimit::max(MAX_UPLOAD))
}

/// Looks at a file and shows what it holds.
async fn look(visit: Visit, multipart: Result<Multipart, MultipartRejection>) -> Answer {
    let actor = visit.actor()?;
    let file = match multipart {
        Ok(multipart) => upload::read(multipart, upload::READINGS).await,
        Err(_) => Err(Problem::Required),
    };
    let looked = match file {
        Ok(file) => visit.services().imports.preview(&actor, file).await,
        Err(problem) => Err(FieldErrors::one("file", problem).into()),
    };
    match looked {
        Ok(preview) => Ok(Redirect::to(&routes::import(preview.id)).into_response()),
        Err(domain::Error::Invalid(errors)) => {
            Err(visit.again(routes::PATIENT_IMPORT, names::IMPORT, Fields::default(), errors).await)
        }
        Err(error) => Err(visit.refused(routes::PATIENT_IMPORT, error).await),
    }
}

/// Looks at the file again under other answers.
async fn answer(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ImportId = post.id().await?;
    let page = routes::import(id);
    let answers = match parse(&post.fields) {
        Ok(answers) => answers,
        Err(errors) => return Err(post.again(&page, names::IMPORT_ANSWERS, post.shown(&[]), errors).await),
    };
    match post.services().imports.answer(&actor, id, answers).await {
        Ok(_) => Ok(Redirect::to(&page).into_response()),
        Err(error) => Err(post.wrong(&page, names::IMPORT_ANSWERS, error).await),
    }
}

async fn confirm(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ImportId = post.id().await?;
    let page = routes::import_confirm(id);
    let answers = match parse(&post.fields) {
        Ok(answers) => answers,
        Err(errors) => return Err(post.again(&page, names::IMPORT_ANSWERS, post.shown(&[]), errors).await),
    };
    match post.services().imports.confirm(&actor, id, answers).await {
        Ok(added) => {
            let undo = routes::import_undo(id);
            post.done_with_undo(routes::PATIENT_TRENDS, FlashMessage::Imported(added), Some(undo)).await
        }
        Err(error) => Err(post.wrong(&page, names::IMPORT_ANSWERS, error).await),
    }
}

async fn undo(post: Post) -> Answer {
    let actor = post.actor()?;
    let id: ImportId = post.id().await?;
    match post.services().imports.undo(&actor, id).await {
        Ok(removed) => post.done(routes::PATIENT_IMPORT, FlashMessage::ImportUndone(removed)).await,
        Err(error) => Err(post.refused(routes::PATIENT_IMPORT, error).await),
    }
}

fn parse(fields: &Fields) -> Result<ImportAnswers, FieldErrors> {
    let mut errors = FieldErrors::default();
    let date_order = errors.take(
        "dateOrder",
        match fields.get("dateOrder") {
            None => Ok(None),
            Some("dayMonth") => Ok(Some(DateOrder::DayMonth)),
            Some("monthDay") => Ok(Some(DateOrder::MonthDay)),
            Some(_) => Err(Problem::UnknownChoice),
        },
    );
    let unit = errors.take("unit", fields.get("unit").map(Unit::parse).transpose());
    let time_zone = errors.take(
        "timeZone",
        fields.get("timeZone").map(|name| parse_zone(name).map(|zone| zone.name().to_owned())).transpose(),
    );
    let answers = (|| Some(ImportAnswers { date_order: date_order?, unit: unit?, time_zone: time_zone? }))();
    errors.into_result(answers)
}
