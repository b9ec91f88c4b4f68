//! The server's tests against the real thing: databases, HTTP, files. One binary, so that it links once.

mod accounts;
mod api;
mod care;
mod storage;
mod support;
mod web;
