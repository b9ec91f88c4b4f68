//! ProCare's pages, rendered on the server and hydrated in the browser.
//!
//! Map: [`App`] holds the routes ([`routes`]); [`portals`] and [`auth`] are the pages; [`components`] and [`charts`] what
//! they are made of; [`server_fns`] how the browser asks for data; [`context`] what the server gives a page; [`forms`]
//! how forms work with and without WASM; [`i18n`] and [`format`] the words, numbers and dates.
//!
//! Forms are posted to the page's own address and work without WASM; the browser half checks them first with the same
//! code of `domain`. Server functions only read.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]
#![recursion_limit = "256"]

pub mod auth;
pub mod charts;
pub mod components;
pub mod context;
pub mod error;
pub mod format;
pub mod forms;
pub mod i18n;
pub mod lazy_page;
pub mod portals;
pub mod routes;
pub mod server_fns;
mod shell;
pub mod words;

pub use shell::{App, shell};
