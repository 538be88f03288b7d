//! A figure on its own: what a subscriber gets who follows figures, not articles.

mod article;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Article, ArticleId, Entity, EntityKind, Figure, Links, Location, Message, Moment, TimeExpression,
    subject::{self, Stream},
};

/// On `figures.<kind>.<event>.<country>`: one figure of an article, with all that it refers to there.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct StatedFigure {
    /// `tallywire.figure/1`
    pub schema: String,
    /// The article that states it.
    pub article: Citation,
    /// The figure, as it is among the article's; offsets are into the article's text.
    pub figure: Figure,
    /// The sentence that it stands in.
    pub sentence: Passage,
    /// The place that the figure belongs to.
    pub place: Option<Named>,
    /// The time that the figure belongs to.
    pub time: Option<TimeExpression>,
    /// Who said so, where that is one of the article's entities; the words that name the source are in `figure`.
    pub source: Option<Named>,
    /// The other figure of the figure's `relation`.
    pub related: Option<Figure>,
}

/// Where a figure is taken from: what names an article.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Citation {
    /// The article's id.
    pub id: ArticleId,
    /// The article's revision.
    pub revision: u32,
    /// The id of the feed that announced it, as in `feeds.toml`.
    pub feed: String,
    /// The address it was fetched from; null where only a text was given.
    pub url: Option<String>,
    /// The page's own canonical link where that is plausible, else the address without tracking parameters.
    pub canonical_url: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// ISO 639-1 (639-3 where there is none) code of the text's language.
    pub language: Option<String>,
    /// When it was first published, as precisely as the publisher says.
    pub published_at: Option<Moment>,
}

impl From<&Article> for Citation {
    fn from(article: &Article) -> Self {
        Self {
            id: article.id,
            revision: article.revision,
            feed: article.feed.clone(),
            url: article.url.clone(),
            canonical_url: article.canonical_url.clone(),
            title: article.title.clone(),
            site_name: article.site_name.clone(),
            language: article.language.clone(),
            published_at: article.published_at,
        }
    }
}

/// A piece of an article's text.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Passage {
    /// First code point in the article's text: the figure begins at `figure.start - sentence.start` of this one.
    pub start: usize,
    /// One past the last code point in the article's text.
    pub end: usize,
    /// The words as they stand in the text; of a very long sentence those around the figure.
    pub text: String,
}

/// An entity that a figure refers to, without what only the article needs.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Named {
    /// Its id among the article's entities.
    pub id: String,
    /// Person, organization or place.
    pub kind: EntityKind,
    /// The fullest form of the name in the article.
    pub name: String,
    /// Its entries in public registers, where certain.
    pub links: Links,
    /// Where a place lies, if it is linked; null for others.
    pub location: Option<Location>,
}

impl From<&Entity> for Named {
    fn from(entity: &Entity) -> Self {
        Self {
            id: entity.id.clone(),
            kind: entity.kind,
            name: entity.name.clone(),
            links: entity.links.clone(),
            location: entity.location.clone(),
        }
    }
}

impl StatedFigure {
    /// Name and major version of the message.
    pub const SCHEMA: &'static str = "tallywire.figure/1";

    /// ISO 3166-1 alpha-2 code of the country that the figure's place is in, where known.
    pub fn country(&self) -> Option<&str> {
        Some(self.place.as_ref()?.location.as_ref()?.country.as_str())
    }
}

impl Message for StatedFigure {
    const SCHEMA: &'static str = Self::SCHEMA;
    const STREAM: Stream = Stream::Figures;

    fn schema(&self) -> &str {
        &self.schema
    }
    fn article_id(&self) -> ArticleId {
        self.article.id
    }
    fn revision(&self) -> u32 {
        self.article.revision
    }
    fn key(&self) -> String {
        format!("{}:{}:{}", self.article.id, self.article.revision, self.figure.id)
    }
    fn subject(&self) -> String {
        subject::figure(self.figure.kind, self.figure.event.as_ref(), self.country())
    }
}
