//! Any bytes, under any declared encoding, become text.
//!
//! The first byte picks what HTTP says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_fetcher::{decode_page, parse_feed};

const TYPES: [Option<&str>; 8] = [
    None,
    Some("text/xml"),
    Some("text/xml; charset=utf-8"),
    Some("text/xml; charset=utf-16"),
    Some("application/rss+xml; charset=\"windows-1252\""),
    Some("text/html; charset=shift_jis"),
    Some("text/html; charset=iso-2022-jp"),
    Some("; charset="),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let content_type = TYPES[usize::from(*first) % TYPES.len()];
    decode_page(bytes, content_type);
    let _ = parse_feed(bytes, content_type, None);
});
