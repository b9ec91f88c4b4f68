//! The pages, by who uses them.

mod home;
mod not_found;
pub mod patient;

pub use home::Home;
pub use not_found::NotFound;
