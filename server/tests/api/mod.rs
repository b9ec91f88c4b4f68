//! The JSON API over a real server.

mod access;
mod auth;
mod contract;
mod doctor;
mod export;
mod glucose;
mod imports;
mod limits;
mod me;
mod meals;
mod report;
