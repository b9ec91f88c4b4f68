//! `storage::{sessions, refresh_tokens, web_sessions}`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{SessionId, UserId},
    people::{Actor, Role},
};
use server::storage::{Store, refresh_tokens, sessions, users, web_sessions};
use uuid::Uuid;

use super::people::add_user;
use crate::support::{TestClock, on_both_engines};

fn now() -> DateTime<Utc> {
    TestClock::new().now()
}

const HOUR: TimeDelta = TimeDelta::hours(1);

async fn add_session(store: &Store, user: UserId, kind: sessions::Kind) -> SessionId {
    let id = SessionId(Uuid::now_v7());
    let mut tx = store.begin().await.unwrap();
    let new = sessions::NewSession {
        id,
        user,
        kind,
        device_sealed: Some(b"phone"),
        at: now(),
        expires_at: now() + HOUR,
        idle: HOUR * 24,
    };
    sessions::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

on_both_engines!(an_ended_session_is_no_longer_alive, |db| async {
    let user = add_user(&db.store, Role::Patient, 1).await;
    let other = add_user(&db.store, Role::Patient, 2).await;
    let id = add_session(&db.store, user, sessions::Kind::Web).await;
    let mut tx = db.store.begin().await.unwrap();
    assert!(!sessions::end(&mut tx, id, other, now()).await.unwrap(), "another's session");
    assert!(sessions::live_in(&mut tx, id, now()).await.unwrap().is_some());
    assert!(sessions::end(&mut tx, id, user, now()).await.unwrap());
    assert!(sessions::end(&mut tx, id, user, now() + HOUR).await.unwrap(), "ended before, and still theirs");
    tx.commit().await.unwrap();
    assert_eq!(sessions::live(&db.store, id, now()).await.unwrap(), None);
    assert_eq!(sessions::devices(&db.store, user, now()).await.unwrap(), []);
});

on_both_engines!(a_family_and_all_sessions_of_a_user_can_be_ended, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let ids = [
        add_session(&db.store, user, sessions::Kind::Api).await,
        add_session(&db.store, user, sessions::Kind::Web).await,
        add_session(&db.store, user, sessions::Kind::Web).await,
    ];
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(sessions::end_family(&mut tx, ids[0], now()).await.unwrap(), Some(user));
    assert_eq!(sessions::end_family(&mut tx, ids[0], now()).await.unwrap(), None);
    assert_eq!(sessions::end_others(&mut tx, user, ids[1], now()).await.unwrap(), [ids[2]]);
    assert_eq!(sessions::end_others(&mut tx, user, ids[1], now()).await.unwrap(), []);
    assert_eq!(sessions::end_all(&mut tx, user, now()).await.unwrap(), [ids[1]]);
    tx.commit().await.unwrap();
    let mut changed = sessions::changed_since(&db.store, now() - HOUR).await.unwrap();
    changed.sort();
    assert_eq!(changed, ids);
});

on_both_engines!(sessions_that_are_over_are_forgotten_with_their_tokens, |db| async {
    let user = add_user(&db.store, Role::Patient, 1).await;
    let id = add_session(&db.store, user, sessions::Kind::Api).await;
    let mut tx = db.store.begin().await.unwrap();
    refresh_tokens::add(&mut tx, &[1; 32], id, now()).await.unwrap();
    assert_eq!(sessions::purge(&mut tx, now() + HOUR).await.unwrap(), 0);
    assert_eq!(sessions::purge(&mut tx, now() + HOUR * 2).await.unwrap(), 1);
    assert_eq!(refresh_tokens::take(&mut tx, &[1; 32], now()).await.unwrap(), None);
});

on_both_engines!(a_live_session_tells_role_and_times_and_dies_with_time_or_user, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let id = add_session(&db.store, user, sessions::Kind::Web).await;
    let live = sessions::Live {
        actor: Actor { user, role: Role::Doctor, session: id },
        expires_at: now() + HOUR,
        last_used_at: now(),
        idle: HOUR * 24,
        by: sessions::Proof::Otp,
        enrolled: false,
    };
    assert_eq!(sessions::live(&db.store, id, now()).await.unwrap(), Some(live));
    assert_eq!(sessions::live(&db.store, id, now() + HOUR).await.unwrap(), None);

    let mut tx = db.store.begin().await.unwrap();
    sessions::touch(&mut tx, id, now() + TimeDelta::minutes(9)).await.unwrap();
    sessions::touch(&mut tx, id, now() + TimeDelta::minutes(3)).await.unwrap();
    tx.commit().await.unwrap();
    let device = sessions::Device {
        id,
        name_sealed: Some(b"phone".to_vec()),
        created_at: now(),
        last_used_at: now() + TimeDelta::minutes(9),
    };
    assert_eq!(sessions::devices(&db.store, user, now()).await.unwrap(), [device]);

    assert_eq!(sessions::changed_since(&db.store, now()).await.unwrap(), []);
    let mut tx = db.store.begin().await.unwrap();
    users::set_active(&mut tx, user, false, now() + TimeDelta::seconds(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sessions::live(&db.store, id, now()).await.unwrap(), None);
    assert_eq!(sessions::changed_since(&db.store, now()).await.unwrap(), [id]);
});

on_both_engines!(a_session_left_idle_is_over_and_one_that_is_used_goes_on, |db| async {
    let user = add_user(&db.store, Role::Doctor, 1).await;
    let id = SessionId(Uuid::now_v7());
    let idle = TimeDelta::minutes(15);
    let new = sessions::NewSession {
        id,
        user,
        kind: sessions::Kind::Web,
        device_sealed: None,
        at: now(),
        expires_at: now() + HOUR,
        idle,
    };
    let mut tx = db.store.begin().await.unwrap();
    sessions::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    let alive = async |minutes| {
        let at = now() + TimeDelta::minutes(minutes);
        let live = sessions::live(&db.store, id, at).await.unwrap().is_some();
        assert_eq!(sessions::devices(&db.store, user, at).await.unwrap().len(), usize::from(live));
        live
    };
    assert!(alive(14).await);
    assert!(!alive(15).await);
    let mut tx = db.store.begin().await.unwrap();
    sessions::touch(&mut tx, id, now() + TimeDelta::minutes(14)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(alive(28).await);
    assert!(!alive(29).await);
});

on_both_engines!(a_proof_is_read_back_as_it_was_given, |db| async {
    let user = add_user(&db.store, Role::Patient, 1).await;
    let id = add_session(&db.store, user, sessions::Kind::Web).await;
    let proven = sessions::proven(&db.store, id).await.unwrap();
    assert_eq!(proven, Some(sessions::Proven { by: sessions::Proof::Otp, at: now(), enrolled: false }));
    for by in [sessions::Proof::Totp, sessions::Proof::Recovery, sessions::Proof::Passkey] {
        let mut tx = db.store.begin().await.unwrap();
        sessions::prove(&mut tx, id, by, now() + HOUR, now() + HOUR * 3).await.unwrap();
        tx.commit().await.unwrap();
        let proven = sessions::proven(&db.store, id).await.unwrap();
        assert_eq!(proven, Some(sessions::Proven { by, at: now() + HOUR, enrolled: false }));
    }
    assert_eq!(
        sessions::live(&db.store, id, now() + HOUR * 2).await.unwrap().map(|l| l.expires_at),
        Some(now() + HOUR * 3)
    );
    assert_eq!(sessions::proven(&db.store, SessionId(Uuid::now_v7())).await.unwrap(), None);
});

on_both_engines!(a_refresh_token_is_good_once, |db| async {
    let user = add_user(&db.store, Role::Patient, 1).await;
    let id = add_session(&db.store, user, sessions::Kind::Api).await;
    let mut tx = db.store.begin().await.unwrap();
    refresh_tokens::add(&mut tx, &[1; 32], id, now()).await.unwrap();
    assert_eq!(refresh_tokens::used(&mut tx, &[1; 32]).await.unwrap(), None);
    assert_eq!(refresh_tokens::take(&mut tx, &[1; 32], now()).await.unwrap(), Some(id));
    assert_eq!(refresh_tokens::take(&mut tx, &[1; 32], now() + HOUR).await.unwrap(), None);
    assert_eq!(refresh_tokens::used(&mut tx, &[1; 32]).await.unwrap(), Some((id, now())));
    assert_eq!(refresh_tokens::take(&mut tx, &[2; 32], now()).await.unwrap(), None);
});

on_both_engines!(a_browser_session_record_lives_until_deleted_or_over, |db| async {
    let (id, until) = ([1; 32], now() + HOUR);
    let mut tx = db.store.begin().await.unwrap();
    web_sessions::delete(&mut tx, &id).await.unwrap();
    assert!(!web_sessions::save(&mut tx, &id, b"x", until).await.unwrap(), "nothing to replace");
    assert!(web_sessions::create(&mut tx, &id, b"a", until).await.unwrap());
    assert!(!web_sessions::create(&mut tx, &id, b"b", until).await.unwrap(), "the id is taken");
    tx.commit().await.unwrap();
    assert_eq!(web_sessions::load(&db.store, &id, now()).await.unwrap().as_deref(), Some(b"a".as_slice()));
    assert_eq!(web_sessions::load(&db.store, &id, until).await.unwrap(), None);

    let mut tx = db.store.begin().await.unwrap();
    assert!(web_sessions::save(&mut tx, &id, b"c", until + HOUR).await.unwrap());
    assert_eq!(web_sessions::purge(&mut tx, until + HOUR).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(web_sessions::load(&db.store, &id, until).await.unwrap().as_deref(), Some(b"c".as_slice()));

    let mut tx = db.store.begin().await.unwrap();
    web_sessions::delete(&mut tx, &id).await.unwrap();
    web_sessions::create(&mut tx, &[2; 32], b"d", until).await.unwrap();
    assert_eq!(web_sessions::purge(&mut tx, until + HOUR).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(web_sessions::load(&db.store, &id, now()).await.unwrap(), None);
});
