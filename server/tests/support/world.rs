//! A small clinic: the callers that use cases are tried with, as values.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    clock::Clock,
    consent::{DataType, LinkKind},
    ids::{LinkId, PatientId, SessionId, UserId},
    people::{Actor, Role},
};
use server::{
    services::{
        Deps, imports::ImportService, meals::MealService, panel::PanelService, readings::ReadingService,
        records::RecordService, reports::ReportService,
    },
    storage::{Store, links},
};
use uuid::Uuid;

use super::{TestClock, add_person, add_session, deps, phone};

/// The callers, and the use cases that they call.
pub struct World {
    /// What the use cases stand on.
    pub deps: Deps,
    /// Moves only when told to.
    pub clock: Arc<TestClock>,
    /// A patient.
    pub patient: Actor,
    /// Another patient, linked with nobody.
    pub other: Actor,
    /// A doctor who treats the patient.
    pub doctor: Actor,
    /// A doctor who does not.
    pub stranger: Actor,
    /// Follows the patient's glucose.
    pub follower: Actor,
    /// May see the patient's meals only.
    pub limited: Actor,
    /// Runs the service.
    pub admin: Actor,
    /// Followed the patient once; the link was ended.
    pub former: Actor,
    /// Glucose readings.
    pub readings: ReadingService,
    /// Meals.
    pub meals: MealService,
    /// Health records.
    pub records: RecordService,
    /// Files.
    pub imports: ImportService,
    /// Figures.
    pub reports: ReportService,
    /// A doctor's patients.
    pub panel: PanelService,
    numbers: AtomicU32,
}

impl World {
    /// Over a fresh database.
    pub async fn new(store: &Store) -> Self {
        Self::on(store, TestClock::new()).await
    }

    /// The same on a given clock.
    pub async fn on(store: &Store, clock: Arc<TestClock>) -> Self {
        let (deps, _) = deps(store.clone(), clock.clone()).await;
        let nobody = Actor { user: UserId(Uuid::nil()), role: Role::Patient, session: SessionId(Uuid::nil()) };
        let mut world = Self {
            clock,
            patient: nobody,
            other: nobody,
            doctor: nobody,
            stranger: nobody,
            follower: nobody,
            limited: nobody,
            admin: nobody,
            former: nobody,
            readings: ReadingService::new(deps.clone()),
            meals: MealService::new(deps.clone()),
            records: RecordService::new(deps.clone()),
            imports: ImportService::new(deps.clone()),
            reports: ReportService::new(deps.clone()),
            panel: PanelService::new(deps.clone()),
            deps,
            numbers: AtomicU32::new(1_000),
        };
        world.patient = world.person(Role::Patient, Some("Asha Verma")).await;
        world.other = world.person(Role::Patient, None).await;
        world.doctor = world.person(Role::Doctor, Some("Dr. Rao")).await;
        world.stranger = world.person(Role::Doctor, Some("Dr. Menon")).await;
        world.follower = world.person(Role::Caregiver, Some("Rohan")).await;
        world.limited = world.person(Role::Caregiver, Some("Meera")).await;
        world.admin = world.person(Role::Admin, Some("Ravi")).await;
        world.former = world.person(Role::Caregiver, Some("Vikram")).await;
        world.link(&world.patient, &world.doctor, LinkKind::Care, DataType::ALL).await;
        world.link(&world.patient, &world.follower, LinkKind::Family, &[DataType::Glucose, DataType::Alerts]).await;
        world.link(&world.patient, &world.limited, LinkKind::Family, &[DataType::Meals]).await;
        world.link(&world.patient, &world.former, LinkKind::Family, DataType::ALL).await;
        world.end_links_of(&world.former).await;
        world
    }

    /// Everybody but the patient.
    pub fn everybody_else(&self) -> [Actor; 7] {
        [self.other, self.doctor, self.stranger, self.follower, self.limited, self.admin, self.former]
    }

    /// Somebody new.
    pub async fn person(&self, role: Role, name: Option<&str>) -> Actor {
        let phone = phone(self.numbers.fetch_add(1, Ordering::SeqCst));
        let user = add_person(&self.deps, role, &phone, name, self.clock.now()).await;
        Actor { user, role, session: add_session(&self.deps, user, self.clock.now()).await }
    }

    /// A link in force.
    pub async fn link(&self, patient: &Actor, viewer: &Actor, kind: LinkKind, data_types: &[DataType]) -> LinkId {
        let id = self.asked(patient, viewer, kind, data_types, viewer).await;
        let mut tx = self.deps.store.begin().await.unwrap();
        links::accept(&mut tx, id, viewer.user, None, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A link that awaits the agreement of one of its sides.
    pub async fn asked(
        &self,
        patient: &Actor,
        viewer: &Actor,
        kind: LinkKind,
        data_types: &[DataType],
        awaits: &Actor,
    ) -> LinkId {
        let id = LinkId(Uuid::now_v7());
        let now = self.clock.now();
        let new = links::NewLink {
            id,
            kind,
            patient: patient.user.into(),
            viewer: viewer.user,
            awaits: awaits.user,
            label_sealed: None,
            data_types,
            consent: None,
            at: now,
            until: None,
        };
        let mut tx = self.deps.store.begin().await.unwrap();
        links::add(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Somebody sees nobody's data any more.
    pub async fn end_links_of(&self, viewer: &Actor) {
        let mut tx = self.deps.store.begin().await.unwrap();
        for (link, _) in links::live_of_viewer(&mut tx, viewer.user).await.unwrap() {
            links::end(&mut tx, link, self.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The patient whose data everybody wants.
    pub fn asha(&self) -> PatientId {
        self.patient.user.into()
    }

    /// How many rows the audit trail and the outbox have.
    pub async fn trail(&self) -> (i64, i64) {
        let sql = "SELECT (SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM outbox)";
        match &self.deps.store {
            Store::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await.unwrap(),
            Store::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
        }
    }
}
