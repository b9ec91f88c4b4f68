//! Readings, meals, files, figures and work lists, through the services: what they do, and for whom.

mod analytics;
mod consent;
mod desk;
mod erasure;
mod export;
mod imports;
mod lists;
mod meals;
mod order;
mod panel;
pub mod readings;
pub mod records;
mod reports;
mod seed;
mod targets;
