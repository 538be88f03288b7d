//! The message of each hop.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Article, ArticleId, Channel, Document, Entity, FeedEntry, Figure, Quote, TimeExpression,
    subject::{Stream, language_token},
};

/// A message that travels on a stream.
pub trait Message: DeserializeOwned + Serialize + Send + Sync + 'static {
    /// Name and major version, as its `schema` says; a change that old readers cannot read has a new one.
    const SCHEMA: &'static str;
    /// The stream that carries it.
    const STREAM: Stream;

    /// What its `schema` says.
    fn schema(&self) -> &str;
    /// The article it is about.
    fn article_id(&self) -> ArticleId;
    /// The revision of the article.
    fn revision(&self) -> u32;
    /// What tells it from all other messages of its stream: `<article id>:<revision>`, and more where an article has
    /// several.
    fn key(&self) -> String {
        format!("{}:{}", self.article_id(), self.revision())
    }
    /// The subject to publish it on.
    fn subject(&self) -> String;

    /// Reads a message from JSON.
    ///
    /// # Errors
    /// When it is not JSON, not a message of this kind, or of a version that this program does not know.
    fn decode(json: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = serde_json::from_slice(json).map_err(|error| {
            // The version tells more than a missing key does, so look for it first.
            match serde_json::from_slice::<SchemaOnly>(json) {
                Ok(found) if found.schema != Self::SCHEMA => {
                    DecodeError::Schema { found: found.schema, expected: Self::SCHEMA }
                }
                _ => DecodeError::Json { expected: Self::SCHEMA, source: error },
            }
        })?;
        if message.schema() == Self::SCHEMA {
            Ok(message)
        } else {
            let found = message.schema().to_owned();
            Err(DecodeError::Schema { found, expected: Self::SCHEMA })
        }
    }
}

/// A message of one hop of an article's way: the article as far as it has come.
pub trait Hop: Message {
    /// The stages that it went through.
    fn provenance_mut(&mut self) -> &mut Provenance;
}

#[derive(Deserialize)]
struct SchemaOnly {
    schema: String,
}

/// The bytes are no message of the kind expected.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON, or a key is missing or of the wrong type.
    #[error("not a message of schema {expected}: {source}")]
    Json {
        /// The schema expected.
        expected: &'static str,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
    /// A message of another kind or version.
    #[error("schema {found:?} where {expected:?} is expected: are all services of the same version?")]
    Schema {
        /// The schema found.
        found: String,
        /// The schema expected.
        expected: &'static str,
    },
}

/// The stages that a message went through, in order.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Provenance {
    /// One entry a stage.
    pub stages: Vec<StageRun>,
}

/// What one stage did.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct StageRun {
    /// The stage: "cleaner".
    pub name: String,
    /// The version of the program.
    pub version: String,
    /// How long it worked on the article, in milliseconds.
    pub ms: f64,
}

macro_rules! hop {
    ($name:ident, $schema:literal, $stream:expr, $id:expr, $revision:expr, $subject:expr) => {
        impl $name {
            /// Name and major version of the message.
            pub const SCHEMA: &'static str = $schema;
        }

        impl Message for $name {
            const SCHEMA: &'static str = $schema;
            const STREAM: Stream = $stream;

            fn schema(&self) -> &str {
                &self.schema
            }
            fn article_id(&self) -> ArticleId {
                let field: fn(&Self) -> ArticleId = $id;
                field(self)
            }
            fn revision(&self) -> u32 {
                let field: fn(&Self) -> u32 = $revision;
                field(self)
            }
            fn subject(&self) -> String {
                let make: fn(&Self) -> String = $subject;
                make(self)
            }
        }

        impl Hop for $name {
            fn provenance_mut(&mut self) -> &mut Provenance {
                &mut self.provenance
            }
        }
    };
}

/// On `articles.fetched.<feed>`: an article as published, with its feed's entry. Internal.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Fetched {
    /// `tallywire.fetched/1`
    pub schema: String,
    /// Derived from the URL in canonical form.
    pub id: ArticleId,
    /// 1 when the article was first seen, one more each time its feed's entry changed.
    pub revision: u32,
    /// The id of the feed that announced it.
    pub feed: String,
    /// The address that the feed gives it.
    pub url: Option<String>,
    /// What the feed says about itself.
    pub channel: Channel,
    /// What the feed says about the article.
    pub entry: FeedEntry,
    /// What is to be cleaned.
    pub document: Document,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// The stages it went through.
    pub provenance: Provenance,
}

hop!(Fetched, "tallywire.fetched/1", Stream::Fetched, |m| m.id, |m| m.revision, |m| format!(
    "articles.fetched.{}",
    m.feed
));

/// On `articles.cleaned.<feed>`: the article without the page around it. Internal.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Cleaned {
    /// `tallywire.cleaned/1`
    pub schema: String,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// The stages it went through.
    pub provenance: Provenance,
}

hop!(Cleaned, "tallywire.cleaned/1", Stream::Cleaned, |m| m.article.id, |m| m.article.revision, |m| format!(
    "articles.cleaned.{}",
    m.article.feed
));

/// On `articles.tagged.<feed>`: the article with its entities and quotes. Internal.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Tagged {
    /// `tallywire.tagged/1`
    pub schema: String,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// The people, organizations and places that it names.
    pub entities: Vec<Entity>,
    /// The direct speech in it.
    pub quotes: Vec<Quote>,
    /// The stages it went through.
    pub provenance: Provenance,
}

hop!(Tagged, "tallywire.tagged/1", Stream::Tagged, |m| m.article.id, |m| m.article.revision, |m| format!(
    "articles.tagged.{}",
    m.article.feed
));

/// On `articles.enriched.<language>.<feed>`: the whole record. This is what users read.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Enriched {
    /// `tallywire.enriched/1`
    pub schema: String,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// When the record was complete.
    pub enriched_at: Timestamp,
    /// The people, organizations and places that it names.
    pub entities: Vec<Entity>,
    /// The direct speech in it.
    pub quotes: Vec<Quote>,
    /// The figures that it states.
    pub figures: Vec<Figure>,
    /// The times that it names.
    pub times: Vec<TimeExpression>,
    /// The stages it went through.
    pub provenance: Provenance,
}

hop!(Enriched, "tallywire.enriched/1", Stream::Enriched, |m| m.article.id, |m| m.article.revision, |m| format!(
    "articles.enriched.{}.{}",
    language_token(m.article.language.as_deref()),
    m.article.feed
));
