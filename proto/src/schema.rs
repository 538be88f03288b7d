//! The contract as files: a JSON Schema for each message and an `AsyncAPI` description of the subjects.
//!
//! The files in `proto/schemas/` and `proto/asyncapi.yaml` are made from the types by `make schemas`; a test fails
//! where they differ.

use std::fmt::Write;

use schemars::{JsonSchema, generate::SchemaSettings};

use crate::{Cleaned, Enriched, FeedStatus, Fetched, StatedFigure, Tagged, header, subject};

/// A file of the contract.
#[derive(Clone, Debug)]
pub struct ContractFile {
    /// Its path below `proto/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Every file of the contract, as it must be.
///
/// # Errors
/// When a schema cannot be written as JSON, which no type of this crate causes.
pub fn files() -> Result<Vec<ContractFile>, serde_json::Error> {
    Ok(vec![
        schema_file::<Fetched>("fetched", Fetched::SCHEMA)?,
        schema_file::<Cleaned>("cleaned", Cleaned::SCHEMA)?,
        schema_file::<Tagged>("tagged", Tagged::SCHEMA)?,
        schema_file::<Enriched>("enriched", Enriched::SCHEMA)?,
        schema_file::<StatedFigure>("figure", StatedFigure::SCHEMA)?,
        schema_file::<FeedStatus>("feed_status", FeedStatus::SCHEMA)?,
        ContractFile { path: "asyncapi.yaml".to_owned(), text: async_api() },
    ])
}

fn schema_file<M: JsonSchema>(name: &str, version: &str) -> Result<ContractFile, serde_json::Error> {
    // For serialization: a key that is always written is a required one, also where it may be null.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<M>();
    schema.insert("$id".to_owned(), format!("{}/{version}.json", env!("CARGO_PKG_REPOSITORY")).into());
    if let Some(text) = schema.pointer_mut("/properties/schema") {
        *text = serde_json::json!({ "const": version });
    }
    let text = serde_json::to_string_pretty(&schema)? + "\n";
    Ok(ContractFile { path: format!("schemas/{name}.json"), text })
}

/// The subjects as an `AsyncAPI` 3.0 document.
fn async_api() -> String {
    let mut text = format!(
        "# Made from the types by `make schemas`; a test fails where it differs.\n\
         asyncapi: 3.0.0\n\
         info:\n\
         \x20 title: Tallywire\n\
         \x20 version: {version}\n\
         \x20 description: >-\n\
         \x20   News articles as records. Subscribers read articles.enriched.>, or figures.> for single figures, and feeds.status.> to watch feeds; every other subject is internal.\n\
         \x20 license:\n\
         \x20   name: Apache-2.0\n\
         defaultContentType: application/json\n\
         channels:\n",
        version = env!("CARGO_PKG_VERSION")
    );
    for channel in &CHANNELS {
        channel.write(&mut text);
    }
    text.push_str("operations:\n");
    for channel in &CHANNELS {
        // Told from Tallywire's side, as AsyncAPI has it: what it sends, a subscriber receives.
        let _ = write!(
            text,
            "  {name}:\n    action: send\n    channel:\n      $ref: '#/channels/{name}'\n",
            name = channel.name
        );
    }
    text.push_str("components:\n  messages:\n");
    for channel in &CHANNELS {
        let _ = write!(text, "    {}:\n      summary: {}\n      headers:\n", channel.name, channel.summary);
        text.push_str("        type: object\n        properties:\n");
        for (name, about) in channel.headers {
            let _ = write!(text, "          {name}:\n            type: string\n            description: {about}\n");
        }
        match channel.schema {
            Some(file) => {
                let _ = write!(text, "      payload:\n        $ref: './schemas/{file}.json'\n");
            }
            None => text.push_str("      payload:\n        description: The message that failed, byte for byte\n"),
        }
    }
    text
}

/// A kind of subject.
struct Channel {
    name: &'static str,
    address: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    summary: &'static str,
    schema: Option<&'static str>,
    headers: &'static [(&'static str, &'static str)],
}

const FEED: (&str, &str) = ("feed", "The feed's id in feeds.toml");
const INTERNAL: [(&str, &str); 5] = [
    (header::MESSAGE_ID, "Stage, article id and revision, and figure id for a figure"),
    (header::CONTENT_TYPE, "application/json"),
    (header::CONTENT_ENCODING, "zstd, or absent"),
    (header::TRACEPARENT, "W3C trace context of the article"),
    (header::OBJECT, "The object of the bucket pages that holds the body, or absent"),
];
const PUBLIC: [(&str, &str); 3] = [INTERNAL[0], INTERNAL[1], INTERNAL[3]];
const DEAD: [(&str, &str); 6] = [
    (header::DEAD_STAGE, "The stage that gave up"),
    (header::DEAD_REASON, "Why"),
    (header::DEAD_ATTEMPTS, "How often it was delivered"),
    (header::DEAD_SUBJECT, "The subject it came on"),
    (header::DEAD_AT, "When the stage gave up, RFC 3339"),
    (header::DEAD_MESSAGE_ID, "The message id it had"),
];

/// Those of the streams first, in their order.
const CHANNELS: [Channel; 7] = [
    Channel {
        name: "fetched",
        address: "articles.fetched.{feed}",
        parameters: &[FEED],
        summary: "Internal. A page as published, with its feed's entry",
        schema: Some("fetched"),
        headers: &INTERNAL,
    },
    Channel {
        name: "cleaned",
        address: "articles.cleaned.{feed}",
        parameters: &[FEED],
        summary: "Internal. The article without the page around it",
        schema: Some("cleaned"),
        headers: &INTERNAL,
    },
    Channel {
        name: "tagged",
        address: "articles.tagged.{feed}",
        parameters: &[FEED],
        summary: "Internal. The article with its entities and quotes",
        schema: Some("tagged"),
        headers: &INTERNAL,
    },
    Channel {
        name: "enriched",
        address: "articles.enriched.{language}.{feed}",
        parameters: &[("language", "ISO 639 code of the article's language, und where unknown"), FEED],
        summary: "The whole record, plain JSON",
        schema: Some("enriched"),
        headers: &PUBLIC,
    },
    Channel {
        name: "figure",
        address: "figures.{kind}.{event}.{country}",
        parameters: &[
            ("kind", "The figure's kind, as in its JSON"),
            (
                "event",
                "The class of its event; with -negated, -planned, -denied or -possible behind it where it is not said to have happened; or _",
            ),
            ("country", "ISO 3166-1 alpha-2 code, in capitals, of the country that its place is in; or _"),
        ],
        summary: "One figure of an article, with all that it refers to there, plain JSON",
        schema: Some("figure"),
        headers: &PUBLIC,
    },
    Channel {
        name: "dead",
        address: "articles.dead.{stage}",
        parameters: &[("stage", "The stage that gave up on the message")],
        summary: "A message that a stage gave up on, whole, with its own headers beside these",
        schema: None,
        headers: &DEAD,
    },
    Channel {
        name: "feed_status",
        address: "feeds.status.{feed}",
        parameters: &[FEED],
        summary: "How a feed is, when that changes; not stored",
        schema: Some("feed_status"),
        headers: &[(header::CONTENT_TYPE, "application/json")],
    },
];

impl Channel {
    fn write(&self, text: &mut String) {
        let _ = write!(
            text,
            "  {name}:\n    address: {address}\n    messages:\n      {name}:\n        \
             $ref: '#/components/messages/{name}'\n    parameters:\n",
            name = self.name,
            address = self.address
        );
        for (name, about) in self.parameters {
            let _ = write!(text, "      {name}:\n        description: {about}\n");
        }
    }
}

/// The streams and what they store, for tests that hold the description against the names in [`subject`].
pub fn addresses() -> impl Iterator<Item = (&'static str, subject::Stream)> {
    CHANNELS.iter().zip(subject::Stream::ALL).map(|(channel, stream)| (channel.address, stream))
}
