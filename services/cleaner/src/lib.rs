//! The cleaner: from a web page, feed content or scraped text to an article.
//!
//! A page is read in four steps, a module each:
//!
//! - `html` parses it, whatever it looks like, into a list of nodes
//! - `metadata` reads the title, byline, dates and the rest from JSON-LD, `meta` tags, microdata and the page itself
//! - `lines` reads the page as lines of text, and `content` judges which of them are the article
//! - `block` joins these to a text with paragraphs
//!
//! [`extract`] does that for any HTML page, a thousand pages a second on one core (`benches/pages`); [`clean`] is the pipeline's stage around it, which
//! also takes feed content, scraped page text and plain text, and fills gaps from the feed.
//!
//! ```
//! let page = "<html lang=en><title>Ferry late - The Gull</title><nav><a href=/>Home</a></nav>\
//!     <h1>Ferry late</h1><p class=byline>By Ada Ono</p><time datetime=2026-03-09>Monday</time>\
//!     <p>The ferry came three hours late on Monday, after a storm had closed the harbour, the company said.</p>\
//!     <p>Nobody was hurt, but it would take the town some weeks to mend the quays and to clear the road.</p>\
//!     <p><a href=/a>Read more: Storms to come</a></p><footer>All rights reserved</footer>";
//! let article = tallywire_cleaner::extract(page, None)?;
//! assert_eq!(article.title.as_deref(), Some("Ferry late"));
//! assert_eq!(article.byline, ["Ada Ono"]);
//! assert_eq!(article.published_at.unwrap().to_string(), "2026-03-09");
//! assert!(article.text.starts_with("The ferry came") && article.text.ends_with("clear the road."));
//! # Ok::<(), tallywire_cleaner::CleanError>(())
//! ```
//!
//! What one page cannot tell, many pages of its site can: [`SiteMemory`] knows lines as boilerplate by their being on
//! most articles of a host. The service keeps one for each host on the broker, and uses it after [`clean`].
//!
//! None of these does any I/O or takes more than about a second on any input; [`extract`] and [`clean`] keep no state.

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
mod script;
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
