//! Any bytes are records, or refused; what is read of them is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tallywire_warc::{Articles, Records, parse_response, whole_length};

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_response("", bytes);
    let whole = whole_length(bytes).expect("reading from memory does not fail");
    assert!(whole <= bytes.len() as u64);
    if let Ok(articles) = Articles::of(bytes) {
        articles.for_each(drop);
    }
    // Written again, its fields may be longer than any that are read.
    if bytes.len() > 8_192 {
        return;
    }
    for record in Records::of(bytes).into_iter().flatten().map_while(Result::ok) {
        let mut again = Vec::new();
        record.write(&mut again).expect("writing to memory does not fail");
        let mut read = Records::of(again.as_slice()).expect("it can be read").map_while(Result::ok);
        assert_eq!(read.next().as_ref().map(tallywire_warc::Record::block), Some(record.block()));
    }
});
