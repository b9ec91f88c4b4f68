//! ProCare's server.
//!
//! Map: two doors ([`web`] for pages, [`api`] for the mobile app) call [`services`], which check access and run one
//! transaction over [`storage`]. [`crypto`] seals, [`audit`] chains the audit trail, [`auth`] tells who calls, [`imports`]
//! reads devices' files, [`messaging`] carries events, [`jobs`] reacts to them, [`cache`] remembers, [`seed`] makes demo
//! data. [`startup`] puts them together.
//!
//! Data flows one way: door -> service -> storage. Rules are in `domain`.
#![forbid(unsafe_code)]

pub mod api;
pub mod audit;
pub mod auth;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod edge;
pub mod error;
pub mod exports;
pub mod health;
pub mod imports;
pub mod jobs;
pub mod limits;
pub mod messages;
pub mod messaging;
pub mod redis_link;
pub mod request_id;
pub mod router;
pub mod seed;
pub mod serve;
pub mod services;
pub mod startup;
pub mod state;
pub mod storage;
pub mod takeout;
pub mod telemetry;
pub mod web;
