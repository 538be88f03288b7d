//! The fetcher is a good guest: what it asks for, how often, and what it says of itself, by the log of the site that
//! it visits.

mod conditional;
mod identity;
mod moves;
mod pages;
mod patience;
mod shares;

use crate::support::scorekeeper::item;

/// A table of `feeds.toml`; `more` are further lines of it.
fn table(id: &str, url: &str, more: &str) -> String {
    format!("[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\n{more}\n\n")
}

/// A table for a feed that is polled every second and whose own text is taken.
fn busy(id: &str, url: &str) -> String {
    table(id, url, "interval = \"1s\"\nfull_text = \"feed\"")
}

/// An item with a text of its own, too short to be the whole article.
fn story(link: &str) -> String {
    item(&[("title", "Bridge reopens"), ("link", link), ("description", "The old bridge is open again.")])
}
