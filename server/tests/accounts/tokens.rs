//! Access and refresh tokens of the mobile app.

use chrono::TimeDelta;
use domain::{
    Error,
    people::Role,
    ports::{Accounts, Origin},
};
use futures::future::join_all;
use server::auth::JwtKeys;

use crate::support::{Process, on_both_engines, phone};

on_both_engines!(a_pair_of_tokens_acts_as_its_user_and_is_exchanged_once, |db| async {
    let world = Process::new(db).await;
    let user = world.add(Role::Patient, &phone(1), "Asha").await;
    let first = world.accounts.start_tokens(user, &Origin::default()).await.expect("tokens");
    assert_eq!((first.expires_in, first.user.id, first.user.role), (600, user, Role::Patient));
    let actor = world.accounts.bearer(&first.access_token).await.expect("good");
    assert_eq!((actor.user, actor.role), (user, Role::Patient));
    assert_eq!(world.accounts.bearer(&first.access_token).await, Ok(actor), "also from memory");

    world.clock.forward(TimeDelta::minutes(9));
    let second = world.accounts.refresh(&first.refresh_token).await.expect("a new pair");
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(world.accounts.bearer(&second.access_token).await, Ok(actor), "the same session");
    world.clock.forward(TimeDelta::minutes(2));
    assert_eq!(
        world.accounts.bearer(&first.access_token).await,
        Err(Error::Unauthenticated),
        "too old, also in memory"
    );
    assert_eq!(world.accounts.bearer(&second.access_token).await, Ok(actor));
});

on_both_engines!(of_many_exchanges_at_once_one_gets_the_pair_and_the_family_lives, |db| async {
    let here = Process::new(db).await;
    let there = here.beside(db).await;
    let user = here.add(Role::Patient, &phone(1), "Asha").await;
    let first = here.accounts.start_tokens(user, &Origin::default()).await.expect("tokens");
    let exchanges = (0..32).map(|n| {
        let accounts = if n % 2 == 0 { here.accounts.clone() } else { there.accounts.clone() };
        let token = first.refresh_token.clone();
        tokio::spawn(async move { accounts.refresh(&token).await })
    });
    let mut pairs = Vec::new();
    for result in join_all(exchanges).await {
        match result.expect("no panic") {
            Ok(tokens) => pairs.push(tokens),
            Err(error) => assert_eq!(error, Error::Unauthenticated),
        }
    }
    assert_eq!(pairs.len(), 1);
    assert!(here.accounts.refresh(&pairs[0].refresh_token).await.is_ok(), "a race is not a theft");
    there.deps.store.close().await;
});

on_both_engines!(a_refresh_token_that_comes_again_later_ends_the_whole_family, |db| async {
    let world = Process::new(db).await;
    let user = world.add(Role::Patient, &phone(1), "Asha").await;
    let other = world.accounts.start_tokens(user, &Origin::default()).await.expect("another device");
    let first = world.accounts.start_tokens(user, &Origin::default()).await.expect("tokens");
    let second = world.accounts.refresh(&first.refresh_token).await.expect("a new pair");
    world.clock.forward(TimeDelta::seconds(10));
    assert!(world.accounts.refresh(&first.refresh_token).await.is_err());
    assert!(world.accounts.bearer(&second.access_token).await.is_ok(), "a lost answer within ten seconds");
    world.clock.forward(TimeDelta::milliseconds(1));
    assert!(world.accounts.refresh(&first.refresh_token).await.is_err());
    assert_eq!(world.accounts.bearer(&second.access_token).await, Err(Error::Unauthenticated));
    assert!(world.accounts.refresh(&second.refresh_token).await.is_err());
    assert!(world.accounts.bearer(&other.access_token).await.is_ok(), "the other device is not touched");
});

on_both_engines!(a_family_ends_after_seven_days_however_often_it_was_refreshed, |db| async {
    let world = Process::new(db).await;
    let user = world.add(Role::Patient, &phone(1), "Asha").await;
    let mut tokens = world.accounts.start_tokens(user, &Origin::default()).await.expect("tokens");
    for _ in 0..6 {
        world.clock.forward(TimeDelta::days(1));
        tokens = world.accounts.refresh(&tokens.refresh_token).await.expect("within seven days");
    }
    world.clock.forward(TimeDelta::minutes(24 * 60 - 4));
    tokens = world.accounts.refresh(&tokens.refresh_token).await.expect("four minutes before the end");
    assert_eq!(tokens.expires_in, 240);
    world.clock.forward(TimeDelta::minutes(4));
    assert_eq!(world.accounts.bearer(&tokens.access_token).await, Err(Error::Unauthenticated));
    assert!(world.accounts.refresh(&tokens.refresh_token).await.is_err());
});

on_both_engines!(tokens_that_we_did_not_make_let_nobody_in, |db| async {
    let world = Process::new(db).await;
    let user = world.add(Role::Patient, &phone(1), "Asha").await;
    let other = world.add(Role::Patient, &phone(2), "Ravi").await;
    let tokens = world.accounts.start_tokens(user, &Origin::default()).await.expect("tokens");
    let session = world.accounts.bearer(&tokens.access_token).await.expect("good").session;
    let now = domain::clock::Clock::now(&*world.clock);
    let ends = now + TimeDelta::days(7);
    let mixed = world.deps.auth.jwt.sign(other, session, now, ends).expect("signed");
    let foreign_keys = JwtKeys::parse("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key");
    let foreign = foreign_keys.sign(user, session, now, ends).expect("signed");
    for token in [mixed.as_str(), foreign.as_str(), "", "x", &tokens.refresh_token] {
        assert_eq!(world.accounts.bearer(token).await, Err(Error::Unauthenticated));
    }
    for token in ["", "x", &tokens.access_token, &"x".repeat(1_000_000)] {
        assert_eq!(world.accounts.refresh(token).await.err(), Some(Error::Unauthenticated));
    }
});
