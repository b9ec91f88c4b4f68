use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{
    clock::Clock,
    events::{Event, EventKind},
    ids::{EventId, PatientId},
};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties,
    options::{BasicAckOptions, BasicGetOptions, BasicNackOptions, BasicPublishOptions},
};
use server::{
    messaging::{Bus, Consumer, RabbitBus, Relay},
    storage::{Store, outbox},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{Line, TestClock, TestDb, eventually, on_both_engines, server_url};

/// Notes the events it was given; fails at those of one patient.
struct Noting {
    name: &'static str,
    poison: Option<PatientId>,
    seen: Mutex<Vec<Event>>,
}

impl Noting {
    /// Under a name of its own: the broker is shared by all tests, its queues must not be.
    fn new(poison: Option<PatientId>) -> Arc<Self> {
        let name = Box::leak(format!("test-{}", Uuid::new_v4()).into_boxed_str());
        Arc::new(Self { name, poison, seen: Mutex::default() })
    }

    fn times(&self, event: &Event) -> usize {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|other| other.id == event.id).count()
    }
}

#[async_trait]
impl Consumer for Noting {
    fn name(&self) -> &'static str {
        self.name
    }

    fn wants(&self, kind: EventKind) -> bool {
        kind == EventKind::ReadingsChanged
    }

    async fn handle(&self, events: &[Event]) -> domain::Result<()> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
        let fails = events.iter().any(|event| Some(event.patient) == self.poison);
        if fails { Err(domain::Error::Unavailable) } else { Ok(()) }
    }
}

/// One process: its relay and its consumer, until it is dropped.
struct Running {
    store: Store,
    clock: Arc<TestClock>,
    relay: Relay,
    stop: CancellationToken,
}

impl Running {
    fn start(db: &TestDb, url: &str, consumer: &Arc<Noting>) -> Self {
        let (clock, stop) = (TestClock::new(), CancellationToken::new());
        let consumer: Arc<dyn Consumer> = Arc::clone(consumer) as _;
        let bus = RabbitBus::new(url, Arc::new([Arc::clone(&consumer)]));
        let taking: Arc<dyn Clock> = Arc::clone(&clock) as _;
        tokio::spawn(bus.clone().consume(consumer, db.store.clone(), Arc::clone(&taking), stop.clone()));
        let relay = Relay::new(db.store.clone(), Bus::Rabbit(bus), taking);
        Self { store: db.store.clone(), clock, relay, stop }
    }

    /// Writes an event as a service does.
    async fn happen(&self, patient: PatientId, kind: EventKind) -> Event {
        let event = Event { id: EventId(Uuid::now_v7()), kind, patient, at: self.clock.now() };
        let mut tx = self.store.begin().await.unwrap();
        outbox::add(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
        event
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn somebody() -> PatientId {
    PatientId(Uuid::now_v7())
}

async fn channel(url: &str) -> Channel {
    Connection::connect(url, ConnectionProperties::default()).await.unwrap().create_channel().await.unwrap()
}

/// Waits for a dead letter that is the one meant; others belong to other tests and go back.
async fn dead_letter(url: &str, is_meant: impl Fn(&[u8]) -> bool) {
    let channel = channel(url).await;
    eventually("the dead letter", async || {
        let mut others = Vec::new();
        let mut found = false;
        while let Some(letter) = channel.basic_get("procare.dead".into(), BasicGetOptions::default()).await.unwrap() {
            if is_meant(&letter.delivery.data) {
                letter.delivery.ack(BasicAckOptions::default()).await.unwrap();
                found = true;
                break;
            }
            others.push(letter);
        }
        for letter in others {
            letter.delivery.nack(BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await.unwrap();
        }
        found
    })
    .await;
}

on_both_engines!(an_event_has_its_effect_once_however_often_it_is_delivered, |db| async move {
    let Some(url) = server_url("TEST_AMQP_URL") else { return };
    let consumer = Noting::new(None);
    let mut running = Running::start(db, &url, &consumer);
    let twice = running.happen(somebody(), EventKind::ReadingsChanged).await;
    assert_eq!(running.relay.step().await.unwrap(), 1);
    assert_eq!(running.relay.step().await.unwrap(), 0, "what was carried does not wait any more");
    // As when a process ends after carrying an event and before noting that.
    let body = serde_json::to_vec(&twice).unwrap();
    let key = twice.kind.as_str().into();
    let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    channel(&url).await.basic_publish("procare-events".into(), key, options, &body, properties).await.unwrap();
    // The queue keeps its order: once the next one is there, the repetition has been dealt with.
    running.happen(somebody(), EventKind::MealsChanged).await;
    let next = running.happen(somebody(), EventKind::ReadingsChanged).await;
    assert_eq!(running.relay.step().await.unwrap(), 2);
    eventually("the next event arrives", async || consumer.times(&next) == 1).await;
    assert_eq!(consumer.times(&twice), 1);
    let unwanted = |event: &Event| event.kind != EventKind::ReadingsChanged;
    assert!(!consumer.seen.lock().unwrap().iter().any(unwanted), "only what was asked for arrives");
});

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_always_fails_is_tried_six_times_put_aside_and_delays_nobody() {
    let Some(url) = server_url("TEST_AMQP_URL") else { return };
    let db = TestDb::sqlite().await;
    let bad = somebody();
    let consumer = Noting::new(Some(bad));
    let mut running = Running::start(&db, &url, &consumer);
    let poison = running.happen(bad, EventKind::ReadingsChanged).await;
    let mut good = Vec::new();
    for _ in 0..20 {
        good.push(running.happen(somebody(), EventKind::ReadingsChanged).await);
    }
    running.relay.step().await.unwrap();
    for event in &good {
        eventually("a neighbour is dealt with", async || consumer.times(event) == 1).await;
    }
    let id = poison.id.to_string();
    dead_letter(&url, |body| String::from_utf8_lossy(body).contains(&id)).await;
    assert_eq!(consumer.times(&poison), 6, "one delivery and five more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_can_read_goes_to_the_dead_letters_at_once() {
    let Some(url) = server_url("TEST_AMQP_URL") else { return };
    let db = TestDb::sqlite().await;
    let consumer = Noting::new(None);
    let mut running = Running::start(&db, &url, &consumer);
    // The first event declares the queues.
    running.happen(somebody(), EventKind::ReadingsChanged).await;
    running.relay.step().await.unwrap();
    let (queue, garbage) = (format!("procare.{}", consumer.name), Uuid::new_v4().to_string());
    let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    let line = channel(&url).await;
    line.basic_publish("".into(), queue.as_str().into(), options, garbage.as_bytes(), properties).await.unwrap();
    dead_letter(&url, |body| body == garbage.as_bytes()).await;
}

on_both_engines!(with_rabbitmq_away_events_wait_in_the_outbox_and_arrive_once_it_is_back, |db| async move {
    let Some(url) = server_url("TEST_AMQP_URL") else { return };
    let line = Line::to(&url).await;
    let consumer = Noting::new(None);
    let mut running = Running::start(db, &line.url(&url), &consumer);
    let before = running.happen(somebody(), EventKind::ReadingsChanged).await;
    running.relay.step().await.unwrap();
    eventually("the first event arrives", async || consumer.times(&before) == 1).await;

    line.cut();
    let during = running.happen(somebody(), EventKind::ReadingsChanged).await;
    for _ in 0..10 {
        assert!(running.relay.step().await.is_err(), "nothing takes the event");
    }
    assert_eq!(consumer.times(&during), 0);

    line.mend();
    eventually("the outbox is emptied", async || running.relay.step().await.is_ok_and(|carried| carried == 1)).await;
    eventually("the event arrives", async || consumer.times(&during) == 1).await;
});
