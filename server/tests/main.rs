//! The server's tests against the real thing: databases, HTTP, files. One binary, so that it links once.

mod accounts;
mod care;
mod storage;
mod support;
