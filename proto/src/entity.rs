//! Who, which organization, where; and who is quoted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person, organization or place that the article names, with every place where it does.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Entity {
    /// Unique within the article: `e1`, `e2`, ...
    pub id: String,
    /// Person, organization or place.
    pub kind: EntityKind,
    /// The fullest form of the name in the article.
    pub name: String,
    /// What the article says a person is: "governor of ..."; empty for others.
    pub roles: Vec<Role>,
    /// Where it is named, in order of the text.
    pub mentions: Vec<Mention>,
    /// Its entries in public registers, where certain.
    pub links: Links,
    /// Where a place lies, if it is linked; null for others.
    pub location: Option<Location>,
    /// How much of the article is about it, from 0 to 1; an article's entities sum up to 1.
    pub salience: f64,
    /// How sure it is that it is one, and of this kind, from 0 to 1: as sure as its surest mention. Names of texts in
    /// languages that are not read have 0.5, names of the user's own file 1.
    pub confidence: f64,
}

/// The kind of an entity.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, party, agency, team, institution, ...
    Organization,
    /// A country, region, city, mountain, river, building, ...
    Place,
}

/// A role that the article gives a person.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Role {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words: "secretary-general".
    pub text: String,
    /// The id of the organization or place it is held at, where that is one of the article's entities.
    pub of: Option<String>,
}

/// One naming of an entity.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words as they stand in the text.
    pub text: String,
    /// Whether it is a place named for its government: "Moscow announced"; false for others.
    pub metonym: bool,
}

/// An entity's entries in public registers; null where there is none, or none that is certain.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Links {
    /// Wikidata item: "Q212".
    pub wikidata: Option<String>,
    /// `GeoNames` id.
    pub geonames: Option<u64>,
    /// ISO 3166-1 alpha-2 code of a country, or ISO 3166-2 code of a subdivision.
    pub iso3166: Option<String>,
    /// The id that the user's own gazetteer file gives it.
    pub own: Option<String>,
}

/// Where a linked place lies.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Location {
    /// ISO 3166-1 alpha-2 code of the country it is in.
    pub country: String,
    /// ISO 3166-2 code of the first-level division that it is in or is, where known.
    pub subdivision: Option<String>,
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// Inhabitants, where known.
    pub population: Option<u64>,
}

/// Direct speech.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Quote {
    /// First code point, the quotation mark excluded.
    pub start: usize,
    /// One past the last code point, the quotation mark excluded.
    pub end: usize,
    /// The words as they stand in the text.
    pub text: String,
    /// Who says it; null where that is not clear.
    pub speaker: Option<Speaker>,
    /// The word that attributes it: "said".
    pub cue: Option<String>,
}

/// Who speaks.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Speaker {
    /// The id of the speaker among the article's entities, if it is one.
    pub entity: Option<String>,
    /// The speaker as the article names them.
    pub name: String,
}
