//! One poll of a feed: ask, read, and publish what is new.

use std::{sync::Arc, time::Instant};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use tallywire_proto::{Channel, Document, DocumentKind, FeedEntry, Fetched, Provenance, StageRun};
use tallywire_runtime::{
    Broker, CancellationToken, Metrics, TraceParent, broker::PublishError, config, telemetry::Outcome,
};
use tokio::task::spawn_blocking;
use tracing::{info, warn};
use url::Url;

use crate::{
    article::{Identity, entry_fingerprint, feed_text, identify_all, needs_page},
    decode::decode_page,
    feeds::Feed,
    host::Hosts,
    http::{Body, Client, FetchError, Limits, Validators, may_share_headers},
    parse::{ParseError, parse_feed},
    seen::{Seen, SeenError, SeenIndex, Verdict},
    service::NAME,
    shown::ShownUrl,
};

/// What a poll needs.
pub(crate) struct Poller {
    pub(crate) client: Client,
    pub(crate) hosts: Hosts,
    pub(crate) seen: SeenIndex,
    pub(crate) broker: Broker,
    pub(crate) metrics: Metrics,
    pub(crate) settings: config::Fetcher,
    /// Cancelled when nothing more is to be begun.
    pub(crate) stop: CancellationToken,
    /// Cancelled when what is under way is to be left.
    pub(crate) abort: CancellationToken,
}

/// What came of a poll.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum News {
    /// The publisher says that nothing has changed.
    Unchanged,
    /// The feed was read.
    Read {
        /// How many articles were published.
        published: usize,
        /// What to ask with next time; nothing where an article has to be tried again, or the answer to the next
        /// poll would be that nothing has changed.
        validators: Validators,
    },
}

/// A poll that brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PollError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{url}: {source}")]
    Parse { url: ShownUrl, source: ParseError },
}

/// What became of an entry.
enum Entry {
    Published,
    Known,
    /// It has to be tried again at the next poll.
    Pending,
}

/// Why an entry was not published.
#[derive(Debug, thiserror::Error)]
enum EntryError {
    #[error(transparent)]
    Seen(#[from] SeenError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("{error} (attempt {attempt} of {most})")]
    Page { error: FetchError, attempt: u32, most: u32 },
    #[error("stopped")]
    Stopped,
}

impl Poller {
    /// Polls a feed once.
    pub(crate) async fn poll(&self, feed: &Feed, validators: &Validators) -> Result<News, PollError> {
        let limits = Limits { bytes: self.settings.max_feed_bytes.as_u64() };
        let Some(body) = self.client.get(&feed.url, validators, &feed.headers, limits).await? else {
            return Ok(News::Unchanged);
        };
        let Body { url, content_type, validators, bytes } = body;
        let base = url.clone();
        let parsed = spawn_blocking(move || parse_feed(&bytes, content_type.as_deref(), Some(&url)));
        let parsed = parsed.await.unwrap_or(Err(ParseError::Panic));
        let parsed = parsed.map_err(|source| PollError::Parse { url: ShownUrl::new(&feed.url), source })?;
        let channel = Arc::new(parsed.channel());
        // Feeds list the newest first; what happened first is published first.
        let entries = identify_all(&feed.id, &base, parsed.entries);
        let entries = stream::iter(entries.into_iter().rev());
        let outcomes = entries.map(|(identity, entry)| self.entry(feed, identity, channel.clone(), entry));
        let outcomes: Vec<Entry> = outcomes.buffered(self.settings.host_concurrency.max(1)).collect().await;
        let published = outcomes.iter().filter(|outcome| matches!(outcome, Entry::Published)).count();
        let pending = outcomes.iter().any(|outcome| matches!(outcome, Entry::Pending));
        let validators = if pending { Validators::default() } else { validators };
        Ok(News::Read { published, validators })
    }

    async fn entry(&self, feed: &Feed, identity: Identity, channel: Arc<Channel>, entry: FeedEntry) -> Entry {
        match self.publish_if_new(feed, &channel, entry, &identity).await {
            Ok(outcome) => outcome,
            Err(EntryError::Stopped | EntryError::Publish(PublishError::Stopped)) => Entry::Pending,
            Err(error) => {
                warn!(feed = feed.id, article = %identity.id, %error, "not published yet");
                Entry::Pending
            }
        }
    }

    async fn publish_if_new(
        &self,
        feed: &Feed,
        channel: &Channel,
        entry: FeedEntry,
        identity: &Identity,
    ) -> Result<Entry, EntryError> {
        if self.stop.is_cancelled() {
            return Err(EntryError::Stopped);
        }
        let started = Instant::now();
        let seen = self.seen.get(identity.id).await?;
        let fingerprint = entry_fingerprint(&entry);
        let Verdict::Publish { revision } = seen.judge(&feed.id, &fingerprint) else { return Ok(Entry::Known) };
        if let (1, Some(also)) = (revision, identity.also) {
            let same = self.seen.get(also).await?;
            if same.revision > 0 && same.feed == feed.id && same.fingerprint == fingerprint {
                return Ok(Entry::Known);
            }
        }
        let document = self.document(feed, &entry, identity, seen).await?;
        let mut fetched = Fetched {
            schema: Fetched::SCHEMA.to_owned(),
            id: identity.id,
            revision,
            feed: feed.id.clone(),
            url: identity.url.as_ref().map(Url::to_string),
            channel: channel.clone(),
            entry,
            document,
            fetched_at: Timestamp::now(),
            provenance: Provenance::default(),
        };
        let seconds = started.elapsed().as_secs_f64();
        fetched.provenance.stages.push(StageRun {
            name: NAME.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ms: (seconds * 1e6).round() / 1e3,
        });
        let trace = TraceParent::begin();
        self.broker.publish(NAME, &fetched, &trace, &self.abort).await?;
        // Only now: were it remembered first, a crash in between would lose it.
        let seen = Seen { feed: feed.id.clone(), fingerprint, revision, attempts: 0 };
        self.seen.put(identity.id, &seen).await?;
        self.metrics.count_article(NAME, Outcome::Done);
        self.metrics.observe_stage(NAME, seconds);
        let url = identity.url.as_ref().map(|url| ShownUrl::new(url).to_string());
        info!(feed = feed.id, url, revision, trace = trace.trace_id(), "a new article");
        Ok(Entry::Published)
    }

    /// The article's page, or what the feed has of it.
    async fn document(
        &self,
        feed: &Feed,
        entry: &FeedEntry,
        identity: &Identity,
        seen: Seen,
    ) -> Result<Document, EntryError> {
        let from_feed = || Document {
            kind: DocumentKind::FeedContent,
            url: identity.url.as_ref().map(Url::to_string),
            body: feed_text(entry),
        };
        let Some(url) = identity.page().filter(|_| needs_page(feed.full_text, entry)) else {
            return Ok(from_feed());
        };
        match self.page(feed, url).await {
            Ok(body) => Ok(Document {
                kind: DocumentKind::Page,
                url: Some(body.url.to_string()),
                body: decode_page(&body.bytes, body.content_type.as_deref()),
            }),
            Err(error) => {
                let (attempt, most) = (seen.attempts + 1, self.settings.page_attempts.max(1));
                if error.is_permanent() || attempt >= most {
                    warn!(feed = feed.id, %error, "no page to be had, taking the feed's own text");
                    return Ok(from_feed());
                }
                self.seen.put(identity.id, &Seen { attempts: attempt, ..seen }).await?;
                Err(EntryError::Page { error, attempt, most })
            }
        }
    }

    async fn page(&self, feed: &Feed, url: &Url) -> Result<Body, FetchError> {
        let _turn = self.hosts.turn(url.host_str().unwrap_or_default()).await;
        let limits = Limits { bytes: self.settings.max_page_bytes.as_u64() };
        let none = std::collections::BTreeMap::new();
        let headers = if may_share_headers(&feed.url, url) { &feed.headers } else { &none };
        let body = self.client.get(url, &Validators::default(), headers, limits).await?;
        // Without validators there is no "not modified".
        let body = body.ok_or_else(|| FetchError::Connection {
            url: ShownUrl::new(url),
            reason: "answers 304 Not Modified to an unconditional request".to_owned(),
        })?;
        match body.content_type.as_deref() {
            Some(kind) if !is_readable(kind) => {
                Err(FetchError::NoPage { url: ShownUrl::new(url), content_type: kind.to_owned() })
            }
            _ => Ok(body),
        }
    }
}

/// Whether a page of this type can hold an article's text.
fn is_readable(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.starts_with("text/") || kind == "application/xhtml+xml" || kind == "application/xml"
}
