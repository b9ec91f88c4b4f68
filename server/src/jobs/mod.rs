//! What happens without anybody waiting for it: reactions to events, and cleaning up. Every job may run twice.

mod cleanup;
mod standing;

use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    audit::{HeadFile, Sequencer},
    messaging::{Bus, Consumer, RabbitBus, Relay},
    services::Deps,
};

/// Those who react to events.
pub fn consumers(deps: &Deps) -> Arc<[Arc<dyn Consumer>]> {
    Arc::new([Arc::new(standing::StandingConsumer::new(deps.clone()))])
}

/// Starts the relay, the consumers, the audit trail's chain and the clean-up of this process; they end when `stop` is cancelled.
///
/// `serve` and `worker` both run them: without `amqp_url` events stay within the process, with it every process takes
/// its share from RabbitMQ.
pub fn start(deps: &Deps, amqp_url: Option<&str>, heads: HeadFile, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let consumers = consumers(deps);
    let chain = Sequencer::new(deps.store.clone(), deps.purposes.clone(), deps.clock.clone(), heads);
    let mut tasks = vec![tokio::spawn(cleanup::run(deps.clone(), stop.clone())), tokio::spawn(chain.run(stop.clone()))];
    let bus = match amqp_url {
        None => Bus::Local(consumers),
        Some(url) => {
            let rabbit = RabbitBus::new(url, Arc::clone(&consumers));
            for consumer in consumers.iter().cloned() {
                let (rabbit, store, clock) = (rabbit.clone(), deps.store.clone(), deps.clock.clone());
                tasks.push(tokio::spawn(rabbit.consume(consumer, store, clock, stop.clone())));
            }
            Bus::Rabbit(rabbit)
        }
    };
    tasks.push(tokio::spawn(Relay::new(deps.store.clone(), bus, deps.clock.clone()).run(stop.clone())));
    tasks
}
