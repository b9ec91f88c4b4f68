//! People's keys and their rotation, over two processes.

use std::sync::Arc;

use domain::{
    people::Role,
    ports::{Accounts, Admin, Readings},
};
use server::{
    crypto::{Keyring, PurposeKeys},
    services::{Deps, admin::AdminService, keys, people, readings::ReadingService},
    storage::{Store, users},
};

use crate::support::{KEYS, Process, World, on_both_engines, phone};

const NEW: &str = "2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

/// A process with other master keys over the world's database.
async fn process(world: &World, list: &str) -> Deps {
    let ring = Keyring::parse(list).unwrap();
    ring.load(&world.deps.store).await.unwrap().unwrap();
    Deps { keys: Arc::new(ring), ..world.deps.clone() }
}

async fn first_bytes(store: &Store) -> Vec<u8> {
    let sql = "SELECT phone_sealed FROM users UNION ALL SELECT name_sealed FROM users WHERE name_sealed IS NOT NULL \
               UNION ALL SELECT notes_sealed FROM readings WHERE notes_sealed IS NOT NULL";
    let found: Vec<Vec<u8>> = match store {
        Store::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_all(read).await.unwrap(),
        Store::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
    };
    found.into_iter().map(|envelope| envelope[0]).collect()
}

on_both_engines!(everything_of_a_person_is_sealed_with_their_own_key, |db| async {
    let world = World::new(&db.store).await;
    let noted = crate::care::readings::value(&world, 1, 120.0);
    let noted = domain::glucose::NewReading { notes: Some("after a walk".into()), ..noted };
    world.readings.log(&world.patient, noted).await.unwrap();
    let kinds = first_bytes(&db.store).await;
    assert!(kinds.len() > 10 && kinds.iter().all(|kind| *kind == 2), "{kinds:?}");
});

on_both_engines!(a_person_added_by_one_process_is_known_by_name_to_another_at_once, |db| async {
    let a = Process::new(db).await;
    let b = a.beside(db).await;
    let admin = a.signed_in(Role::Admin, &phone(1), "Ravi").await;
    a.signed_in(Role::Doctor, &phone(2), "Dr. Rao").await;
    let staff = b.admin.staff(&admin).await.unwrap();
    assert!(staff.iter().any(|row| row.name == "Dr. Rao"));
    assert_eq!(b.accounts.me(&admin).await.unwrap().name.as_deref(), Some("Ravi"));
});

on_both_engines!(master_keys_rotate_while_the_service_runs_and_the_old_one_can_go, |db| async {
    let world = World::new(&db.store).await;
    let people = keys::status(&world.deps).await.unwrap().people[0].1;
    let both = format!("{NEW},{KEYS}");
    // The service was started anew with both; a third process still has the old one only until it is restarted.
    let deps = process(&world, &both).await;
    assert_eq!(keys::status(&deps).await.unwrap().free(), Vec::<u32>::new());
    let readings = ReadingService::new(deps.clone());
    let writing = async {
        for n in 0..20 {
            readings.log(&world.patient, crate::care::readings::value(&world, n, 100.0)).await.unwrap();
        }
    };
    let (done, ()) = tokio::join!(keys::rotate(&deps), writing);
    let purposes = PurposeKeys::by_master(&db.store).await.unwrap();
    assert_eq!(purposes.len(), 1);
    assert_eq!(done.unwrap(), usize::try_from(people).unwrap() + purposes[0].1);
    assert_eq!(keys::rotate(&deps).await, Ok(0), "again does nothing");
    assert_eq!(keys::status(&deps).await.unwrap().free(), [1]);

    let new = process(&world, NEW).await;
    let staff = AdminService::new(new.clone()).staff(&world.admin).await.unwrap();
    assert!(staff.iter().any(|row| row.name == "Dr. Rao"));
    PurposeKeys::load(&db.store, &new.keys, new.clock.now()).await.expect("the service's own keys open too");
    let old = Keyring::parse(KEYS).unwrap();
    assert!(old.load(&db.store).await.unwrap().is_err(), "without the key that is in use there is no start");
});

on_both_engines!(a_destroyed_key_leaves_nothing_readable, |db| async {
    let world = World::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    server::storage::patient_keys::destroy(&mut tx, world.patient.user.0).await.unwrap();
    tx.commit().await.unwrap();
    let after = process(&world, KEYS).await;
    let user = users::get(&db.store, world.patient.user).await.unwrap().unwrap();
    assert!(people::name(&after.keys, user.id, &user.name_sealed.unwrap()).is_err());
    assert!(people::phone(&after.keys, user.id, &user.phone_sealed).is_err());
});
