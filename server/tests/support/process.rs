//! One server process over a test database, as far as sign-in, links and administration go.

use std::sync::Arc;

use domain::{
    clock::Clock,
    contact::Phone,
    ids::UserId,
    people::{Actor, Role},
    ports::{Accounts, Origin},
};
use server::{
    auth::OtpLimits,
    messages::Outbox,
    services::{
        Deps, accounts::AccountsService, admin::AdminService, care_team::CareTeamService, passkeys::PasskeyService,
        second_factor::SecondFactorService,
    },
};

use super::{TestClock, TestDb, add_person, deps_with, prove};

/// The services of sign-in, links and administration over one database, as one server process has them.
pub struct Process {
    pub clock: Arc<TestClock>,
    pub deps: Deps,
    pub outbox: Arc<Outbox>,
    pub accounts: Arc<AccountsService>,
    pub care_team: Arc<CareTeamService>,
    pub admin: Arc<AdminService>,
    pub second_factor: Arc<SecondFactorService>,
    pub passkeys: Arc<PasskeyService>,
}

impl Process {
    /// A process over a database.
    pub async fn new(db: &TestDb) -> Self {
        Self::with(db, OtpLimits::default()).await
    }

    /// The same with other limits.
    pub async fn with(db: &TestDb, limits: OtpLimits) -> Self {
        Self::over(db.store.clone(), TestClock::new(), limits).await
    }

    /// Another process over the same database, with the same clock.
    pub async fn beside(&self, db: &TestDb) -> Self {
        Self::over(db.open_again().await, Arc::clone(&self.clock), self.deps.auth.otp).await
    }

    async fn over(store: server::storage::Store, clock: Arc<TestClock>, limits: OtpLimits) -> Self {
        let (deps, outbox) = deps_with(store, Arc::clone(&clock), limits).await;
        Self {
            clock,
            outbox,
            accounts: AccountsService::new(deps.clone()),
            care_team: CareTeamService::new(deps.clone()),
            admin: AdminService::new(deps.clone()),
            second_factor: SecondFactorService::new(deps.clone()),
            passkeys: PasskeyService::new(deps.clone()),
            deps,
        }
    }

    /// Adds somebody, past the services.
    pub async fn add(&self, role: Role, phone: &Phone, name: &str) -> UserId {
        // Long ago: the feed of changes looks back some seconds.
        let at = self.clock.now() - chrono::TimeDelta::days(1);
        add_person(&self.deps, role, phone, Some(name), at).await
    }

    /// Adds somebody and signs them in.
    pub async fn signed_in(&self, role: Role, phone: &Phone, name: &str) -> Actor {
        let user = self.add(role, phone, name).await;
        let session = self.accounts.start_session(user, &Origin::default()).await.expect("a session");
        if role.is_staff() {
            prove(&self.deps, session, self.clock.now()).await;
        }
        Actor { user, role, session }
    }

    /// The code that was last sent to a phone.
    pub fn code(&self, phone: &Phone) -> Option<String> {
        self.outbox.messages().into_iter().find(|m| m.to == *phone).map(|m| m.code)
    }
}
