//! Sign-in, sessions, links and administration, through the services.

mod admin;
mod care_team;
mod connections;
mod emergency;
mod new_phone;
mod otp;
mod otp_silence;
mod passkeys;
mod second_factor;
mod sessions;
mod step_up;
mod tokens;
mod web_session_store;
