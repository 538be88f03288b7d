//! The fetcher as a service.

use tallywire_runtime::{Context, broker::BrokerError, config::ConfigError};

use crate::{
    http::Client, page::Pages, poll::Poller, schedule::Scheduler, seen::SeenIndex, store::States, turn::Turns,
};

/// The stage's name.
pub const NAME: &str = "fetcher";

/// The fetcher cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The broker refuses something.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// `feeds.toml` will not do.
    #[error(transparent)]
    Feeds(#[from] ConfigError),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// Runs the fetcher until the service stops.
///
/// # Errors
/// When `feeds.toml` will not do at start, or the broker refuses something.
pub async fn run(context: Context) -> Result<(), FetcherError> {
    let settings = context.config.fetcher.clone();
    let jetstream = context.broker.jetstream();
    let client = Client::new(&settings)?;
    let poller = Poller {
        pages: Pages::new(client.clone(), &settings),
        client,
        seen: SeenIndex::open(jetstream, context.config.streams.seen_max_age).await?,
        broker: context.broker.clone(),
        metrics: context.metrics.clone(),
        stop: context.stop.clone(),
        abort: context.abort.clone(),
        settings: settings.clone(),
    };
    let turns = Turns {
        poller,
        states: States::open(jetstream).await?,
        owner: format!("{:016x}", rand::random::<u64>()),
        metrics: context.metrics.clone(),
    };
    let scheduler = Scheduler { turns, file: settings.feeds, metrics: context.metrics.clone() };
    context.health.set(NAME, true);
    scheduler.run().await?;
    Ok(())
}
