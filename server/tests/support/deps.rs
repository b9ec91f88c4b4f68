//! The services' dependencies over a test database.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{clock::Clock, contact::Phone};
use server::{
    auth::{AuthSettings, JwtKeys, LiveSessions, OtpLimits, RelyingParty},
    cache::Cache,
    config::setting::{Origin, Setting},
    crypto::{Keyring, PurposeKeys},
    messages::Outbox,
    services::Deps,
    storage::Store,
};

use super::TestClock;

/// What was sealed in a test can be opened by a server that is given these, as `ENCRYPTION_KEYS`.
pub const KEYS: &str = "1:JnCBZD8UNeLMUa+JMNN/xvnAbAsDBlyeLXiRpbhl7eY=";

/// Keys of tokens that production takes as well, as `JWT_KEYS`.
pub const TOKEN_KEYS: &str = "7:kbEISmFWEqfmLzPE9IMtUxUg5HaQRT3s/oDUec0HctY=";

/// A keyring of one fixed key.
pub fn keyring() -> Keyring {
    Keyring::parse(KEYS).expect("a key")
}

/// A phone number that was never used: they differ by their last digits.
pub fn phone(number: u32) -> Phone {
    Phone::parse(&format!("9{number:09}")).expect("a number")
}

/// Dependencies with the usual limits, and where the codes go.
pub async fn deps(store: Store, clock: Arc<TestClock>) -> (Deps, Arc<Outbox>) {
    deps_with(store, clock, OtpLimits::default()).await
}

/// The same with other limits.
pub async fn deps_with(store: Store, clock: Arc<TestClock>, otp: OtpLimits) -> (Deps, Arc<Outbox>) {
    let outbox = Arc::new(Outbox::new(None));
    let jwt = JwtKeys::parse(&format!("a:{}", STANDARD.encode([9; 32]))).expect("a key");
    let keys = Arc::new(keyring());
    keys.load(&store).await.expect("the keys are read").expect("the keys open");
    let clock: Arc<dyn Clock> = clock;
    let purposes = PurposeKeys::load(&store, &keys, clock.now()).await.expect("purpose keys");
    let origin = Origin::parse(super::ORIGIN).expect("an origin");
    let passkeys = Some(RelyingParty::new(&origin, false).expect("a relying party"));
    let deps = Deps {
        cache: Cache::memory(keys.clone()),
        purposes: Arc::new(purposes),
        auth: Arc::new(AuthSettings { jwt, otp, passkeys }),
        sessions: LiveSessions::start(store.clone(), clock.clone()),
        codes: outbox.clone(),
        memory: Arc::default(),
        store,
        clock,
        keys,
    };
    (deps, outbox)
}
