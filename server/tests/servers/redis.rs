use std::{sync::Arc, time::Instant};

use redis::AsyncCommands;
use server::cache::{Cache, Kind};
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
    three.drop_patient(Kind::Insights, asha).await;
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
    through_line.drop_patient(Kind::Insights, patient).await;
    assert_eq!(get(&beside, patient, "unused").await, "old", "who never heard of the change still reads the old value");

    line.mend();
    eventually("Redis answers again", async || through_line.ping().await).await;
    assert_eq!(get(&through_line, patient, "new").await, "new", "the change made while Redis was away counts");
    assert_eq!(get(&beside, patient, "unused").await, "new");
}
