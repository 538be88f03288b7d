//! The `meta` tags of a page.

use dom_query::Document;

use crate::plain;

/// The `meta` tags of a page in order, their names in lower case, their contents on one line.
pub(crate) struct MetaTags(Vec<(String, String)>);

/// More than any page needs; names are looked up one after the other.
const MAX_TAGS: usize = 1_000;

impl MetaTags {
    /// Reads them.
    pub(crate) fn read(page: &Document) -> Self {
        let selection = page.select("meta[content]");
        let tags = selection.iter().take(MAX_TAGS).filter_map(|tag| {
            let name = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| tag.attr(key))?;
            // Some content is escaped twice, so it is read as markup once more.
            Some((name.trim().to_ascii_lowercase(), plain::plain(&tag.attr("content")?)?))
        });
        Self(tags.collect())
    }

    /// The content of the first of these names that the page has.
    pub(crate) fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0.iter().find(|(key, _)| key == name)).map(|(_, content)| content.clone())
    }

    /// The contents of all tags of these names, in the order of the names.
    pub(crate) fn all(&self, names: &[&str]) -> impl Iterator<Item = String> {
        let found: Vec<String> = names
            .iter()
            .flat_map(|name| self.0.iter().filter(move |(key, _)| key == name))
            .map(|(_, content)| content.clone())
            .collect();
        found.into_iter()
    }

    /// The contents of all tags whose name is as asked for.
    pub(crate) fn contents(&self, is_wanted: fn(&str) -> bool) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| is_wanted(key)).map(|(_, content)| content.as_str())
    }
}
