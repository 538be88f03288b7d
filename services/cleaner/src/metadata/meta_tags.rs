//! The `meta` tags of a page.

use std::borrow::Cow;

use crate::{
    html::{NodeRef, decode_attribute},
    plain,
};

/// The `meta` tags of a page in order: names and contents as written.
#[derive(Default)]
pub(crate) struct MetaTags<'h>(Vec<(&'h str, &'h str)>);

/// More than any page needs; names are looked up one after the other.
const MAX_TAGS: usize = 500;
/// A longer content is no metadata.
const MAX_CONTENT: usize = 20_000;

impl<'h> MetaTags<'h> {
    /// Takes up one.
    pub(crate) fn add(&mut self, tag: NodeRef<'_, 'h>) {
        if self.0.len() < MAX_TAGS
            && let Some(content) = tag.raw_attribute("content")
            && content.len() <= MAX_CONTENT
            && !content.trim().is_empty()
            && let Some(name) =
                ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| tag.raw_attribute(key))
        {
            self.0.push((name.trim(), content));
        }
    }

    fn raw(&self, name: &str) -> impl Iterator<Item = &'h str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, content)| *content)
    }

    /// The content of the first of these names that the page has, on one line.
    pub(crate) fn first(&self, names: &[&str]) -> Option<String> {
        self.all(names).next()
    }

    /// The contents of all tags of these names, in the order of the names, each on one line.
    pub(crate) fn all(&self, names: &[&str]) -> impl Iterator<Item = String> {
        // Some content is escaped twice, so it is read as markup once more.
        names.iter().flat_map(|name| self.raw(name)).filter_map(|content| plain::plain(&decode_attribute(content)))
    }

    /// The names, in lower case, and contents of all tags.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Cow<'h, str>, &'h str)> {
        self.0.iter().map(|(name, content)| {
            let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
            (if is_lower { Cow::Borrowed(*name) } else { Cow::Owned(name.to_ascii_lowercase()) }, *content)
        })
    }
}
