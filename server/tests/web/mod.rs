//! The browser's door over a real server.

mod access;
mod assets;
mod connect;
mod connections;
mod csrf;
mod files;
mod forms;
mod headers;
mod input;
mod new_phone;
mod observatory;
mod passkeys;
mod request_ids;
mod second_factor;
mod session;
mod things;
