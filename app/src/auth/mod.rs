//! Sign-in pages: the phone number, then the code. And everyone's own settings.

mod code;
mod data;
mod login;
mod second_factor;
mod settings;
mod setup;
mod step_up;

pub use code::CodePage;
pub use data::DataPage;
pub use login::LoginPage;
pub use second_factor::SecondFactorPage;
pub use settings::{SettingsPage, unit_options, zone_options};
pub use setup::SetupPage;
pub use step_up::StepUpPage;
