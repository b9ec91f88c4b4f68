//! People in a test database.

use chrono::{DateTime, Utc};
use domain::{
    contact::Phone,
    ids::UserId,
    people::{Language, Preset, Role},
};
use server::{
    services::{Deps, people},
    storage::users,
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
