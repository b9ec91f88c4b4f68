//! Codes by which patients connect with doctors: face to face, without a number given to anybody.
//!
//! The doctor offers, the patient agrees; so the link is in force at once, with the same consent as one that was proposed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Error, Result,
    access::{Action, Relation},
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    connection::{self, LASTS},
    consent::{CONSENT_TEXT_VERSION, DataType, LinkKind, LinkStatus},
    field::{FieldErrors, Problem},
    ids::{LinkId, PatientId, UserId},
    people::Actor,
    ports::{CodeOwner, ConnectionCode, Connections},
};
use zeroize::Zeroizing;

use super::{
    Deps, access,
    care_team::{add_pending, note_change, note_consent, require_room},
    people, step_up, write,
};
use crate::{
    error::{StorageResult, internal},
    storage::{Tx, audit, clinics, connections, links, users},
};

/// Implements [`Connections`].
pub struct ConnectionService {
    deps: Deps,
}

impl ConnectionService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }

    /// Counts what a patient typed, before it is looked at; the code's keyed code, if it may be looked at.
    async fn counted(&self, actor: &Actor, typed: &str) -> Result<Option<[u8; 32]>> {
        let Some(code) = connection::read(typed) else { return Ok(None) };
        let mut tx = self.deps.store.begin().await.stored()?;
        let counted = connections::count_guess(&mut tx, actor.user.into(), self.deps.clock.now()).await.stored()?;
        tx.commit().await.stored()?;
        Ok(counted.then(|| self.deps.purposes.connection_mac(&code)))
    }

    /// The one answer to every code that connects with nobody.
    async fn wrong(&self, actor: &Actor) -> Result<Error> {
        let entry = audit::Entry::by(actor, "link.connect", self.deps.clock.now()).refused("wrong-code");
        write::trail(&self.deps, &[entry.of(actor.user.into())]).await?;
        Ok(FieldErrors::one("code", Problem::Otp).into())
    }
}

fn new_code() -> Result<Zeroizing<String>> {
    loop {
        let mut bytes = Zeroizing::new([0u8; 16]);
        getrandom::fill(bytes.as_mut_slice()).map_err(internal)?;
        if let Some(code) = connection::from_random(bytes.as_slice()) {
            return Ok(Zeroizing::new(code));
        }
    }
}

#[async_trait]
impl Connections for ConnectionService {
    async fn make(&self, actor: &Actor) -> Result<ConnectionCode> {
        let deps = &self.deps;
        access::allow(deps, actor, &Relation::None, Action::OfferConnection).await?;
        let now = deps.clock.now();
        let code = new_code()?;
        let mut tx = deps.store.begin().await.stored()?;
        let me = users::get_in(&mut tx, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let mac = deps.purposes.connection_mac(&code);
        connections::replace(&mut tx, actor.user, &mac, now + LASTS).await.stored()?;
        audit::add(&mut tx, audit::Entry::by(actor, "link.offer", now).on("users", actor.user.0)).await.stored()?;
        tx.commit().await.stored()?;
        let zone = parse_zone(&me.time_zone).unwrap_or(DEFAULT_ZONE);
        Ok(ConnectionCode { code: connection::shown(&code), until: Moment::new(now + LASTS, zone) })
    }

    async fn whose(&self, actor: &Actor, code: &str) -> Result<CodeOwner> {
        let deps = &self.deps;
        access::require_own(deps, actor, Action::ManageCareTeam).await?;
        let Some(mac) = self.counted(actor, code).await? else { return Err(self.wrong(actor).await?) };
        let Some(doctor) = connections::owner(&deps.store, &mac, deps.clock.now()).await.stored()? else {
            return Err(self.wrong(actor).await?);
        };
        deps.ready([doctor.0]).await?;
        let row = users::get(&deps.store, doctor).await.stored()?.ok_or(Error::NotFound)?;
        let name = people::shown_name(&deps.keys, doctor, row.name_sealed.as_deref(), &row.phone_sealed)?;
        let clinic = match row.clinic {
            Some(clinic) => clinics::name(&deps.store, clinic).await.stored()?,
            None => None,
        };
        Ok(CodeOwner { doctor: name, clinic })
    }

    async fn connect(&self, actor: &Actor, code: &str) -> Result<LinkId> {
        let deps = &self.deps;
        access::require_own(deps, actor, Action::ManageCareTeam).await?;
        step_up::require(deps, actor).await?;
        let Some(mac) = self.counted(actor, code).await? else { return Err(self.wrong(actor).await?) };
        let now = deps.clock.now();
        let patient = PatientId::from(actor.user);
        let mut tx = deps.store.begin().await.stored()?;
        let Some(doctor) = connections::take(&mut tx, &mac, now).await.stored()? else {
            drop(tx);
            return Err(self.wrong(actor).await?);
        };
        let me = users::get_in(&mut tx, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let link = asked(&mut tx, patient, doctor, now).await?;
        let consent = Some((CONSENT_TEXT_VERSION, me.language));
        links::accept(&mut tx, link, actor.user, consent, now).await.stored()?.ok_or(Error::Conflict)?;
        let sides = (patient, doctor, link, LinkKind::Care);
        note_consent(&mut tx, sides, DataType::ALL, me.language, None, now).await?;
        note_change(&mut tx, actor, "link.connect", link, patient, now).await?;
        connections::forget_guesses(&mut tx, patient).await.stored()?;
        tx.commit().await.stored()?;
        Ok(link)
    }
}

/// The link that awaits the patient: one that the clinic proposed already, or a new one. Where there is one in force the code
/// stays unused, as the transaction is not committed.
async fn asked(tx: &mut Tx, patient: PatientId, doctor: UserId, now: chrono::DateTime<chrono::Utc>) -> Result<LinkId> {
    users::lock_patient(tx, patient).await.stored()?;
    match links::between(tx, patient, doctor, LinkKind::Care).await.stored()? {
        Some((_, LinkStatus::Active)) => return Err(Error::Conflict),
        Some((link, _)) => return Ok(link),
        None => {}
    }
    require_room(tx, patient, "code", now).await?;
    add_pending(tx, patient, doctor, now).await
}
