//! The article's description as linked data (JSON-LD with schema.org's vocabulary).

use std::collections::HashMap;

use dom_query::Document;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The objects of a page's JSON-LD, the article's first.
#[derive(Default)]
pub(crate) struct JsonLd {
    /// Articles, then web pages.
    described: Vec<Object>,
    /// Where an object named by `@id` stands in `all`.
    by_id: HashMap<String, usize>,
    all: Vec<Object>,
}

/// More than any page needs.
const MAX_OBJECTS: usize = 5_000;

/// Reads the page's JSON-LD. A script that is not JSON is ignored.
pub(crate) fn read(page: &Document) -> JsonLd {
    let mut found = JsonLd::default();
    for script in &page.select("script[type*='ld+json']") {
        if let Ok(value) = serde_json::from_str(&mended(&script.text())) {
            found.add(value);
        }
    }
    let rank = |object: &Object| types(object).filter_map(rank_of).min();
    let mut described: Vec<(u8, &Object)> =
        found.all.iter().filter_map(|object| rank(object).map(|rank| (rank, object))).collect();
    described.sort_by_key(|(rank, _)| *rank);
    found.described = described.into_iter().map(|(_, object)| object.clone()).collect();
    found
}

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

/// JSON without what publishing systems put into it: line breaks within strings, and wrappers of comments.
fn mended(script: &str) -> String {
    let script = script.trim();
    let script = script.strip_prefix("<!--").unwrap_or(script);
    let script = script.strip_suffix("-->").unwrap_or(script);
    let script = script.trim().trim_start_matches("//").trim_start();
    let script = script.strip_prefix("<![CDATA[").unwrap_or(script);
    let script = script.trim_end().trim_end_matches("]]>").trim_end().trim_end_matches("//").trim_end();
    let script = script.trim_end_matches(';');
    script.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

impl JsonLd {
    /// Takes up an object and those in its lists and graphs.
    fn add(&mut self, value: Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match value {
                // Last in, first out: so the order is kept.
                Value::Array(items) => pending.extend(items.into_iter().rev()),
                Value::Object(mut object) if self.all.len() < MAX_OBJECTS => {
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
        self.described.iter().filter_map(|object| object.get(key)).find(|value| !is_empty(value))
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
        for item in items {
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

    fn parse(json: &str) -> JsonLd {
        read(&Document::from(format!("<script type='application/ld+json'>{json}</script>")))
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
    fn line_breaks_and_wrappers_are_mended_and_the_rest_ignored() {
        assert_eq!(
            parse("//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"a\nb\"}\n//]]>").text("headline").unwrap(),
            "a b"
        );
        assert_eq!(parse("{\"@type\":\"Article\",").text("headline"), None);
        assert_eq!(parse(&"[".repeat(100_000)).text("headline"), None);
    }
}
