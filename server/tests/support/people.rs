//! People in a test database.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    contact::Phone,
    ids::{SessionId, UserId},
    people::{Language, Preset, Role},
};
use server::{
    services::{Deps, people},
    storage::{sessions, users},
};
use uuid::Uuid;

/// Adds somebody, past the services; a patient was born in 1970.
pub async fn add_person(deps: &Deps, role: Role, phone: &Phone, name: Option<&str>, at: DateTime<Utc>) -> UserId {
    let mut new = users::NewUser {
        id: UserId(Uuid::now_v7()),
        role,
        phone_index: deps.purposes.phone_index(phone),
        phone_sealed: Vec::new(),
        name_sealed: None,
        key: None,
        clinic: None,
        language: Language::English,
        at,
    };
    people::seal_new(&deps.keys, &mut new, phone, name).expect("sealed");
    let mut tx = deps.store.begin().await.expect("a transaction");
    assert!(users::add_if_absent(&mut tx, &new).await.expect("added"), "the phone is taken");
    if role == Role::Patient {
        users::add_patient(&mut tx, new.id.into(), Some(1970), Preset::Adult).await.expect("added");
    }
    tx.commit().await.expect("committed");
    new.id
}

/// Adds a session that has just proven its second factor, past the services.
pub async fn add_session(deps: &Deps, user: UserId, at: DateTime<Utc>) -> SessionId {
    let id = SessionId(Uuid::now_v7());
    let (expires_at, idle) = (at + TimeDelta::days(7), TimeDelta::days(7));
    let new = sessions::NewSession { id, user, kind: sessions::Kind::Web, device_sealed: None, at, expires_at, idle };
    let mut tx = deps.store.begin().await.expect("a transaction");
    sessions::add(&mut tx, &new).await.expect("added");
    sessions::prove(&mut tx, id, sessions::Proof::Totp, at, expires_at).await.expect("proven");
    tx.commit().await.expect("committed");
    id
}

/// A session proves its second factor, past the services.
pub async fn prove(deps: &Deps, session: SessionId, at: DateTime<Utc>) {
    let mut tx = deps.store.begin().await.expect("a transaction");
    let until = at + TimeDelta::hours(12);
    sessions::prove(&mut tx, session, sessions::Proof::Totp, at, until).await.expect("proven");
    tx.commit().await.expect("committed");
}
