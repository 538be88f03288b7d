//! Any bytes are read as a feed, or refused; the reader never falls back on its last line of defence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_fetcher::{ParseError, parse_feed};
use url::Url;

fuzz_target!(|data: &[u8]| {
    let base = Url::parse("https://news.example/feeds/rss").ok();
    match parse_feed(data, None, base.as_ref()) {
        Ok(parsed) => assert_eq!(parsed.entries.len(), parsed.details.len()),
        Err(error) => assert_ne!(error, ParseError::Panic),
    }
});
