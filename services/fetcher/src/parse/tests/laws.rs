//! What holds for every document: bounds of time and memory, and that a part of it tells nothing else than the whole.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

const JSON: &str = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[";

#[test]
fn entries_are_bounded() {
    let read = |count| parse(&format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(count))).unwrap();
    assert_eq!((read(ENTRIES).entries.len(), read(ENTRIES).salvaged), (ENTRIES, None));
    let feed = read(ENTRIES + 1);
    assert_eq!((feed.entries.len(), feed.details.len()), (ENTRIES, ENTRIES));
    assert_eq!(feed.salvaged, Some(Salvage::TooMany { entries: ENTRIES }));
}

#[test]
fn what_repeats_without_end_takes_no_longer_than_its_length() {
    for piece in [
        "<",
        "<a ",
        "<a b='",
        "<item><b ",
        "&",
        "&a",
        "<!--",
        "<![CDATA[",
        "</",
        "<?",
        "<!D [",
        "'\"",
        "<i a=\"<b ",
        "]]>",
        "<title>",
        "<a b='<",
        "<br><own><item>",
        "<category term='t'>",
        "{\"\":0},",
    ] {
        for start in ["", "<rss><channel><item><description>", "<feed><entry><content type='html'>", JSON] {
            let text = start.to_owned() + &piece.repeat(2_000_000 / piece.len());
            let begun = Instant::now();
            let _ = parse(&text);
            assert!(begun.elapsed() < Duration::from_secs(5), "{start}{piece}: {:?}", begun.elapsed());
        }
    }
}

/// Feeds, near enough: pieces of markup in any order.
fn documents() -> impl Strategy<Value = String> {
    const PIECES: [&str; 40] = [
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        "<description>",
        "</description>",
        "<content>",
        "</content>",
        "<link href='/a'/>",
        "<guid>",
        "</guid>",
        "<author>",
        "</author>",
        "<b>",
        "</b>",
        "<br>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&",
        "<",
        ">",
        "text",
        "é",
        " a='",
        "'",
        "\"",
        "<dc:creator>",
        "</dc:creator>",
        "<image>",
        "</image>",
        "</channel>",
        "<?p?>",
        "<x:item xmlns:x='urn:x'>",
        "</x:item>",
        "<media:group>",
    ];
    const ROOTS: [&str; 4] = ["<rss><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<rdf:RDF>", ""];
    let inside = proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..60);
    (proptest::sample::select(&ROOTS[..]), inside).prop_map(|(root, inside)| root.to_owned() + &inside.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_ne!(parse_feed(&bytes, None, None).err(), Some(ParseError::Panic));
    }

    #[test]
    fn any_document_is_read_or_refused(text in documents()) {
        prop_assert_ne!(parse(&text).err(), Some(ParseError::Panic));
    }

    #[test]
    fn a_document_cut_off_yields_the_first_entries_of_the_whole(text in documents(), cut in 0usize..600) {
        let whole = parse(&text);
        let part = parse_feed(&text.as_bytes()[..cut.min(text.len())], None, Some(&Url::parse("https://news.example/feeds/rss").unwrap()));
        if let (Ok(whole), Ok(part)) = (whole, part) {
            prop_assert!(part.entries.len() <= whole.entries.len());
            prop_assert_eq!(&part.entries[..], &whole.entries[..part.entries.len()]);
            prop_assert_eq!(&part.details[..], &whole.details[..part.entries.len()]);
        }
    }
}
