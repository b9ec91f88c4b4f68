//! Sign-in pages: the phone number, then the code. And everyone's own settings.

mod code;
mod login;
mod settings;

pub use code::CodePage;
pub use login::LoginPage;
pub use settings::{SettingsPage, unit_options, zone_options};
