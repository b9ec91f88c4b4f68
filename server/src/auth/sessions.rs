//! Whom a session acts as, without a query for each request and yet seeing within a second that it was ended, on every
//! process.
//!
//! What the database said is remembered for some minutes. One background task asks it every 300 ms what changed
//! ([`LiveSessions::follow`]) and forgets that. While that task cannot vouch that it asked within the last second, nothing
//! remembered is used and the database is asked each time; if it does not answer, nobody is let in.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Error, Result, clock::Clock, ids::SessionId, people::Actor, ports::Standing};
use moka::future::Cache;
use tokio::time::MissedTickBehavior;

use crate::{
    error::StorageResult,
    storage::{
        Store,
        sessions::{self, Proof},
    },
};

/// How often changes are asked for.
const EVERY: Duration = Duration::from_millis(300);
/// How long an answer vouches for what is remembered; with one more [`EVERY`] of delay still under a second.
const VOUCHES: Duration = Duration::from_millis(650);
/// How far back changes are asked for: covers transactions that commit late and clocks of other processes that differ.
const LOOK_BACK: TimeDelta = TimeDelta::seconds(30);
/// How long a session is remembered; also how exact "last used" is.
const REMEMBERED: TimeDelta = TimeDelta::minutes(5);
/// One that ends soon when it lies idle is asked for more often: so many times within that time.
const PER_IDLE: i32 = 15;
const MOST: u64 = 200_000;

#[derive(Clone, Copy)]
struct Known {
    actor: Actor,
    /// From then on the database is asked anew.
    until: DateTime<Utc>,
}

/// What a session may do: one that has only the code sent to the phone is not enough for somebody with a second factor.
pub fn standing(live: &sessions::Live) -> Standing {
    if live.by != Proof::Otp {
        Standing::Full
    } else if live.enrolled {
        Standing::SecondFactor
    } else if live.actor.role.is_staff() {
        Standing::Enrol
    } else {
        Standing::Full
    }
}

/// The sessions that are alive, as this process knows them.
pub struct LiveSessions {
    store: Store,
    clock: Arc<dyn Clock>,
    known: Cache<SessionId, Known>,
    since: Instant,
    /// Milliseconds after `since` at which changes were last asked for with success, plus one; 0 for never.
    asked: AtomicU64,
}

impl LiveSessions {
    /// Begins to follow the changes; stops when the last clone is dropped. Needs a tokio runtime.
    pub fn start(store: Store, clock: Arc<dyn Clock>) -> Arc<Self> {
        let sessions = Arc::new(Self {
            store,
            clock,
            known: Cache::builder().max_capacity(MOST).time_to_live(REMEMBERED.to_std().unwrap_or_default()).build(),
            since: Instant::now(),
            asked: AtomicU64::new(0),
        });
        tokio::spawn(Self::follow(Arc::downgrade(&sessions)));
        sessions
    }

    /// Whom a session acts as; [`Error::Unauthenticated`] if it is over, ended, lacks its second factor, or its user may not
    /// sign in.
    pub async fn actor(&self, session: SessionId) -> Result<Actor> {
        match self.look(session).await? {
            (actor, Standing::Full) => Ok(actor),
            _ => Err(Error::Unauthenticated),
        }
    }

    /// The same, and what the session may do.
    pub async fn look(&self, session: SessionId) -> Result<(Actor, Standing)> {
        let now = self.clock.now();
        if self.vouched()
            && let Some(known) = self.known.get(&session).await
            && known.until > now
        {
            return Ok((known.actor, Standing::Full));
        }
        let live = sessions::live(&self.store, session, now).await.stored()?.ok_or(Error::Unauthenticated)?;
        let remembered = REMEMBERED.min(live.idle / PER_IDLE);
        if now - live.last_used_at >= remembered {
            self.touch(session, now).await;
        }
        let until = (now + remembered).min(live.expires_at);
        let standing = standing(&live);
        // A session that lacks something is asked about each time: it may have it now.
        if standing == Standing::Full {
            self.known.insert(session, Known { actor: live.actor, until }).await;
        }
        Ok((live.actor, standing))
    }

    /// Forgets sessions that this process just ended: effective here at once.
    pub async fn forget(&self, ended: &[SessionId]) {
        for session in ended {
            self.known.invalidate(session).await;
        }
    }

    /// Notes the use. A failure costs only the exactness of a list of devices, so it does not fail the request.
    async fn touch(&self, session: SessionId, now: DateTime<Utc>) {
        let touched = async {
            let mut tx = self.store.begin().await?;
            sessions::touch(&mut tx, session, now).await?;
            tx.commit().await
        };
        if touched.await.is_err() {
            tracing::warn!("the use of a session could not be noted");
        }
    }

    fn vouched(&self) -> bool {
        let asked = self.asked.load(Ordering::Acquire);
        asked > 0 && self.elapsed_ms().saturating_sub(asked) < u64::try_from(VOUCHES.as_millis()).unwrap_or(0)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    async fn follow(sessions: Weak<Self>) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut reachable = true;
        loop {
            ticks.tick().await;
            let Some(sessions) = sessions.upgrade() else { return };
            let answered = sessions.ask().await;
            if answered != reachable {
                reachable = answered;
                if answered {
                    tracing::info!("changes of sessions are followed again");
                } else {
                    tracing::warn!("changes of sessions cannot be asked for: each request asks the database");
                }
            }
        }
    }

    /// Asks once; whether there was an answer.
    async fn ask(&self) -> bool {
        // The answer is as old as the question.
        let asked = self.elapsed_ms();
        let changed = sessions::changed_since(&self.store, self.clock.now() - LOOK_BACK);
        match tokio::time::timeout(VOUCHES, changed).await {
            Ok(Ok(changed)) => {
                self.forget(&changed).await;
                self.asked.store(asked, Ordering::Release);
                true
            }
            _ => false,
        }
    }
}
