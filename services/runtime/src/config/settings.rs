//! Every section of the configuration, and its keys with their defaults; those of what is kept and of what operators see are
//! in `storage.rs` and `telemetry.rs`. `deploy/config.toml` explains each to users.

use std::{path::PathBuf, time::Duration};

use bytesize::ByteSize;
use serde::{Deserialize, Serialize};

use super::{
    duration,
    storage::{Archive, Sink},
    telemetry::{Admin, Log, Traces},
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The whole configuration. All services read the same file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The connection to the broker.
    pub nats: Nats,
    /// Sizes and ages of the streams and buckets.
    pub streams: Streams,
    /// The loop that all stages share.
    pub stages: Stages,
    /// Feeds and pages.
    pub fetcher: Fetcher,
    /// Pages to articles.
    pub cleaner: Cleaner,
    /// People, organizations and places.
    pub entities: Entities,
    /// Figures and times.
    pub figures: Figures,
    /// Files of enriched articles.
    pub sink: Sink,
    /// An archive of what is fetched.
    pub archive: Archive,
    /// The HTTP server for health and metrics.
    pub admin: Admin,
    /// Logs.
    pub log: Log,
    /// Traces.
    pub traces: Traces,
}

/// The connection to the broker.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Nats {
    /// Addresses of the servers, separated by commas; empty for `nats://127.0.0.1:4222`, or
    /// for a server of its own in `up`.
    pub url: String,
    /// A file with the `NKey` seed of a user; empty for none.
    pub nkey_file: PathBuf,
    /// A NATS credentials file (JWT and `NKey` seed); empty for none.
    pub credentials_file: PathBuf,
    /// Certificates of the authority that signed the server's, as PEM; empty for the system's. With it, no server
    /// without TLS will do.
    pub ca_file: PathBuf,
    /// Our own certificate, as PEM, for servers that ask for one; empty for none.
    pub cert_file: PathBuf,
    /// The key of `cert_file`, as PEM.
    pub key_file: PathBuf,
    /// How long to keep trying to connect at start.
    #[serde(with = "duration")]
    pub connect_for: Duration,
}

impl Default for Nats {
    fn default() -> Self {
        Self {
            url: String::new(),
            nkey_file: PathBuf::new(),
            credentials_file: PathBuf::new(),
            ca_file: PathBuf::new(),
            cert_file: PathBuf::new(),
            key_file: PathBuf::new(),
            connect_for: MINUTE,
        }
    }
}

/// Sizes and ages of the streams and buckets.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Streams {
    /// Whether each service creates what is below at its start; else it waits until it is there.
    pub provision: bool,
    /// How much each of the three internal streams holds before it pushes back on the stage before it.
    pub hop_max_bytes: ByteSize,
    /// How much of the enriched articles is kept for subscribers.
    pub enriched_max_bytes: ByteSize,
    /// How long enriched articles are kept for subscribers.
    #[serde(with = "duration")]
    pub enriched_max_age: Duration,
    /// How much of the single figures is kept for subscribers.
    pub figures_max_bytes: ByteSize,
    /// How long single figures are kept for subscribers.
    #[serde(with = "duration")]
    pub figures_max_age: Duration,
    /// How much of the dead letters is kept.
    pub dead_max_bytes: ByteSize,
    /// How long dead letters are kept.
    #[serde(with = "duration")]
    pub dead_max_age: Duration,
    /// How much the bucket of large pages holds.
    pub pages_max_bytes: ByteSize,
    /// How long an article is remembered as seen after its feed last listed it.
    #[serde(with = "duration")]
    pub seen_max_age: Duration,
    /// How long the server drops second copies of a message.
    #[serde(with = "duration")]
    pub dedupe_window: Duration,
    /// How long it drops second copies of a single figure.
    #[serde(with = "duration")]
    pub figures_dedupe_window: Duration,
    /// Copies of each stream in a cluster: 1, 3 or 5.
    pub replicas: usize,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            provision: true,
            hop_max_bytes: ByteSize::mib(512),
            enriched_max_bytes: ByteSize::gib(4),
            enriched_max_age: 7 * DAY,
            figures_max_bytes: ByteSize::gib(2),
            figures_max_age: 7 * DAY,
            dead_max_bytes: ByteSize::mib(512),
            dead_max_age: 30 * DAY,
            pages_max_bytes: ByteSize::gib(1),
            seen_max_age: 30 * DAY,
            dedupe_window: HOUR,
            figures_dedupe_window: 5 * MINUTE,
            replicas: 1,
        }
    }
}

/// The loop that all stages share.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stages {
    /// Threads that work on articles, in each process; 0 for one a core.
    pub workers: usize,
    /// How often a message that fails for the moment is tried before it is a dead letter.
    pub max_attempts: u32,
    /// How often a message is delivered without any answer (its worker died each time) before it is a dead letter.
    pub max_deliveries: u32,
    /// Waiting times before the second, third, ... attempt; the last one repeats.
    #[serde(with = "duration::list")]
    pub backoff: Vec<Duration>,
    /// How long the server waits for a sign of life of a message's worker before it gives the message to another.
    #[serde(with = "duration")]
    pub ack_wait: Duration,
    /// Messages larger than this travel through the object store.
    pub inline_limit: ByteSize,
    /// How long a stage may work on one article before that is a dead letter.
    #[serde(with = "duration")]
    pub work_timeout: Duration,
    /// How long a service finishes its work after SIGTERM.
    #[serde(with = "duration")]
    pub drain_timeout: Duration,
}

impl Default for Stages {
    fn default() -> Self {
        Self {
            workers: 0,
            max_attempts: 5,
            max_deliveries: 50,
            backoff: vec![Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30), 2 * MINUTE],
            ack_wait: Duration::from_secs(30),
            inline_limit: ByteSize::kib(512),
            work_timeout: 5 * MINUTE,
            drain_timeout: Duration::from_secs(20),
        }
    }
}

impl Stages {
    /// The number of threads that work on articles.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            workers => workers,
        }
    }

    /// How long to wait before the attempt after the given one (1 for the first).
    pub fn backoff_after(&self, attempt: u32) -> Duration {
        let index = (attempt.max(1) - 1) as usize;
        self.backoff.get(index).or(self.backoff.last()).copied().unwrap_or(Duration::from_secs(1))
    }
}

/// Feeds and pages.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fetcher {
    /// The file that lists the feeds.
    pub feeds: PathBuf,
    /// How often a feed is polled that names no interval of its own, as long as little is known of it.
    #[serde(with = "duration")]
    pub interval: Duration,
    /// How often it is polled at most, however often it brings news.
    #[serde(with = "duration")]
    pub min_interval: Duration,
    /// How often it is polled at least, however seldom it brings news and whatever its publisher asks for.
    #[serde(with = "duration")]
    pub max_interval: Duration,
    /// Where publishers can reach you: it goes into the User-Agent. Empty for none.
    pub contact: String,
    /// How long a request may take in all.
    #[serde(with = "duration")]
    pub timeout: Duration,
    /// The largest feed, after decompression.
    pub max_feed_bytes: ByteSize,
    /// The largest page, after decompression.
    pub max_page_bytes: ByteSize,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How many feeds are asked at the same time.
    pub concurrency: usize,
    /// How many pages are requested from a site, a registrable domain, at the same time.
    pub host_concurrency: usize,
    /// How long to wait between two requests for pages of a site.
    #[serde(with = "duration")]
    pub host_delay: Duration,
    /// Whether loopback and private addresses may be fetched.
    pub allow_private_networks: bool,
    /// How often a page that cannot be had is tried, once a poll, before the feed's own text is taken instead.
    pub page_attempts: u32,
    /// How long a fetcher holds a feed; another takes over when it has died.
    #[serde(with = "duration")]
    pub lease: Duration,
    /// Address and port where `WebSub` hubs deliver news; empty for none: feeds are only polled.
    pub websub_listen: String,
    /// The public address that leads there; hubs are told `<websub_callback>/websub/<feed>/<token>`.
    pub websub_callback: String,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self {
            feeds: PathBuf::from("feeds.toml"),
            interval: 15 * MINUTE,
            min_interval: 5 * MINUTE,
            max_interval: HOUR,
            contact: String::new(),
            timeout: Duration::from_secs(30),
            max_feed_bytes: ByteSize::mib(16),
            max_page_bytes: ByteSize::mib(8),
            max_redirects: 5,
            concurrency: 64,
            host_concurrency: 1,
            host_delay: Duration::from_secs(1),
            allow_private_networks: false,
            page_attempts: 3,
            lease: MINUTE,
            websub_listen: String::new(),
            websub_callback: String::new(),
        }
    }
}

/// Pages to articles.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cleaner {
    /// Whether lines that most articles of a site have are dropped as boilerplate.
    pub site_memory: bool,
}

impl Default for Cleaner {
    fn default() -> Self {
        Self { site_memory: true }
    }
}

/// People, organizations and places.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Entities {
    /// What finds the names.
    pub model: NameModel,
    /// The folder of the accurate model.
    pub accurate_folder: PathBuf,
    /// The library of ONNX Runtime, which runs the accurate model.
    pub onnxruntime: PathBuf,
    /// Whether known names are looked for in texts of languages that are not read.
    pub other_languages: bool,
    /// Names that are less sure than this are left out; from 0 to 1.
    pub min_confidence: f64,
    /// A file of the user's own names; empty for none.
    pub names_file: PathBuf,
}

/// What finds the names.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NameModel {
    /// The model in the program.
    Fast,
    /// A better one, run by ONNX Runtime.
    Accurate,
}

impl Default for Entities {
    fn default() -> Self {
        Self {
            model: NameModel::Fast,
            accurate_folder: "accurate".into(),
            onnxruntime: "libonnxruntime.so".into(),
            other_languages: true,
            min_confidence: 0.0,
            names_file: PathBuf::new(),
        }
    }
}

/// Figures and times.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Figures {
    /// Whether each figure also goes out as a message of its own, on `figures.<kind>.<event>.<country>`.
    pub publish: bool,
}

impl Default for Figures {
    fn default() -> Self {
        Self { publish: true }
    }
}
