//! The browser's door over a real server.

mod access;
mod assets;
mod connections;
mod files;
mod forms;
mod headers;
mod observatory;
mod second_factor;
mod session;
