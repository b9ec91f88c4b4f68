//! Signed-in devices, and one's own account.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    events::EventKind,
    glucose::Unit,
    ids::SessionId,
    people::{Language, Role},
    ports::{Accounts, Admin, MeChange, Origin},
};
use server::storage::outbox;
use uuid::Uuid;

use crate::support::{Process, on_both_engines, phone, prove};

/// Asks until the session is refused, and says with what and after how long.
async fn until_refused(world: &Process, session: SessionId) -> (Error, Duration) {
    let begun = Instant::now();
    loop {
        if let Err(error) = world.accounts.actor(session).await {
            return (error, begun.elapsed());
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "never refused");
        tokio::task::yield_now().await;
    }
}

on_both_engines!(a_sign_out_is_seen_here_at_once_and_by_another_process_within_a_second, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    for round in 0..3 {
        let actor = here.signed_in(Role::Patient, &phone(round), "Asha").await;
        assert_eq!(there.accounts.actor(actor.session).await, Ok(actor));
        assert_eq!(here.accounts.actor(actor.session).await, Ok(actor));
        here.accounts.end_session(&actor, actor.session).await.expect("ended");
        assert_eq!(here.accounts.actor(actor.session).await, Err(Error::Unauthenticated));
        let (error, took) = until_refused(&there, actor.session).await;
        assert_eq!(error, Error::Unauthenticated);
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    there.deps.store.close().await;
});

on_both_engines!(a_deactivated_user_is_out_everywhere_within_a_second_and_stays_out, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let admin = here.signed_in(Role::Admin, &phone(1), "Meera").await;
    let doctor = here.signed_in(Role::Doctor, &phone(2), "Dr Rao").await;
    let tokens = here.accounts.start_tokens(doctor.user, &Origin::default()).await.expect("tokens");
    for device in here.accounts.devices(&doctor).await.expect("devices") {
        prove(&here.deps, device.id, here.clock.now()).await;
    }
    let phone = there.accounts.bearer(&tokens.access_token).await.expect("good").session;
    here.admin.set_active(&admin, doctor.user, false).await.expect("deactivated");
    assert_eq!(here.accounts.actor(doctor.session).await, Err(Error::Unauthenticated));
    for session in [doctor.session, phone] {
        let (_, took) = until_refused(&there, session).await;
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    assert_eq!(there.accounts.bearer(&tokens.access_token).await, Err(Error::Unauthenticated));
    assert!(there.accounts.refresh(&tokens.refresh_token).await.is_err());
    here.admin.set_active(&admin, doctor.user, true).await.expect("activated");
    assert_eq!(here.accounts.actor(doctor.session).await, Err(Error::Unauthenticated), "ended is ended");
    there.deps.store.close().await;
});

on_both_engines!(without_the_database_nobody_is_let_in_from_memory_for_longer_than_a_second, |db| async {
    let world = Process::new(db).await;
    let actor = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    assert_eq!(world.accounts.actor(actor.session).await, Ok(actor));
    world.deps.store.close().await;
    let (error, took) = until_refused(&world, actor.session).await;
    assert_eq!(error, Error::Unavailable);
    assert!(took < Duration::from_secs(1), "{took:?}");
});

on_both_engines!(a_session_ends_after_seven_days, |db| async {
    let world = Process::new(db).await;
    let actor = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    world.clock.forward(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    assert_eq!(world.accounts.actor(actor.session).await, Ok(actor));
    world.clock.forward(TimeDelta::milliseconds(1));
    assert_eq!(world.accounts.actor(actor.session).await, Err(Error::Unauthenticated));
});

on_both_engines!(one_sees_and_ends_ones_own_devices_and_no_others, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let ravi = world.signed_in(Role::Patient, &phone(2), "Ravi").await;
    world.clock.forward(TimeDelta::minutes(1));
    let origin = Origin { address: None, device: Some(format!(" Pixel\n 9 {}", "x".repeat(200))) };
    let phone = world.accounts.start_session(asha.user, &origin).await.expect("another device");

    let devices = world.accounts.devices(&asha).await.expect("devices");
    let seen: Vec<_> = devices.iter().map(|d| (d.id, d.current)).collect();
    assert_eq!(seen, [(phone, false), (asha.session, true)]);
    let name = devices[0].name.as_deref().expect("a name");
    assert!(name.starts_with("Pixel 9 xxx") && name.chars().count() == 120, "{name}");

    assert_eq!(world.accounts.end_session(&ravi, phone).await, Err(Error::NotFound));
    assert_eq!(world.accounts.end_session(&asha, SessionId(Uuid::now_v7())).await, Err(Error::NotFound));
    assert!(world.accounts.actor(phone).await.is_ok());
    world.accounts.end_session(&asha, phone).await.expect("ended");
    world.accounts.end_session(&asha, phone).await.expect("twice is once");
    assert_eq!(world.accounts.devices(&asha).await.expect("devices").len(), 1);
});

on_both_engines!(a_device_shows_when_it_was_used_to_some_minutes, |db| async {
    let world = Process::new(db).await;
    let actor = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let used = world.accounts.devices(&actor).await.expect("devices")[0].last_used_at;
    world.clock.forward(TimeDelta::minutes(6));
    // Nothing of it is in memory of a process that just started.
    let restarted = world.beside(db).await;
    restarted.accounts.actor(actor.session).await.expect("signed in");
    let later = world.accounts.devices(&actor).await.expect("devices")[0].last_used_at;
    assert_eq!(later - used, TimeDelta::minutes(6));
    restarted.deps.store.close().await;
});

on_both_engines!(ones_own_settings_change_one_by_one, |db| async {
    let world = Process::new(db).await;
    let actor = world.signed_in(Role::Patient, &phone(12), "Asha").await;
    let me = world.accounts.me(&actor).await.expect("me");
    assert_eq!((me.id, me.role, me.name.as_deref()), (actor.user, Role::Patient, Some("Asha")));
    assert_eq!((me.unit, me.language, me.time_zone.as_str()), (Unit::MgDl, Language::English, "Asia/Kolkata"));
    assert_eq!((me.phone_masked.as_str(), me.follows), ("+91 ••••• •••12", false));

    let change = MeChange { name: Some("आशा".into()), language: Some(Language::Hindi), ..MeChange::default() };
    let changed = world.accounts.change_me(&actor, change).await.expect("changed");
    assert_eq!((changed.name.as_deref(), changed.language, changed.unit), (Some("आशा"), Language::Hindi, Unit::MgDl));
    let change = MeChange {
        unit: Some(Unit::MmolL),
        time_zone: Some(domain::clock::parse_zone("Europe/Berlin").expect("a zone")),
        ..MeChange::default()
    };
    let changed = world.accounts.change_me(&actor, change).await.expect("changed");
    assert_eq!((changed.name.as_deref(), changed.unit), (Some("आशा"), Unit::MmolL));
    assert_eq!(changed.time_zone, "Europe/Berlin");
    assert_eq!(world.accounts.me(&actor).await, Ok(changed));
});

on_both_engines!(another_time_zone_has_a_patients_days_computed_anew, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let doctor = world.signed_in(Role::Doctor, &phone(2), "Dr Rao").await;
    let abroad = MeChange { time_zone: Some(chrono_tz::Tz::Europe__Berlin), ..MeChange::default() };
    world.accounts.change_me(&asha, MeChange { language: Some(Language::Hindi), ..MeChange::default() }).await.unwrap();
    world.accounts.change_me(&doctor, abroad.clone()).await.unwrap();
    assert!(!outbox::any_waiting(&db.store).await.unwrap(), "nobody's figures depend on it");
    world.accounts.change_me(&asha, abroad).await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    let waiting: Vec<_> =
        outbox::waiting(&mut tx, 10).await.unwrap().into_iter().map(|e| (e.kind, e.patient)).collect();
    assert_eq!(waiting, [(EventKind::ReadingsChanged, asha.user.into())]);
});
