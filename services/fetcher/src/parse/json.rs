//! JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).
//!
//! Items are told apart first and then read one by one: what is wrong with one of them is not the others' fault.

use std::ops::Range;

use url::Url;

use super::{
    ENTRIES, ParseError, ParsedFeed, PollHints, Salvage,
    draft::{Draft, Rank, Text},
    json_value::{Object, Value, read_object},
    links::{resolve, resolve_all},
    person::Person,
    vocabulary::Field,
};

/// Reads a JSON Feed. Of one that is wrong somewhere, the items that are right are read.
pub(super) fn read(text: &str, url: Option<&Url>) -> Result<ParsedFeed, ParseError> {
    let outline = Outline::of(text);
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let (before, behind) = outline.around.map_or((0..outline.end, 0..0), |(start, end)| (0..start, end..outline.end));
    let object = read_object(&[part(before.clone()), part(behind)].concat());
    let is_whole = object.is_ok();
    // What is wrong may stand behind the items.
    let object = object.or_else(|error| read_object(&[part(before), "]}"].concat()).map_err(|_| error));
    let object = object.map_err(|error| ParseError::NoFeed(error.to_string()))?;
    if !object.text("version").is_some_and(|version| version.contains("jsonfeed.org/")) {
        return Err(ParseError::NoFeed("its JSON does not name a version of JSON Feed".into()));
    }
    let items = outline.items.iter().take(ENTRIES).filter_map(|item| read_object(part(item.clone())).ok());
    let (entries, details): (Vec<_>, Vec<_>) = items.map(|item| entry(&item, url).into_entry()).unzip();
    let (entries_read, known) = (entries.len(), outline.items.len());
    let salvaged = if known > ENTRIES {
        Some(Salvage::TooMany { entries: entries_read })
    } else if outline.is_cut_off {
        Some(Salvage::CutOff { entries: entries_read, within_entry: outline.is_within_item })
    } else if known > entries_read {
        Some(Salvage::Skipped { entries: entries_read, skipped: known - entries_read })
    } else {
        (!is_whole).then_some(Salvage::Malformed { entries: entries_read })
    };
    let feed = feed(&object, url).into_about();
    Ok(ParsedFeed { feed, entries, details, hints: PollHints::default(), salvaged })
}

fn feed(object: &Object, url: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    take(
        &mut draft,
        object,
        &[("title", Field::Title), ("description", Field::Description), ("language", Field::Language)],
    );
    take_addresses(&mut draft, object, url, &[("icon", Field::Image), ("favicon", Field::Icon)]);
    if let Some(link) = object.text("home_page_url") {
        draft.link(Rank::Page, resolve(url, link));
    }
    draft.self_link = object.text("feed_url").map(|link| resolve(url, link));
    // There are other kinds of hubs, which speak protocols of their own.
    let is_websub = |hub: &&Object| hub.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("WebSub"));
    let hubs = object.list("hubs").filter_map(Value::as_object).filter(is_websub);
    hubs.filter_map(|hub| hub.text("url")).for_each(|hub| draft.hub(resolve(url, hub)));
    authors(&mut draft, object);
    draft
}

fn entry(object: &Object, url: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    let fields = [
        ("title", Field::Title),
        ("summary", Field::Summary),
        ("date_published", Field::Published),
        ("date_modified", Field::Updated),
        ("language", Field::Language),
    ];
    take(&mut draft, object, &fields);
    if let Some(html) = object.text("content_html") {
        draft.take(Field::Content, resolve_all(html.to_owned(), url));
    }
    if let Some(text) = object.text("content_text") {
        draft.take(Field::Content, Text { text: text.to_owned(), is_plain: true });
    }
    take_addresses(&mut draft, object, url, &[("image", Field::Image), ("banner_image", Field::Image)]);
    // Version 1.1, "id": a number is to be read as if it were a string.
    if let Some(id) = object.text("id").or_else(|| object.number("id")) {
        draft.take(Field::Id, id.to_owned());
    }
    for (key, rank) in [("url", Rank::Page), ("external_url", Rank::Other)] {
        if let Some(link) = object.text(key) {
            draft.link(rank, resolve(url, link));
        }
    }
    object.list("tags").filter_map(Value::as_text).for_each(|tag| draft.category(tag));
    authors(&mut draft, object);
    draft
}

fn take(draft: &mut Draft, object: &Object, fields: &[(&str, Field)]) {
    for (key, field) in fields {
        if let Some(text) = object.text(key) {
            draft.take(*field, text.to_owned());
        }
    }
}

fn take_addresses(draft: &mut Draft, object: &Object, url: Option<&Url>, fields: &[(&str, Field)]) {
    for (key, field) in fields {
        if let Some(text) = object.text(key) {
            draft.take(*field, resolve(url, text));
        }
    }
}

/// `authors` of version 1.1, or `author` of version 1.0.
fn authors(draft: &mut Draft, object: &Object) {
    for author in object.list("authors").filter_map(Value::as_object).chain(object.object("author")) {
        if let Some(person) = author.text("name").and_then(|name| Person::new(Some(name.to_owned()), None)) {
            draft.author(person);
        }
    }
}

/// Where the parts of a JSON Feed stand in its text.
#[derive(Debug, Default)]
struct Outline {
    /// The items that are complete, one more than are read at most.
    items: Vec<Range<usize>>,
    /// Where the list of items starts and ends, its brackets left out.
    around: Option<(usize, usize)>,
    /// Where the document ends.
    end: usize,
    /// Whether the text ends before the document does.
    is_cut_off: bool,
    /// Whether it ends within an item.
    is_within_item: bool,
}

impl Outline {
    /// Finds the list called `items` in the outermost object, and the objects in it.
    fn of(text: &str) -> Self {
        let mut outline = Self { end: text.len(), is_cut_off: true, ..Self::default() };
        let (mut depth, mut is_string, mut is_escaped, mut is_list) = (0usize, false, false, false);
        let (mut string, mut key, mut item) = (0, "", 0);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_string => is_escaped = true,
                b'"' => {
                    if is_string && depth == 1 {
                        key = text.get(string..at).unwrap_or_default();
                    }
                    is_string = !is_string;
                    string = at + 1;
                }
                _ if is_string => {}
                b'{' | b'[' => {
                    depth += 1;
                    if depth == 2 && byte == b'[' && key == "items" && outline.around.is_none() {
                        (is_list, outline.around) = (true, Some((at + 1, text.len())));
                    } else if depth == 3 {
                        item = at;
                    }
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 2 && is_list && byte == b'}' && outline.items.len() <= ENTRIES {
                        outline.items.push(item..at + 1);
                    } else if depth == 1 && is_list {
                        (is_list, outline.around) = (false, outline.around.map(|(start, _)| (start, at)));
                    } else if depth == 0 {
                        (outline.end, outline.is_cut_off) = (at + 1, false);
                        break;
                    }
                }
                _ => {}
            }
        }
        outline.is_within_item = is_list && depth > 2;
        outline
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FEED: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "News [\"daily\"]",
        "home_page_url": "/", "feed_url": "feed.json", "language": "en", "icon": "i.png",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "authors": [{"name": "Ann Ono"}],
        "items": [
            {"id": 1, "url": "a", "title": "A", "content_html": "<a href='b'>x</a>", "tags": ["World", "World"],
             "date_published": "2026-03-09T10:00:00+01:00", "author": {"name": "Bo"}},
            {"id": "2", "external_url": "https://other.example/", "content_text": "1 < 2 {]", "image": "p.png"}
        ]}"#;

    fn parse(text: &str) -> Result<ParsedFeed, ParseError> {
        read(text, Some(&Url::parse("https://news.example/").unwrap()))
    }

    #[test]
    fn reads_all_that_is_of_use() {
        let parsed = parse(FEED).unwrap();
        assert_eq!(parsed.feed.link.as_deref(), Some("https://news.example/"));
        assert_eq!(parsed.feed.self_link.as_deref(), Some("https://news.example/feed.json"));
        assert_eq!(parsed.feed.hubs, ["https://hub.example/"]);
        assert_eq!(parsed.feed.author.as_deref(), Some("Ann Ono"));
        let [first, second] = parsed.entries.as_slice() else { panic!() };
        assert_eq!(first.id.as_deref(), Some("1"));
        assert_eq!(first.content.as_deref(), Some("<a href=\"https://news.example/b\">x</a>"));
        assert_eq!(
            (first.authors.as_slice(), first.categories.as_slice()),
            (&["Bo".into()][..], &["World".into()][..])
        );
        assert_eq!(second.link.as_deref(), Some("https://other.example/"));
        assert_eq!(second.content.as_deref(), Some("1 < 2 {]"));
        assert_eq!(parsed.salvaged, None);
    }

    #[test]
    fn other_json_is_no_feed() {
        for text in ["{\"items\": []}", "{\"version\": 1}", "{", "{}", "{\"items\": ["] {
            assert!(matches!(parse(text), Err(ParseError::NoFeed(_))), "{text}");
        }
    }

    #[test]
    fn an_item_that_is_wrong_is_skipped() {
        for wrong in ["1 \\q 2", "1 \\ud800 2", "1 \n 2"] {
            let feed = FEED.replace("\"title\": \"A\"", &format!("\"title\": \"{wrong}\""));
            let parsed = parse(&feed).unwrap();
            assert_eq!(parsed.entries.len(), 1, "{wrong}");
            assert_eq!(parsed.entries[0].id.as_deref(), Some("2"));
            assert_eq!(parsed.salvaged, Some(Salvage::Skipped { entries: 1, skipped: 1 }));
        }
    }

    #[test]
    fn what_is_wrong_behind_the_items_does_not_hide_them() {
        let parsed = parse(&FEED.replace("]}", "], \"a\": b}")).unwrap();
        assert_eq!((parsed.entries.len(), parsed.salvaged), (2, Some(Salvage::Malformed { entries: 2 })));
    }

    #[test]
    fn only_hubs_of_websub_are_read() {
        let feed = FEED.replace(r#""hubs": ["#, r#""hubs": [{"type": "rssCloud", "url": "https://cloud.example/"}, "#);
        assert_eq!(parse(&feed.replace("WebSub", "websub")).unwrap().feed.hubs, ["https://hub.example/"]);
    }

    #[test]
    fn items_beyond_the_most_are_not_kept() {
        let items = vec!["{\"\":0}"; 300_000].join(",");
        let parsed = parse(&format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{items}]}}")).unwrap();
        assert_eq!(parsed.entries.len(), ENTRIES);
        assert_eq!(parsed.salvaged, Some(Salvage::TooMany { entries: ENTRIES }));
    }

    proptest! {
        #[test]
        fn a_feed_cut_off_yields_its_complete_items(cut in 0..FEED.len(), is_wrong: bool) {
            let feed = if is_wrong { FEED.replace("World\", ", "World\n\", ") } else { FEED.to_owned() };
            let whole = parse(&feed).unwrap();
            prop_assert_eq!(whole.entries.len(), if is_wrong { 1 } else { 2 });
            if let Ok(part) = parse(&feed[..cut]) {
                prop_assert_eq!(&part.entries[..], &whole.entries[..part.entries.len()]);
                prop_assert!(part.salvaged.is_some());
            }
        }
    }
}
