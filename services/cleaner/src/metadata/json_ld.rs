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
    /// What objects inside others say, by their `@id`.
    nested: HashMap<String, Object>,
    /// Bytes read so far.
    bytes: usize,
    /// Objects read so far, nested ones too.
    objects: usize,
}

/// The most JSON-LD that is read of a page, in bytes, and the most objects in it: each takes memory many times its
/// length. An article and all its comments have a tenth of that.
const MAX_BYTES: usize = 1_000_000;
const MAX_OBJECTS: usize = 10_000;
/// The most descriptions of articles that are compared.
const MAX_ARTICLES: usize = 100;
/// The most steps from an address's key to the address.
const MAX_STEPS: usize = 4;
/// The most authors of an article that are read.
const MAX_NAMES: usize = 100;

/// How well an object of a type describes the article; `None` where it is something else.
fn rank_of(name: &str) -> Option<u8> {
    match local(name) {
        "BlogPosting" | "LiveBlogPosting" | "SocialMediaPosting" | "Report" | "Review" | "Recipe" | "CreativeWork" => {
            Some(0)
        }
        name if name.ends_with("Article") => Some(0),
        "WebPage" | "ItemPage" => Some(1),
        _ => None,
    }
}

/// The name of a type without its vocabulary, as in `https://schema.org/Article` and `schema:Article`.
fn local(name: &str) -> &str {
    name.rsplit(['/', ':', '#']).next().unwrap_or(name)
}

fn types(object: &Object) -> impl Iterator<Item = &str> {
    strings(object.get("@type"))
}

/// Where an object says that it is.
fn addresses(object: &Object) -> impl Iterator<Item = &str> {
    ["url", "@id", "mainEntityOfPage"].into_iter().flat_map(|key| strings(object.get(key)))
}

/// What an object is called.
fn headlines(object: &Object) -> impl Iterator<Item = &str> {
    strings(object.get("headline").or_else(|| object.get("name")))
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

    /// Puts the article's objects before the page's, once all are there. Other articles that are described are left out:
    /// where one has the page's address, those without; else where one is called like it, those called otherwise; else
    /// all but the first.
    pub(crate) fn sort(&mut self, is_page: impl Fn(&str) -> bool, is_headline: impl Fn(&str) -> bool) {
        let rank = |object: &Object| types(object).filter_map(rank_of).min();
        let ranked = self.all.iter().enumerate().filter_map(|(place, object)| Some((rank(object)?, place, object)));
        let (articles, pages): (Vec<_>, Vec<_>) = ranked.partition(|(rank, ..)| *rank == 0);
        // The lowest is the article's; what says neither where it is nor how it is called is about the page.
        let kind = |at: usize, object: &Object| {
            if addresses(object).any(&is_page) {
                0
            } else if headlines(object).any(&is_headline) {
                1
            } else if addresses(object).chain(headlines(object)).next().is_none() {
                3
            } else if at == 0 {
                2
            } else {
                4
            }
        };
        let kinds: Vec<(u8, usize)> = articles
            .iter()
            .take(MAX_ARTICLES)
            .enumerate()
            .map(|(at, (_, place, object))| (kind(at, object), *place))
            .collect();
        let least = kinds.iter().map(|(kind, _)| *kind).min();
        let (chosen, others): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(kind, _)| Some(*kind) == least);
        let described = chosen.into_iter().chain(others.into_iter().filter(|(kind, _)| *kind == 3));
        self.described = described.map(|(_, place)| place).collect();
        self.articles = self.described.len();
        self.described.extend(pages.into_iter().map(|(_, place, _)| place));
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
                            let inner = object.remove(key);
                            // The page's address stays with the article.
                            let id = ["@id", "url"].iter().find_map(|id| inner.as_ref()?.get(*id)?.as_str());
                            if let Some(id) = id {
                                object.insert(key.to_owned(), id.into());
                            }
                            pending.extend(inner);
                        }
                    }
                    if let Some(id) = object.get("@id").and_then(Value::as_str) {
                        // The fullest object of a name says most; others only point to it.
                        let place = self.by_id.entry(id.to_owned()).or_insert(self.all.len());
                        if self.all.get(*place).is_some_and(|known| known.len() < object.len()) {
                            *place = self.all.len();
                        }
                    }
                    self.add_named(&object);
                    self.all.push(object);
                }
                _ => {}
            }
        }
    }

    /// Takes up the names and addresses of the objects inside an object to which others may point by their `@id`.
    fn add_named(&mut self, object: &Object) {
        let mut pending: Vec<&Value> = object.values().collect();
        while let Some(value) = pending.pop() {
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(inner) => {
                    pending.extend(inner.values());
                    let id = inner.get("@id").and_then(Value::as_str).filter(|_| inner.len() > 1);
                    if let Some(id) = id {
                        let said = ["@type", "name", "alternateName", "url", "contentUrl"].into_iter();
                        let said = said.filter_map(|key| Some((key, inner.get(key)?)));
                        // Not what is inside of that again.
                        let said = said.filter(|(_, value)| value.is_string() || strings(Some(value)).next().is_some());
                        let said = said.map(|(key, value)| (key.to_owned(), flat(value)));
                        self.nested.entry(id.to_owned()).or_insert_with(|| said.collect());
                    }
                }
                _ => {}
            }
        }
    }

    /// The object that a value is or points to.
    fn object<'a>(&'a self, value: &'a Value) -> Option<&'a Object> {
        let object = value.as_object()?;
        let id = object.get("@id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
        let named = id.and_then(|id| {
            let known = self.by_id.get(id).and_then(|place| self.all.get(*place)).filter(|known| known.len() > 1);
            known.or_else(|| self.nested.get(id))
        });
        Some(named.unwrap_or(object))
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
        let mut names = Vec::new();
        let mut pending: Vec<&Value> = self.value(key).into_iter().collect();
        // Last in, first out: so the order is kept.
        while let Some(item) = pending.pop().filter(|_| names.len() < MAX_NAMES) {
            if let Value::Array(items) = item {
                pending.extend(items.iter().take(MAX_NAMES).rev());
            } else if let Some(name) = item.as_str() {
                names.push((name.to_owned(), false));
            } else if let Some(object) = self.object(item) {
                let organization = types(object).next().is_some() && !types(object).any(|name| local(name) == "Person");
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
        let mut value = self.value(key)?;
        for _ in 0..MAX_STEPS {
            value = match value {
                Value::String(address) => return Some(address.clone()),
                Value::Array(items) => items.first()?,
                value => {
                    let object = self.object(value)?;
                    ["url", "contentUrl"].iter().find_map(|key| object.get(*key))?
                }
            };
        }
        value.as_str().map(str::to_owned)
    }
}

/// A string, or the strings of a list in a list of their own.
fn flat(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        value => Value::Array(strings(Some(value)).map(Value::from).collect()),
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
mod tests;
