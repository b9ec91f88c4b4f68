//! A doctor's look at a patient who is not theirs, in an emergency. It opens at once, since nobody may be there to agree; a
//! reason, a fresh proof of identity, its short time, the audit trail and the patient's knowledge keep it honest.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::{
    Error, Result,
    access::Action,
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    contact::Phone,
    events::EventKind,
    field::{FieldErrors, Problem},
    forms::emergency_reason,
    ids::{EmergencyId, PatientId},
    people::{Actor, Role},
    ports::{Emergencies, Emergency},
};
use uuid::Uuid;

use super::{Deps, access, people, step_up, write};
use crate::{
    crypto::Place,
    error::{StorageResult, internal},
    messages::{Notice, NoticeKind},
    storage::{emergency, users},
};

/// How long one lasts.
pub const LASTS: TimeDelta = TimeDelta::hours(4);
/// How many a doctor may have within a day: more is not an emergency.
pub const A_DAY: i64 = 10;

/// Implements [`Emergencies`].
pub struct EmergencyService {
    deps: Deps,
}

impl EmergencyService {
    /// Over its dependencies.
    pub fn new(deps: Deps) -> Arc<Self> {
        Arc::new(Self { deps })
    }
}

fn reason_place(id: EmergencyId, patient: PatientId) -> Place {
    Place { table: "emergency_access", column: "reason_sealed", row: id.0, patient: patient.0 }
}

#[async_trait]
impl Emergencies for EmergencyService {
    async fn open(&self, actor: &Actor, phone: &Phone, reason: &str) -> Result<PatientId> {
        if actor.role != Role::Doctor {
            return Err(Error::Forbidden);
        }
        let deps = &self.deps;
        let reason = emergency_reason(reason).map_err(|problem| FieldErrors::one("reason", problem))?;
        step_up::require(deps, actor).await?;
        let now = deps.clock.now();
        let mut tx = deps.store.begin().await.stored()?;
        let today = emergency::count_of(&mut tx, actor.user, now - TimeDelta::days(1)).await.stored()?;
        let found = users::by_phone(&mut tx, &deps.purposes.phone_index(phone)).await.stored()?;
        tx.commit().await.stored()?;
        if today >= A_DAY {
            return Err(Error::TooMany { retry_after_s: 3600 });
        }
        let Some((user, Role::Patient, true)) = found else {
            return Err(FieldErrors::one("phone", Problem::NoSuchPerson).into());
        };
        deps.ready([user.0]).await?;
        let (patient, id) = (PatientId::from(user), EmergencyId(Uuid::now_v7()));
        let sealed = deps.keys.seal_text(&reason_place(id, patient), reason).map_err(internal)?;
        let new = emergency::NewEmergency {
            id,
            doctor: actor.user,
            patient,
            reason_sealed: &sealed,
            at: now,
            until: now + LASTS,
        };
        let mut tx = deps.store.begin().await.stored()?;
        emergency::add(&mut tx, &new).await.stored()?;
        let on = ("emergency_access", id.0);
        write::note(&mut tx, actor, patient, "emergency.open", on, EventKind::EmergencyOpened, now).await?;
        tx.commit().await.stored()?;
        // It is on the patient's page in any case: a provider that is away must not close an emergency.
        if deps.codes.notify(Notice { to: phone.clone(), kind: NoticeKind::Emergency, at: now }).await.is_err() {
            tracing::warn!("a notice of an emergency access was not accepted for sending");
        }
        Ok(patient)
    }

    async fn of_me(&self, actor: &Actor) -> Result<Vec<Emergency>> {
        access::require_own(&self.deps, actor, Action::ManageCareTeam).await?;
        let deps = &self.deps;
        let me = users::get(&deps.store, actor.user).await.stored()?.ok_or(Error::Unauthenticated)?;
        let zone = parse_zone(&me.time_zone).unwrap_or(DEFAULT_ZONE);
        let patient = PatientId::from(actor.user);
        let rows = emergency::of_patient(&deps.store, patient).await.stored()?;
        deps.ready(rows.iter().map(|row| row.doctor.0).chain([patient.0])).await?;
        rows.into_iter()
            .map(|row| {
                let (name, phone) = (row.doctor_name_sealed.as_deref(), &row.doctor_phone_sealed);
                let reason = deps.keys.open_text(&reason_place(row.id, patient), &row.reason_sealed);
                Ok(Emergency {
                    doctor: people::shown_name(&deps.keys, row.doctor, name, phone)?,
                    clinic: row.clinic,
                    reason: reason.map_err(internal)?,
                    from: Moment::new(row.at, zone),
                    until: Moment::new(row.until, zone),
                })
            })
            .collect()
    }
}
