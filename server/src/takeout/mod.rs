//! Everything of a person as one zip, made while it is sent: JSON for programs, CSV for spreadsheets. Never whole in memory.

mod channel;
mod csv;

use std::{future::Future, io::Write};

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use domain::{
    page::Page,
    people::{Actor, Role},
    ports::{ListQuery, Services},
    records::{RecordQuery, RecordType},
    rights::Profile,
};
use futures::stream;
use serde::Serialize;
use tokio::runtime::Handle;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use self::channel::{Sender, channel};

/// Rows read at once.
const PAGE: u32 = 1_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The answer that carries the file of a person whose export has begun.
pub fn answer(services: Services, actor: Actor, profile: Profile) -> Response {
    let (sender, receiver) = channel();
    let handle = Handle::current();
    // Packing keeps a core busy, and waits for a slow reader: on a thread of its own.
    tokio::task::spawn_blocking(move || {
        let failing = sender.clone();
        let packing = Packing { handle, services, actor };
        if let Err(error) = packing.pack(&profile, sender) {
            tracing::warn!(error.cause = %error, "an export ended half way");
            failing.fail();
        }
    });
    let parts = stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) });
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"procare-export.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

struct Packing {
    handle: Handle,
    services: Services,
    actor: Actor,
}

impl Packing {
    fn pack(&self, profile: &Profile, sender: Sender) -> Result<(), Failure> {
        let (services, actor) = (&self.services, &self.actor);
        let mut zip = Zip { writer: ZipWriter::new_stream(sender) };
        zip.json("profile.json", profile)?;
        zip.both("devices", &self.wait(services.accounts.devices(actor))?, &csv::DEVICE, csv::device)?;
        zip.both("passkeys", &self.wait(services.passkeys.of_me(actor))?, &csv::PASSKEY, csv::passkey)?;
        zip.both("following", &self.wait(services.care_team.awaiting_me(actor))?, &csv::LINK, csv::link)?;
        if actor.role == Role::Patient {
            self.patient(&mut zip)?;
        }
        zip.writer.finish()?.into_inner().flush()?;
        Ok(())
    }

    fn patient<W: Write>(&self, zip: &mut Zip<W>) -> Result<(), Failure> {
        let (services, actor) = (&self.services, &self.actor);
        self.list(zip, "readings", &csv::READING, csv::reading, async |query| {
            services.readings.list(actor, &query).await
        })?;
        self.list(zip, "meals", &csv::MEAL, csv::meal, async |query| services.meals.list(actor, &query).await)?;
        self.list(zip, "records", &csv::RECORD, csv::record, async |list| {
            let query = RecordQuery { list, record_type: None };
            let page = services.records.list(actor, actor.user.into(), &query).await?;
            let items = page.items.into_iter().map(|shown| shown.record).collect();
            Ok(Page { items, next_cursor: page.next_cursor })
        })?;
        self.record_files(zip)?;
        self.list(zip, "access-log", &csv::ACCESS, csv::access, async |query| {
            services.trail.of_me(actor, &query).await
        })?;
        zip.both("consents", &self.wait(services.rights.consents(actor, u32::MAX))?, &csv::CONSENT, csv::consent)?;
        zip.both("emergencies", &self.wait(services.emergencies.of_me(actor))?, &csv::EMERGENCY, csv::emergency)?;
        zip.both("targets", &self.wait(services.rights.targets(actor))?, &csv::TARGETS, csv::targets)?;
        zip.both("care-team", &self.wait(services.care_team.of_me(actor))?, &csv::LINK, csv::link)?;
        zip.both("imports", &self.wait(services.imports.all(actor))?, &csv::IMPORT, csv::import)
    }

    /// The files of records, each under its record's id.
    fn record_files<W: Write>(&self, zip: &mut Zip<W>) -> Result<(), Failure> {
        let (services, actor) = (&self.services, &self.actor);
        let fetch = async |list| {
            let query = RecordQuery { list, record_type: Some(RecordType::LabReport) };
            services.records.list(actor, actor.user.into(), &query).await
        };
        self.each(&fetch, |shown| {
            let (id, Some(_)) = (shown.record.id, shown.record.file) else { return Ok(()) };
            let file = match self.wait(services.records.file(actor, actor.user.into(), id)) {
                // Taken away while this was packed.
                Err(domain::Error::NotFound) => return Ok(()),
                file => file?,
            };
            zip.start(&format!("records/{id}.{}", file.media_type.extension()))?;
            Ok(zip.writer.write_all(&file.bytes)?)
        })
    }

    fn wait<T>(&self, asked: impl Future<Output = domain::Result<T>>) -> domain::Result<T> {
        self.handle.block_on(asked)
    }

    /// Every item of a list, page by page.
    fn each<T>(
        &self,
        fetch: &impl AsyncFn(ListQuery) -> domain::Result<Page<T>>,
        mut write: impl FnMut(T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut cursor = None;
        loop {
            let page = self.wait(fetch(ListQuery { limit: Some(PAGE), cursor, ..ListQuery::default() }))?;
            for item in page.items {
                write(item)?;
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// A long list, read twice: as a JSON array and as a table.
    fn list<W: Write, T: Serialize, const N: usize>(
        &self,
        zip: &mut Zip<W>,
        name: &str,
        heads: &[&str; N],
        row: impl Fn(&T) -> [String; N],
        fetch: impl AsyncFn(ListQuery) -> domain::Result<Page<T>>,
    ) -> Result<(), Failure> {
        zip.start(&format!("{name}.json"))?;
        let mut before = "[\n";
        self.each(&fetch, |item| {
            zip.writer.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut zip.writer, &item)?;
            before = ",\n";
            Ok(())
        })?;
        zip.writer.write_all(if before == "[\n" { b"[]\n" } else { b"\n]\n" })?;
        zip.start(&format!("{name}.csv"))?;
        csv::row(&mut zip.writer, heads)?;
        self.each(&fetch, |item| csv::row(&mut zip.writer, row(&item)))
    }
}

/// The archive on its way.
struct Zip<W: Write> {
    writer: ZipWriter<zip::write::StreamWriter<W>>,
}

impl<W: Write> Zip<W> {
    fn start(&mut self, name: &str) -> Result<(), Failure> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        Ok(self.writer.start_file(name, options)?)
    }

    fn json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Failure> {
        self.start(name)?;
        serde_json::to_writer_pretty(&mut self.writer, value)?;
        Ok(self.writer.write_all(b"\n")?)
    }

    /// A short list as JSON and as a table.
    fn both<T: Serialize, const N: usize>(
        &mut self,
        name: &str,
        items: &[T],
        heads: &[&str; N],
        row: impl Fn(&T) -> [String; N],
    ) -> Result<(), Failure> {
        self.json(&format!("{name}.json"), &items)?;
        self.start(&format!("{name}.csv"))?;
        csv::row(&mut self.writer, heads)?;
        items.iter().try_for_each(|item| csv::row(&mut self.writer, row(item)))
    }
}
