//! The pages, by who uses them.

pub mod admin;
pub mod caregiver;
pub mod doctor;
mod home;
mod not_found;
pub mod patient;

pub use home::Home;
pub use not_found::NotFound;
