//! The JSON API over a real server.

mod access;
mod auth;
mod contract;
mod cors;
mod doctor;
mod export;
mod glucose;
mod imports;
mod input;
mod limits;
mod me;
mod meals;
mod otp;
mod records;
mod report;
