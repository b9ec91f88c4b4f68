use std::{sync::Arc, time::Instant};

use domain::ids::UserId;
use redis::AsyncCommands;
use server::{
    cache::{Cache, Kind},
    limits::{Caller, Limiter},
};
use uuid::Uuid;

use crate::support::{Line, eventually, keyring, server_url};

fn cache(url: &str) -> Cache {
    Cache::redis(url, Arc::new(keyring())).unwrap()
}

async fn get(cache: &Cache, patient: Uuid, fresh: &str) -> String {
    cache.get_or_compute(Kind::Insights, patient, "own", async { Ok::<_, ()>(fresh.to_owned()) }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_computed_another_reads_until_a_third_drops_it() {
    let Some(url) = server_url("TEST_REDIS_URL") else { return };
    let (one, two, three) = (cache(&url), cache(&url), cache(&url));
    let (asha, ravi) = (Uuid::new_v4(), Uuid::new_v4());
    assert_eq!(get(&one, asha, "first").await, "first");
    assert_eq!(get(&one, ravi, "his").await, "his");
    assert_eq!(get(&two, asha, "second").await, "first");
    three.drop_person(Kind::Insights, asha).await;
    assert_eq!(get(&two, asha, "second").await, "second");
    assert_eq!(get(&one, asha, "third").await, "second");
    assert_eq!(get(&two, ravi, "other").await, "his", "one patient's change drops nobody else's");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_holds_only_sealed_values_and_each_ends_by_itself() {
    let Some(url) = server_url("TEST_REDIS_URL") else { return };
    let patient = Uuid::new_v4();
    get(&cache(&url), patient, "after breakfast above 180 on 5 of 7 days").await;
    let mut connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    // Only a test searches for keys; this server holds what the tests put there.
    let keys: Vec<String> = connection.keys(format!("procare:*{patient}*")).await.unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let (value, lifetime): (Vec<u8>, i64) =
            (connection.get(&key).await.unwrap(), connection.ttl(&key).await.unwrap());
        assert!(!value.windows(9).any(|part| part == b"breakfast"), "{key} is readable");
        assert!((1..=3_600).contains(&lifetime), "{key} ends in {lifetime} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_away_values_are_computed_and_a_change_made_meanwhile_is_not_forgotten() {
    let Some(url) = server_url("TEST_REDIS_URL") else { return };
    let line = Line::to(&url).await;
    let (through_line, beside) = (cache(&line.url(&url)), cache(&url));
    let patient = Uuid::new_v4();
    assert_eq!(get(&through_line, patient, "old").await, "old");
    assert!(through_line.ping().await);

    line.cut();
    let began = Instant::now();
    for _ in 0..200 {
        assert_eq!(get(&through_line, patient, "fresh").await, "fresh");
    }
    assert!(began.elapsed().as_secs() < 5, "200 answers without Redis took {:?}", began.elapsed());
    assert!(!through_line.ping().await);
    through_line.drop_person(Kind::Insights, patient).await;
    assert_eq!(get(&beside, patient, "unused").await, "old", "who never heard of the change still reads the old value");

    line.mend();
    eventually("Redis answers again", async || through_line.ping().await).await;
    assert_eq!(get(&through_line, patient, "new").await, "new", "the change made while Redis was away counts");
    assert_eq!(get(&beside, patient, "unused").await, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_one_count_and_with_redis_away_each_still_has_a_limit() {
    let Some(url) = server_url("TEST_REDIS_URL") else { return };
    let line = Line::to(&url).await;
    let (one, two) = (Limiter::redis(&line.url(&url)).unwrap(), Limiter::redis(&url).unwrap());
    let caller = Caller::User(UserId(Uuid::new_v4()));
    let mut allowed = 0;
    for turn in 0..10 {
        let process = if turn % 2 == 0 { &one } else { &two };
        let verdict = process.hit(caller, 6, 0).await;
        assert!((1..=900).contains(&verdict.reset_s), "{verdict:?}");
        assert_eq!(verdict.remaining, 5_u32.saturating_sub(turn));
        allowed += u32::from(verdict.allowed);
    }
    assert_eq!(allowed, 6);

    line.cut();
    let mut alone = 0;
    for _ in 0..10 {
        alone += u32::from(one.hit(caller, 6, 0).await.allowed);
    }
    assert_eq!(alone, 6, "it counts for itself");
    line.mend();
    eventually("the shared count is heard again", async || !one.hit(caller, 6, 900_000).await.allowed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_at_once_are_counted_once_each() {
    let Some(url) = server_url("TEST_REDIS_URL") else { return };
    let limiter = Arc::new(Limiter::redis(&url).unwrap());
    let caller = Caller::User(UserId(Uuid::new_v4()));
    let calls = (0..100).map(|_| {
        let limiter = Arc::clone(&limiter);
        tokio::spawn(async move { limiter.hit(caller, 40, 0).await.allowed })
    });
    let verdicts = futures::future::join_all(calls).await;
    assert_eq!(verdicts.into_iter().filter(|allowed| *allowed.as_ref().unwrap()).count(), 40);
}
