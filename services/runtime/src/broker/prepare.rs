//! Before a service begins: everything that it needs is created, or waited for.

use std::time::{Duration, Instant};

use async_nats::jetstream::{self, consumer::pull};
use tallywire_proto::subject::{PAGES_BUCKET, Stream};
use tracing::{info, warn};

use super::{Broker, error::BrokerError, open_bucket, provision, provision::consumer_name};
use crate::access::{Bodies, Needs, User};

/// The wait after a failed attempt, doubled each time up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl Broker {
    /// Creates what a service needs, or waits until it is there, as `streams.provision` says.
    ///
    /// It waits for as long as it takes. What the server does not answer to at the moment is asked of it again for
    /// `nats.connect_for`.
    ///
    /// # Errors
    /// When the server refuses to create something, or does not answer for too long.
    pub async fn prepare(&self, services: &[User]) -> Result<(), BrokerError> {
        if self.config().streams.provision {
            return self.provision().await;
        }
        for service in services {
            self.wait_for(*service).await;
        }
        Ok(())
    }

    /// Creates every stream, bucket and durable consumer, or brings it to what the configuration says.
    ///
    /// # Errors
    /// As [`Broker::prepare`].
    pub async fn provision(&self) -> Result<(), BrokerError> {
        let started = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            match provision(self.jetstream(), self.config()).await {
                Ok(()) => return Ok(()),
                Err(error) if !error.is_transient() || started.elapsed() + wait >= self.config().nats.connect_for => {
                    return Err(error);
                }
                Err(error) => warn!(%error, retry_in = ?wait, "not provisioned yet"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Waits until everything is there that a service needs.
    async fn wait_for(&self, service: User) {
        let mut wait = FIRST_WAIT;
        while let Err(error) = self.look_for(service).await {
            warn!(%error, retry_in = ?wait, "waiting for what `tallywire provision` creates (streams.provision is false)");
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        info!(service = service.name(), "everything that it needs is there");
    }

    /// Looks whether everything is there that a service needs; the error names the first that is not.
    async fn look_for(&self, service: User) -> Result<(), BrokerError> {
        let Needs { reads, writes, buckets, bodies } = service.needs();
        let jetstream = self.jetstream();
        if let Some(stream) = reads {
            look_for_stream(jetstream, stream).await?;
            look_for_stream(jetstream, Stream::Dead).await?;
            let found = jetstream.get_consumer_from_stream::<pull::Config, _, _>(service.name(), stream.name()).await;
            found.map_err(|error| BrokerError::resource(consumer_name(service.name(), stream), &error))?;
        }
        for stream in writes.iter().filter(|stream| **stream != Stream::Figures || self.config().figures.publish) {
            look_for_stream(jetstream, *stream).await?;
        }
        for bucket in buckets {
            open_bucket(jetstream, bucket).await?;
        }
        if bodies != Bodies::default() {
            let found = jetstream.get_object_store(PAGES_BUCKET).await;
            found.map_err(|error| BrokerError::resource(format!("object bucket {PAGES_BUCKET}"), &error))?;
        }
        Ok(())
    }
}

async fn look_for_stream(jetstream: &jetstream::Context, stream: Stream) -> Result<(), BrokerError> {
    let found = jetstream.get_stream(stream.name()).await;
    found.map(drop).map_err(|error| BrokerError::resource(format!("stream {}", stream.name()), &error))
}
