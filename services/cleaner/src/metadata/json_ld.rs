//! The article's description as linked data (JSON-LD with schema.org's vocabulary).

use std::collections::HashMap;

use memchr::memchr_iter;
use serde_json::{Map, Value};

use super::json_mend;
use crate::html::NodeRef;

type Object = Map<String, Value>;

/// The objects of a page's JSON-LD, the article's first.
#[derive(Default)]
pub(crate) struct JsonLd {
    all: Vec<Object>,
    /// Where articles stand in `all`, then web pages.
    described: Vec<usize>,
    /// How many of them are articles.
    articles: usize,
    /// Where an object named by `@id` stands in `all`.
    by_id: HashMap<String, usize>,
    /// Bytes read so far.
    bytes: usize,
    /// Objects read so far, nested ones too.
    objects: usize,
}

/// The most JSON-LD that is read of a page, in bytes, and the most objects in it: each takes memory many times its
/// length. An article and all its comments have a tenth of that.
const MAX_BYTES: usize = 1_000_000;
const MAX_OBJECTS: usize = 10_000;
/// The most authors of an article that are read.
const MAX_NAMES: usize = 100;

/// How well an object of a type describes the article; `None` where it is something else.
fn rank_of(name: &str) -> Option<u8> {
    match name.rsplit('/').next()? {
        "BlogPosting" | "LiveBlogPosting" | "SocialMediaPosting" | "Report" | "Review" | "Recipe" | "CreativeWork" => {
            Some(0)
        }
        name if name.ends_with("Article") => Some(0),
        "WebPage" | "ItemPage" => Some(1),
        _ => None,
    }
}

fn types(object: &Object) -> impl Iterator<Item = &str> {
    strings(object.get("@type"))
}

/// A string, or the strings of a list.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    items.iter().filter_map(Value::as_str)
}

/// A script's JSON without wrappers of comments.
fn unwrapped(script: &str) -> &str {
    let script = script.trim();
    let script = script.strip_prefix("<!--").unwrap_or(script);
    let script = script.strip_suffix("-->").unwrap_or(script);
    let script = script.trim().trim_start_matches("//").trim_start();
    let script = script.strip_prefix("<![CDATA[").unwrap_or(script);
    let script = script.trim_end().trim_end_matches("]]>").trim_end().trim_end_matches("//").trim_end();
    script.trim_end_matches(';')
}

impl JsonLd {
    /// Reads a script, if it is JSON-LD; what is broken in it is mended as far as possible.
    pub(crate) fn add_script(&mut self, script: NodeRef<'_, '_>) {
        let is_linked_data = |kind: &str| kind.to_ascii_lowercase().contains("ld+json");
        if !script.raw_attribute("type").is_some_and(is_linked_data) {
            return;
        }
        let text = unwrapped(script.script());
        self.bytes += text.len();
        self.objects += memchr_iter(b'{', text.as_bytes()).count();
        if self.bytes > MAX_BYTES || self.objects > MAX_OBJECTS {
            return;
        }
        // Mended text is JSON; were it not, it would say nothing.
        if let Ok(value) = serde_json::from_str(text).or_else(|_| serde_json::from_str(&json_mend::mend(text))) {
            self.add(value);
        }
    }

    /// Puts the article's objects before the page's, once all are there.
    pub(crate) fn sort(&mut self) {
        let rank = |object: &Object| types(object).filter_map(rank_of).min();
        let ranked = self.all.iter().enumerate().filter_map(|(place, object)| Some((rank(object)?, place)));
        let mut ranked: Vec<(u8, usize)> = ranked.collect();
        ranked.sort_unstable();
        self.articles = ranked.partition_point(|(rank, _)| *rank == 0);
        self.described = ranked.into_iter().map(|(_, place)| place).collect();
    }

    /// Takes up an object and those in its lists and graphs.
    fn add(&mut self, value: Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match value {
                // Last in, first out: so the order is kept.
                Value::Array(items) => pending.extend(items.into_iter().rev()),
                Value::Object(mut object) => {
                    for key in ["mainEntity", "mainEntityOfPage", "@graph"] {
                        if object.get(key).is_some_and(|inner| inner.is_object() || inner.is_array()) {
                            pending.extend(object.remove(key));
                        }
                    }
                    if let Some(id) = object.get("@id").and_then(Value::as_str) {
                        // The fullest object of a name says most; others only point to it.
                        let place = self.by_id.entry(id.to_owned()).or_insert(self.all.len());
                        if self.all.get(*place).is_some_and(|known| known.len() < object.len()) {
                            *place = self.all.len();
                        }
                    }
                    self.all.push(object);
                }
                _ => {}
            }
        }
    }

    /// The object that a value is or points to.
    fn object<'a>(&'a self, value: &'a Value) -> Option<&'a Object> {
        let object = value.as_object()?;
        let id = object.get("@id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
        Some(id.and_then(|id| self.by_id.get(id)).and_then(|place| self.all.get(*place)).unwrap_or(object))
    }

    /// The first value of a key that is not empty, the article's before the page's.
    fn value(&self, key: &str) -> Option<&Value> {
        self.described.iter().filter_map(|place| self.all.get(*place)?.get(key)).find(|value| !is_empty(value))
    }

    /// A key's texts in the articles; in the web pages where no article has one.
    pub(crate) fn texts<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let texts = |objects: &'a [usize]| {
            objects
                .iter()
                .filter_map(move |place| strings(self.all.get(*place)?.get(key)).find(|text| !text.is_empty()))
        };
        let (articles, pages) = self.described.split_at(self.articles);
        let mut articles = texts(articles).peekable();
        let pages = if articles.peek().is_some() { &[] } else { pages };
        articles.chain(texts(pages))
    }

    /// A key's text, as it stands there.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        strings(self.value(key)).next().map(str::to_owned)
    }

    /// The strings of a key.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        strings(self.value(key)).map(str::to_owned).collect()
    }

    /// The name of the thing that a key holds: a string, or an object with a name.
    pub(crate) fn name(&self, key: &str) -> Option<String> {
        self.names(key).into_iter().next().map(|(name, _)| name)
    }

    /// The names of the things that a key holds, and whether each is an organization.
    pub(crate) fn names(&self, key: &str) -> Vec<(String, bool)> {
        let items = match self.value(key) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let mut names = Vec::new();
        for item in items.iter().take(MAX_NAMES) {
            if let Some(name) = item.as_str() {
                names.push((name.to_owned(), false));
            } else if let Some(object) = self.object(item) {
                let organization = types(object).any(|name| name.ends_with("Organization"));
                let found = ["name", "alternateName"].iter().find_map(|key| object.get(*key));
                names.extend(strings(found).map(|name| (name.to_owned(), organization)));
            }
        }
        names
    }

    /// Whether a key says yes or no: `true`, `"False"`, `"http://schema.org/True"`.
    pub(crate) fn boolean(&self, key: &str) -> Option<bool> {
        match self.value(key)? {
            Value::Bool(value) => Some(*value),
            Value::String(text) => match text.rsplit('/').next().map(str::to_ascii_lowercase).as_deref() {
                Some("true" | "yes" | "1") => Some(true),
                Some("false" | "no" | "0") => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The address that a key holds: a string, or an object with a `url`.
    pub(crate) fn url(&self, key: &str) -> Option<String> {
        let value = match self.value(key)? {
            Value::Array(items) => items.first()?,
            value => value,
        };
        if let Some(address) = value.as_str() {
            return Some(address.to_owned());
        }
        let object = self.object(value)?;
        ["url", "contentUrl"].iter().find_map(|key| strings(object.get(*key)).next()).map(str::to_owned)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{self, Tag};

    fn parse(json: &str) -> JsonLd {
        let html = format!("<script type='application/ld+json'>{json}</script>");
        let mut found = JsonLd::default();
        let page = html::parse(&html).unwrap();
        page.nodes().filter(|node| node.is(Tag::Script)).for_each(|script| found.add_script(script));
        found.sort();
        found
    }

    #[test]
    fn authors_come_in_many_shapes() {
        let names = |author: &str| -> Vec<String> {
            let json = format!(r#"{{"@type":"NewsArticle","author":{author}}}"#);
            parse(&json).names("author").into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(r#""Ada Ono""#), ["Ada Ono"]);
        assert_eq!(names(r#"{"@type":"Person","name":"Ada Ono"}"#), ["Ada Ono"]);
        assert_eq!(names(r#"[{"name":"Ada Ono"},"Ben Lund"]"#), ["Ada Ono", "Ben Lund"]);
        assert_eq!(names(r#"{"name":["Ada Ono","Ben Lund"]}"#), ["Ada Ono", "Ben Lund"]);
        assert!(names("7").is_empty());
    }

    #[test]
    fn a_graph_is_followed() {
        let found = parse(
            r##"{"@context":"https://schema.org","@graph":[
                {"@type":"WebPage","datePublished":"2026-01-02","name":"Home"},
                {"@type":["Article","BlogPosting"],"headline":"Ferry late","author":{"@id":"#a"}},
                {"@type":"Person","@id":"#a","name":"Ada Ono"}]}"##,
        );
        assert_eq!(found.text("headline").unwrap(), "Ferry late");
        assert_eq!(found.text("datePublished").unwrap(), "2026-01-02");
        assert_eq!(found.names("author"), [("Ada Ono".to_owned(), false)]);
    }

    #[test]
    fn yes_and_no_are_written_in_many_ways() {
        let free = |value: &str| {
            parse(&format!(r#"{{"@type":"NewsArticle","isAccessibleForFree":{value}}}"#)).boolean("isAccessibleForFree")
        };
        for (value, expected) in [
            ("true", Some(true)),
            ("\"False\"", Some(false)),
            ("\"http://schema.org/True\"", Some(true)),
            ("\"perhaps\"", None),
            ("null", None),
        ] {
            assert_eq!(free(value), expected, "{value}");
        }
    }

    #[test]
    fn more_than_any_article_has_is_not_read() {
        let objects = format!("[{}0]", "{},".repeat(MAX_OBJECTS + 1));
        assert!(parse(&objects).all.is_empty());
        assert!(parse(&format!("[\"{}\"]", "x".repeat(MAX_BYTES))).all.is_empty());
    }

    #[test]
    fn what_is_broken_is_mended() {
        assert_eq!(
            parse("//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"a\nb\"}\n//]]>").text("headline").unwrap(),
            "a b"
        );
        assert_eq!(parse("{\"@type\":\"Article\",\"headline\":\"a\",").text("headline").unwrap(), "a");
        assert_eq!(parse("not JSON").text("headline"), None);
        assert_eq!(parse(&"[".repeat(100_000)).text("headline"), None);
    }
}
