//! Demo data: a clinic, its doctor and admin, and patients who give the work list something of everything.
//!
//! The same seed gives the same people and curves; the data ends at the present moment. Running it again does nothing.

mod people;

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use domain::{
    Result,
    clock::{DEFAULT_ZONE, from_local},
    consent::{CONSENT_TEXT_VERSION, DataType, LinkKind},
    contact::Phone,
    glucose::{Clip, Glucose, MG_DL_PER_MMOL_L, MealState, NewReading, Source, Unit, round_shown},
    ids::{ClinicId, HandoverId, LinkId, PatientId, UserId},
    meal::{MealType, NewMeal},
    people::{Language, Preset, Role},
    ports::DateOrder,
};
use uuid::Uuid;

use self::people::{Device, MEALS, PATIENTS, Person, Stretch};
use crate::{
    auth::totp,
    error::{StorageResult, internal},
    imports::sample::{self, Control, Wish},
    services::{
        Deps, care_team::label_place, desk::note_place, meals, people as sealing, readings,
        second_factor::secret_place, standing,
    },
    storage::{
        Tx,
        audit::{self, Entry},
        clinics,
        handovers::{self, NewHandover},
        links, meals as meal_rows, readings as reading_rows, reviews, second_factor, users,
    },
};

/// Those whom somebody who tries the service signs in as: what they are for, and their phone number.
pub const DEMO: [(&str, &str); 4] = [
    ("doctor", "+919876500001"),
    ("admin", "+919876500002"),
    ("patient", "+919876500010"),
    ("caregiver", "+919876500020"),
];

/// The number of the first of the other patients; the others follow.
const FIRST_PATIENT: u64 = 9_876_500_101;
/// A second doctor of the clinic.
const COLLEAGUE: &str = "+919876500003";
/// Which of the patients that colleague passed on, and what was told.
const PASSED: usize = 3;
const PASSED_NOTE: &str = "Changed basal insulin last week, please look at the nights";
/// Days of finger-sticks that the demo patient begins with.
const DEMO_DAYS: u32 = 14;

/// Loads the demo data, unless it is there. Whether it was loaded.
pub async fn run(deps: &Deps, seed: u64) -> Result<bool> {
    let now = deps.clock.now();
    let [doctor, admin, patient, caregiver] = DEMO.map(|(_, phone)| phone);
    let clinic = ClinicId(Uuid::now_v7());

    let mut tx = deps.store.begin().await.stored()?;
    if users::by_phone(&mut tx, &deps.purposes.phone_index(&phone(doctor)?)).await.stored()?.is_some() {
        return Ok(false);
    }
    clinics::add(&mut tx, clinic, "Sunrise Diabetes Clinic", "Pune", now).await.stored()?;
    let add = Add { deps, now };
    let doctor = add.user(&mut tx, Role::Doctor, doctor, "Dr. Kavita Rao", Some(clinic)).await?;
    let admin = add.user(&mut tx, Role::Admin, admin, "Ravi Menon", None).await?;
    add.second_factor(&mut tx, doctor).await?;
    add.second_factor(&mut tx, admin).await?;
    let colleague = add.user(&mut tx, Role::Doctor, COLLEAGUE, "Dr. Arjun Nair", Some(clinic)).await?;
    let caregiver = add.user(&mut tx, Role::Caregiver, caregiver, "Rohan Verma", None).await?;
    let asha = add.patient(&mut tx, patient, "Asha Verma", Some(1972), Preset::Adult).await?;
    add.link(&mut tx, LinkKind::Care, asha, doctor, None).await?;
    add.link(&mut tx, LinkKind::Family, asha, caregiver, Some("Rohan (son)")).await?;
    let finger_sticks = Stretch { days: DEMO_DAYS, ended: 0, control: Control::Fair };
    add.readings(&mut tx, asha, Device::Meter(4), Unit::MgDl, &[finger_sticks], seed).await?;
    add.meals(&mut tx, asha, DEMO_DAYS, seed).await?;
    let mut patients = vec![asha];
    for (number, person) in (FIRST_PATIENT..).zip(&PATIENTS) {
        let seed = seed.wrapping_add(number);
        patients.push(add.person(&mut tx, &format!("+91{number}"), person, doctor, seed).await?);
    }
    // One who is treated by both was passed to the doctor by the colleague.
    if let Some(passed) = patients.get(PASSED) {
        add.link(&mut tx, LinkKind::Care, *passed, colleague, None).await?;
        add.passing(&mut tx, *passed, colleague, doctor, PASSED_NOTE).await?;
    }
    audit::add(&mut tx, Entry::by_nobody("demo.seed", now)).await.stored()?;
    // All or nothing: a second run must not find half of it.
    tx.commit().await.stored()?;
    for patient in patients {
        standing::recompute(deps, patient).await?;
    }
    Ok(true)
}

fn phone(text: &str) -> Result<Phone> {
    Phone::parse(text).map_err(|_| internal("a demo phone number is none"))
}

/// Adds what the demo needs, at one instant.
struct Add<'a> {
    deps: &'a Deps,
    now: DateTime<Utc>,
}

impl Add<'_> {
    async fn user(
        &self,
        tx: &mut Tx,
        role: Role,
        number: &str,
        name: &str,
        clinic: Option<ClinicId>,
    ) -> Result<UserId> {
        let phone = phone(number)?;
        let mut new = users::NewUser {
            id: UserId(Uuid::now_v7()),
            role,
            phone_index: self.deps.purposes.phone_index(&phone),
            phone_sealed: Vec::new(),
            name_sealed: None,
            key: None,
            clinic,
            language: Language::English,
            at: self.now,
        };
        sealing::seal_new(&self.deps.keys, &mut new, &phone, Some(name))?;
        if users::add_if_absent(tx, &new).await.stored()? {
            return Ok(new.id);
        }
        let known = users::by_phone(tx, &new.phone_index).await.stored()?;
        known.map(|(id, ..)| id).ok_or_else(|| internal("a demo user is neither new nor known"))
    }

    /// An authenticator app with the secret that everybody knows: its codes appear in the development outbox.
    async fn second_factor(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        let sealed = self.deps.keys.seal(&secret_place(user), &totp::DEMO_SECRET).map_err(internal)?;
        second_factor::begin_totp(tx, user, &sealed, self.now, self.now).await.stored()?;
        second_factor::confirm_totp(tx, user, 0, self.now).await.stored()?;
        Ok(())
    }

    async fn patient(
        &self,
        tx: &mut Tx,
        number: &str,
        name: &str,
        born: Option<i32>,
        preset: Preset,
    ) -> Result<PatientId> {
        let id = PatientId::from(self.user(tx, Role::Patient, number, name, None).await?);
        users::add_patient(tx, id, born, preset).await.stored()?;
        Ok(id)
    }

    /// A link in force.
    async fn link(
        &self,
        tx: &mut Tx,
        kind: LinkKind,
        patient: PatientId,
        viewer: UserId,
        label: Option<&str>,
    ) -> Result<()> {
        let id = LinkId(Uuid::now_v7());
        let seal = |label| self.deps.keys.seal_text(&label_place(id, patient), label);
        let new = links::NewLink {
            id,
            kind,
            patient,
            viewer,
            awaits: viewer,
            label_sealed: label.map(seal).transpose().map_err(internal)?,
            data_types: DataType::ALL,
            consent: Some((CONSENT_TEXT_VERSION, Language::English)),
            at: self.now,
            until: None,
        };
        links::add(tx, &new).await.stored()?;
        links::accept(tx, id, viewer, None, self.now).await.stored()?;
        Ok(())
    }

    /// A patient whom one doctor passed to another yesterday.
    async fn passing(&self, tx: &mut Tx, patient: PatientId, from: UserId, to: UserId, note: &str) -> Result<()> {
        let id = HandoverId(Uuid::now_v7());
        let note = self.deps.keys.seal_text(&note_place(id, patient), note).map_err(internal)?;
        let at = self.now - TimeDelta::days(1);
        let new = NewHandover { id, patient, from, to, link: None, note_sealed: Some(&note), at };
        handovers::add(tx, &new).await.stored()
    }

    /// One of the doctor's patients.
    async fn person(&self, tx: &mut Tx, number: &str, person: &Person, doctor: UserId, seed: u64) -> Result<PatientId> {
        let id = self.patient(tx, number, person.name, person.born, person.preset).await?;
        self.link(tx, LinkKind::Care, id, doctor, None).await?;
        self.readings(tx, id, person.device, person.unit, person.data, seed).await?;
        if person.meals {
            self.meals(tx, id, DEMO_DAYS, seed).await?;
        }
        if let Some(days) = person.reviewed {
            let at = self.now - TimeDelta::days(days);
            reviews::add(tx, Uuid::now_v7(), id, doctor, None, at).await.stored()?;
        }
        Ok(id)
    }

    async fn readings(
        &self,
        tx: &mut Tx,
        patient: PatientId,
        device: Device,
        unit: Unit,
        data: &[Stretch],
        seed: u64,
    ) -> Result<()> {
        let mut rows = Vec::new();
        for (stretch, seed) in data.iter().zip(seed..) {
            let until = self.local() - Days::new(stretch.ended.into());
            let wish =
                Wish { days: stretch.days, seed, control: stretch.control, unit, order: DateOrder::DayMonth, until };
            for (at, mg_dl) in sample::curve(&wish, step(device)) {
                if let Some(new) = measured(device, unit, at, mg_dl, seed) {
                    rows.push(readings::sealed(&self.deps.keys, patient, new)?);
                }
            }
        }
        reading_rows::add(tx, patient, &rows, self.now).await.stored()?;
        Ok(())
    }

    /// Three meals a day, those of today only as far as the day has gone.
    async fn meals(&self, tx: &mut Tx, patient: PatientId, days: u32, seed: u64) -> Result<()> {
        let now = self.local();
        for back in 0..u64::from(days) {
            let Some(date) = now.date().checked_sub_days(Days::new(back)) else { continue };
            let kinds = [(MealType::Breakfast, 8, 30), (MealType::Lunch, 13, 15), (MealType::Dinner, 20, 10)];
            for ((meal_type, hour, minute), dishes) in kinds.into_iter().zip(MEALS) {
                let pick = usize::try_from((seed ^ back).wrapping_mul(2_654_435_761) >> 7 & 3).unwrap_or(0);
                let Some((items, carbs)) = dishes.get(pick) else { continue };
                let Some(at) = NaiveTime::from_hms_opt(hour, minute, 0).map(|time| date.and_time(time)) else {
                    continue;
                };
                let (Ok(recorded_at), true) = (from_local(at, DEFAULT_ZONE), at < now) else { continue };
                let new = NewMeal {
                    client_id: None,
                    food_items: items.iter().map(|item| (*item).to_owned()).collect(),
                    meal_type,
                    estimated_carbs: Some(*carbs),
                    recorded_at,
                };
                let row = meals::sealed(&self.deps.keys, patient, new)?;
                meal_rows::add(tx, patient, &row, self.now).await.stored()?;
            }
        }
        Ok(())
    }

    /// What the wall clock of the demo's patients says.
    fn local(&self) -> NaiveDateTime {
        self.now.with_timezone(&DEFAULT_ZONE).naive_local()
    }
}

/// Minutes between the points of the curve that a device measures.
fn step(device: Device) -> u32 {
    match device {
        Device::Sensor(minutes) | Device::Patchy(minutes) => minutes,
        Device::Meter(_) => 15,
    }
}

/// The hours at which people measure, the commonest first, and what the value is called then.
const METER_TIMES: [(u32, u32, MealState); 4] = [
    (7, 0, MealState::MorningFasting),
    (15, 30, MealState::AfterLunch),
    (22, 0, MealState::AfterDinner),
    (10, 30, MealState::AfterBreakfast),
];

/// The reading that a device makes of a point of the curve, if it makes one.
fn measured(device: Device, unit: Unit, at: NaiveDateTime, mg_dl: f64, seed: u64) -> Option<NewReading> {
    let recorded_at = from_local(at, DEFAULT_ZONE).ok()?;
    let (state, source, late, (least, most)) = match device {
        // Every third day without the sensor.
        Device::Patchy(_) if (recorded_at.timestamp() / 86_400).rem_euclid(3) == 0 => return None,
        Device::Sensor(_) | Device::Patchy(_) => (MealState::Random, Source::Sensor, 0, (40.0, 400.0)),
        Device::Meter(times) => {
            let (.., state) = METER_TIMES
                .iter()
                .take(times)
                .find(|(hour, minute, _)| (at.hour(), at.minute()) == (*hour, *minute))?;
            // Nobody measures on the stroke of the hour, and now and then a value is forgotten.
            let luck = (seed ^ recorded_at.timestamp().cast_unsigned()).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            if luck.is_multiple_of(9) {
                return None;
            }
            let source = if luck.is_multiple_of(2) { Source::Bluetooth } else { Source::Manual };
            (*state, source, i64::try_from(luck % 13).unwrap_or(0), (20.0, 600.0))
        }
    };
    let clip = if mg_dl < least { Some(Clip::Low) } else { (mg_dl > most).then_some(Clip::High) };
    let mg_dl = mg_dl.clamp(least, most);
    let value = match unit {
        Unit::MgDl => mg_dl,
        Unit::MmolL => mg_dl / MG_DL_PER_MMOL_L,
    };
    Some(NewReading {
        client_id: None,
        glucose: Glucose::new(round_shown(value, unit), unit).ok()?,
        clip,
        state,
        source,
        recorded_at: recorded_at - TimeDelta::minutes(late),
        notes: None,
    })
}
