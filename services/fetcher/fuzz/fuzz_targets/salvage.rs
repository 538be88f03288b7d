//! A feed that is cut off yields the first entries of the whole one.
//!
//! The first two bytes say where it is cut off.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_fetcher::parse_feed;

fuzz_target!(|data: &[u8]| {
    let [high, low, bytes @ ..] = data else { return };
    // Where the encoding has to be guessed or is declared wrongly, the end of a document may change what its start means.
    let is_plain = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains("encoding") && !text.contains('\0'));
    if !is_plain {
        return;
    }
    let Ok(whole) = parse_feed(bytes, None, None) else { return };
    let cut = usize::from(u16::from_be_bytes([*high, *low])) % (bytes.len() + 1);
    if let Ok(part) = parse_feed(&bytes[..cut], None, None) {
        assert!(part.entries.len() <= whole.entries.len());
        assert_eq!(part.entries[..], whole.entries[..part.entries.len()]);
        assert_eq!(part.details[..], whole.details[..part.details.len()]);
    }
});
