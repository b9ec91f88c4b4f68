//! The load: connections kept alive, each asking again as soon as it is answered (closed loop), over plain TCP so that
//! asking costs little of the two cores that the server needs.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

use crate::{Result, dataset::Patient};

/// One request of each patient, as bytes.
pub struct Requests {
    address: String,
    bytes: Vec<Vec<u8>>,
}

/// What a run gave.
pub struct Answers {
    /// Microseconds of every request, sorted.
    pub latencies: Vec<u32>,
    /// How long the run took.
    pub took: Duration,
    /// Processor time that asking took, in this process.
    pub client_cpu: Duration,
}

impl Requests {
    /// `GET path` of every patient: with the patient's token, or with the patient's id in the path.
    pub fn new(address: &str, path: &str, patients: &[Patient], with_token: bool) -> Self {
        let bytes = patients
            .iter()
            .map(|patient| {
                let (path, token) = if with_token {
                    (path.to_owned(), format!("Authorization: Bearer {}\r\n", patient.token))
                } else {
                    (format!("{path}/{}", patient.id), String::new())
                };
                format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n{token}\r\n")
                    .into_bytes()
            })
            .collect();
        Self { address: address.to_owned(), bytes }
    }

    /// `GET` of each path, all with one token.
    pub fn of_one(address: &str, paths: &[String], token: &str) -> Self {
        let request = |path: &String| {
            let head = format!("Host: {address}\r\nAccept: application/json\r\nAuthorization: Bearer {token}");
            format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n").into_bytes()
        };
        Self { address: address.to_owned(), bytes: paths.iter().map(request).collect() }
    }

    /// The n-th request; neighbours in time are not neighbours in the database.
    fn nth(&self, n: usize) -> &[u8] {
        self.bytes.get(n.wrapping_mul(7_919) % self.bytes.len().max(1)).map_or(&[], Vec::as_slice)
    }
}

/// Asks for `time` over so many connections. Any answer but 200 ends it.
pub async fn run(requests: &Requests, connections: usize, time: Duration) -> Result<Answers> {
    let next = Rc::new(Cell::new(0_usize));
    let cpu = crate::process::own_cpu()?;
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        streams.push(Connection::open(&requests.address).await?);
    }
    let begin = Instant::now();
    let tasks = LocalSet::new();
    let latencies = tasks
        .run_until(async {
            // One thread runs all of them: what they borrow lives until every one of them is awaited here.
            let all = streams.into_iter().map(|mut stream| {
                let next = Rc::clone(&next);
                async move {
                    let mut latencies = Vec::with_capacity(20_000);
                    while begin.elapsed() < time {
                        let n = next.get();
                        next.set(n + 1);
                        let asked = Instant::now();
                        stream.ask(requests.nth(n)).await?;
                        latencies.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
                    }
                    Result::Ok(latencies)
                }
            });
            futures::future::try_join_all(all).await
        })
        .await?;
    let took = begin.elapsed();
    let mut latencies = latencies.concat();
    latencies.sort_unstable();
    Ok(Answers { latencies, took, client_cpu: crate::process::own_cpu()?.saturating_sub(cpu) })
}

/// Before anything is measured: both give the same 100 readings, newest first, of some patients.
pub async fn compare(ours: &Requests, theirs: &Requests) -> Result<()> {
    let mut us = Connection::open(&ours.address).await?;
    let mut them = Connection::open(&theirs.address).await?;
    for n in 0..20 {
        let ours = readings(us.ask(ours.nth(n)).await?)?;
        let theirs = readings(them.ask(theirs.nth(n)).await?)?;
        if ours != theirs || ours.len() != 100 || !ours.is_sorted_by(|a, b| a.1 >= b.1) {
            return Err(
                format!("the handlers do not give the same 100 readings ({}, {})", ours.len(), theirs.len()).into()
            );
        }
    }
    Ok(())
}

/// Id and time of the readings in an answer.
fn readings(body: &[u8]) -> Result<Vec<(String, String)>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Item {
        id: String,
        recorded_at: String,
    }
    #[derive(serde::Deserialize)]
    struct Page {
        items: Vec<Item>,
    }
    let page: Page = serde_json::from_slice(body)?;
    Ok(page.items.into_iter().map(|item| (item.id, item.recorded_at)).collect())
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Asks and gives the body.
    async fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let (status, length) = parse_head(self.buffer.get(..head).unwrap_or_default())?;
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        let body = self.buffer.get(head..head + length).unwrap_or_default();
        if status != 200 {
            return Err(format!("answered {status}: {}", String::from_utf8_lossy(body)).into());
        }
        Ok(body)
    }

    async fn read_more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server closed a connection".into());
        }
        Ok(())
    }
}

/// Status and length of the body.
fn parse_head(head: &[u8]) -> Result<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status line")?.parse()?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or("an answer without Content-Length")?
        .1
        .trim()
        .parse()?;
    Ok((status, length))
}
