//! A doctor's saved views of the work list.

use chrono::TimeDelta;
use domain::{
    Error, Result,
    desk::{MOST_VIEWS, SavedView, ViewQuery, parse_label},
    field::{FieldErrors, Problem},
    ids::{UserId, ViewId},
    people::Actor,
};
use uuid::Uuid;

use crate::{
    crypto::Place,
    error::{StorageResult, internal},
    services::Deps,
    storage::{
        saved_views::{self as rows, StoredView},
        users,
    },
};

/// How long a view that was taken away can be brought back.
const BROUGHT_BACK: TimeDelta = TimeDelta::days(1);

/// Where the name of a view is sealed.
fn place(view: ViewId, doctor: UserId) -> Place {
    Place { table: "saved_views", column: "name_sealed", row: view.0, patient: doctor.0 }
}

fn opened(deps: &Deps, doctor: UserId, row: &StoredView) -> Result<SavedView> {
    let name = deps.keys.open_text(&place(row.id, doctor), &row.name_sealed).map_err(internal)?;
    Ok(SavedView { id: row.id, name, query: row.query })
}

/// The actor's views, by name.
pub(super) async fn all(deps: &Deps, actor: &Actor) -> Result<Vec<SavedView>> {
    let found = rows::of_doctor(&deps.store, actor.user).await.stored()?;
    let mut views = found.iter().map(|row| opened(deps, actor.user, row)).collect::<Result<Vec<_>>>()?;
    views.sort_by_cached_key(|view| view.name.to_lowercase());
    Ok(views)
}

/// Keeps a view; one of the same name makes room for it.
pub(super) async fn save(deps: &Deps, actor: &Actor, name: &str, query: ViewQuery) -> Result<ViewId> {
    let name = parse_label(name).map_err(|problem| FieldErrors::one("name", problem))?;
    let lower = name.to_lowercase();
    let now = deps.clock.now();
    let id = ViewId(Uuid::now_v7());
    let name_sealed = deps.keys.seal_text(&place(id, actor.user), &name).map_err(internal)?;
    let mut tx = deps.store.begin().await.stored()?;
    users::lock(&mut tx, actor.user).await.stored()?;
    rows::forget_removed(&mut tx, actor.user, now - BROUGHT_BACK).await.stored()?;
    let mut others = 0;
    for row in rows::of_doctor_in(&mut tx, actor.user).await.stored()? {
        if opened(deps, actor.user, &row)?.name.to_lowercase() == lower {
            rows::set_removed(&mut tx, row.id, actor.user, Some(now)).await.stored()?;
        } else {
            others += 1;
        }
    }
    if others >= MOST_VIEWS {
        return Err(FieldErrors::one("name", Problem::ItemCount { min: 0, max: MOST_VIEWS }).into());
    }
    rows::add(&mut tx, &StoredView { id, name_sealed, query }, actor.user, now).await.stored()?;
    tx.commit().await.stored()?;
    Ok(id)
}

/// Takes a view away or brings it back; one that is not the actor's is unknown.
pub(super) async fn set_removed(deps: &Deps, actor: &Actor, view: ViewId, removed: bool) -> Result<()> {
    let at = removed.then(|| deps.clock.now());
    let mut tx = deps.store.begin().await.stored()?;
    if !rows::set_removed(&mut tx, view, actor.user, at).await.stored()? {
        return Err(Error::NotFound);
    }
    tx.commit().await.stored()
}
