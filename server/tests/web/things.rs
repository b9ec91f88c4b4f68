//! Something real of the owner for the `{id}` of an address.

use domain::{
    clock::Clock,
    consent::{DataType, LinkKind},
    desk::ViewQuery,
    ids::PasskeyId,
    people::Role,
    ports::Origin,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::storage::passkeys;
use uuid::Uuid;

use crate::support::{Answer, Caller, TestApp};

const FILE: &str = "time,value,unit\n2026-10-01 08:00,110,mg/dL\n2026-10-13 08:00,120,mg/dL\n";

/// Makes things of the world's first patient.
pub(super) struct Things<'a> {
    app: &'a TestApp,
    owner: Caller,
}

impl<'a> Things<'a> {
    /// Of this server's.
    pub(super) async fn of(app: &'a TestApp) -> Self {
        Self { app, owner: app.patient().await }
    }

    /// A fresh thing that `{id}` of this address may name.
    pub(super) async fn id_for(&self, path: &str) -> Uuid {
        let world = &self.app.world;
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["", "patient", "history", _, rest @ ..] => self.reading(rest == ["restore"]).await,
            ["", "patient", "meals", _, rest @ ..] => self.meal(rest == ["restore"]).await,
            ["", "patient", "import", ..] => made(&self.owner.upload("/imports", FILE).await),
            ["", "security", "passkeys", ..] => self.passkey().await,
            ["", "security", "devices", ..] => {
                let accounts = &self.app.state.services.accounts;
                accounts.start_session(world.patient.user, &Origin::default()).await.unwrap().0
            }
            ["", "patient", "care-team", ..] => {
                let doctor = world.person(Role::Doctor, None).await;
                world.asked(&world.patient, &doctor, LinkKind::Care, DataType::ALL, &world.patient).await.0
            }
            // Who followed once is invited again, or follows again.
            ["", "caregiver", "links", _, rest @ ..] => {
                world.end_links_of(&world.former).await;
                let (patient, former) = (&world.patient, &world.former);
                if rest == ["accept"] {
                    world.asked(patient, former, LinkKind::Family, DataType::ALL, former).await.0
                } else {
                    world.link(patient, former, LinkKind::Family, DataType::ALL).await.0
                }
            }
            ["", "admin", "staff", ..] => world.person(Role::Doctor, None).await.user.0,
            ["", "admin", "links", ..] => {
                let doctor = world.person(Role::Doctor, None).await;
                world.link(&world.patient, &doctor, LinkKind::Care, DataType::ALL).await.0
            }
            // The doctor's, not the patient's.
            ["", "doctor", "views", ..] => {
                let desks = &self.app.state.services.desks;
                desks.save_view(&world.doctor, "mine", ViewQuery::default()).await.unwrap().0
            }
            ["", "doctor", "patients", ..] | ["", "caregiver", _] => world.asha().0,
            _ => panic!("nothing is made for {path}"),
        }
    }

    async fn reading(&self, deleted: bool) -> Uuid {
        let at = self.app.world.clock.now().to_rfc3339();
        self.entry("/glucose", &json!({ "value": 110, "unit": "mg/dL", "recordedAt": at }), deleted).await
    }

    async fn meal(&self, deleted: bool) -> Uuid {
        let meal = json!({ "foodItems": ["roti"], "mealType": "LUNCH", "recordedAt": "2026-11-01T08:00:00Z" });
        self.entry("/meals", &meal, deleted).await
    }

    async fn entry(&self, path: &str, entry: &Value, deleted: bool) -> Uuid {
        let id = made(&self.owner.post(path, entry).await);
        if deleted {
            assert_eq!(self.owner.delete(&format!("{path}/{id}")).await.status, StatusCode::NO_CONTENT);
        }
        id
    }

    async fn passkey(&self) -> Uuid {
        let (deps, id) = (&self.app.world.deps, Uuid::now_v7());
        let new = passkeys::NewPasskey {
            id: PasskeyId(id),
            user: self.app.world.patient.user,
            credential_id: id.as_bytes(),
            credential: "{}",
            device: None,
            at: self.app.world.clock.now(),
        };
        let mut tx = deps.store.begin().await.unwrap();
        assert!(passkeys::add(&mut tx, &new).await.unwrap());
        tx.commit().await.unwrap();
        id
    }
}

fn made(answer: &Answer) -> Uuid {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["id"].as_str().unwrap().parse().unwrap()
}
