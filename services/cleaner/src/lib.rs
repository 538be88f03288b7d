//! The cleaner: from a web page, feed content or scraped text to an article.
//!
//! A page is read in four steps, a module each:
//!
//! - `limits` refuses, before it is parsed, a page that would take the parser seconds
//! - `metadata` reads the title, byline, dates and the rest from JSON-LD, `meta` tags and the page itself
//! - `content` finds the element that holds the article, with `dom_smoothie`
//! - `markup` turns that element into blocks of text, and `block` joins them to a text with paragraphs
//!
//! [`extract`] does that for any HTML page; [`clean`] is the pipeline's stage around it, which also takes feed
//! content, scraped page text and plain text, and fills gaps from the feed.
//!
//! What one page cannot tell, many pages of its site can: [`SiteMemory`] knows lines as boilerplate by their being on
//! most articles of a host. The service keeps one for each host on the broker, and uses it after [`clean`].
//!
//! None of these does any I/O or takes more than a few seconds on any input; [`extract`] and [`clean`] keep no state.

mod address;
mod block;
mod content;
mod cue;
mod error;
mod extraction;
mod html;
mod language;
mod lines;
mod metadata;
mod page_text;
mod plain;
#[cfg(feature = "service")]
mod service;
mod sighting;
mod site_memory;
#[cfg(feature = "service")]
mod sites;
mod stage;

pub use error::CleanError;
pub use extraction::{Extraction, extract};
#[cfg(feature = "service")]
pub use service::{Cleaner, NAME, run};
pub use sighting::Sighting;
pub use site_memory::{SiteMemory, UnreadableMemory};
pub use stage::clean;

#[cfg(feature = "training")]
#[doc(hidden)]
pub use extraction::evidence;
