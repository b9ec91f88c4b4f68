//! The server's tests against the real thing: databases, HTTP, files. One binary, so that it links once.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than it expects fails at that line"
)]

mod accounts;
mod api;
mod audit;
mod canary;
mod care;
mod docs;
mod servers;
mod storage;
mod support;
mod web;
