//! Events from the outbox to those who react: within the process, or through RabbitMQ to every process.
//!
//! At least once, in order of writing within a process. So a [`Consumer`]'s effect must be the same when it happens
//! twice; through RabbitMQ the inbox table filters most repetitions already.

mod rabbitmq;
mod relay;

use std::sync::Arc;

use async_trait::async_trait;
use domain::events::{Event, EventKind};

pub use rabbitmq::{RabbitBus, RabbitError};
pub use relay::Relay;

/// Who reacts to events.
#[async_trait]
pub trait Consumer: Send + Sync {
    /// Its name: of its queue, and in the inbox. Never changed once deployed.
    fn name(&self) -> &'static str;
    /// Which events it wants.
    fn wants(&self, kind: EventKind) -> bool;
    /// Reacts to some events, all of them wanted. A failure means that all will come again.
    async fn handle(&self, events: &[Event]) -> domain::Result<()>;
}

/// How events travel.
#[derive(Clone)]
pub enum Bus {
    /// Straight to the consumers of this process.
    Local(Arc<[Arc<dyn Consumer>]>),
    /// To RabbitMQ; its consumers take them from there.
    Rabbit(RabbitBus),
}

impl Bus {
    /// Carries events; once it answers `Ok` they cannot be lost any more.
    async fn carry(&self, events: &[Event]) -> domain::Result<()> {
        match self {
            Self::Local(consumers) => {
                for consumer in consumers.iter() {
                    let wanted: Vec<Event> = events.iter().filter(|e| consumer.wants(e.kind)).copied().collect();
                    if !wanted.is_empty() {
                        consumer.handle(&wanted).await?;
                    }
                }
                Ok(())
            }
            Self::Rabbit(rabbit) => rabbit.publish(events).await.map_err(|error| {
                tracing::warn!(error.cause = %error, "RabbitMQ does not take events; they wait in the outbox");
                domain::Error::Unavailable
            }),
        }
    }
}
