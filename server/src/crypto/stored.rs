//! The keys of people as the database has them: opened at the start, and those that another process made since, when they
//! are needed.

use uuid::Uuid;

use super::{Keyring, OpenError};
use crate::storage::{Store, patient_keys};

impl Keyring {
    /// Opens every key of the database. Fails if one does not open: its master key is missing.
    pub async fn load(&self, store: &Store) -> Result<Result<(), OpenError>, sqlx::Error> {
        Ok(self.take(&patient_keys::all(store).await?))
    }

    /// Fetches the keys of these people that another process made since the start.
    pub async fn ready(&self, store: &Store, people: impl IntoIterator<Item = Uuid>) -> Result<(), sqlx::Error> {
        let missing = self.people.missing(people);
        if missing.is_empty() {
            return Ok(());
        }
        let found = patient_keys::of(store, &missing).await?;
        // One that does not open shows when it is needed, with a reference in the log.
        let _ = self.take(&found);
        Ok(())
    }
}
