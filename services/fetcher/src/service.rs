//! The fetcher as a service.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rustix::process::{Resource, getrlimit, setrlimit};
use tallywire_runtime::{
    Context, Work,
    broker::BrokerError,
    config::{self, ConfigError},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
};
use tracing::{info, warn};
use url::Url;

use crate::{
    archive::{Archive, ArchiveError, TOGETHER},
    feeds::{LONGEST, SHORTEST},
    http::{Client, Limits},
    page::Pages,
    poll::Poller,
    publish::Publisher,
    schedule::Scheduler,
    seen::SeenIndex,
    store::States,
    turn::Turns,
    websub::{self, Callback, Delivery, Grants, Hubs, Subscriber},
};

/// The stage's name.
pub const NAME: &str = "fetcher";

/// How long the end of the archive's file may take.
const ARCHIVE_ENDS_IN: Duration = Duration::from_secs(5);
/// Deliveries of hubs that wait; with more, hubs are asked to come back later.
const WAITING_DELIVERIES: usize = 16;

/// The fetcher cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The broker refuses something.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The archive cannot be opened.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// `feeds.toml` will not do.
    #[error(transparent)]
    Feeds(#[from] ConfigError),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
    /// A wait that could not be kept to.
    #[error("fetcher.{key} is {value:?}: give it between 1s and 365days")]
    Wait {
        /// The key.
        key: &'static str,
        /// What it is.
        value: Duration,
    },
    /// Hubs could not reach it.
    #[error(
        "fetcher.websub_callback is {0:?}: give the public address that leads to fetcher.websub_listen, such as \
         https://news.example.org"
    )]
    Callback(String),
    /// The listener for hubs cannot be opened.
    #[error("fetcher.websub_listen: cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Runs the fetcher until the service stops.
///
/// # Errors
/// When `feeds.toml` will not do at start, the broker refuses something, or hubs are to deliver and cannot.
pub fn run(context: Context) -> Work<FetcherError> {
    Box::pin(work(context))
}

async fn work(context: Context) -> Result<(), FetcherError> {
    raise_open_files();
    let settings = context.config.fetcher.clone();
    check_waits(&settings)?;
    let jetstream = context.broker.jetstream();
    let client = Client::new(&settings)?.counting_in(context.metrics.feeds.clone());
    context.metrics.articles.prepare(NAME);
    let archive = Archive::open(&context.config, context.stop.clone(), context.abort.clone()).await?;
    let (archive, archived) = archive.unzip();
    // The pace of a site holds all the same.
    let least = if archive.as_ref().is_some_and(|archive| archive.gathers) { TOGETHER } else { 1 };
    let publisher = Publisher {
        pages: Pages::new(client.clone(), &settings),
        seen: SeenIndex::open(jetstream, context.config.streams.seen_max_age).await?,
        broker: context.broker.clone(),
        metrics: context.metrics.clone(),
        traces: context.traces.clone(),
        concurrency: settings.host_concurrency.max(least),
        archive,
        page_attempts: settings.page_attempts,
        stop: context.stop.clone(),
        abort: context.abort.clone(),
    };
    let (sender, deliveries) = mpsc::channel(WAITING_DELIVERIES);
    let hubs = listen_to_hubs(&context, &settings, sender).await?;
    let turns = Turns {
        poller: Poller {
            client,
            publisher,
            limits: Limits::up_to(settings.max_feed_bytes),
            places: Semaphore::new(settings.concurrency.max(1)),
            // The index renews what is half as old as it may get.
            reread_after: context.config.streams.seen_max_age / 3,
        },
        states: States::open(jetstream).await?,
        owner: format!("{:016x}", rand::random::<u64>()),
        metrics: context.metrics.feeds.clone(),
        hubs,
        settings: settings.clone(),
    };
    let scheduler = Scheduler { turns, deliveries, file: settings.feeds };
    context.health.set(NAME, true);
    scheduler.run().await?;
    if let Some(archived) = archived {
        // What cannot be ended now is ended at the next start.
        let _ = tokio::time::timeout(ARCHIVE_ENDS_IN, archived).await;
    }
    Ok(())
}

/// Refuses waits that could not be kept to.
fn check_waits(settings: &config::Fetcher) -> Result<(), FetcherError> {
    let waits = [
        ("interval", settings.interval),
        ("min_interval", settings.min_interval),
        ("max_interval", settings.max_interval),
        ("lease", settings.lease),
    ];
    let wrong = waits.into_iter().find(|(_, wait)| !(SHORTEST..=LONGEST).contains(wait));
    wrong.map_or(Ok(()), |(key, value)| Err(FetcherError::Wait { key, value }))
}

/// Opens the listener for hubs, where it is switched on.
async fn listen_to_hubs(
    context: &Context,
    settings: &config::Fetcher,
    deliveries: mpsc::Sender<Delivery>,
) -> Result<Option<Subscriber<Hubs>>, FetcherError> {
    let (address, callback) = (settings.websub_listen.clone(), settings.websub_callback.clone());
    if address.is_empty() {
        return Ok(None);
    }
    let is_public = Url::parse(&callback)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none());
    if !is_public {
        return Err(FetcherError::Callback(callback));
    }
    let listener = TcpListener::bind(&address).await.map_err(|source| FetcherError::Listen { address, source })?;
    let subscriptions = Hubs::open(context.broker.jetstream()).await?;
    let answers = Callback { subscriptions: subscriptions.clone(), deliveries, clock: Arc::new(Timestamp::now) };
    let most = usize::try_from(settings.max_feed_bytes.as_u64()).unwrap_or(usize::MAX);
    info!(address = settings.websub_listen, callback, "hubs may deliver");
    let stop = context.stop.clone().cancelled_owned();
    tokio::spawn(websub::serve(listener, answers.router(most), Grants::default(), stop));
    Ok(Some(Subscriber { subscriptions, callback }))
}

/// Allows as many open files as the system grants: thousands of publishers are asked at a time.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        warn!(%error, "the limit of open files stays as it is");
    }
}
