//! What the tests share: databases of both engines, a clock that stands still, keys, the services' dependencies.

mod app;
mod clock;
mod db;
mod deps;
mod passkey;
mod people;
mod process;
mod second_factor;
mod servers;
mod statements;
mod world;

pub use app::{Answer, Browser, Caller, TestApp};
pub use clock::TestClock;
pub use db::TestDb;
pub(crate) use db::on_both_engines;
pub use deps::{KEYS, TOKEN_KEYS, deps, deps_with, keyring, phone};
pub use passkey::{ORIGIN, Passkey};
pub use people::{add_person, add_session, prove};
pub use process::Process;
pub use second_factor::Authenticator;
pub use servers::{Line, eventually, server_url};
pub use statements::statements;
pub use world::World;
