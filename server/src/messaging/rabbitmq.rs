//! Events through RabbitMQ: topic exchange `procare-events`, one durable quorum queue per consumer, at most five
//! deliveries, then the dead-letter queue. Payloads carry ids only.

use std::{sync::Arc, time::Duration};

use domain::{
    clock::Clock,
    events::{Event, EventKind},
};
use futures::StreamExt;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ExchangeKind,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicPublishOptions, BasicQosOptions,
        ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
    },
    types::{AMQPValue, FieldTable},
};
use thiserror::Error;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::Consumer;
use crate::storage::{Store, inbox};

const EXCHANGE: &str = "procare-events";
const DEAD_EXCHANGE: &str = "procare-dead";
const DEAD_QUEUE: &str = "procare.dead";
const PREFETCH: u16 = 10;
const DELIVERY_LIMIT: i32 = 5;
const RECONNECT_AFTER: Duration = Duration::from_secs(2);
/// A server that takes the connection and says nothing is given up after this.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Why an event could not be handed over.
#[derive(Debug, Error)]
pub enum RabbitError {
    /// The connection or the server.
    #[error("{0}")]
    Lapin(#[from] lapin::Error),
    /// No answer in time.
    #[error("no answer in time")]
    Silent,
    /// The server did not confirm.
    #[error("the server did not confirm an event")]
    NotConfirmed,
    /// An event that does not encode; cannot happen with ids only.
    #[error("an event does not encode")]
    Encode,
}

/// A publisher. Connects at the first event and again after a failure. Cheap to clone.
#[derive(Clone)]
pub struct RabbitBus {
    url: Arc<str>,
    consumers: Arc<[Arc<dyn Consumer>]>,
    channel: Arc<Mutex<Option<Channel>>>,
}

impl RabbitBus {
    /// A publisher to the server at an `amqp://` URL, and those whose queues must be there before the first event: what
    /// is published while no queue wants it is gone.
    pub fn new(url: &str, consumers: Arc<[Arc<dyn Consumer>]>) -> Self {
        Self { url: url.into(), consumers, channel: Arc::default() }
    }

    /// Hands events over; every one is confirmed by the server.
    pub(super) async fn publish(&self, events: &[Event]) -> Result<(), RabbitError> {
        let mut slot = self.channel.lock().await;
        let result = async {
            let channel = if let Some(channel) = slot.as_ref().filter(|c| c.status().connected()) {
                channel.clone()
            } else {
                let channel = connect(&self.url, &self.consumers).await?;
                channel.confirm_select(ConfirmSelectOptions::default()).await?;
                slot.insert(channel).clone()
            };
            let mut confirmations = Vec::with_capacity(events.len());
            for event in events {
                let body = serde_json::to_vec(event).map_err(|_| RabbitError::Encode)?;
                confirmations.push(
                    channel
                        .basic_publish(
                            EXCHANGE.into(),
                            event.kind.as_str().into(),
                            BasicPublishOptions::default(),
                            &body,
                            BasicProperties::default()
                                .with_delivery_mode(2)
                                .with_message_id(event.id.to_string().into())
                                .with_content_type("application/json".into()),
                        )
                        .await?,
                );
            }
            for confirmation in confirmations {
                if !matches!(confirmation.await?, Confirmation::Ack(_)) {
                    return Err(RabbitError::NotConfirmed);
                }
            }
            Ok(())
        }
        .await;
        if result.is_err() {
            *slot = None;
        }
        result
    }

    /// Runs a consumer until it is told to stop; reconnects by itself.
    pub async fn consume(
        self,
        consumer: Arc<dyn Consumer>,
        store: Store,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                ended = self.take_from_queue(&consumer, &store, &clock) => {
                    if let Err(error) = ended {
                        tracing::warn!(consumer = consumer.name(), error.cause = %error, "lost RabbitMQ; connecting again");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RECONNECT_AFTER) => {}
            }
        }
    }

    async fn take_from_queue(
        &self,
        consumer: &Arc<dyn Consumer>,
        store: &Store,
        clock: &Arc<dyn Clock>,
    ) -> Result<(), RabbitError> {
        let channel = connect(&self.url, std::slice::from_ref(consumer)).await?;
        channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
        let mut deliveries = channel
            .basic_consume(
                queue_of(&**consumer).as_str().into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        while let Some(delivery) = deliveries.next().await {
            deal_with(delivery?, consumer, store, clock).await?;
        }
        Ok(())
    }
}

/// A channel, with the exchanges and the queues of some consumers declared.
async fn connect(url: &str, consumers: &[Arc<dyn Consumer>]) -> Result<Channel, RabbitError> {
    let connecting = async {
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        channel.exchange_declare(EXCHANGE.into(), ExchangeKind::Topic, durable, FieldTable::default()).await?;
        channel.exchange_declare(DEAD_EXCHANGE.into(), ExchangeKind::Fanout, durable, FieldTable::default()).await?;
        declare_queue(&channel, DEAD_QUEUE, FieldTable::default()).await?;
        bind(&channel, DEAD_QUEUE, DEAD_EXCHANGE, "").await?;
        for consumer in consumers {
            let queue = queue_of(&**consumer);
            let mut arguments = FieldTable::default();
            arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(DELIVERY_LIMIT));
            arguments.insert("x-dead-letter-exchange".into(), AMQPValue::LongString(DEAD_EXCHANGE.into()));
            declare_queue(&channel, &queue, arguments).await?;
            for kind in EventKind::ALL.into_iter().filter(|kind| consumer.wants(*kind)) {
                bind(&channel, &queue, EXCHANGE, kind.as_str()).await?;
            }
        }
        Ok(channel)
    };
    tokio::time::timeout(CONNECT_WITHIN, connecting).await.map_err(|_| RabbitError::Silent)?
}

fn queue_of(consumer: &dyn Consumer) -> String {
    format!("procare.{}", consumer.name())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), RabbitError> {
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    channel.queue_bind(queue.into(), exchange.into(), key.into(), options, none).await?;
    Ok(())
}

async fn declare_queue(channel: &Channel, name: &str, mut arguments: FieldTable) -> Result<(), RabbitError> {
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(name.into(), durable, arguments).await?;
    Ok(())
}

async fn deal_with(
    delivery: Delivery,
    consumer: &Arc<dyn Consumer>,
    store: &Store,
    clock: &Arc<dyn Clock>,
) -> Result<(), RabbitError> {
    let Ok(event) = serde_json::from_slice::<Event>(&delivery.data) else {
        // It will never be readable: straight to the dead letters.
        delivery.nack(BasicNackOptions { requeue: false, ..BasicNackOptions::default() }).await?;
        return Ok(());
    };
    let dealt = async {
        let mut tx = store.begin().await.map_err(|e| crate::error::storage(&e))?;
        let first = inbox::take(&mut tx, consumer.name(), event.id, clock.now())
            .await
            .map_err(|e| crate::error::storage(&e))?;
        if !first {
            return Ok(());
        }
        match store {
            // The one writing transaction would lock out the consumer's own: note it afterwards instead.
            Store::Sqlite { .. } => {
                drop(tx);
                consumer.handle(&[event]).await?;
                tx = store.begin().await.map_err(|e| crate::error::storage(&e))?;
                inbox::take(&mut tx, consumer.name(), event.id, clock.now())
                    .await
                    .map_err(|e| crate::error::storage(&e))?;
            }
            Store::Postgres(_) => consumer.handle(&[event]).await?,
        }
        tx.commit().await.map_err(|e| crate::error::storage(&e))
    }
    .await;
    match dealt {
        Ok(()) => delivery.ack(BasicAckOptions::default()).await?,
        Err(_) => delivery.nack(BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await?,
    };
    Ok(())
}
