//! The broker: connecting, creating what is needed, sending and opening messages.

mod claim;
mod connect;
mod dead;
mod encoding;
mod error;
mod login;
mod prepare;
mod provision;
mod publish;

use std::sync::Arc;

use async_nats::jetstream;

use crate::{config::Config, telemetry::Metrics};

pub use claim::{ClaimError, Claims};
pub use connect::{MINIMUM_SERVER, connect, is_new_enough};
pub use dead::{DeadLetter, Verdict, plain_body};
pub use encoding::{OpenError, open};
pub use error::BrokerError;
pub(crate) use provision::{consumer_name, stage_consumer};
pub use provision::{open_bucket, provision, stream_config};
pub use publish::{Envelope, PublishError, Sent};

/// A connection to a server.
#[derive(Clone)]
pub struct Broker {
    client: async_nats::Client,
    jetstream: jetstream::Context,
    claims: Arc<Claims>,
    config: Arc<Config>,
    metrics: Metrics,
}

impl Broker {
    /// Connects and checks the server, without changing anything there. A service then needs [`Broker::prepare`].
    ///
    /// # Errors
    /// When no server answers in `nats.connect_for`, it refuses us, is too old or lacks `JetStream`.
    pub async fn connect(name: &str, config: Arc<Config>) -> Result<Self, BrokerError> {
        let client = connect(name, &config.nats).await?;
        let jetstream = jetstream::new(client.clone());
        let claims = Arc::new(Claims::new(jetstream.clone()));
        Ok(Self { client, jetstream, claims, config, metrics: Metrics::default() })
    }

    /// The same connection, which counts what is published in these metrics.
    #[must_use]
    pub fn counting_in(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The `JetStream` context.
    pub fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// The plain connection.
    pub fn client(&self) -> &async_nats::Client {
        &self.client
    }

    /// Large bodies kept beside the streams.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The configuration it was started with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether the connection stands at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }
}
