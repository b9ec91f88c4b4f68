//! The store that tower-sessions writes to: our table, the cookie's id only as a hash, the rest sealed for its holder.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::clock::Clock;
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    crypto::{open_with_cookie, seal_for_cookie},
    storage::{Store, web_sessions},
};

/// Collisions of 128 random bits that are put up with before the random source is called broken.
const TRIES: u8 = 3;

/// Browser sessions over [`Store`].
#[derive(Clone)]
pub struct WebSessionStore {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for WebSessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebSessionStore")
    }
}

impl WebSessionStore {
    /// Over a database.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

fn hash(id: Id) -> [u8; 32] {
    Sha256::new().chain_update(b"web-session/v1").chain_update(id.0.to_le_bytes()).finalize().into()
}

fn expiry(record: &Record) -> DateTime<Utc> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0).unwrap_or(DateTime::UNIX_EPOCH)
}

fn backend(error: sqlx::Error) -> Error {
    // Logged here with its reference; tower-sessions' own error goes no further than a status.
    Error::Backend(crate::error::storage(&error).to_string())
}

/// What is stored of a record: not its id, and nothing that opens without it.
fn encode(record: &Record) -> Result<Vec<u8>> {
    let failed = || Error::Encode("a session record".to_owned());
    let plain = serde_json::to_vec(&(&record.data, record.expiry_date.unix_timestamp())).map_err(|_| failed())?;
    seal_for_cookie(&record.id.0.to_le_bytes(), &plain).map_err(|_| failed())
}

fn decode(id: Id, stored: &[u8]) -> Result<Record> {
    let failed = || Error::Decode("a session record".to_owned());
    let plain = open_with_cookie(&id.0.to_le_bytes(), stored).map_err(|_| failed())?;
    let (data, expires): (std::collections::HashMap<String, serde_json::Value>, i64) =
        serde_json::from_slice(&plain).map_err(|_| failed())?;
    let expiry_date = time::OffsetDateTime::from_unix_timestamp(expires)
        .map_err(|_| Error::Decode("a session record's end".to_owned()))?;
    Ok(Record { id, data, expiry_date })
}

#[async_trait]
impl SessionStore for WebSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..TRIES {
            let mut tx = self.store.begin().await.map_err(backend)?;
            let created = web_sessions::create(&mut tx, &hash(record.id), &encode(record)?, expiry(record)).await;
            if created.map_err(backend)? {
                return tx.commit().await.map_err(backend);
            }
            record.id = Id::default();
        }
        Err(Error::Backend("session ids repeat".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        web_sessions::save(&mut tx, &hash(record.id), &encode(record)?, expiry(record)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let stored = web_sessions::load(&self.store, &hash(*id), self.clock.now()).await.map_err(backend)?;
        stored.map(|stored| decode(*id, &stored)).transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        web_sessions::delete(&mut tx, &hash(*id)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}
