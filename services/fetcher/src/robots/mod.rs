//! Which pages a publisher lets crawlers have: robots.txt (RFC 9309).
//!
//! It governs the pages of articles. A feed that the user names is fetched whatever robots.txt says: a feed reader is
//! no crawler.

mod cache;
mod origins;
mod policy;
mod rules;

pub(crate) use cache::{RobotsCache, Source};
pub(crate) use policy::{Answer, Policy};
pub(crate) use rules::READ_LIMIT;
