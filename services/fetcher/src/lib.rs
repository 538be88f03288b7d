//! The fetcher: polls the feeds of `feeds.toml`, fetches each new article, and publishes it once.
//!
//! In the order of the work:
//!
//! ```text
//!  feeds      what feeds.toml says, reread when it changes; discover: a site's feeds
//!  schedule   lets feeds have their turns; plan: which is due
//!  turn       a turn: the lease that keeps two fetchers from polling the same feed, and what is remembered (state, store)
//!  cadence    when the next turn is
//!  poll       asks (http) and reads (decode, parse); websub: what hubs deliver
//!  publish    entries to articles: which article (identity), seen already (seen), the feed's own text (text) or the page
//!  page       as its site wishes (robots, pace)
//! ```

mod address;
mod archive;
mod cadence;
mod clock;
mod decode;
pub mod discover;
pub mod feeds;
mod fingerprint;
mod html_tags;
mod http;
mod identity;
mod pace;
mod page;
mod parse;
mod plan;
mod poll;
mod publish;
mod revisions;
mod robots;
mod schedule;
mod seen;
mod service;
mod shown;
mod state;
mod store;
mod text;
mod turn;
mod websub;

pub use archive::{ArchiveError, place as archive_place};
pub use decode::decode_page;
pub use http::{Answer, Body, Client, FetchError, Limits, Validators};
pub use parse::{EntryDetail, FeedAbout, ParseError, ParsedFeed, Person, PollHints, Salvage, parse_feed};
pub use revisions::{Held, Revisions, RevisionsError, Turn};
pub use service::{FetcherError, NAME, run};
pub use shown::ShownUrl;
pub use state::{FeedState, Lease, Moved};
pub use store::{forget, states};
