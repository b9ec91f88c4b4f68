//! The caches and queues that production has, as they are: real Redis, real RabbitMQ, and lines to them that are cut.

mod rabbitmq;
mod redis;
