//! Names and phone numbers: where they are sealed, and what is shown of them.

use domain::{Error, Result, contact::Phone, ids::UserId};

use super::Deps;
use crate::{
    crypto::{Keyring, Place},
    error::{StorageResult, internal},
    storage::users::{self, NewUser},
};

/// Where somebody's name is sealed.
pub fn name_place(user: UserId) -> Place {
    Place { table: "users", column: "name_sealed", row: user.0, patient: user.0 }
}

/// Where somebody's phone number is sealed.
pub fn phone_place(user: UserId) -> Place {
    Place { table: "users", column: "phone_sealed", row: user.0, patient: user.0 }
}

/// Somebody's name.
pub fn name(keys: &Keyring, user: UserId, sealed: &[u8]) -> Result<String> {
    keys.open_text(&name_place(user), sealed).map_err(internal)
}

/// Somebody's phone number. Never log it.
pub fn phone(keys: &Keyring, user: UserId, sealed: &[u8]) -> Result<Phone> {
    let text = keys.open_text(&phone_place(user), sealed).map_err(internal)?;
    Phone::parse(&text).map_err(|_| internal("a stored phone number is none"))
}

/// The phone number of somebody who is known by their id only.
pub async fn phone_of(deps: &Deps, user: UserId) -> Result<Phone> {
    deps.ready([user.0]).await?;
    let row = users::get(&deps.store, user).await.stored()?.ok_or(Error::Unauthenticated)?;
    phone(&deps.keys, user, &row.phone_sealed)
}

/// Somebody's name, or their masked phone number before they gave one.
pub fn shown_name(keys: &Keyring, user: UserId, name_sealed: Option<&[u8]>, phone_sealed: &[u8]) -> Result<String> {
    match name_sealed {
        Some(sealed) => name(keys, user, sealed),
        None => Ok(phone(keys, user, phone_sealed)?.masked()),
    }
}

/// Makes the key of a new user and seals with it what their row needs sealed.
pub fn seal_new(keys: &Keyring, new: &mut NewUser, phone: &Phone, name: Option<&str>) -> Result<()> {
    new.key = Some(keys.make_for(new.id.0).map_err(internal)?);
    new.phone_sealed = keys.seal_text(&phone_place(new.id), phone.e164()).map_err(internal)?;
    new.name_sealed = name.map(|name| keys.seal_text(&name_place(new.id), name)).transpose().map_err(internal)?;
    Ok(())
}
