//! Who did what to whose data. Written in the transaction of the change; rows are only ever added.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{
    ids::PatientId,
    people::{Actor, Role},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Tx, in_tx, time::to_ms};
use crate::request_id::RequestId;

/// One line of the audit trail: ids and fixed words only.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who; none for what nobody signed in did.
    pub actor: Option<Actor>,
    /// What, in the form `thing.verb`: `link.accept`, `reading.add`.
    pub action: &'static str,
    /// Which kind of thing (a table's name) and which one.
    pub object: Option<(&'static str, Uuid)>,
    /// Whose data is concerned.
    pub patient: Option<PatientId>,
    /// Whether it was allowed.
    pub allowed: bool,
    /// From where, for sign-ins.
    pub address: Option<IpAddr>,
    /// Why it was refused, in fixed words.
    pub reason: Option<&'static str>,
}

impl Entry {
    /// An allowed act of a signed-in person.
    pub fn by(actor: &Actor, action: &'static str, at: DateTime<Utc>) -> Self {
        Self {
            at,
            actor: Some(*actor),
            action,
            object: None,
            patient: None,
            allowed: true,
            address: None,
            reason: None,
        }
    }

    /// An act of nobody who is signed in: signing in, the service's own work.
    pub fn by_nobody(action: &'static str, at: DateTime<Utc>) -> Self {
        Self { at, actor: None, action, object: None, patient: None, allowed: true, address: None, reason: None }
    }

    /// What it was done to.
    #[must_use]
    pub fn on(mut self, table: &'static str, id: impl Into<Uuid>) -> Self {
        self.object = Some((table, id.into()));
        self
    }

    /// From where it was done.
    #[must_use]
    pub fn from(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// It was refused.
    #[must_use]
    pub fn refused(mut self, reason: &'static str) -> Self {
        self.allowed = false;
        self.reason = Some(reason);
        self
    }

    /// Whose data it is.
    #[must_use]
    pub fn of(mut self, patient: PatientId) -> Self {
        self.patient = Some(patient);
        self
    }
}

/// Adds a line.
pub async fn add(tx: &mut Tx, entry: Entry) -> Result<(), sqlx::Error> {
    add_all(tx, &[entry]).await
}

/// Adds lines, up to a thousand in one statement.
pub async fn add_all(tx: &mut Tx, entries: &[Entry]) -> Result<(), sqlx::Error> {
    for entries in entries.chunks(1_000) {
        in_tx!(tx, conn => {
            let mut query = QueryBuilder::new(
                "INSERT INTO audit (id, at, actor_id, role, session_id, action, object_type, object_id, patient_id, allowed, \
                 address, reason, request_id) ",
            );
            // Not part of an entry: every row that a request causes has it, whichever use case writes the row.
            let request = RequestId::current().map(|id| id.to_string());
            query.push_values(entries, |mut row, entry| {
                row.push_bind(Uuid::now_v7())
                    .push_bind(to_ms(entry.at))
                    .push_bind(entry.actor.map(|a| a.user.0))
                    .push_bind(entry.actor.map(|a| Role::as_str(a.role)))
                    .push_bind(entry.actor.map(|a| a.session.0))
                    .push_bind(entry.action)
                    .push_bind(entry.object.map(|(table, _)| table))
                    .push_bind(entry.object.map(|(_, id)| id))
                    .push_bind(entry.patient.map(|p| p.0))
                    .push_bind(entry.allowed)
                    .push_bind(entry.address.map(|address| address.to_string()))
                    .push_bind(entry.reason)
                    .push_bind(request.clone());
            });
            query.build().persistent(entries.len() == 1).execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}
