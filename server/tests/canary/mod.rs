//! What people write is readable nowhere but on their pages: over fifty canaries go through every door of the real server, a
//! process of its own, which is then killed, so that nothing is tidied up. Then everything that it left is searched, in
//! clear, as UTF-16, as hexadecimal digits and in base64.

mod columns;
mod doors;
mod process;
mod search;

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use lapin::{
    Connection, ConnectionProperties, ExchangeKind,
    options::{BasicAckOptions, BasicGetOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::FieldTable,
};
use redis::AsyncCommands;

use self::{
    doors::Doors,
    process::RealServer,
    search::{Left, files, rows},
};
use crate::support::{TestDb, server_url};

/// What the doors were told, and nothing else: names take letters only.
pub const STEM: &str = "Zqxkanari";
/// How every phone number begins that is used here.
pub const NUMBERS: &str = "912340077";

/// A laboratory's value, as nothing else is written here: values of laboratories are sealed, as words are.
pub const LAB_VALUE: &str = "1234.5678901";

/// What an admin writes and nobody hides: a clinic's name. It has to be found, or the search looks in the wrong places.
pub const NO_SECRET: &str = "Zrqkanari Clinic";

/// Nothing of what was written may be in what was left; what must be there for the search to mean anything is.
fn judge(left: &Left, written: usize) {
    assert!(written >= 50, "{written} canaries");
    assert!(left.contains("reading.add") && left.contains(NO_SECRET), "what is there is found");
    let log = left.size("log.txt");
    assert!(log > 10_000 && left.contains("DEBUG"), "the log was kept, at the level debug: {log} bytes");
    assert_eq!(left.traces(), Vec::<String>::new(), "what was written, and where it lies in clear");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_its_log_of_writes_logs_and_temporary_files_hold_nothing_readable() {
    let db = TestDb::sqlite().await;
    let server = RealServer::start(&db, &[]).await;
    let written = Doors::open(&server, &db).await;
    let folders = server.kill().await;
    let mut left = files(folders.data());
    left.add(files(Path::new(db.url.strip_prefix("sqlite:").unwrap()).parent().unwrap()));
    assert!(left.size("test.db-wal") > 0, "the log of writes is searched as well");
    judge(&left, written);
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_redis_and_rabbitmq_hold_nothing_readable() {
    let (Some(redis_url), Some(amqp_url)) = (server_url("TEST_REDIS_URL"), server_url("TEST_AMQP_URL")) else { return };
    let Some(db) = TestDb::postgres().await else { return };
    // A database of its own: what others of the tests put there is not ours to judge.
    let redis_url = format!("{}/11", redis_url.trim_end_matches('/'));
    let queue = Overheard::new(&amqp_url).await;
    let server = RealServer::start(&db, &[("REDIS_URL", &redis_url), ("AMQP_URL", &amqp_url)]).await;
    let written = Doors::open(&server, &db).await;
    let messages = queue.take().await;
    let folders = server.kill().await;
    let mut left = files(folders.data());
    left.add(rows(&db.store).await);
    left.add(in_redis(&redis_url).await);
    assert!(messages.contains("readings-changed") && messages.contains("links-changed"));
    left.add(messages);
    judge(&left, written);
}

/// Everything that Redis holds.
async fn in_redis(url: &str) -> Left {
    let mut connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<Vec<u8>> = connection.keys("*").await.unwrap();
    assert!(keys.len() > 2, "the cache and the limits were used: {}", keys.len());
    let mut left = Left::default();
    for key in keys {
        let value: Vec<u8> = redis::cmd("DUMP").arg(&key).query_async(&mut connection).await.unwrap_or_default();
        left.note("a key of Redis", &key);
        left.note(&format!("the value of {}", String::from_utf8_lossy(&key)), &value);
    }
    left
}

/// A queue that gets a copy of every event.
struct Overheard {
    connection: Connection,
    channel: lapin::Channel,
    name: String,
}

impl Overheard {
    async fn new(url: &str) -> Self {
        let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        let name = format!("overheard-{}", uuid::Uuid::new_v4());
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let exchange = "procare-events";
        channel.exchange_declare(exchange.into(), ExchangeKind::Topic, durable, FieldTable::default()).await.unwrap();
        let own = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(name.as_str().into(), own, FieldTable::default()).await.unwrap();
        let bind = QueueBindOptions::default();
        channel
            .queue_bind(name.as_str().into(), exchange.into(), "#".into(), bind, FieldTable::default())
            .await
            .unwrap();
        Self { connection, channel, name }
    }

    /// What came so far: bodies, headers and routing keys.
    async fn take(self) -> Left {
        let mut left = Left::default();
        let mut messages = 0;
        while let Some(message) =
            self.channel.basic_get(self.name.as_str().into(), BasicGetOptions::default()).await.unwrap()
        {
            left.note("the body of a message", &message.delivery.data);
            let about = format!("{:?} {:?}", message.delivery.routing_key, message.delivery.properties);
            left.note("the head of a message", about.as_bytes());
            message.delivery.ack(BasicAckOptions::default()).await.unwrap();
            messages += 1;
        }
        assert!(messages > 20, "{messages} events were overheard");
        self.connection.close(200, "done".into()).await.unwrap();
        left
    }
}

#[test]
fn a_trace_is_found_in_every_disguise() {
    let word = format!("{STEM}abvw");
    let utf16 = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let hex = |upper: bool| {
        let digits = |byte: u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        word.bytes().map(digits).collect::<Vec<_>>().concat().into_bytes()
    };
    let mut disguises = vec![
        word.clone().into_bytes(),
        word.to_uppercase().into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        hex(false),
        hex(true),
        b"phone=%2B919123400771&x".to_vec(),
    ];
    for before in ["", "a", "ab"] {
        disguises.push(STANDARD.encode(format!("{before}{word}")).into_bytes());
        disguises.push(STANDARD.encode(format!("{before}{}", word.to_lowercase())).into_bytes());
        disguises.push(STANDARD.encode(format!("{before}+919123400771")).into_bytes());
    }
    for disguise in disguises {
        let mut left = Left::default();
        // Among other things, some of them no text.
        left.note("a file", &[b"\xff\xfe\x00 nothing ", disguise.as_slice(), b"\x80 nothing"].concat());
        assert_eq!(left.traces().len(), 1, "{}", String::from_utf8_lossy(&disguise));
    }
    let mut left = Left::default();
    left.note("a file", b"Zqxk anari, 91234 00771");
    assert_eq!(left.traces(), Vec::<String>::new());
}
