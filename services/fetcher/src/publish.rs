//! From the entries of a feed that was read to articles on the broker: each once, and again when its feed changes it.

use std::{
    collections::HashSet,
    time::{Duration, Instant, SystemTime},
};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use tallywire_proto::{ArticleId, Channel, Document, DocumentKind, FeedEntry, Fetched, Provenance, StageRun};
use tallywire_runtime::{
    Broker, CancellationToken, Metrics, TraceParent, Traces,
    broker::PublishError,
    telemetry::{Ended, Kind, PageOutcome, Reason, Span},
};
use tallywire_warc::Page;
use tracing::{info, warn};
use url::Url;

use crate::{
    archive::{Archive, ArchiveError},
    decode::decode_page,
    feeds::Feed,
    http::{Body, FetchError},
    identity::{Identity, identify_all},
    page::Pages,
    parse::ParsedFeed,
    seen::{Seen, SeenError, SeenIndex, Verdict},
    service::NAME,
    shown::ShownUrl,
    text::{entry_fingerprint, feed_text, needs_page},
};

/// How long the articles of one poll may take. A site's pages are fetched at its pace: one with many new articles would
/// hold its feeds' places for hours.
const TIME_FOR_ARTICLES: Duration = Duration::from_mins(10);

/// Publishes what is new of a feed.
pub(crate) struct Publisher {
    pub(crate) pages: Pages,
    pub(crate) seen: SeenIndex,
    pub(crate) broker: Broker,
    /// Where what is fetched is kept before it is published.
    pub(crate) archive: Option<Archive>,
    pub(crate) metrics: Metrics,
    pub(crate) traces: Traces,
    /// How many entries of a feed are worked on at the same time.
    pub(crate) concurrency: usize,
    /// How often a page that cannot be had is tried.
    pub(crate) page_attempts: u32,
    /// Cancelled when nothing more is to be begun.
    pub(crate) stop: CancellationToken,
    /// Cancelled when what is under way is to be left.
    pub(crate) abort: CancellationToken,
}

/// What came of the entries of a feed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Published {
    /// How many articles were published.
    pub(crate) count: usize,
    /// Whether some have to be tried again.
    pub(crate) pending: bool,
    /// Whether the feed gives one id to several articles.
    pub(crate) bad_guids: bool,
}

/// What became of an entry.
enum Entry {
    Published,
    Known,
    /// It has to be tried again at the next poll.
    Pending,
}

/// What the entries of one poll share.
struct Poll<'p> {
    feed: &'p Feed,
    channel: &'p Channel,
    /// The articles that the feed lists.
    listed: &'p HashSet<ArticleId>,
    /// When the feed was asked.
    begun: SystemTime,
    /// Nothing is begun after this.
    until: Instant,
}

/// An entry that is new, or has changed.
struct News<'p> {
    feed: &'p Feed,
    identity: &'p Identity,
    id: ArticleId,
    seen: Seen,
    fingerprint: String,
    revision: u32,
}

/// Why an entry was not published.
#[derive(Debug, thiserror::Error)]
enum EntryError {
    #[error(transparent)]
    Seen(#[from] SeenError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("{error} (attempt {attempt} of {most})")]
    Page { error: FetchError, attempt: u32, most: u32 },
    /// Its site asks to be left alone, which is no attempt.
    #[error(transparent)]
    Resting(FetchError),
    #[error("stopped")]
    Stopped,
    #[error("the poll has taken its time; at the next one")]
    Later,
}

impl Publisher {
    /// Publishes what is new of a feed that was read from `base`, by a poll or delivery that began at `begun`.
    pub(crate) async fn publish_all(
        &self,
        feed: &Feed,
        base: &Url,
        parsed: ParsedFeed,
        bad_guids: bool,
        begun: SystemTime,
    ) -> Published {
        let channel = parsed.channel();
        let identified = identify_all(&feed.id, base, parsed.into_html_entries(), bad_guids);
        let listed: HashSet<ArticleId> = identified.entries.iter().map(|(of, _)| of.id).collect();
        let until = Instant::now() + TIME_FOR_ARTICLES;
        let poll = &Poll { feed, channel: &channel, listed: &listed, begun, until };
        // Feeds list the newest first; what happened first is published first.
        let entries = stream::iter(identified.entries.into_iter().rev());
        let outcomes = entries.map(|(identity, entry)| self.entry(poll, identity, entry));
        let outcomes: Vec<Entry> = outcomes.buffered(self.concurrency.max(1)).collect().await;
        Published {
            count: outcomes.iter().filter(|outcome| matches!(outcome, Entry::Published)).count(),
            pending: outcomes.iter().any(|outcome| matches!(outcome, Entry::Pending)),
            bad_guids: identified.bad_guids,
        }
    }

    async fn entry(&self, poll: &Poll<'_>, identity: Identity, entry: FeedEntry) -> Entry {
        match self.publish_if_new(poll, entry, &identity).await {
            Ok(outcome) => outcome,
            Err(
                EntryError::Later
                | EntryError::Resting(_)
                | EntryError::Stopped
                | EntryError::Publish(PublishError::Stopped),
            ) => Entry::Pending,
            Err(error) => {
                warn!(feed = poll.feed.id, article = %identity.id, %error, "not published yet");
                Entry::Pending
            }
        }
    }

    async fn publish_if_new(
        &self,
        poll: &Poll<'_>,
        entry: FeedEntry,
        identity: &Identity,
    ) -> Result<Entry, EntryError> {
        if self.stop.is_cancelled() {
            return Err(EntryError::Stopped);
        }
        if Instant::now() > poll.until {
            return Err(EntryError::Later);
        }
        let (feed, started) = (poll.feed, Instant::now());
        let (id, seen) = self.known(identity, poll.listed).await?;
        let fingerprint = entry_fingerprint(&entry);
        let Verdict::Publish { revision } = seen.judge(&feed.id, &fingerprint) else { return Ok(Entry::Known) };
        if let (1, Some(also)) = (revision, identity.also) {
            let same = self.seen.get(also).await?;
            if same.revision > 0 && same.feed == feed.id && same.fingerprint == fingerprint {
                return Ok(Entry::Known);
            }
        }
        let news = News { feed, identity, id, seen, fingerprint, revision };
        let trace = self.traces.begin();
        let mut span = self.traces.span(NAME, Kind::Producer, trace, None, poll.begun);
        describe(&mut span, &news);
        let _in_flight = self.metrics.articles.take(NAME);
        let outcome = self.publish(&news, poll.channel.clone(), entry, started, &trace).await;
        match &outcome {
            Ok(_) => span.ended(Ended::Done),
            Err(EntryError::Stopped | EntryError::Publish(PublishError::Stopped)) => span.ended(Ended::GivenBack),
            Err(error) => {
                self.metrics.articles.retried(NAME, error.reason());
                span.ended(Ended::Retried(error.reason(), &error.to_string()));
            }
        }
        outcome
    }

    /// Publishes an entry, and remembers it.
    async fn publish(
        &self,
        news: &News<'_>,
        channel: Channel,
        entry: FeedEntry,
        started: Instant,
        trace: &TraceParent,
    ) -> Result<Entry, EntryError> {
        let &News { feed, identity, id, revision, .. } = news;
        let (document, page) = self.document(news, &entry).await?;
        // A replay may be at it too. The first is nobody else's.
        let taken = if revision == 1 { Some(1) } else { self.seen.take(id, &news.seen).await? };
        // Another was first, with what the feed said then. The next poll sees whether that holds.
        let Some(revision) = taken else { return Ok(Entry::Pending) };
        let mut fetched = Fetched {
            schema: Fetched::SCHEMA.to_owned(),
            id,
            revision,
            feed: feed.id.clone(),
            url: identity.url.as_ref().map(Url::to_string),
            channel,
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
        if let Some(archive) = &self.archive {
            archive.keep(&fetched, page).await?;
        }
        let sent = self.broker.publish(NAME, &fetched, trace, &self.abort).await?;
        if sent.duplicate && self.seen.get(id).await?.revision >= revision {
            // A poll and a delivery at the same time: the other was first. The next poll sees what has changed since.
            return Ok(Entry::Known);
        }
        // Only now: were it remembered first, a crash in between would lose it.
        let remember = |seen: Seen| (Some(seen.fetched_from(&feed.id, &news.fingerprint, revision)), ());
        self.seen.change(id, remember).await?;
        for name in &identity.names {
            self.seen.name(*name, id).await?;
        }
        self.metrics.articles.done(NAME);
        self.metrics.articles.took(NAME, seconds, trace);
        let url = identity.url.as_ref().map(|url| ShownUrl::new(url).to_string());
        info!(feed = feed.id, url, revision, trace = trace.trace_id(), "a new article");
        Ok(Entry::Published)
    }

    /// The article that an entry is, by the ladder of its names, and what is remembered of it.
    async fn known(&self, identity: &Identity, listed: &HashSet<ArticleId>) -> Result<(ArticleId, Seen), SeenError> {
        let (id, seen, renewed) = self.seen.resolve(identity.id).await?;
        if renewed {
            for name in &identity.names {
                self.seen.name(*name, id).await?;
            }
        }
        if seen != Seen::default() {
            return Ok((id, seen));
        }
        for name in &identity.names {
            let (article, seen, _) = self.seen.resolve(*name).await?;
            // A name of an article that the feed lists besides is not this one's.
            if article != *name && seen.revision > 0 && !listed.contains(&article) {
                self.seen.name(identity.id, article).await?;
                return Ok((article, seen));
            }
        }
        Ok((id, seen))
    }

    /// The article's page, and how it came, or what the feed has of it.
    async fn document(&self, news: &News<'_>, entry: &FeedEntry) -> Result<(Document, Option<Page>), EntryError> {
        let &News { feed, identity, id, .. } = news;
        let from_feed = || Document {
            kind: DocumentKind::FeedContent,
            url: identity.url.as_ref().map(Url::to_string),
            body: feed_text(entry),
        };
        let Some(url) = identity.page().filter(|_| needs_page(feed.full_text, entry)) else {
            return Ok((from_feed(), None));
        };
        let count = |outcome| self.metrics.feeds.page(outcome);
        match self.pages.get(url, &feed.url, &feed.headers).await {
            Ok(body) => {
                count(PageOutcome::Fetched);
                let document = Document {
                    kind: DocumentKind::Page,
                    url: Some(body.url.to_string()),
                    body: decode_page(&body.bytes, body.content_type.as_deref()),
                };
                Ok((document, self.archive.is_some().then(|| archived_page(body))))
            }
            Err(error) => {
                if matches!(error, FetchError::Resting { .. }) {
                    count(PageOutcome::Resting);
                    return Err(EntryError::Resting(error));
                }
                let (attempt, most) = (news.seen.attempts + 1, self.page_attempts.max(1));
                if error.is_permanent() || attempt >= most {
                    warn!(feed = feed.id, %error, "no page to be had, taking the feed's own text");
                    count(PageOutcome::FeedText);
                    return Ok((from_feed(), None));
                }
                count(PageOutcome::Again);
                self.seen.change(id, |seen| (Some(Seen { attempts: attempt, ..seen }), ())).await?;
                Err(EntryError::Page { error, attempt, most })
            }
        }
    }
}

impl EntryError {
    /// Which of the closed set of reasons it is.
    const fn reason(&self) -> Reason {
        match self {
            Self::Page { .. } => Reason::Failed,
            Self::Publish(PublishError::Encode(_) | PublishError::TooLarge { .. }) => Reason::Unpublishable,
            Self::Publish(PublishError::Stopped)
            | Self::Seen(_)
            | Self::Archive(_)
            | Self::Resting(_)
            | Self::Stopped
            | Self::Later => Reason::Away,
        }
    }
}

/// Notes in a span which article it is about.
fn describe(span: &mut Span, news: &News<'_>) {
    span.note("tallywire.article.id", || news.id.to_string());
    span.note("tallywire.article.revision", || i64::from(news.revision));
    span.note("tallywire.feed", || news.feed.id.clone());
}
/// A page as it is archived.
fn archived_page(body: Body) -> Page {
    let mut url = body.url;
    // Both fail only for addresses that cannot have credentials, which then have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let headers = body.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    Page {
        url: url.into(),
        status: body.status.as_u16(),
        reason: body.status.canonical_reason().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        bytes: body.bytes,
    }
}
