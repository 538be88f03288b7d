//! The article itself: what the cleaner makes of a page, and every later stage carries on.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArticleId, Moment};

/// An article without the page around it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Article {
    /// Derived from the URL in canonical form, and from the feed's id for the entry where several share a URL.
    pub id: ArticleId,
    /// 1 when the article was first seen, one more each time what its feed says of it changed.
    pub revision: u32,
    /// The id of the feed that announced it, as in `feeds.toml`.
    pub feed: String,
    /// The address it was fetched from; null where only a text was given.
    pub url: Option<String>,
    /// The page's own canonical link where that is plausible, else the address without tracking parameters.
    pub canonical_url: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The authors, a name each.
    pub byline: Vec<String>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// ISO 639-1 (639-3 where there is none) code of the text's language.
    pub language: Option<String>,
    /// When it was first published, as precisely as the publisher says.
    pub published_at: Option<Moment>,
    /// When it was last changed, as precisely as the publisher says.
    pub modified_at: Option<Moment>,
    /// When Tallywire fetched it.
    pub fetched_at: Timestamp,
    /// Address of the picture that the publisher shows with the article.
    pub lead_image: Option<String>,
    /// The publisher's own summary.
    pub description: Option<String>,
    /// The section of the publication that it stands in.
    pub section: Option<String>,
    /// Keywords and sections that the publisher gives.
    pub tags: Vec<String>,
    /// Whether everybody may read it on the publisher's site, or only who pays or signs in; null where the publisher
    /// does not say (schema.org's `isAccessibleForFree`).
    pub is_accessible_for_free: Option<bool>,
    /// The article's text, paragraphs separated by a blank line.
    pub text: String,
    /// Where each paragraph stands in `text`.
    pub paragraphs: Vec<Paragraph>,
    /// The id of an earlier article with the same text, if one is known.
    pub duplicate_of: Option<ArticleId>,
    /// The id of the story that the article belongs to, if one is known.
    pub story: Option<String>,
}

/// A paragraph of the text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Paragraph {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What it is.
    pub kind: ParagraphKind,
}

/// What a paragraph is on the page.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphKind {
    /// Running text.
    Paragraph,
    /// A sub-heading.
    Heading,
    /// One item of a list.
    ListItem,
    /// A block quotation.
    Quote,
    /// One row of a table.
    TableRow,
    /// Preformatted text.
    Preformatted,
}
