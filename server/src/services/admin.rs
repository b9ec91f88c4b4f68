//! Staff, clinics and links. An admin reads no patient data: of a patient only the masked phone number is shown.

use std::sync::Arc;

use async_trait::async_trait;
use chrono_tz::Tz;
use domain::{
    Error, Result,
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    consent::LinkKind,
    contact::{Phone, parse_name},
    field::{FieldErrors, Problem},
    ids::{ClinicId, LinkId, UserId},
    people::{Actor, Language, Role},
    ports::{Admin, ClinicRow, LinkRow, StaffRow},
};
use uuid::Uuid;

use super::{
    Deps,
    access::require_admin,
    care_team::{note_change, note_withdrawal, propose, require_room},
    people,
};
use crate::{
    error::StorageResult,
    storage::{audit, clinics, links, otp, sessions, users},
};

/// Implements [`Admin`].
pub struct AdminService {
    deps: Deps,
}

impl AdminService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }

    async fn zone_of(&self, actor: &Actor) -> Result<Tz> {
        let user = users::get(&self.deps.store, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        Ok(parse_zone(&user.time_zone).unwrap_or(DEFAULT_ZONE))
    }
}

#[async_trait]
impl Admin for AdminService {
    async fn staff(&self, actor: &Actor) -> Result<Vec<StaffRow>> {
        require_admin(&self.deps, actor).await?;
        let keys = &self.deps.keys;
        let rows = users::staff(&self.deps.store).await.stored()?;
        self.deps.ready(rows.iter().map(|row| row.id.0)).await?;
        rows.into_iter()
            .map(|row| {
                Ok(StaffRow {
                    id: row.id,
                    name: people::shown_name(keys, row.id, row.name_sealed.as_deref(), &row.phone_sealed)?,
                    phone_masked: people::phone(keys, row.id, &row.phone_sealed)?.masked(),
                    role: row.role,
                    clinic: row.clinic,
                    active: row.active,
                })
            })
            .collect()
    }

    async fn add_staff(
        &self,
        actor: &Actor,
        name: String,
        phone: Phone,
        role: Role,
        clinic: Option<ClinicId>,
    ) -> Result<UserId> {
        require_admin(&self.deps, actor).await?;
        if !matches!(role, Role::Doctor | Role::Admin) {
            return Err(FieldErrors::one("role", Problem::UnknownChoice).into());
        }
        let name = parse_name(&name).map_err(|problem| FieldErrors::one("name", problem))?;
        let deps = &self.deps;
        let now = deps.clock.now();
        let id = UserId(Uuid::now_v7());
        let mut new = users::NewUser {
            id,
            role,
            phone_index: deps.purposes.phone_index(&phone),
            phone_sealed: Vec::new(),
            name_sealed: None,
            key: None,
            clinic,
            language: Language::English,
            at: now,
        };
        people::seal_new(&deps.keys, &mut new, &phone, Some(&name))?;
        let mut tx = deps.store.begin().await.stored()?;
        if let Some(clinic) = clinic
            && !clinics::exists(&mut tx, clinic).await.stored()?
        {
            return Err(FieldErrors::one("clinic", Problem::UnknownChoice).into());
        }
        if !users::add_if_absent(&mut tx, &new).await.stored()? {
            return Err(Error::Conflict);
        }
        audit::add(&mut tx, audit::Entry::by(actor, "staff.add", now).on("users", id.0)).await.stored()?;
        tx.commit().await.stored()?;
        Ok(id)
    }

    /// Letting somebody in again also ends their phone's run of wrong codes: it is how support unlocks a phone.
    async fn set_active(&self, actor: &Actor, user: UserId, active: bool) -> Result<()> {
        require_admin(&self.deps, actor).await?;
        if user == actor.user {
            // The last admin would lock everybody out.
            return Err(Error::Conflict);
        }
        let now = self.deps.clock.now();
        let mut tx = self.deps.store.begin().await.stored()?;
        let phone_index = users::set_active(&mut tx, user, active, now).await.stored()?.ok_or(Error::NotFound)?;
        let ended = if active {
            otp::reset_failures(&mut tx, &phone_index).await.stored()?;
            Vec::new()
        } else {
            sessions::end_all(&mut tx, user, now).await.stored()?
        };
        let action = if active { "user.activate" } else { "user.deactivate" };
        audit::add(&mut tx, audit::Entry::by(actor, action, now).on("users", user.0)).await.stored()?;
        tx.commit().await.stored()?;
        self.deps.sessions.forget(&ended).await;
        Ok(())
    }

    async fn clinics(&self, actor: &Actor) -> Result<Vec<ClinicRow>> {
        require_admin(&self.deps, actor).await?;
        let rows = clinics::all(&self.deps.store).await.stored()?;
        Ok(rows.into_iter().map(|(id, name, city, doctors)| ClinicRow { id, name, city, doctors }).collect())
    }

    async fn add_clinic(&self, actor: &Actor, name: String, city: String) -> Result<ClinicId> {
        require_admin(&self.deps, actor).await?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", parse_name(&name));
        let city = errors.take("city", parse_name(&city));
        let (name, city) = errors.into_result(name.zip(city))?;
        let now = self.deps.clock.now();
        let id = ClinicId(Uuid::now_v7());
        let mut tx = self.deps.store.begin().await.stored()?;
        clinics::add(&mut tx, id, &name, &city, now).await.stored()?;
        audit::add(&mut tx, audit::Entry::by(actor, "clinic.add", now).on("clinics", id.0)).await.stored()?;
        tx.commit().await.stored()?;
        Ok(id)
    }

    async fn links(&self, actor: &Actor) -> Result<Vec<LinkRow>> {
        require_admin(&self.deps, actor).await?;
        let zone = self.zone_of(actor).await?;
        let keys = &self.deps.keys;
        let rows = links::newest_care(&self.deps.store).await.stored()?;
        self.deps.ready(rows.iter().flat_map(|row| [row.doctor.0, row.patient.0])).await?;
        rows.into_iter()
            .map(|row| {
                let doctor =
                    people::shown_name(keys, row.doctor, row.doctor_name_sealed.as_deref(), &row.doctor_phone_sealed)?;
                Ok(LinkRow {
                    id: row.id,
                    patient_masked: people::phone(keys, row.patient.into(), &row.patient_phone_sealed)?.masked(),
                    doctor,
                    status: row.status,
                    since: row.since.map(|at| Moment::new(at, zone)),
                })
            })
            .collect()
    }

    async fn propose_link(&self, actor: &Actor, patient: Phone, doctor: UserId) -> Result<LinkId> {
        require_admin(&self.deps, actor).await?;
        let deps = &self.deps;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        let found = users::by_phone(&mut tx, &deps.purposes.phone_index(&patient)).await.stored()?;
        let Some((patient, Role::Patient, true)) = found else { return Err(Error::NotFound) };
        let doctor = users::get_in(&mut tx, doctor).await.stored()?;
        let doctor = doctor.filter(|d| d.role == Role::Doctor && d.active).ok_or(Error::NotFound)?.id;
        require_room(&mut tx, patient.into(), "phone", now).await?;
        let id = propose(&mut tx, actor, patient.into(), doctor, now).await?;
        tx.commit().await.stored()?;
        Ok(id)
    }

    async fn end_link(&self, actor: &Actor, link: LinkId) -> Result<()> {
        require_admin(&self.deps, actor).await?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.store.begin().await.stored()?;
        // What a patient agreed with their family is not the service's to end.
        let sides = links::sides(&mut tx, link).await.stored()?.ok_or(Error::NotFound)?;
        if sides.kind != LinkKind::Care {
            return Err(Error::NotFound);
        }
        if let Some(patient) = links::end(&mut tx, link, now).await.stored()? {
            note_withdrawal(&mut tx, link, now).await?;
            note_change(&mut tx, actor, "link.end", link, patient, now).await?;
            tx.commit().await.stored()?;
        }
        Ok(())
    }
}
