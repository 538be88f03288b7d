//! Feeds from and to other readers: OPML 2.0, <https://opml.org/spec2.opml>.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    fmt::Write,
};

use htmlize::escape_attribute as escaped;
use url::Url;

use super::{Feed, Ids, tags};
use crate::{
    decode::decode_feed,
    html_tags::{Tag, tags as tags_of},
};

/// What an OPML document brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The feeds that are new, in the document's order, each with an id of its own.
    pub feeds: Vec<Feed>,
    /// How many feeds were left out since they were present already, or are in the document before.
    pub present: usize,
    /// The addresses, as the document has them, that were left out since they are none on the web.
    pub unusable: Vec<String>,
}

/// The document is no list of feeds.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OutlineError {
    /// It has no outline at all.
    #[error("it is no OPML: there is no <outline> in it; export the feeds as OPML from where they are")]
    NoOutline,
    /// It has outlines, and none of them is a feed.
    #[error("none of its {0} outlines is a feed: each needs an attribute xmlUrl with the feed's address")]
    NoFeed(usize),
    /// Its end is missing.
    #[error("it is cut off: there is no </opml> at its end; fetch or export it again")]
    CutOff,
}

/// The feeds of an OPML document. The groups that a feed stands in, and its categories, become its tags.
///
/// What other readers write is taken as it is: any encoding and case, no version, no head, an `&` that is none.
///
/// # Errors
/// When it is no OPML, or not whole, or has no feeds.
pub fn import(document: &[u8], present: &[Feed]) -> Result<Imported, OutlineError> {
    let text = decode_feed(document, None);
    let mut ids = Ids::new(present);
    let mut addresses: HashSet<Url> = present.iter().map(|feed| feed.url.clone()).collect();
    let mut imported = Imported::default();
    let mut outlines = 0;
    let mut is_open = false;
    let mut groups = Groups::default();
    for tag in tags_of(&text) {
        if tag.is("opml") {
            is_open = !tag.is_end;
        }
        if !tag.is("outline") {
            continue;
        }
        if tag.is_end {
            groups.close();
            continue;
        }
        outlines += 1;
        if let Some(address) = filled(&tag, "xmlUrl") {
            match Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
                Some(url) if addresses.insert(url.clone()) => {
                    let title = filled(&tag, "title").or_else(|| filled(&tag, "text"));
                    let mut feed = Feed::new(ids.make(title.as_deref(), &url), url);
                    feed.tags = groups.tags();
                    tags::add(&mut feed.tags, &filled(&tag, "category").unwrap_or_default());
                    imported.feeds.push(feed);
                }
                Some(_) => imported.present += 1,
                None => imported.unusable.push(address),
            }
        }
        if !tag.is_empty {
            groups.open(&tag);
        }
    }
    match (outlines, imported.feeds.len() + imported.present + imported.unusable.len()) {
        (0, _) => Err(OutlineError::NoOutline),
        _ if is_open => Err(OutlineError::CutOff),
        (outlines, 0) => Err(OutlineError::NoFeed(outlines)),
        _ => Ok(imported),
    }
}

/// The value of an attribute that says something.
fn filled(tag: &Tag, name: &str) -> Option<String> {
    tag.attribute(name).filter(|value| !value.is_empty()).map(Cow::into_owned)
}

/// The groups around a place in the document, outermost first.
#[derive(Default)]
struct Groups {
    /// For each group, what the feeds in it are tagged with.
    tags: Vec<Vec<String>>,
    depth: usize,
}

impl Groups {
    /// Of groups deeper than a feed may have tags, only the depth is kept.
    fn open(&mut self, tag: &Tag) {
        if self.tags.len() == self.depth && self.depth < tags::MOST_TAGS {
            let is_group = tag.attribute("xmlUrl").is_none();
            let name = is_group.then(|| filled(tag, "text").or_else(|| filled(tag, "title"))).flatten();
            let mut tags = self.tags();
            tags::add(&mut tags, &name.unwrap_or_default());
            self.tags.push(tags);
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.tags.truncate(self.depth);
    }

    fn tags(&self) -> Vec<String> {
        self.tags.last().cloned().unwrap_or_default()
    }
}

/// The feeds as an OPML document: those without tags, then a group for each tag that is the first of a feed. A feed
/// stands in one group, and has all its tags as `category`.
pub fn export(feeds: &[Feed]) -> String {
    let mut groups: BTreeMap<Option<&str>, Vec<&Feed>> = BTreeMap::new();
    for feed in feeds {
        groups.entry(feed.tags.first().map(String::as_str)).or_default().push(feed);
    }
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n\
                    <head><title>Feeds</title></head>\n<body>\n"
        .to_owned();
    for (group, feeds) in groups {
        // Writing to a string does not fail.
        if let Some(group) = group {
            let _ = writeln!(text, "<outline text=\"{}\">", escaped(group));
        }
        for feed in feeds {
            let _ = writeln!(text, "{}", outline(feed));
        }
        if group.is_some() {
            text.push_str("</outline>\n");
        }
    }
    text + "</body>\n</opml>\n"
}

fn outline(feed: &Feed) -> String {
    let id = escaped(&feed.id);
    let category = match feed.tags.join(",") {
        tags if tags.is_empty() => String::new(),
        tags => format!(" category=\"{}\"", escaped(&tags)),
    };
    format!("<outline type=\"rss\" text=\"{id}\" title=\"{id}\" xmlUrl=\"{}\"{category}/>", escaped(feed.url.as_str()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn feeds(text: &str) -> Vec<Feed> {
        import(text.as_bytes(), &[]).unwrap().feeds
    }

    #[test]
    fn imports_groups_as_tags_and_exports_what_it_imported() {
        let text = r#"<?xml version="1.0"?><opml version="2.0"><head/><body>
            <outline text="News"><outline text="World &amp; more">
            <outline text="One" type="rss" xmlUrl="https://one.example/rss?a=1&amp;b=2" category="/World/Asia,crisis"/>
            <outline text="One" type="rss" xmlUrl="https://two.example/rss"></outline>
            <outline text="Again" type="rss" xmlUrl="https://two.example/rss"/></outline>
            <outline text="Local" type="rss" xmlUrl="file:///etc/passwd"/></outline>
            <outline text="Last" xmlUrl="https://three.example/rss"/></body></opml>"#;
        let imported = import(text.as_bytes(), &[]).unwrap();
        let shown: Vec<(&str, String)> =
            imported.feeds.iter().map(|feed| (feed.id.as_str(), feed.tags.join("|"))).collect();
        assert_eq!(
            shown,
            [
                ("one", "News|World & more|World|Asia|crisis".to_owned()),
                ("one-2", "News|World & more".to_owned()),
                ("last", String::new()),
            ]
        );
        assert_eq!((imported.present, imported.unusable), (1, vec!["file:///etc/passwd".to_owned()]));
        let again = feeds(&export(&imported.feeds));
        assert_eq!(again, [&imported.feeds[2..], &imported.feeds[..2]].concat());
        assert_eq!(import(text.as_bytes(), &again).unwrap().feeds, []);
    }

    #[test]
    fn takes_what_sloppy_readers_write() {
        let bare =
            feeds("<OPML><BODY><OUTLINE TITLE=\"Tom & Ann\" XMLURL=\"https://a.example/?x=1&y=2\"></BODY></OPML>");
        assert_eq!((bare[0].id.as_str(), bare[0].url.as_str()), ("tom-ann", "https://a.example/?x=1&y=2"));
        let marked = feeds("\u{feff}<opml version='2'><body><outline xmlUrl=' https://a.example/ '/></body></opml>");
        assert_eq!(marked[0].id, "a-example");
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><opml><head><title>x</title></head><body>
            <outline text='Caf\xe9'><outline text='a' xmlUrl='https://a.example/'/></outline></body></opml>";
        assert_eq!(import(latin, &[]).unwrap().feeds[0].tags, ["Café"]);
        let commented = feeds(
            "<opml><!-- <outline xmlUrl='https://b.example/'/> --><outline text='' title='x > y'>
            <outline xmlUrl='https://a.example/'/></outline></opml>",
        );
        assert_eq!((commented.len(), commented[0].tags.join("|")), (1, "x > y".to_owned()));
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| import(text.as_bytes(), &[]).unwrap_err();
        assert_eq!(error("<html><body>Sign in</body></html>"), OutlineError::NoOutline);
        assert_eq!(error(""), OutlineError::NoOutline);
        assert_eq!(error("<opml><body><outline text='a'/></body></opml>"), OutlineError::NoFeed(1));
        assert_eq!(error("<opml><body><outline xmlUrl='https://a.example/'/><outl"), OutlineError::CutOff);
    }

    #[test]
    fn groups_without_end_and_feeds_without_number_end_in_bounded_time() {
        let groups = "<outline text='g'>".repeat(200_000);
        let one = feeds(&format!("{groups}<outline xmlUrl='https://a.example/'/>"));
        assert_eq!(one[0].tags, ["g"]);
        let one = |number: usize| format!("<outline text='News' xmlUrl='https://a.example/{number}'/>");
        let many = (0..100_000).map(one).collect::<Vec<_>>().concat();
        assert_eq!(feeds(&many).len(), 100_000);
        let begun = Instant::now();
        for part in ["a", "a,", "a b ", "&amp;"] {
            let name = part.repeat(400_000 / part.len());
            let all = feeds(&format!("<outline text='{name}'>{}</outline>", many.get(..many.len() / 20).unwrap()));
            assert!(all.len() >= 4999 && all.iter().all(|feed| feed.tags[0].len() <= tags::LONGEST_TAG), "{part}");
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    proptest! {
        #[test]
        fn an_export_has_all_feeds_with_their_tags(
            all in proptest::collection::vec(proptest::collection::btree_set("[a-c<&\"'é]{1,5}", 0..4), 1..10)
        ) {
            let feed = |(number, tags): (usize, std::collections::BTreeSet<String>)| {
                let url = Url::parse(&format!("https://a.example/?x=1&y={number}")).unwrap();
                Feed { tags: tags.into_iter().collect(), ..Feed::new(format!("feed-{number}"), url) }
            };
            let mut before: Vec<Feed> = all.into_iter().enumerate().map(feed).collect();
            let mut after = import(export(&before).as_bytes(), &before[..0]).unwrap().feeds;
            before.sort_by(|one, other| one.id.cmp(&other.id));
            after.sort_by(|one, other| one.id.cmp(&other.id));
            prop_assert_eq!(after, before);
        }
    }
}
