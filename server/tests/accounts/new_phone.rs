//! Another phone number for an account.

use chrono::TimeDelta;
use domain::{
    Error,
    contact::Phone,
    people::{Actor, Role},
    ports::{Accounts, Challenge, Origin},
};
use futures::future::join_all;
use server::{messages::NoticeKind, services::people};

use crate::support::{Process, on_both_engines, phone};

async fn begin(world: &Process, actor: &Actor, to: &Phone) -> Challenge {
    world.accounts.begin_phone_change(actor, to, &Origin::default()).await.expect("a challenge")
}

async fn confirm(world: &Process, actor: &Actor, challenge: &Challenge, to: &Phone, code: &str) -> Result<(), Error> {
    world.accounts.change_phone(actor, challenge.challenge_id, to, code, &Origin::default()).await
}

/// A code that is not the sent one.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

on_both_engines!(a_new_number_is_proven_ends_other_sessions_and_is_told_to_the_old_one, |db| async {
    let world = Process::new(db).await;
    for (n, role) in [(1, Role::Patient), (2, Role::Caregiver), (3, Role::Doctor), (4, Role::Admin)] {
        let (old, new) = (phone(n), phone(10 + n));
        let here = world.signed_in(role, &old, "Asha").await;
        let there = world.accounts.start_session(here.user, &Origin::default()).await.expect("another session");
        let challenge = begin(&world, &here, &new).await;
        let code = world.code(&new).expect("sent to the new number");
        assert_eq!(confirm(&world, &here, &challenge, &new, wrong(&code)).await, Err(Error::Unauthenticated));
        assert_eq!(people::phone_of(&world.deps, here.user).await, Ok(old.clone()), "nothing has changed");
        assert_eq!(confirm(&world, &here, &challenge, &new, &code).await, Ok(()));
        assert_eq!(people::phone_of(&world.deps, here.user).await, Ok(new.clone()));
        assert!(world.accounts.actor(here.session).await.is_ok(), "the session that asked goes on");
        assert_eq!(world.accounts.actor(there).await, Err(Error::Unauthenticated), "and no other");
        assert_eq!(confirm(&world, &here, &challenge, &new, &code).await, Err(Error::Unauthenticated), "once");

        let notices = world.outbox.notices();
        let told = notices.last().expect("a notice");
        assert_eq!((&told.to, told.kind), (&old, NoticeKind::PhoneChanged));

        // Who signs in with the new number is the same person; the old one is nobody's.
        world.clock.forward(TimeDelta::seconds(31));
        let sign_in = world.accounts.request_otp(&new, &Origin::default()).await.expect("a challenge");
        let code = world.code(&new).expect("sent");
        let id = sign_in.challenge_id;
        let who = world.accounts.verify_otp(id, &new, &code, &Origin::default()).await.expect("signed in");
        assert_eq!((who.user, who.role), (here.user, role));
    }
});

on_both_engines!(a_number_of_somebody_else_is_answered_like_a_free_one_and_never_taken, |db| async {
    let world = Process::new(db).await;
    let (mine, theirs, free) = (phone(1), phone(2), phone(3));
    let asha = world.signed_in(Role::Patient, &mine, "Asha").await;
    let rohan = world.signed_in(Role::Caregiver, &theirs, "Rohan").await;
    let (taken, open) = (begin(&world, &asha, &theirs).await, begin(&world, &asha, &free).await);
    assert_eq!((taken.expires_in, taken.resend_in), (open.expires_in, open.resend_in));
    let code = world.code(&theirs).expect("sent, as to a free one");
    let guess = wrong(&code);
    assert_eq!(confirm(&world, &asha, &taken, &theirs, guess).await, Err(Error::Unauthenticated));
    assert_eq!(confirm(&world, &asha, &open, &free, guess).await, Err(Error::Unauthenticated));
    // Who reads the code off that phone could sign in there: they may know.
    assert_eq!(confirm(&world, &asha, &taken, &theirs, &code).await, Err(Error::Conflict));
    assert_eq!(people::phone_of(&world.deps, rohan.user).await, Ok(theirs));
    assert_eq!(people::phone_of(&world.deps, asha.user).await, Ok(mine.clone()));
    assert!(world.outbox.notices().is_empty());
    let own = world.accounts.begin_phone_change(&asha, &mine, &Origin::default()).await;
    assert!(matches!(own, Err(Error::Invalid(_))), "one's own number is no new one");
});

on_both_engines!(a_code_for_a_new_number_is_of_no_use_anywhere_else, |db| async {
    let world = Process::new(db).await;
    let (mine, new) = (phone(1), phone(2));
    let asha = world.signed_in(Role::Patient, &mine, "Asha").await;
    let meera = world.signed_in(Role::Patient, &phone(3), "Meera").await;
    let challenge = begin(&world, &asha, &new).await;
    let code = world.code(&new).expect("sent");
    let tablet = world.accounts.start_session(asha.user, &Origin::default()).await.expect("another session");
    for actor in [Actor { session: tablet, ..asha }, meera] {
        assert_eq!(confirm(&world, &actor, &challenge, &new, &code).await, Err(Error::Unauthenticated));
    }
    let id = challenge.challenge_id;
    let signed_in = world.accounts.verify_otp(id, &new, &code, &Origin::default()).await;
    assert_eq!(signed_in, Err(Error::Unauthenticated), "it signs nobody in");
    assert_eq!(confirm(&world, &asha, &challenge, &mine, &code).await, Err(Error::Unauthenticated));
    // And a code of a sign-in changes no number.
    world.clock.forward(TimeDelta::seconds(31));
    let sign_in = world.accounts.request_otp(&new, &Origin::default()).await.expect("a challenge");
    let code = world.code(&new).expect("sent");
    assert_eq!(confirm(&world, &asha, &sign_in, &new, &code).await, Err(Error::Unauthenticated));
    assert_eq!(people::phone_of(&world.deps, asha.user).await, Ok(mine));
});

on_both_engines!(asking_for_a_new_number_needs_a_fresh_proof, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let challenge = begin(&world, &asha, &phone(2)).await;
    let code = world.code(&phone(2)).expect("sent");
    world.clock.forward(TimeDelta::minutes(4));
    world.clock.forward(TimeDelta::seconds(59));
    assert_eq!(
        confirm(&world, &asha, &challenge, &phone(2), &code).await,
        Ok(()),
        "the proof was there when it was asked"
    );
    world.clock.forward(TimeDelta::seconds(2));
    let later = world.accounts.begin_phone_change(&asha, &phone(3), &Origin::default()).await;
    assert_eq!(later, Err(Error::StepUp));
    assert_eq!(world.code(&phone(3)), None, "nothing was sent");
});

on_both_engines!(of_many_who_confirm_a_new_number_at_once_one_does, |db| async {
    let world = Process::new(db).await;
    let asha = world.signed_in(Role::Patient, &phone(1), "Asha").await;
    let challenge = begin(&world, &asha, &phone(2)).await;
    let code = world.code(&phone(2)).expect("sent");
    let tries = (0..16).map(|_| {
        let (accounts, id, code) = (world.accounts.clone(), challenge.challenge_id, code.clone());
        tokio::spawn(async move { accounts.change_phone(&asha, id, &phone(2), &code, &Origin::default()).await })
    });
    let done: Vec<_> = join_all(tries).await.into_iter().map(|joined| joined.expect("no panic")).collect();
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    assert_eq!(world.outbox.notices().len(), 1, "and the old number is told once");
});
