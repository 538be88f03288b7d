//! What the fetcher hands on: the feed's entry, and the page or feed content as published.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Moment;

/// What the feed says about an article. Texts are as the feed has them, markup included.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct FeedEntry {
    /// The feed's id for it (guid, atom:id).
    pub id: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its address.
    pub link: Option<String>,
    /// The feed's summary of it.
    pub summary: Option<String>,
    /// The feed's full text of it.
    pub content: Option<String>,
    /// Its authors, as one string each.
    pub authors: Vec<String>,
    /// When the feed says it was published.
    pub published: Option<Moment>,
    /// When the feed says it was last changed.
    pub updated: Option<Moment>,
    /// Categories and keywords.
    pub categories: Vec<String>,
    /// Address of its picture.
    pub image: Option<String>,
}

/// What the feed says about itself.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Channel {
    /// The feed's name.
    pub title: Option<String>,
    /// The site it belongs to.
    pub link: Option<String>,
    /// Its language, as declared.
    pub language: Option<String>,
}

/// The text that the cleaner works on, decoded to UTF-8.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Document {
    /// What `body` holds.
    pub kind: DocumentKind,
    /// The address that it came from in the end, after redirects; null where there is none.
    pub url: Option<String>,
    /// The text, markup included.
    pub body: String,
}

/// What a document holds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A whole HTML page, menus and all.
    Page,
    /// The article's HTML as the feed carries it.
    FeedContent,
    /// A page scraped to plain text, menus and all.
    PageText,
    /// The article's plain text as it is: nothing is cleaned.
    Text,
}
