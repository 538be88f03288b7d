//! JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).

use serde_json::{Map, Value};
use url::Url;

use super::{
    ENTRIES, ParseError, ParsedFeed, PollHints, Salvage,
    draft::{Draft, Rank},
    links::{resolve, resolve_all},
    person::Person,
    vocabulary::Field,
};

/// Reads a JSON Feed. Of one that is cut off, the items that are complete are read.
pub(super) fn read(text: &str, url: Option<&Url>) -> Result<ParsedFeed, ParseError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let (value, broken) = match values.next() {
        Some(Ok(value)) => (value, None),
        Some(Err(error)) => {
            let refused = || ParseError::NoFeed(error.to_string());
            let (complete, within_entry) = complete_items(up_to(text, &error)).ok_or_else(refused)?;
            let value = serde_json::from_str(&complete).map_err(|_| refused())?;
            (value, Some((error.is_eof(), within_entry)))
        }
        None => return Err(ParseError::Empty),
    };
    let object = value.as_object().filter(|object| {
        object.get("version").and_then(Value::as_str).is_some_and(|version| version.contains("jsonfeed.org/"))
    });
    let Some(object) = object else {
        return Err(ParseError::NoFeed("its JSON does not name a version of JSON Feed".into()));
    };
    let items: &[Value] = object.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice);
    let drafts = items.iter().filter_map(Value::as_object).take(ENTRIES).map(|item| entry(item, url).into_entry());
    let (entries, details): (Vec<_>, Vec<_>) = drafts.unzip();
    let read = entries.len();
    let salvaged = if items.len() > ENTRIES {
        Some(Salvage::TooMany { entries: read })
    } else {
        broken.map(|(is_cut_off, within_entry)| {
            if is_cut_off {
                Salvage::CutOff { entries: read, within_entry }
            } else {
                Salvage::Malformed { entries: read }
            }
        })
    };
    let feed = feed(object, url).into_about();
    Ok(ParsedFeed { feed, entries, details, hints: PollHints::default(), salvaged })
}

fn feed(object: &Map<String, Value>, url: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    take(
        &mut draft,
        object,
        &[("title", Field::Title), ("description", Field::Description), ("language", Field::Language)],
    );
    take_addresses(&mut draft, object, url, &[("icon", Field::Image), ("favicon", Field::Icon)]);
    if let Some(link) = text(object, "home_page_url") {
        draft.link(Rank::Page, resolve(url, link));
    }
    draft.self_link = text(object, "feed_url").map(|link| resolve(url, link));
    let hubs = object.get("hubs").and_then(Value::as_array);
    let hub = hubs.and_then(|hubs| hubs.iter().filter_map(Value::as_object).find_map(|hub| text(hub, "url")));
    draft.hub = hub.map(|hub| resolve(url, hub));
    authors(&mut draft, object);
    draft
}

fn entry(object: &Map<String, Value>, url: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    let fields = [
        ("title", Field::Title),
        ("summary", Field::Summary),
        ("date_published", Field::Published),
        ("date_modified", Field::Updated),
        ("language", Field::Language),
    ];
    take(&mut draft, object, &fields);
    if let Some(html) = text(object, "content_html") {
        draft.take(Field::Content, resolve_all(html.to_owned(), url));
    }
    take(&mut draft, object, &[("content_text", Field::Content)]);
    take_addresses(&mut draft, object, url, &[("image", Field::Image), ("banner_image", Field::Image)]);
    match object.get("id") {
        Some(Value::String(id)) if !id.trim().is_empty() => draft.take(Field::Id, id.trim().to_owned()),
        // Version 1.1, "id": a number is to be read as if it were a string.
        Some(Value::Number(id)) => draft.take(Field::Id, id.to_string()),
        _ => {}
    }
    for (key, rank) in [("url", Rank::Page), ("external_url", Rank::Other)] {
        if let Some(link) = text(object, key) {
            draft.link(rank, resolve(url, link));
        }
    }
    let tags = object.get("tags").and_then(Value::as_array);
    tags.into_iter().flatten().filter_map(Value::as_str).for_each(|tag| draft.category(tag));
    authors(&mut draft, object);
    draft
}

fn take(draft: &mut Draft, object: &Map<String, Value>, fields: &[(&str, Field)]) {
    for (key, field) in fields {
        if let Some(text) = text(object, key) {
            draft.take(*field, text.to_owned());
        }
    }
}

fn take_addresses(draft: &mut Draft, object: &Map<String, Value>, url: Option<&Url>, fields: &[(&str, Field)]) {
    for (key, field) in fields {
        if let Some(text) = text(object, key) {
            draft.take(*field, resolve(url, text));
        }
    }
}

/// `authors` of version 1.1, or `author` of version 1.0.
fn authors(draft: &mut Draft, object: &Map<String, Value>) {
    let several = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    for author in several.chain(object.get("author")).filter_map(Value::as_object) {
        if let Some(person) = text(author, "name").and_then(|name| Person::new(Some(name.to_owned()), None)) {
            draft.author(person);
        }
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The document up to where it is wrong.
fn up_to<'a>(text: &'a str, error: &serde_json::Error) -> &'a str {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    text.get(..text.floor_char_boundary(before + error.column())).unwrap_or(text)
}

/// The document up to the last item of it that is complete, with what is open closed; and whether one more item was
/// begun.
fn complete_items(text: &str) -> Option<(String, bool)> {
    let (mut depth, mut is_string, mut is_escaped) = (0usize, false, false);
    // The array of items starts behind its key, in the outermost object.
    let (mut string_start, mut key, mut items, mut end) = (0, "", false, None);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => {
                if is_string && depth == 1 {
                    key = text.get(string_start..at)?;
                }
                is_string = !is_string;
                string_start = at + 1;
            }
            _ if is_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth == 2 && byte == b'[' && key == "items" {
                    (items, end) = (true, Some(at + 1));
                }
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                match depth {
                    2 if items => end = Some(at + 1),
                    1 if items => break,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    Some((text.get(..end?)?.to_owned() + "]}", items && depth > 2))
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
        assert_eq!(parsed.feed.hub.as_deref(), Some("https://hub.example/"));
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
    fn of_a_feed_that_is_wrong_somewhere_the_items_before_it_are_read() {
        let parsed = parse(&FEED.replace("1 < 2", "1 \\q 2")).unwrap();
        assert_eq!(parsed.entries.len(), 1);
        assert_eq!(parsed.salvaged, Some(Salvage::Malformed { entries: 1 }));
    }

    proptest! {
        #[test]
        fn a_feed_cut_off_yields_its_complete_items(cut in 0..FEED.len()) {
            let whole = parse(FEED).unwrap();
            if let Ok(part) = parse(&FEED[..cut]) {
                prop_assert_eq!(&part.entries[..], &whole.entries[..part.entries.len()]);
                prop_assert!(part.salvaged.is_some());
            }
        }
    }
}
